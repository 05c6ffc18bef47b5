"""Tells rows that a file changed from rows that it put in the place of others."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from consolidate.catalog.rows import Column, Row, Table, TableRows


@dataclass(frozen=True, slots=True)
class Pair:
    """A row before and after what changed it."""

    before: Row
    after: Row
    cells: tuple[tuple[Column, str | None], ...]
    """The columns that were changed, each with what it held."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What some steps did to the rows of a table."""

    pairs: Sequence[Pair]
    added: Sequence[Row]
    gone: Sequence[Row]


def moved(
    before: TableRows, after: TableRows, volatile: Collection[str], *, may_be_rekeyed: bool
) -> Moved:
    """Compares two states of a table, by the columns that both have.

    A row that keeps a key is the same row, whatever else of it was changed. So is one that got
    another key, where all else of it tells it from every other row. Without a key nothing can point
    at a row; there, rows are paired that share most cells.

    Args:
        before: What it held.
        after: What it holds.
        volatile: The names of columns with a cell that differs from replay to replay.
        may_be_rekeyed: Whether what wrote it may have given a row another key.
    """
    gone, added = _unlike(before, after), _unlike(after, before)
    changes = _Changes(before.table, after.table)
    keys = [key for key in (after.table.primary_key, *after.table.unique_keys) if changes.has(key)]
    pairs: list[Pair] = []
    for key in keys:
        found = _by_key(changes, key, gone, added)
        pairs += found
        gone, added = _left(found, gone, added)
    if not keys:
        pairs = _by_likeness(changes, gone, added)
        gone, added = _left(pairs, gone, added)
    elif gone and added and may_be_rekeyed:
        rest = changes.beside(keys, volatile)
        found = _by_rest(changes, rest, (before, gone), (after, added))
        pairs += found
        gone, added = _left(found, gone, added)
    for pair in (clashing := _clashing(changes, pairs)):
        pairs.remove(pair)
    return Moved(
        pairs,
        [*added, *(one.after for one in clashing)],
        [*gone, *(one.before for one in clashing)],
    )


class _Changes:
    """What two rows of two states of a table differ in."""

    def __init__(self, was: Table, now: Table) -> None:
        self.now = now
        self._was = {column.name: place for place, column in enumerate(was.columns)}
        self._now = {column.name: place for place, column in enumerate(now.columns)}
        self._shared = [c for c in now.columns if c.name in self._was and not c.generated]

    def has(self, key: Sequence[str]) -> bool:
        """Whether both states have the columns of a key."""
        return bool(key) and all(name in self._was for name in key)

    def beside(self, keys: Sequence[Sequence[str]], volatile: Collection[str]) -> Sequence[str]:
        """The columns of no key that are the same on every replay."""
        apart = {*volatile, *(name for key in keys for name in key)}
        return [column.name for column in self._shared if column.name not in apart]

    def before(self, row: Row, key: Sequence[str]) -> Row:
        """Some cells of a row of the first state."""
        return tuple(row[self._was[name]] for name in key)

    def after(self, row: Row, key: Sequence[str]) -> Row:
        """Some cells of a row of the second state."""
        return tuple(row[self._now[name]] for name in key)

    def pair(self, before: Row, after: Row) -> Pair | None:
        """The two as one row; None where an UPDATE could not give it what it held."""
        cells = tuple(
            (column, before[self._was[column.name]])
            for column in self._shared
            if before[self._was[column.name]] != after[self._now[column.name]]
        )
        if any(column.identity for column, _ in cells):
            return None
        return Pair(before, after, cells)

    def alike(self, before: Row, after: Row) -> int:
        """How many cells two rows share that are not NULL."""
        return sum(
            before[self._was[c.name]] is not None
            and before[self._was[c.name]] == after[self._now[c.name]]
            for c in self._shared
        )


def _unlike(one: TableRows, other: TableRows) -> list[Row]:
    """The rows of one state that the other does not have, as often as it does not."""
    shared = {c.name for c in one.table.columns} & {c.name for c in other.table.columns}

    def told(held: TableRows) -> Iterator[tuple[Row, Row]]:
        places = sorted((c.name, n) for n, c in enumerate(held.table.columns) if c.name in shared)
        for row in held.rows:
            yield tuple(row[n] for _, n in places), row

    known = Counter(cells for cells, _ in told(other))
    found = []
    for cells, row in told(one):
        if known[cells]:
            known[cells] -= 1
        else:
            found.append(row)
    return found


def _by_key(
    changes: _Changes, key: Sequence[str], gone: Sequence[Row], added: Sequence[Row]
) -> list[Pair]:
    """Rows that hold the same in the columns of a key."""
    earlier = {cells: row for row in gone if None not in (cells := changes.before(row, key))}
    pairs = []
    for row in added:
        before = earlier.pop(changes.after(row, key), None)
        if before is not None and (pair := changes.pair(before, row)) is not None:
            pairs.append(pair)
    return pairs


def _by_rest(
    changes: _Changes,
    rest: Sequence[str],
    was: tuple[TableRows, Sequence[Row]],
    now: tuple[TableRows, Sequence[Row]],
) -> list[Pair]:
    """Rows that hold the same in all columns of no key, as no other row of their table does."""
    (before, gone), (after, added) = was, now
    earlier = Counter(changes.before(row, rest) for row in before.rows)
    later = Counter(changes.after(row, rest) for row in after.rows)
    there = {changes.before(row, rest): row for row in gone}
    pairs = []
    for row in added:
        cells = changes.after(row, rest)
        if cells not in there or any(one[cells] > 1 for one in (earlier, later)):
            continue
        if any(cell is not None for cell in cells):
            pair = changes.pair(there[cells], row)
            pairs += [pair] if pair is not None else []
    return pairs


def _by_likeness(changes: _Changes, gone: Sequence[Row], added: Sequence[Row]) -> list[Pair]:
    """Rows that share cells, the likest first; rows lie in the order in which they were changed."""
    ranked = sorted(
        (-alike, abs(here - there), here, there)
        for here, before in enumerate(gone[:_LIKELY])
        for there, after in enumerate(added[:_LIKELY])
        if (alike := changes.alike(before, after))
    )
    taken_before: set[int] = set()
    taken_after: set[int] = set()
    pairs = []
    for _, _, here, there in ranked:
        if here in taken_before or there in taken_after:
            continue
        pair = changes.pair(gone[here], added[there])
        if pair is not None:
            taken_before.add(here)
            taken_after.add(there)
            pairs.append(pair)
    return pairs


_LIKELY = 200
"""Rows without a key that are compared each with each."""


def _left(
    pairs: Sequence[Pair], gone: Sequence[Row], added: Sequence[Row]
) -> tuple[list[Row], list[Row]]:
    """The rows that no pair has."""
    before = Counter(pair.before for pair in pairs)
    after = Counter(pair.after for pair in pairs)
    return _without(gone, before), _without(added, after)


def _without(rows: Sequence[Row], taken: Counter[Row]) -> list[Row]:
    left = []
    for row in rows:
        if taken[row]:
            taken[row] -= 1
        else:
            left.append(row)
    return left


def _clashing(changes: _Changes, pairs: Sequence[Pair]) -> list[Pair]:
    """Pairs one of which would be given what another still holds in a unique column."""
    found: list[Pair] = []
    for key in (changes.now.primary_key, *changes.now.unique_keys):
        if not changes.has(key):
            continue
        holders: dict[Row, list[Pair]] = defaultdict(list)
        for pair in pairs:
            holders[changes.after(pair.after, key)].append(pair)
        for pair in pairs:
            wanted = changes.before(pair.before, key)
            others = [one for one in holders[wanted] if one is not pair]
            if others and None not in wanted:
                found += [one for one in (pair, *others) if one not in found]
    return found
