"""Orders statements about rows so that no key is missed, and none is held twice, on the way."""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from consolidate.catalog.rows import Row, Table

Cells: TypeAlias = "Mapping[str, str | None]"
"""What a row holds, by the names of its columns."""

_Key: TypeAlias = "tuple[str, tuple[str, ...]]"
"""A table, the root one where it is partitioned, and some of its columns."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Operation:
    """A statement about rows of one table."""

    line: str
    table: Table
    now: Sequence[Cells] = ()
    """The rows that it takes or changes, as it finds them."""
    then: Sequence[Cells] = ()
    """The rows that it leaves in their place, or adds."""


def in_order(operations: Sequence[Operation]) -> list[str]:
    """Each after those that it waits for; as they stand where that leaves a choice.

    Where some wait for each other, only constraints that are checked later can hold.
    """
    left = [0] * len(operations)
    followers: dict[int, list[int]] = defaultdict(list)
    for first, second in waits(operations):
        followers[first].append(second)
        left[second] += 1
    ready = [number for number, waited in enumerate(left) if not waited]
    undone = dict.fromkeys(range(len(operations)))
    ordered: list[str] = []
    is_circular = False
    while undone:
        is_circular = is_circular or not ready
        number = heapq.heappop(ready) if ready else next(iter(undone))
        if number not in undone:
            continue
        del undone[number]
        ordered.append(operations[number].line)
        for follower in followers[number]:
            left[follower] -= 1
            if not left[follower]:
                heapq.heappush(ready, follower)
    return [_DEFERRED, *ordered, _CHECKED] if is_circular else ordered


_DEFERRED = "SET CONSTRAINTS ALL DEFERRED;"
_CHECKED = "SET CONSTRAINTS ALL IMMEDIATE;"


def waits(operations: Sequence[Operation]) -> list[tuple[int, int]]:
    """Which operation has to come before which, by their numbers."""
    pointed = {
        (key.references, key.referenced_columns)
        for one in operations
        for key in one.table.foreign_keys
    }
    keys = _Keys(operations, pointed)
    found = {
        pair
        for number, one in enumerate(operations)
        for pair in (*keys.held_once(number, one), *keys.pointed_at(number, one))
    }
    return sorted((first, second) for first, second in found if first != second)


class _Keys:
    """Which operation gives a key to a table, and which takes it away."""

    def __init__(self, operations: Sequence[Operation], pointed: set[_Key]) -> None:
        self._given: dict[tuple[_Key, Row], list[int]] = defaultdict(list)
        self._taken: dict[tuple[_Key, Row], list[int]] = defaultdict(list)
        self._operations = operations
        for number, one in enumerate(operations):
            for key in {*_unique(one.table), *(k for k in pointed if k[0] == one.table.root)}:
                now, then = _held(one.now, key[1]), _held(one.then, key[1])
                for cells in then - now:
                    self._given[key, cells].append(number)
                for cells in now - then:
                    self._taken[key, cells].append(number)

    def held_once(self, number: int, one: Operation) -> Iterator[tuple[int, int]]:
        """What is unique is free before it is given again."""
        for key in _unique(one.table):
            for cells in _held(one.then, key[1]) - _held(one.now, key[1]):
                yield from ((other, number) for other in self._taken.get((key, cells), ()))

    def pointed_at(self, number: int, one: Operation) -> Iterator[tuple[int, int]]:
        """What a row points at is there before, and goes only when none points at it.

        A key that ON UPDATE CASCADE takes its rows along with changes after all of these are there.
        """
        for foreign in one.table.foreign_keys:
            key = foreign.references, foreign.referenced_columns
            now, then = _held(one.now, foreign.columns), _held(one.then, foreign.columns)
            for cells in then - now:
                yield from ((other, number) for other in self._given.get((key, cells), ()))
            for cells in now - then:
                yield from ((number, other) for other in self._taken.get((key, cells), ()))
            if foreign.cascades:
                for cells in then:
                    changed = (
                        n for n in self._taken.get((key, cells), ()) if self._operations[n].then
                    )
                    yield from ((number, other) for other in changed)


def _unique(table: Table) -> Iterator[_Key]:
    """The keys of a table, of which no two rows hold the same."""
    for columns in (table.primary_key, *table.unique_keys):
        if columns:
            yield table.object.identity, columns


def _held(rows: Sequence[Cells], columns: tuple[str, ...]) -> set[Row]:
    """What some rows hold in the columns of a key, where none of these is NULL."""
    held = (tuple(row.get(name) for name in columns) for row in rows)
    return {cells for cells in held if None not in cells}
