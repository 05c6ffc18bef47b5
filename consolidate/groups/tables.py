"""The tables that are grouped, and which of them a unit belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from consolidate.model import ObjectId
    from consolidate.relations import Relations
    from consolidate.wording.units import Unit

KINDS = frozenset({"table", "foreign table"})


class Tables:
    """One table for each unit that makes some: a component stands for all of its own.

    Args:
        units: What is to be placed.
        relations: Tells which unit makes what another one belongs to.
    """

    def __init__(self, units: Iterable[Unit], relations: Relations) -> None:
        self._relations = relations
        made = {
            unit.object: sorted(member for member in unit.members if member.kind in KINDS)
            for unit in sorted(units, key=by_history)
            if unit.object.kind in {*KINDS, "component"}
        }
        self._named = {
            unit: unit if unit in tables else tables[0] for unit, tables in made.items() if tables
        }
        self.all: tuple[ObjectId, ...] = tuple(self._named.values())
        """In the order in which the history made them."""
        self.sizes: Mapping[ObjectId, int] = {
            self._named[unit]: len(tables) for unit, tables in made.items() if tables
        }
        """How many tables each stands for."""
        self.units: Mapping[ObjectId, ObjectId] = {
            table: unit for unit, table in self._named.items()
        }
        """The unit that makes it."""
        self.foreign_keys: tuple[tuple[ObjectId, ObjectId], ...] = tuple(self._foreign_keys())
        """Each foreign key between two of them: the one that has it, and its target."""

    def of(self, unit: ObjectId) -> ObjectId | None:
        """The table that a unit makes or hangs on."""
        if unit in self._named:
            return self._named[unit]
        family = self._relations.units[unit].family
        home = self._relations.home(family) if family != unit else None
        return self._named.get(home) if home is not None else None

    def _foreign_keys(self) -> Iterable[tuple[ObjectId, ObjectId]]:
        for owner, target in self._relations.foreign_keys():
            one, other = self._relations.home(owner), self._relations.home(target)
            if one in self._named and other in self._named and one != other:
                yield self._named[one], self._named[other]


def by_history(unit: Unit) -> tuple[int, str]:
    """Sorts units by when the history made them."""
    return (unit.ordinal, str(unit.object))
