"""Tells which cells of the rows that a file inserts were drawn from a sequence.

A number that was drawn says nothing of a row: where the file is applied to a table that is in use,
it is another one, and the same number is somebody else's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pglast import ast

from consolidate import statements
from consolidate.model import Migration

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from consolidate.catalog.rows import Table


def columns(table: Table, texts: Iterable[str]) -> frozenset[str]:
    """The columns of a table's keys that no statement gives a value.

    Args:
        table: The table.
        texts: The statements that write its rows. None where what does is no INSERT.
    """
    keyed = {name for key in (table.primary_key, *table.unique_keys) for name in key}
    every = [column.name for column in table.columns]
    given: set[str] = set()
    inserts = [one for text in texts for one in _inserts(text)]
    for one in inserts:
        given |= _given(one, every)
    return frozenset(keyed - given) if inserts else frozenset()


def _inserts(text: str) -> Iterator[ast.InsertStmt]:
    migration = Migration(number=1, path="", version="", text=text, sha256="")
    for statement in statements.parse(migration):
        if isinstance(statement.tree, ast.InsertStmt):
            yield statement.tree


def _given(insert: ast.InsertStmt, every: list[str]) -> set[str]:
    """The columns that an INSERT gives a value in any of its rows."""
    named = [target.name or "" for target in insert.cols or ()] or every
    if insert.selectStmt is None:  # DEFAULT VALUES
        return set()
    rows = getattr(insert.selectStmt, "valuesLists", None) or ()
    if not rows:
        return set(named)
    return {
        name
        for row in rows
        for name, value in zip(named, row, strict=False)  # what is left out has its default
        if not isinstance(value, ast.SetToDefault)
    }
