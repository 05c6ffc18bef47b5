"""Alters back what is still there of the platform's, attribute by attribute."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from consolidate import names
from consolidate.declared import ONLY_YOURS
from consolidate.model import ObjectId
from consolidate.wording import brought, former_types, lineage, relation_changes
from consolidate.wording.change import Change, NoWayBack, unknown
from consolidate.wording.other_changes import BY_KIND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from consolidate.wording.differing import Differing

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

_WRITTEN_OVER = {"function", "procedure", "aggregate", "view"}
"""Kinds that have a wording, and a way back, of their own as soon as they are others."""

_ITS_OWN = (
    "it is its table's own since that left its parent, and PostgreSQL does not take that back"
)

_MADE_ANEW = {"trigger", "policy", "rule", "index", "publication relation"}
"""Kinds whose definition is changed by dropping and making them."""

_STAYS = re.compile(r"enabled|clustered|replica identity|tablespace|(option|statistics target) .*")
"""Their attributes that are changed without that."""


def _unworded(change: Change) -> str:
    raise unknown(change)


class Altering:
    """Words how the attributes of what stays get their former values."""

    def __init__(self, site: Differing) -> None:
        self._site = site

    def back(self, name: ObjectId) -> Iterator[str]:
        """What gives it all attributes that no other statement gives it along."""
        before, after = self._site.before[name], self._site.after[name]
        if (
            "not local" in before
            and "not local" not in after
            and not self._site.was_partition(name)
        ):
            self._site.found.irreversible.append(f"{name}: {_ITS_OWN}")

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
            yield from brought.statements(self._site.truth, name)
            yield from self._site.described(name)
        else:
            yield from self._by_attribute(name, changed)

    def _follows(self, name: ObjectId, attribute: str) -> bool:
        """Whether ALTER of its table, or of its parent's column, changes it along."""
        if (name.kind, attribute) == ("index", "unlogged"):  # as its table is
            return True
        if (name.kind, attribute) == ("index", "partition of"):  # ATTACH finds what is alike
            table = relation_changes.indexed(self._site.before[name].get("definition", ""))
            states = (self._site.before, self._site.after)
            facts = [state.get(ObjectId("table", table), {}) for state in states]
            return facts[0].get("partition of") != facts[1].get("partition of")
        if attribute not in _PASSED_ON or "inherited" not in self._site.after[name]:
            return False
        change = self._site.before[name].get(attribute), self._site.after[name].get(attribute)
        return any(
            change
            == (self._site.before[parent].get(attribute), self._site.after[parent].get(attribute))
            for parent in lineage.of_part(self._site.truth.final.facts, name)
            if parent in self._site.own
        )

    def _by_attribute(self, name: ObjectId, changed: Sequence[str]) -> Iterator[str]:
        word = _HANDLERS.get(name.kind, _unworded)
        said = set()
        for attribute in changed:
            change = Change(
                object=name,
                attribute=attribute,
                before=self._site.before[name],
                after=self._site.after[name],
                major=self._site.truth.final.facts.major,
                casts=self._site.truth.casts,
            )
            if attribute == "identity" and change.new is None:
                yield from self._identity_again(name)
                continue
            try:
                statement = word(change)
            except NoWayBack as reason:
                self._site.found.irreversible.append(f"{name}: {reason}")
                continue
            if statement not in said:
                said.add(statement)
                if statement and attribute.startswith("partition "):
                    self._site.found.cut.append(name)
                if name.kind == "table column" and attribute == "type":
                    self._site.found.cut.append(name)
                    self._narrowed(name)
                yield statement

    def _identity_again(self, column: ObjectId) -> Iterator[str]:
        """An identity with the sequence that the platform gave it."""
        for name in self._site.truth.platform.facts.objects:
            if self._site.truth.platform.facts.of(name).get("identity of") == column.identity:
                yield from brought.statements(self._site.truth, name)

    def _narrowed(self, name: ObjectId) -> None:
        """Tells what the rows lost that had been there when a column got another type."""
        if "generated" in self._site.after[name]:
            return
        old, new = (
            self._base(facts[name]["type"]) for facts in (self._site.before, self._site.after)
        )
        column = names.parted(name.identity, ".")[1]
        if not former_types.is_cast(self._site.statements, column):
            why = "an expression of its author replaced what was in it"
        elif former_types.has_room(old, new):
            return
        else:
            why = f"{new} has no room for all that {old} has"
        self._site.found.irreversible.append(f"{name}: {why}; {ONLY_YOURS} do not get it back")

    def _base(self, spelled: str) -> str:
        """What a domain is made of; any other type itself."""
        domain = ObjectId("type", spelled)
        for state in (self._site.truth.final, self._site.truth.platform):
            if base := state.facts.of(domain).get("base type"):
                return self._base(base)
        return spelled

    def _constraint_again(self, name: ObjectId) -> Iterator[str]:
        own, table = names.parted(name.identity, " on ")
        if "definition" not in self._site.before[name]:
            return
        if self._site.before[name].get("definition") != self._site.after[name].get("definition"):
            definition = self._site.before[name]["definition"]
            yield f"ALTER TABLE {table} DROP CONSTRAINT {own};"
            yield f"ALTER TABLE {table} ADD CONSTRAINT {own} {definition};"
            return
        raise NoWayBack("nothing is known to take back its internal triggers")

    def _dropped(self, name: ObjectId) -> str:
        own, whole = names.parted(name.identity, " on ")
        if name.kind == "publication relation":
            table, publication = names.parted(name.identity, " in publication ")
            return f"ALTER PUBLICATION {publication} DROP TABLE ONLY {table};"
        where = f"{own} ON {whole}" if own else whole
        return f"DROP {name.kind.upper()} {where};"
