"""Takes back what a history changed on an object that the platform brought, fact by fact.

What was changed is altered back, what was dropped is made again as the platform made it, and what
has no wording of its own, such as a column, is dropped. What PostgreSQL has no way back for is told
with the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate import names
from consolidate.declared import ONLY_YOURS
from consolidate.wording import brought
from consolidate.wording.altered import Altering
from consolidate.wording.change import NoWayBack
from consolidate.wording.differing import Differing, Restored
from consolidate.wording.fitting import fitted
from consolidate.wording.madeagain import MakingAgain

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from consolidate.model import ObjectId, Statement
    from consolidate.truth import Truth

_BEHIND_ROWS = {"table constraint", "index", "trigger", "rule"}
"""Kinds that a table gets when its rows are there, as `pg_dump` has it."""

_ANEW = f"it was dropped and made anew, without {ONLY_YOURS}"


def restored(
    truth: Truth,
    names: Sequence[ObjectId],
    statements: Sequence[Statement],
    apart: Collection[ObjectId] = (),
) -> Restored:
    """What takes back the changes of some objects and of all that belongs to them.

    Args:
        truth: What was there, and what the history made of it.
        names: The objects.
        statements: Those of the history that changed them.
        apart: Objects that are asked for by themselves, though they may belong to these.
    """
    site = Differing(truth, names, statements, frozenset(apart) - {*names})
    return _Restoring(site).all()


class _Restoring:
    """One run; the way back grows as it goes."""

    def __init__(self, site: Differing) -> None:
        self._site = site
        self._altering = Altering(site)
        self._making = MakingAgain(site)

    def all(self) -> Restored:
        """New things go first; the others follow in the order in which the platform made them."""
        site = self._site
        there = {name for name in site.own if "exists" in site.after[name]}
        was_there = [name for name in site.own if "exists" in site.before[name]]
        for name in reversed(site.own):
            if name in there and (name not in was_there or site.is_replaced(name)):
                self._say(name, self._gone)
        for name in sorted(was_there, key=site.turn):
            if name.kind in _BEHIND_ROWS:
                self._making.fill()
            if name in there and not site.is_replaced(name):
                self._say(name, self._altering.back)
            elif self._say(name, self._making.back):
                self._say(name, site.described)
        self._making.fill()
        for name in site.own:
            site.found.statements += self._last(name)
        anew = [name for name in site.names if name.kind == "table" and name in site.truth.replaced]
        site.found.irreversible += [f"{name}: {_ANEW}" for name in anew]
        stays = [*filter(site.there.__contains__, site.truth.platform.facts.objects)]
        site.found.statements = [*fitted(site.found.statements, stays)]
        return site.found

    def _last(self, name: ObjectId) -> Iterator[str]:
        """What is said when all is there again."""
        before = self._site.before[name]
        if self._site.is_added(name):  # what its default draws from may have been dropped, too
            yield from brought.statements(self._site.truth, name)
        if "partition bound" in before and "exists" not in self._site.after[name]:
            attach = f"ATTACH PARTITION {name.identity} {before['partition bound']}"
            yield f"ALTER TABLE {before['partition of']} {attach};"

    def _say(self, name: ObjectId, word: Callable[[ObjectId], Iterator[str]]) -> bool:
        """Says what takes it back, or why nothing does; whether there was a way."""
        try:
            self._site.found.statements += filter(None, word(name))
        except NoWayBack as reason:
            self._site.found.irreversible.append(f"{name}: {reason}")
            return False
        return True

    def _gone(self, name: ObjectId) -> Iterator[str]:
        """Drops what has no wording, and so no way back, of its own."""
        whole, own = names.parted(name.identity, ".")
        if name.kind == "composite type column":
            self._site.found.cut.append(name)
            yield f"ALTER TYPE {whole} DROP ATTRIBUTE {own};"
        elif name.kind in {"table column", "foreign table column"}:
            self._site.found.cut.append(name)
            kind = name.kind.removesuffix(" column").upper()
            if "not local" not in self._site.after[name]:  # else it goes with its parent's
                yield f"ALTER {kind} {whole} DROP COLUMN {own};"
        elif name.kind in {"table constraint", "domain constraint"}:
            constraint, table = names.parted(name.identity, " on ")
            if self._site.after[name].get("exists") == "check" and self._is_own(name):
                kind = "DOMAIN" if name.kind.startswith("domain") else "TABLE"
                yield f"ALTER {kind} {table} DROP CONSTRAINT {constraint};"

    def _is_own(self, name: ObjectId) -> bool:
        """Whether a check is dropped here, and not with its parent's.

        One that is not valid `pg_dump` words apart from its table.
        """
        after = self._site.after[name]
        return "NOT VALID" not in after.get("definition", "") and "not local" not in after
