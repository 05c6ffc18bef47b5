"""The rows before a file, less the columns that its rollback brings back empty."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from consolidate.model import ObjectId

if TYPE_CHECKING:
    from collections.abc import Collection

    from consolidate.catalog.rows import Column, Rows, Table, TableRows


def holding(before: Rows, types: Collection[str]) -> frozenset[ObjectId]:
    """The columns with values of some types, or arrays of them, in tables that have rows."""
    return frozenset(
        _name(held.table, column)
        for held in before.tables
        if held.rows and held.table.object.kind == "table"
        for column in held.table.columns
        if column.base.removesuffix("[]") in types
    )


def less(before: Rows, after: Rows, replaced: Collection[ObjectId]) -> Rows:
    """What can be given back to rows: the cells of columns that are no others now.

    Args:
        before: The rows before the file.
        after: The rows after it.
        replaced: Columns that it dropped, and whose names it gave to others, or whose values come
            back without all that was in them.
    """
    now = {held.table.object: held.table for held in after.tables}
    tables = tuple(_less(one, now.get(one.table.object), replaced) for one in before.tables)
    return replace(before, tables=tables)


def _less(held: TableRows, now: Table | None, replaced: Collection[ObjectId]) -> TableRows:
    if now is None:
        return held
    there = {column.name for column in now.columns}
    kept = [
        place
        for place, column in enumerate(held.table.columns)
        if column.name in there and _name(held.table, column) not in replaced
    ]
    if len(kept) == len(held.table.columns):
        return held
    columns = tuple(held.table.columns[place] for place in kept)
    names = {column.name for column in columns}
    table = replace(
        held.table,
        columns=columns,
        primary_key=held.table.primary_key if names.issuperset(held.table.primary_key) else (),
        unique_keys=tuple(key for key in held.table.unique_keys if names.issuperset(key)),
    )
    rows = tuple(tuple(row[place] for place in kept) for row in held.rows)
    return replace(held, table=table, rows=rows)


def _name(table: Table, column: Column) -> ObjectId:
    return ObjectId("table column", f"{table.object.identity}.{column.quoted}")
