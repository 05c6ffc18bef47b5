"""Words the rows that the platform had put into a table which is made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.catalog.rows import are_large
from consolidate.model import ObjectId
from consolidate.phrases import listed
from consolidate.wording.conditions import constant
from consolidate.wording.values import PER_STATEMENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.catalog.rows import Column, TableRows
    from consolidate.truth import Truth


def statements(truth: Truth, table: ObjectId) -> tuple[list[str], str]:
    """The INSERTs, and what they can not give back; nothing of both where it had no rows.

    They are said before its keys, triggers and rules are there.
    """
    held = next((one for one in truth.platform.rows.tables if one.table.object == table), None)
    if held is None or not held.rows:
        return [], ""
    if are_large(held):
        return [], "the rows that the platform put there are too many to be told"
    lost = _unknown(truth, held)
    if any(_is_needed(truth, table, column) for column in lost):
        return (
            [],
            f"rows went that {_told(lost)} is needed for, which differs from replay to replay",
        )
    why = f"rows went whose {_told(lost)} differs from replay to replay" if lost else ""
    return [*_inserts(held, lost)], why


def _unknown(truth: Truth, held: TableRows) -> list[Column]:
    """The columns with a cell that only this replay knows."""
    name = held.table.object.identity
    return [c for c in held.table.columns if (name, c.name) in truth.platform_volatile]


def _is_needed(truth: Truth, table: ObjectId, column: Column) -> bool:
    """Whether a row can not be without a value there that nobody knows."""
    facts = truth.platform.facts.of(ObjectId("table column", f"{table.identity}.{column.quoted}"))
    return "not null" in facts and "default" not in facts and not column.identity


def _told(columns: list[Column]) -> str:
    return listed(sorted(column.quoted for column in columns), _SHOWN)


_SHOWN = 3
"""Columns that a reason names."""


def _inserts(held: TableRows, lost: list[Column]) -> Iterator[str]:
    table = held.table
    columns = [(n, c) for n, c in enumerate(table.columns) if not c.generated and c not in lost]
    if not columns:
        yield from (f"INSERT INTO {table.object.identity} DEFAULT VALUES;" for _ in held.rows)
        return
    names = ", ".join(c.quoted for _, c in columns)
    over = "OVERRIDING SYSTEM VALUE " if any(c.identity for _, c in columns) else ""
    told = [f"({', '.join(_cell(c, row[n]) for n, c in columns)})" for row in held.rows]
    for start in range(0, len(told), PER_STATEMENT):
        values = ",\n    ".join(told[start : start + PER_STATEMENT])
        yield f"INSERT INTO {table.object.identity} ({names}) {over}VALUES\n    {values};"


def _cell(column: Column, cell: str | None) -> str:
    return "NULL" if cell is None else constant(cell, column.base)
