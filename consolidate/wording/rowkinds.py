"""Which legacy statements are about rows, and which of them can be copied for their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pglast import ast
from pglast.enums import ObjectType, OnConflictAction

from consolidate.parser import parse_sql
from consolidate.wording.verbatim import plain_session

if TYPE_CHECKING:
    from collections.abc import Iterable

    from consolidate.model import Statement, StatementId
    from consolidate.truth import Truth

COMMANDS = {
    "InsertStmt": "INSERT",
    "UpdateStmt": "UPDATE",
    "DeleteStmt": "DELETE",
    "MergeStmt": "MERGE",
    "CopyStmt": "COPY",
    "TruncateStmt": "TRUNCATE",
    "CreateTableAsStmt": "CREATE TABLE AS",
    "SelectStmt": "SELECT",
    "DoStmt": "DO",
    "CallStmt": "CALL",
    "ExecuteStmt": "EXECUTE",
}
"""The words for the kinds of statements that may write rows."""

_COPIED = {"InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "SelectStmt", "TruncateStmt"}
"""Statements that can be copied for their rows."""

_NOT_COPIED = {
    "DoStmt": "a DO block writes them, which may do more than that",
    "CallStmt": "a procedure writes them, which may do more than that",
    "CopyStmt": "COPY's rows can not stand in plain SQL",
    "CreateTableAsStmt": "the statement makes the table with them",
    "AlterTableStmt": "an ALTER TABLE writes them",
    "ExecuteStmt": "a prepared statement writes them",
}


def is_about_rows(statement: Statement) -> bool:
    """Whether a statement's text says that it is about rows, whatever it finds."""
    match statement.tree:
        case ast.InsertStmt() | ast.UpdateStmt() | ast.DeleteStmt() | ast.MergeStmt():
            return True
        case ast.TruncateStmt() | ast.CopyStmt(is_from=True):
            return True
        case ast.CreateTableAsStmt(objtype=kind):
            return bool(kind == ObjectType.OBJECT_TABLE)
        case _:
            return False


def follows_from_rows(statement: Statement) -> bool:
    """Whether a statement writes only what follows from other rows."""
    match statement.tree:
        case ast.RefreshMatViewStmt() | ast.AlterTableStmt():
            return True
        case ast.CreateTableAsStmt(objtype=kind):
            return bool(kind != ObjectType.OBJECT_TABLE)
        case _:
            return False


def empties(statement: Statement) -> bool:
    """Whether it is a TRUNCATE, which counts no rows."""
    return isinstance(statement.tree, ast.TruncateStmt)


def upserts(statement: Statement) -> bool:
    """Whether an INSERT updates rows that are there already."""
    match statement.tree:
        case ast.InsertStmt(onConflictClause=ast.OnConflictClause(action=action)):
            return bool(action == OnConflictAction.ONCONFLICT_UPDATE)
        case _:
            return False


def why_not_copied(truth: Truth, identifier: StatementId) -> str:
    """Why a statement can not be copied for its rows; empty if it can."""
    kind = truth.statements[identifier].kind
    if kind not in _COPIED:
        return _NOT_COPIED.get(kind, "the statement does more than write rows")
    if not plain_session(truth, identifier):
        return "its names depend on settings of its session"
    return ""


def is_block(truth: Truth, identifier: StatementId) -> bool:
    """Whether it is a block or a call that may be copied, if nothing but rows came of it."""
    kind = truth.statements[identifier].kind
    return kind in {"DoStmt", "CallStmt"} and plain_session(truth, identifier)


def may_change(texts: Iterable[str]) -> bool:
    """Whether statements may have changed rows, rather than added some and removed others."""
    found = [one.stmt for text in texts for one in parse_sql(text)]
    return not found or not all(isinstance(tree, _NO_CHANGE) for tree in found)


_NO_CHANGE = (ast.InsertStmt, ast.DeleteStmt, ast.TruncateStmt, ast.CopyStmt)
