"""Moves single tables to another group where that keeps foreign keys inside their tables.

A key whose target stands in a later file must be added by a statement of its own. Often one
table is the reason for many of these: one that all refer to, with the company of a late group.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from consolidate.groups.clusters import LARGEST
from consolidate.groups.order import ordered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from consolidate.groups.bonds import Bonds
    from consolidate.model import ObjectId

Key = tuple["ObjectId", "ObjectId"]
"""The table that has a foreign key, and its target."""

_SAVED = 0.3
"""The bond that one key inside its table is worth."""
_ROUNDS = 4


def moved(
    groups: Sequence[Sequence[ObjectId]],
    keys: Iterable[Key],
    bonds: Bonds,
    sizes: Mapping[ObjectId, int],
) -> list[list[ObjectId]]:
    """The groups after every move that is worth it; no group is emptied or grows too large."""
    moving = _Moving(groups, Counter(keys), bonds, sizes)
    for _ in range(_ROUNDS):
        if not moving.round():
            break
    return moving.groups()


class _Moving:
    """Where each table is at the moment."""

    def __init__(
        self,
        groups: Sequence[Sequence[ObjectId]],
        keys: Mapping[Key, int],
        bonds: Bonds,
        sizes: Mapping[ObjectId, int],
    ) -> None:
        self._keys = keys
        self._sizes = sizes
        self._tables = [table for group in groups for table in group]
        self._group = {table: number for number, group in enumerate(groups) for table in group}
        self._held = Counter(self._group.values())
        self._weight: Counter[int] = Counter()
        for table, number in self._group.items():
            self._weight[number] += sizes.get(table, 1)
        self._near: dict[ObjectId, dict[ObjectId, float]] = defaultdict(dict)
        for (one, other), strength in bonds.items():
            self._near[one][other] = self._near[other][one] = strength
        self._own_keys: dict[ObjectId, list[tuple[Key, int]]] = defaultdict(list)
        for key, count in sorted(keys.items()):
            self._own_keys[key[0]].append((key, count))
            self._own_keys[key[1]].append((key, count))

    def round(self) -> bool:
        """Moves what is worth it in the order of the groups as they are; False if nothing is."""
        rank = self._ranks()
        place = {table: rank[number] for table, number in self._group.items()}
        late = [key for key in sorted(self._keys) if place[key[0]] < place[key[1]]]
        changed = False
        for table in sorted({table for key in late for table in key}):
            best = self._best(table, rank)
            if best is not None:
                self._move(table, best)
                changed = True
        return changed

    def groups(self) -> list[list[ObjectId]]:
        found: dict[int, list[ObjectId]] = defaultdict(list)
        for table in self._tables:
            found[self._group[table]].append(table)
        return list(found.values())

    def _ranks(self) -> Mapping[int, int]:
        needs: dict[tuple[int, int], float] = defaultdict(float)
        for (one, other), count in self._keys.items():
            pair = self._group[one], self._group[other]
            if pair[0] != pair[1]:
                needs[pair] += count
        return {number: rank for rank, number in enumerate(ordered(len(self._held), needs))}

    def _best(self, table: ObjectId, rank: Mapping[int, int]) -> int | None:
        """The group where the table is better off than in its own."""
        own = self._group[table]
        if self._held[own] == 1:
            return None
        bond: dict[int, float] = defaultdict(float)
        for near, strength in self._near[table].items():
            bond[self._group[near]] += strength
        held = [
            number
            for number in bond
            if number == own or self._weight[number] + self._sizes.get(table, 1) <= LARGEST
        ]
        late = self._late(table, {own, *held}, rank)
        worth = {number: round(bond[number] - _SAVED * late[number], 6) for number in held}
        now = worth.get(own, round(-_SAVED * late[own], 6))
        better = [n for n, value in worth.items() if value > now and late[n] < late[own]]
        return max(better, key=lambda number: (worth[number], -rank[number]), default=None)

    def _late(
        self, table: ObjectId, numbers: Iterable[int], rank: Mapping[int, int]
    ) -> Mapping[int, int]:
        """How many of the table's keys would point at a later group, were it in each of these."""
        there: Counter[int] = Counter()
        here: Counter[int] = Counter()
        for (one, other), count in self._own_keys[table]:
            if one != other:
                ends = (there, other) if one == table else (here, one)
                ends[0][rank[self._group[ends[1]]]] += count
        return {
            number: sum(count for place, count in there.items() if rank[number] < place)
            + sum(count for place, count in here.items() if place < rank[number])
            for number in numbers
        }

    def _move(self, table: ObjectId, number: int) -> None:
        own = self._group[table]
        self._group[table] = number
        self._held[own] -= 1
        self._held[number] += 1
        self._weight[own] -= self._sizes.get(table, 1)
        self._weight[number] += self._sizes.get(table, 1)
