"""Keeps data statements in an order in which each finds the rows that it found before."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from consolidate.wording.units import Rung, Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consolidate.model import ObjectId
    from consolidate.wording.rowgroups import RowGroups


@dataclass(slots=True)
class _Table:
    """What has been done to one table so far."""

    first: Unit | None = None
    last: Unit | None = None
    readers: list[Unit] = field(default_factory=list)
    """Units that read the table since its last writer."""


def chained(units: Sequence[Unit], groups: RowGroups) -> tuple[Unit, ...]:
    """The units, each needing those that must come before it.

    The legacy order holds between a writer and whoever reads or writes the same table. Rows that
    are written out as values stand for the end of the history instead: they come after all rows
    that they point at, and before all that point at them, whenever those were written.
    """
    return _Chain(units, groups).tied()


class _Chain:
    """The units in legacy order, tied together table by table."""

    def __init__(self, units: Sequence[Unit], groups: RowGroups) -> None:
        self._groups = groups
        self._ordered = sorted(units, key=lambda unit: (unit.ordinal, str(unit.object)))
        self._as_values = {unit.family for unit in units if unit.rung is Rung.SERVER}
        self._first: dict[ObjectId, set[ObjectId]] = defaultdict(set)
        """What must come before each unit."""
        self._tables: dict[ObjectId, _Table] = defaultdict(_Table)
        for unit in self._ordered:
            table = self._tables[unit.family]
            table.first = table.first or unit

    def tied(self) -> tuple[Unit, ...]:
        for unit in self._ordered:
            for name in self._related(unit):
                self._tie(unit, name)
        for unit in self._ordered:  # every table's last writer is known now
            for name in self._related(unit):
                last = self._tables[name].last
                if last is not None and self._is_under(unit, name):
                    self._first[unit.object].add(last.object)
        return tuple(
            replace(unit, needs=unit.needs | (self._first[unit.object] - {unit.object}))
            for unit in self._ordered
        )

    def _tie(self, unit: Unit, name: ObjectId) -> None:
        table = self._tables[name]
        if name == unit.family:
            self._first[unit.object] |= {reader.object for reader in table.readers}
            if table.last is not None:
                self._first[unit.object].add(table.last.object)
            table.last, table.readers = unit, []
            return
        under = self._is_under(unit, name)
        if under is None:
            table.readers.append(unit)
            if table.last is not None:
                self._first[unit.object].add(table.last.object)
        elif not under and table.first is not None:
            self._first[table.first.object].add(unit.object)

    def _related(self, unit: Unit) -> frozenset[ObjectId]:
        named = {name for name in unit.needs if name.kind == "table"}
        return frozenset({unit.family, *named, *self._groups.parents(unit.family)})

    def _is_under(self, unit: Unit, other: ObjectId) -> bool | None:
        """Whether a unit must come after (True) or before (False) all rows of another table.

        None: neither points at the other in a way that outweighs the legacy order.
        """
        if other == unit.family or not self._as_values & {unit.family, other}:
            return None
        looks_there = unit.rung is Rung.SERVER and other in unit.needs
        down = looks_there or other in self._groups.parents(unit.family)
        up = unit.family in self._groups.parents(other)
        return down if down != up else None
