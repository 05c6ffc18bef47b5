"""Takes back what a history changed on an object that the platform brought, fact by fact.

What was changed is altered back, what was dropped is made again as the platform made it, and what
has no wording of its own, such as a column, is dropped. What PostgreSQL has no way back for is told
with the reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from consolidate import names
from consolidate.declared import ONLY_YOURS
from consolidate.model import ObjectId
from consolidate.wording import (
    brought,
    comments,
    former_types,
    lineage,
    relation_changes,
    rights,
    rowsagain,
)
from consolidate.wording.change import Change, NoWayBack, unknown
from consolidate.wording.other_changes import BY_KIND

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from consolidate.model import Statement
    from consolidate.truth import Truth

_ELSEWHERE = re.compile(r"comment|owner|grant .*|security label .*")
"""Attributes that have a wording and a way back of their own."""

_FOLLOWS = {
    *("exists", "position", "inherited", "not local", "parent", "copies", "supporting index"),
    "identity of",
}
"""Attributes that no statement sets by itself: they follow from others."""

_PASSED_ON = {"type", "collation", "default", "not null", "storage", "statistics target"}
"""Attributes of columns that ALTER TABLE changes in all children, too, without ONLY."""

_RELATIONS = ("table", "foreign table", "view", "materialized view")

_HANDLERS: dict[str, Callable[[Change], str]] = {
    **BY_KIND,
    **dict.fromkeys(_RELATIONS, relation_changes.of_relation),
    **{f"{kind} column": relation_changes.of_column for kind in _RELATIONS},
    "index": relation_changes.of_index,
    "sequence": relation_changes.of_sequence,
}

_BEHIND_ROWS = {"table constraint", "index", "trigger", "rule"}
"""Kinds that a table gets when its rows are there, as `pg_dump` has it."""

_WRITTEN_OVER = {"function", "procedure", "aggregate", "view"}
"""Kinds that have a wording, and a way back, of their own as soon as they are others."""

_MADE_ANEW = {"trigger", "policy", "rule", "index", "publication relation"}
"""Kinds whose definition is changed by dropping and making them."""

_STAYS = re.compile(r"enabled|clustered|replica identity|tablespace|(option|statistics target) .*")
"""Their attributes that are changed without that."""


def _unworded(change: Change) -> str:
    raise unknown(change)


@dataclass(slots=True)
class Restored:
    """How the changes of one object are taken back."""

    statements: list[str] = field(default_factory=list)
    irreversible: list[str] = field(default_factory=list)
    """What stays as it is, and why; a line each."""
    cut: list[ObjectId] = field(default_factory=list)
    """Columns that are dropped, or given their former types, with what goes by that; partitions
    that are attached again, with what their bounds do not take."""


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
    return _Restoring(truth, names, statements, frozenset(apart) - {*names}).all()


class _Restoring:
    """One run; the way back grows as it goes."""

    def __init__(
        self,
        truth: Truth,
        names: Sequence[ObjectId],
        statements: Sequence[Statement],
        apart: frozenset[ObjectId],
    ) -> None:
        self._truth = truth
        self._names = names
        self._statements = statements
        self._found = Restored()
        before, after = truth.platform.facts, truth.final.facts
        changed = {fact.object for fact in before.facts ^ after.facts}
        self._before = {n: before.of(n) for n in changed}
        self._after = {n: after.of(n) for n in changed}
        self._emptied: list[ObjectId] = []
        """Tables that were made again, and whose rows are not there yet."""
        self._own = sorted(n for n in changed if n not in apart and self._belongs(n))

    def all(self) -> Restored:
        """New things go first; the others follow in the order in which the platform made them."""
        for name in reversed(self._own):
            if "exists" not in self._before[name] and "exists" in self._after[name]:
                self._say(name, self._gone)
        for name in sorted(self._own, key=self._turn):
            if "exists" not in self._before[name]:
                continue
            if name.kind in _BEHIND_ROWS:
                self._fill()
            if "exists" in self._after[name]:
                self._say(name, self._altered)
            elif self._say(name, self._back):
                self._say(name, self._described)
        self._fill()
        for name in self._own:
            if "partition bound" in self._before[name] and "exists" not in self._after[name]:
                bound = f"ATTACH PARTITION {name.identity} {self._before[name]['partition bound']}"
                parent = self._before[name]["partition of"]
                self._found.statements.append(f"ALTER TABLE {parent} {bound};")
        return self._found

    def _fill(self) -> None:
        """Gives tables that were made again the rows that the platform had put there."""
        for table in self._emptied:
            statements, why = rowsagain.statements(self._truth, table)
            self._found.statements += statements
            self._found.irreversible += [f"{table}: {why}"] if why else []
        self._emptied = []

    def _turn(self, name: ObjectId) -> tuple[bool, int, int]:
        """What it needs is there before it is altered or made again: so are parents of a child.

        A table is clustered on one index at most: that one comes after those which are not.
        """
        is_there = "exists" in self._after[name]
        family = self._lineage(comments.whole(name) if is_there else name)
        last = max(brought.position(self._truth, one) for one in family)
        return is_there and "clustered" in self._before[name], last, len(family)

    def _lineage(self, table: ObjectId) -> set[ObjectId]:
        """A table and all that it is a child of."""
        found = {table}
        for parent in lineage.parents(self._truth.final.facts, table):
            found |= self._lineage(parent)
        return found

    def _belongs(self, name: ObjectId) -> bool:
        return any(self._belongs_to(whole, name) for whole in self._names)

    def _belongs_to(self, whole: ObjectId, name: ObjectId) -> bool:
        if whole in {name, comments.whole(name), self._truth.depend.family(comments.whole(name))}:
            return True
        if name.kind == "index":
            definition = self._before[name].get("definition", "")
            return relation_changes.indexed(definition) == whole.identity
        for word in ("identity of", "owned by"):
            if column := self._before[name].get(word):
                return names.parted(column, ".")[0] == whole.identity
        return name.identity.endswith(f" on {whole.identity}")

    def _say(self, name: ObjectId, word: Callable[[ObjectId], Iterator[str]]) -> bool:
        """Says what takes it back, or why nothing does; whether there was a way."""
        try:
            self._found.statements += filter(None, word(name))
        except NoWayBack as reason:
            self._found.irreversible.append(f"{name}: {reason}")
            return False
        return True

    # -- what is new ----------------------------------------------------------------------

    def _gone(self, name: ObjectId) -> Iterator[str]:
        """Drops what has no wording, and so no way back, of its own."""
        whole, own = names.parted(name.identity, ".")
        if name.kind == "composite type column":
            self._found.cut.append(name)
            yield f"ALTER TYPE {whole} DROP ATTRIBUTE {own};"
        elif name.kind in {"table column", "foreign table column"}:
            self._found.cut.append(name)
            kind = name.kind.removesuffix(" column").upper()
            if "not local" not in self._after[name]:  # else it goes with its parent's
                yield f"ALTER {kind} {whole} DROP COLUMN {own};"
        elif name.kind in {"table constraint", "domain constraint"}:
            constraint, table = names.parted(name.identity, " on ")
            if self._after[name].get("exists") == "check" and self._is_own(name):
                kind = "DOMAIN" if name.kind.startswith("domain") else "TABLE"
                yield f"ALTER {kind} {table} DROP CONSTRAINT {constraint};"

    def _is_own(self, name: ObjectId) -> bool:
        """Whether a check is dropped here, and not with its parent's.

        One that is not valid `pg_dump` words apart from its table.
        """
        after = self._after[name]
        return "NOT VALID" not in after.get("definition", "") and "not local" not in after

    # -- what is another one --------------------------------------------------------------

    def _altered(self, name: ObjectId) -> Iterator[str]:
        before, after = self._before[name], self._after[name]

        def turn(attribute: str) -> tuple[bool, bool, str]:
            """What was not there goes first; a default comes after the type that it is of."""
            return attribute in before, attribute == "default", attribute

        changed = [
            attribute
            for attribute in sorted({*before, *after}, key=turn)
            if before.get(attribute) != after.get(attribute)
            and attribute not in _FOLLOWS
            and not _ELSEWHERE.fullmatch(attribute)
            and not self._follows(name, attribute)
        ]
        if not changed or name.kind in _WRITTEN_OVER:
            return
        if name.kind == "table constraint":
            yield from self._constraint_again(name)
        elif name.kind in _MADE_ANEW and not all(map(_STAYS.fullmatch, changed)):
            yield self._dropped(name)
            yield from brought.statements(self._truth, name)
            yield from self._described(name)
        else:
            yield from self._by_attribute(name, changed)

    def _follows(self, name: ObjectId, attribute: str) -> bool:
        """Whether ALTER of its table, or of its parent's column, changes it along."""
        if (name.kind, attribute) == ("index", "unlogged"):  # as its table is
            return True
        if (name.kind, attribute) == ("index", "partition of"):  # ATTACH finds what is alike
            table = relation_changes.indexed(self._before[name].get("definition", ""))
            states = (self._before, self._after)
            facts = [state.get(ObjectId("table", table), {}) for state in states]
            return facts[0].get("partition of") != facts[1].get("partition of")
        if attribute not in _PASSED_ON or "inherited" not in self._after[name]:
            return False
        change = self._before[name].get(attribute), self._after[name].get(attribute)
        return any(
            change == (self._before[parent].get(attribute), self._after[parent].get(attribute))
            for parent in lineage.of_part(self._truth.final.facts, name)
            if parent in self._own
        )

    def _by_attribute(self, name: ObjectId, changed: Sequence[str]) -> Iterator[str]:
        word = _HANDLERS.get(name.kind, _unworded)
        said = set()
        for attribute in changed:
            change = Change(
                object=name,
                attribute=attribute,
                before=self._before[name],
                after=self._after[name],
                major=self._truth.final.facts.major,
                casts=self._truth.casts,
            )
            if attribute == "identity" and change.new is None:
                yield from self._identity_again(name)
                continue
            try:
                statement = word(change)
            except NoWayBack as reason:
                self._found.irreversible.append(f"{name}: {reason}")
                continue
            if statement not in said:
                said.add(statement)
                if statement and attribute.startswith("partition "):
                    self._found.cut.append(name)
                if name.kind == "table column" and attribute == "type":
                    self._found.cut.append(name)
                    self._narrowed(name)
                yield statement

    def _identity_again(self, column: ObjectId) -> Iterator[str]:
        """An identity with the sequence that the platform gave it."""
        for name in self._truth.platform.facts.objects:
            if self._truth.platform.facts.of(name).get("identity of") == column.identity:
                yield from brought.statements(self._truth, name)

    def _narrowed(self, name: ObjectId) -> None:
        """Tells what the rows lost that had been there when a column got another type."""
        if "generated" in self._after[name]:
            return
        old, new = (self._base(facts[name]["type"]) for facts in (self._before, self._after))
        column = names.parted(name.identity, ".")[1]
        if not former_types.is_cast(self._statements, column):
            why = "an expression of its author replaced what was in it"
        elif former_types.has_room(old, new):
            return
        else:
            why = f"{new} has no room for all that {old} has"
        self._found.irreversible.append(f"{name}: {why}; {ONLY_YOURS} do not get it back")

    def _base(self, spelled: str) -> str:
        """What a domain is made of; any other type itself."""
        domain = ObjectId("type", spelled)
        for state in (self._truth.final, self._truth.platform):
            if base := state.facts.of(domain).get("base type"):
                return self._base(base)
        return spelled

    def _constraint_again(self, name: ObjectId) -> Iterator[str]:
        own, table = names.parted(name.identity, " on ")
        if "definition" not in self._before[name]:
            return
        if self._before[name].get("definition") != self._after[name].get("definition"):
            yield f"ALTER TABLE {table} DROP CONSTRAINT {own};"
            yield f"ALTER TABLE {table} ADD CONSTRAINT {own} {self._before[name]['definition']};"
            return
        raise NoWayBack("nothing is known to take back its internal triggers")

    def _dropped(self, name: ObjectId) -> str:
        own, whole = names.parted(name.identity, " on ")
        if name.kind == "publication relation":
            table, publication = names.parted(name.identity, " in publication ")
            return f"ALTER PUBLICATION {publication} DROP TABLE ONLY {table};"
        where = f"{own} ON {whole}" if own else whole
        return f"DROP {name.kind.upper()} {where};"

    # -- what is gone ---------------------------------------------------------------------

    def _back(self, name: ObjectId) -> Iterator[str]:
        before = self._before[name]
        if name.kind in {"table column", "foreign table column"}:
            yield from self._column_back(name)
        elif name.kind == "composite type column":
            raise NoWayBack("it was dropped, and what was in it is gone")
        elif name.kind == "table constraint":
            constraint, table = names.parted(name.identity, " on ")
            if before.get("exists") != "not null":  # that comes back with its column's
                yield f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {before['definition']};"
        elif name.kind == "domain constraint":
            constraint, table = names.parted(name.identity, " on ")
            yield f"ALTER DOMAIN {table} ADD CONSTRAINT {constraint} {before['definition']};"
        elif not name.kind.endswith(" column") and not self._comes_along(name):
            again = list(brought.statements(self._truth, name))
            if not again:
                raise NoWayBack("it was dropped, and nothing is known to make it again")
            yield from again
            yield from rights.less_than_by_default(self._truth.platform.facts, name)
            if name.kind == "table" and "partition key" not in before:
                why = f"it was dropped, and comes back without {ONLY_YOURS}"
                self._found.irreversible.append(f"{name}: {why}")
                self._emptied.append(name)

    def _described(self, name: ObjectId) -> Iterator[str]:
        """The comment on what was made again."""
        if "comment" in self._before[name]:
            yield self._commented(name)

    def _commented(self, name: ObjectId) -> str:
        return comments.spoken(name, comments.head(name), self._before[name].get("comment"))

    def _column_back(self, name: ObjectId) -> Iterator[str]:
        if comments.whole(name) not in self._truth.final.facts.objects:
            yield from brought.statements(self._truth, name)  # its default; else nothing
            return
        raise NoWayBack("the column was dropped, and what was in it is gone")

    def _comes_along(self, name: ObjectId) -> bool:
        """Whether an index comes back with its constraint, or a table with its publication.

        So does a sequence with the identity of its column, where that is still there.
        """
        if column := self._before[name].get("identity of"):
            return ObjectId("table column", column) in self._truth.final.facts.objects
        if name.kind.startswith("publication "):
            publication = names.parted(name.identity, " in publication ")[1]
            return ObjectId("publication", publication) not in self._truth.final.facts.objects
        own = names.parted(name.identity, ".")[1]
        return name.kind == "index" and any(
            n.kind == "table constraint"
            and "exists" not in self._after[n]
            and names.parted(n.identity, " on ")[0] == own
            for n in self._before
        )
