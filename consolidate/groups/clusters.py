"""Cuts tables into groups of a reviewable size, the strongest bonds last."""

from __future__ import annotations

import heapq
from collections import defaultdict
from math import sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from consolidate.groups.bonds import Bonds
    from consolidate.model import ObjectId

LARGEST = 25
"""How many tables a file may hold that the tool proposes by itself."""
COMFORTABLE = 15
"""How many it holds at most where nothing is too small to stand alone."""
SMALL = 5
"""Groups below this size join the nearest one, however weak the bond is."""
DUST = 2
"""Groups up to this size join even one that grows beyond a comfortable size."""
CLOSE = 0.2
"""The bond by which two groups that could stand alone become one."""


def clusters(
    tables: Sequence[ObjectId], bonds: Bonds, sizes: Mapping[ObjectId, int]
) -> list[list[ObjectId]]:
    """The tables of each group in the given order; groups in the order of their first table.

    The two groups with the closest bond become one, again and again: a greedy clustering, whose
    steps depend on nothing but the two groups, so that a table which nothing ties to others never
    changes how those are grouped.

    Args:
        tables: What is to be grouped, in order of creation.
        bonds: How strongly tables belong together.
        sizes: How many tables a unit stands for, where it is not one.
    """
    merging = _Merging(tables, bonds, sizes)
    merging.run(_is_comfortable)
    merging.run(_is_dust)
    return merging.groups()


def _is_comfortable(one: int, other: int, bond: float) -> bool:
    return one + other <= COMFORTABLE and (min(one, other) < SMALL or bond >= CLOSE)


def _is_dust(one: int, other: int, _: float) -> bool:
    return one + other <= LARGEST and min(one, other) <= DUST


class _Merging:
    """Groups that grow; each is known by the number of its first table."""

    def __init__(
        self, tables: Sequence[ObjectId], bonds: Bonds, sizes: Mapping[ObjectId, int]
    ) -> None:
        number = {table: position for position, table in enumerate(tables)}
        self._tables = tables
        self._members: dict[int, list[int]] = {n: [n] for n in number.values()}
        self._size = {number[table]: sizes.get(table, 1) for table in tables}
        self._near: dict[int, dict[int, float]] = defaultdict(dict)
        for (one, other), strength in bonds.items():
            self._near[number[one]][number[other]] = strength
            self._near[number[other]][number[one]] = strength

    def run(self, allowed: Callable[[int, int, float], bool]) -> None:
        """Joins groups while the sizes and the bond of two of them are allowed."""
        heap = [
            self._entry(one, other)
            for one, near in self._near.items()
            for other in near
            if one < other
        ]
        heapq.heapify(heap)
        while heap:
            entry = heapq.heappop(heap)
            _, one, other = entry
            if other not in self._near.get(one, {}) or entry != self._entry(one, other):
                continue
            if allowed(self._size[one], self._size[other], -entry[0]):
                self._join(one, other)
                for near in self._near[one]:
                    heapq.heappush(heap, self._entry(min(one, near), max(one, near)))

    def groups(self) -> list[list[ObjectId]]:
        return [[self._tables[n] for n in sorted(own)] for _, own in sorted(self._members.items())]

    def _entry(self, one: int, other: int) -> tuple[float, int, int]:
        bond = self._near[one][other] / sqrt(self._size[one] * self._size[other])
        return (-round(bond, 9), one, other)

    def _join(self, one: int, other: int) -> None:
        self._members[one] += self._members.pop(other)
        self._size[one] += self._size.pop(other)
        for near, strength in self._near.pop(other).items():
            del self._near[near][other]
            if near != one:
                total = self._near[one].get(near, 0.0) + strength
                self._near[one][near] = self._near[near][one] = total
