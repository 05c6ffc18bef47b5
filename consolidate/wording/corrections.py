"""Reads what an UPDATE, a DELETE, a MERGE or an upsert corrects, as far as its text tells."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pglast import ast
from pglast.enums import CmdType, OnConflictAction

from consolidate.wording.constants import Constant, constants_in, is_chosen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from consolidate.model import Statement, StatementId
    from consolidate.wording.listings import Listing


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A statement that changed or deleted rows which others had written."""

    statement: StatementId
    columns: frozenset[str]
    """Those that it sets; none where it only deletes."""
    told: Mapping[str, tuple[Constant, ...]]
    """The constants that it names for a column."""
    chosen: bool
    """Whether all that it sets are constants; else it works values out."""

    def renamed(self, names: Mapping[str, str]) -> Correction:
        """The same with columns by other names, if these have any."""
        return replace(
            self,
            columns=frozenset(names.get(column, column) for column in self.columns),
            told={names.get(column, column): found for column, found in self.told.items()},
        )


def unread(statement: Statement) -> Correction:
    """A statement whose text does not tell what it corrects."""
    return Correction(statement=statement.id, columns=frozenset(), told={}, chosen=True)


def correction(statement: Statement, rows: Listing | None = None) -> Correction | None:
    """What a statement corrects; None if its text does not tell.

    Args:
        statement: The statement.
        rows: Those that it lists, where it is an INSERT.
    """
    items = _items(statement.tree)
    if items is None or any(item.indirection for item in items):
        return None
    told: dict[str, tuple[Constant, ...]] = {}
    for item in items:
        column = item.name or ""
        told[column] = told.get(column, ()) + _constants(item, rows)
    return Correction(
        statement=statement.id,
        columns=frozenset(told),
        told=told,
        chosen=all(_excluded(item) or is_chosen(item.val) for item in items),
    )


def _items(tree: ast.Node | None) -> tuple[ast.ResTarget, ...] | None:
    """What is set, one item per column; None if the statement sets no columns by name."""
    match tree:
        case ast.UpdateStmt():
            return tuple(tree.targetList or ())
        case ast.DeleteStmt():
            return ()
        case ast.MergeStmt():
            return tuple(_merged(tree))
        case ast.InsertStmt(
            onConflictClause=ast.OnConflictClause(
                action=OnConflictAction.ONCONFLICT_UPDATE, targetList=items
            )
        ):
            return tuple(items or ())
        case _:
            return None


def _merged(tree: ast.MergeStmt) -> Iterator[ast.ResTarget]:
    for clause in tree.mergeWhenClauses or ():
        if clause.commandType == CmdType.CMD_UPDATE:
            yield from clause.targetList or ()


def _excluded(item: ast.ResTarget) -> str:
    """The column of `excluded` that an upsert sets a column to; empty if it is anything else."""
    match item.val:
        case ast.ColumnRef(fields=(ast.String(sval="excluded"), ast.String(sval=column))):
            return column or ""
        case _:
            return ""


def _constants(item: ast.ResTarget, rows: Listing | None) -> tuple[Constant, ...]:
    column = _excluded(item)
    if rows is None or column not in rows.columns:
        return constants_in(item.val)
    place = rows.columns.index(column)
    cells = (row.cells[place].constant for row in rows.rows)
    return tuple(cell for cell in cells if cell is not None)
