"""Makes the rows of two sides comparable: what only one of them could tell holds for both."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from consolidate.catalog import rows
from consolidate.catalog.rows import MarkedRows, MarkedTable, Volatile, VolatileJson

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.catalog.rows import Cell
    from consolidate.comparison.looking import Seen
    from consolidate.model import ObjectId


def alike(left: Seen, right: Seen) -> tuple[MarkedRows, MarkedRows]:
    """The rows of both sides, without what one of them could not read.

    What is volatile is told by two builds. Of a database that exists there is only one: there, what
    is volatile on the other side is volatile, too. Of large tables that is not known cell by cell,
    so that their volatile columns differ.
    """
    unread = left.unread | right.unread
    one, two = (_without(side.marked, unread) for side in (left, right))
    if (left.again is None) == (right.again is None):
        return one, two
    if left.again is None:
        two, one = _spread(two, one)
    else:
        one, two = _spread(one, two)
    return one, two


def _without(marked: MarkedRows, unread: frozenset[ObjectId]) -> MarkedRows:
    names = {named.identity for named in unread if named.kind == "sequence"}
    return replace(
        marked,
        tables=tuple(entry for entry in marked.tables if entry.table.object not in unread),
        sequences=tuple(place for place in marked.sequences if place.identity not in names),
    )


def _spread(built: MarkedRows, existing: MarkedRows) -> tuple[MarkedRows, MarkedRows]:
    """Both with the columns and sequences volatile that are so where there were two builds."""
    columns = {
        entry.table.object: {
            entry.table.columns[place].name for place in rows.volatile_places(entry)
        }
        for entry in built.tables
    }
    volatile = {place.identity for place in built.sequences if place.volatile}
    positions = tuple(
        replace(place, volatile=place.volatile or place.identity in volatile)
        for place in existing.sequences
    )
    one, two = (
        tuple(_marked(entry, columns.get(entry.table.object, set())) for entry in side.tables)
        for side in (built, existing)
    )
    return replace(built, tables=one), replace(existing, tables=two, sequences=positions)


def _marked(entry: MarkedTable, names: set[str]) -> MarkedTable:
    if not names or rows.are_large(entry):
        return entry
    return replace(entry, rows=tuple(tuple(_cells(entry, names, row)) for row in entry.rows))


def _cells(entry: MarkedTable, names: set[str], row: tuple[Cell, ...]) -> Iterator[Cell]:
    for column, cell in zip(entry.table.columns, row, strict=True):
        if column.name not in names or cell is None or isinstance(cell, Volatile):
            yield cell
        else:
            name = cell.name if isinstance(cell, VolatileJson) else cell
            yield Volatile(name, column.type)
