"""Makes again what the history dropped of the platform's, as the platform made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate import names
from consolidate.declared import ONLY_YOURS
from consolidate.model import ObjectId
from consolidate.wording import brought, columnsagain, comments, rights, rowsagain
from consolidate.wording.change import NoWayBack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.wording.differing import Differing


class MakingAgain:
    """Words how what is gone comes back; tables wait for their rows."""

    def __init__(self, site: Differing) -> None:
        self._site = site
        self._emptied: list[ObjectId] = []
        """Tables that were made again, and whose rows are not there yet."""

    def fill(self) -> None:
        """Gives tables that were made again the rows that the platform had put there."""
        for table in self._emptied:
            statements, why = rowsagain.statements(self._site.truth, table)
            self._site.found.statements += statements
            self._site.found.irreversible += [f"{table}: {why}"] if why else []
        self._emptied = []

    def back(self, name: ObjectId) -> Iterator[str]:
        """What makes it again, if it does not come along with something else.

        Raises:
            NoWayBack: Nothing is known to make it.
        """
        before = self._site.before[name]
        if name.kind in columnsagain.KINDS:
            yield from self._column_back(name)
        elif name.kind in {"table constraint", "domain constraint"}:
            constraint, whole = names.parted(name.identity, " on ")
            kind = "DOMAIN" if name.kind.startswith("domain") else "TABLE"
            is_there = ObjectId("type" if kind == "DOMAIN" else "table", whole) in self._site.there
            # it comes back with its column's, or with its parent's
            with_it = before.get("exists") == "not null" or "not local" in before
            said = f"ALTER {kind} {whole} ADD CONSTRAINT {constraint} {before.get('definition')};"
            if lost := [*self._lost_below(name)]:
                self._site.found.irreversible += lost
                said = columnsagain.where_rows_allow(said, str(name))
            if not with_it and (is_there or any(brought.statements(self._site.truth, name))):
                yield said
        elif not name.kind.endswith(" column") and not self._comes_along(name):
            again = list(brought.statements(self._site.truth, name))
            if not again:
                raise NoWayBack("it was dropped, and nothing is known to make it again")
            yield from again
            yield from rights.less_than_by_default(self._site.truth.platform.facts, name)
            if name.kind == "table" and "partition key" not in before:
                why = f"it was dropped, and comes back without {ONLY_YOURS}"
                self._site.found.irreversible.append(f"{name}: {why}")
                self._emptied.append(name)

    def _lost_below(self, name: ObjectId) -> Iterator[str]:
        """What is told of a constraint on columns that come back without what was in them."""
        own, whole = names.parted(name.identity, " on ")
        for column in filter(self._site.is_added, self._site.own):
            of, called = names.parted(column.identity, ".")
            if of == whole and columnsagain.speaks_of(
                self._site.before[name]["definition"], called
            ):
                why = f"it stands on {called}, and comes back only where rows allow it"
                yield f"{name}: {why}"
                schema = names.parted(whole, ".")[0]
                index = ObjectId("index", f"{schema}.{own}")
                if index in self._site.before:
                    yield f"{index}: {why}"
                return

    def _column_back(self, name: ObjectId) -> Iterator[str]:
        if comments.whole(name) not in self._site.there:
            yield from brought.statements(self._site.truth, name)  # its default; else nothing
            return
        yield from columnsagain.statements(self._site.truth, name)
        self._site.found.irreversible.append(f"{name}: {columnsagain.LOST}")

    def _comes_along(self, name: ObjectId) -> bool:
        """Whether an index comes back with its constraint, or a table with its publication.

        So does a sequence with the identity of its column, where that is still there.
        """
        if column := self._site.before[name].get("identity of"):
            return ObjectId("table", names.parted(column, ".")[0]) in self._site.there
        if name.kind.startswith("publication "):
            publication = names.parted(name.identity, " in publication ")[1]
            return ObjectId("publication", publication) not in self._site.truth.final.facts.objects
        own = names.parted(name.identity, ".")[1]
        return name.kind == "index" and any(
            n.kind == "table constraint"
            and "exists" not in self._site.after[n]
            and names.parted(n.identity, " on ")[0] == own
            for n in self._site.before
        )
