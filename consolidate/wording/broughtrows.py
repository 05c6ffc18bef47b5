"""Words what a history did to the rows that the platform brought, where it stands as values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from consolidate.wording.conditions import condition, constant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consolidate.catalog.rows import Column, MarkedRow, MarkedTable, Row, Table, TableRows


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How a table's rows differ from those that it began with."""

    statements: tuple[str, ...]
    """What changes and deletes the rows that were there."""
    added: MarkedTable
    """The table with nothing but the rows that were not."""


def change(marked: MarkedTable, final: Sequence[Row], before: TableRows) -> Change:
    """What the history did to the rows that were there, and what it added.

    Args:
        marked: The table's rows at the end.
        final: The same rows in the same order, as one replay holds them.
        before: What that replay began with; columns that came later are NULL there.
    """
    places = {column.name: n for n, column in enumerate(before.table.columns)}
    wanted = [places.get(column.name) for column in marked.table.columns]
    left = Counter(
        tuple(None if place is None else row[place] for place in wanted) for row in before.rows
    )
    added: list[MarkedRow] = []
    for row, plain in zip(marked.rows, final, strict=True):
        if left[plain]:
            left[plain] -= 1
        else:
            added.append(row)
    statements: list[str] = []
    for row in left.elements():  # in the order in which they lay there
        found = next((one for one in added if _is_same(marked.table, row, one)), None)
        if found is None:
            statements.append(_delete(marked.table, row))
        else:
            added.remove(found)
            statements.append(_update(marked.table, row, found))
    return Change(statements=tuple(statements), added=replace(marked, rows=tuple(added)))


def _is_same(table: Table, before: Row, after: MarkedRow) -> bool:
    """Whether a row has the key of another, and says what it holds."""
    key = [n for n, column in enumerate(table.columns) if column.name in table.primary_key]
    fixed = all(cell is None or isinstance(cell, str) for cell in after)
    return bool(key) and fixed and all(before[n] == after[n] for n in key)


def _update(table: Table, before: Row, after: MarkedRow) -> str:
    changes = ", ".join(
        f"{column.quoted} = {_text(column, new)}"
        for column, old, new in zip(table.columns, before, after, strict=True)
        if old != new and not column.generated
    )
    return f"UPDATE {table.object.identity} SET {changes} WHERE {condition(table, before)};"


def _delete(table: Table, row: Row) -> str:
    return f"DELETE FROM {table.object.identity} WHERE {condition(table, row)};"


def _text(column: Column, cell: object) -> str:
    return constant(cell, column.base) if isinstance(cell, str) else "NULL"
