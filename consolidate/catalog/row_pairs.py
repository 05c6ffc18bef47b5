"""Pairs the rows that two databases do not share, so that they can be told apart cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate.catalog.row_cells import masked
from consolidate.catalog.row_labels import key_label, row_label

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from consolidate.catalog.row_values import MarkedRow, MarkedTable, Table
    from consolidate.model import ObjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """The rows of one table that each side has and the other has not, by position."""

    number: int
    """The table's, among those compared."""
    left: MarkedTable
    right: MarkedTable
    left_rows: tuple[int, ...]
    right_rows: tuple[int, ...]

    @property
    def object(self) -> ObjectId:
        """The table."""
        return self.left.table.object


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """How the rows of a leftover belong together, by position."""

    pairs: tuple[tuple[str, int, int], ...]
    """What the two rows are called, and where they are."""
    left: tuple[int, ...]
    """Without a counterpart."""
    right: tuple[int, ...]


def paired(leftover: Leftover) -> Pairing:
    """Finds for every row the one that it most likely is on the other side.

    Rows are paired by the primary key, then by unique keys, then by all that is fixed about
    them, then by any single column that tells all of them apart.
    """
    table = leftover.left.table
    pairs: list[tuple[str, int, int]] = []
    left, right = leftover.left_rows, leftover.right_rows
    for key in _keys(table):
        found = _by_key(leftover, key, left, right)
        pairs += [(key_label(table, leftover.left.rows[one], key), one, two) for one, two in found]
        left, right = _without(found, left, right)
    alike = _by_fixed_cells(leftover, left, right)
    pairs += [(row_label(leftover.left, leftover.left.rows[one]), one, two) for one, two in alike]
    left, right = _without(alike, left, right)
    for position in range(len(table.columns)):
        found = _by_key(leftover, (position,), left, right)
        pairs += [
            (key_label(table, leftover.left.rows[one], (position,)), one, two) for one, two in found
        ]
        left, right = _without(found, left, right)
    in_order = tuple(sorted(pairs, key=lambda pair: pair[1]))
    return Pairing(pairs=in_order, left=left, right=right)


def _keys(table: Table) -> Iterator[tuple[int, ...]]:
    positions = {c.name: p for p, c in enumerate(table.columns)}
    for key in (table.primary_key, *table.unique_keys):
        if key and all(name in positions for name in key):
            yield tuple(positions[name] for name in key)


def _by_key(
    leftover: Leftover, key: tuple[int, ...], left: tuple[int, ...], right: tuple[int, ...]
) -> list[tuple[int, int]]:
    """Pairs by cells that are fixed, not NULL, and different in every row of the table."""
    if not left or not right:
        return []
    if not (_tells_apart(leftover.left.rows, key) and _tells_apart(leftover.right.rows, key)):
        return []
    there = {tuple(leftover.right.rows[p][k] for k in key): p for p in right}
    return [
        (p, there[values])
        for p in left
        if (values := tuple(leftover.left.rows[p][k] for k in key)) in there
    ]


def _tells_apart(rows: Sequence[MarkedRow], key: tuple[int, ...]) -> bool:
    values = {tuple(row[k] for k in key) for row in rows}
    return len(values) == len(rows) and all(isinstance(c, str) for v in values for c in v)


def _by_fixed_cells(
    leftover: Leftover, left: tuple[int, ...], right: tuple[int, ...]
) -> list[tuple[int, int]]:
    there: dict[Hashable, list[int]] = {}
    for position in reversed(right):
        there.setdefault(tuple(map(masked, leftover.right.rows[position])), []).append(position)
    pairs: list[tuple[int, int]] = []
    for position in left:
        waiting = there.get(tuple(map(masked, leftover.left.rows[position])))
        if waiting:
            pairs.append((position, waiting.pop()))
    return pairs


def _without(
    pairs: list[tuple[int, int]], left: tuple[int, ...], right: tuple[int, ...]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    ours, theirs = {one for one, _ in pairs}, {two for _, two in pairs}
    return (
        tuple(p for p in left if p not in ours),
        tuple(p for p in right if p not in theirs),
    )
