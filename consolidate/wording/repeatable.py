"""Rewords INSERTs so that rows which are there already are passed over: ON CONFLICT DO NOTHING."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pglast import ast
from pglast.enums import OnConflictAction
from pglast.parser import ParseError

from consolidate import statements
from consolidate.model import Migration
from consolidate.wording.text import tokens
from consolidate.wording.trees import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.model import Statement

_WORDS = "ON CONFLICT DO NOTHING"


@dataclass(frozen=True, slots=True)
class Repeatable:
    """A text whose INSERTs pass over what is there, as far as that can be said."""

    sql: str
    why_not: tuple[str, ...] = ()
    """The statements that do their work again all the same, each with the reason."""


def repeatable(sql: str) -> Repeatable:
    """The text with the clause in every INSERT that has none; what cannot have it stays.

    An INSERT that says itself what to do with a conflict keeps its own words.

    Raises:
        InputProblem: The text can not be parsed.
    """
    texts: list[str] = []
    why_not: list[str] = []
    for statement in statements.parse(_migration(sql)):
        reason = _why_not(statement) if statement.sql else ""
        if reason:
            why_not.append(reason)
        texts.append(statement.text if reason else _with_clause(statement))
    return Repeatable("".join(texts), tuple(why_not))


def _migration(sql: str) -> Migration:
    return Migration(number=1, path="step", version="", text=sql, sha256="")


_COMMANDS = {"UpdateStmt": "UPDATE", "DeleteStmt": "DELETE", "MergeStmt": "MERGE"} | {
    "TruncateStmt": "TRUNCATE",
    "SelectStmt": "SELECT",
}


def _why_not(statement: Statement) -> str:
    if not isinstance(statement.tree, ast.InsertStmt):
        return f"{_COMMANDS.get(statement.kind, statement.kind)} has no ON CONFLICT"
    with_clause = statement.tree.withClause
    parts = with_clause.ctes or () if with_clause else ()
    if any(not isinstance(part.ctequery, ast.SelectStmt) for part in parts):
        return "INSERT has a WITH that writes"
    return ""


def _with_clause(statement: Statement) -> str:
    tree = statement.tree
    if not isinstance(tree, ast.InsertStmt) or tree.onConflictClause is not None:
        return statement.text
    start = statement.text.rindex(statement.sql)
    for place, words in _places(statement.sql):
        spliced = statement.sql[:place] + words + statement.sql[place:]
        if _is_only_that(spliced, tree):
            return statement.text[:start] + spliced + statement.text[start + len(statement.sql) :]
    return statement.text


def _places(sql: str) -> Iterator[tuple[int, str]]:
    """Where the clause may stand: before a RETURNING outside of parentheses, or at the end."""
    depth = 0
    found = []
    for token in tokens(sql):
        depth += (token.name == "ASCII_40") - (token.name == "ASCII_41")
        if token.name == "RETURNING" and depth == 0:
            found.append(token.start)
    yield from ((place, f"{_WORDS} ") for place in reversed(found))
    yield len(sql), f"\n{_WORDS}" if "\n" in sql else f" {_WORDS}"


def _is_only_that(spliced: str, tree: ast.InsertStmt) -> bool:
    """Whether a text is a statement with the clause, and nothing else of it is changed."""
    try:
        found = parsed(spliced)
    except ParseError:
        return False
    return (
        isinstance(found, ast.InsertStmt)
        and found.onConflictClause is not None
        and found.onConflictClause.action == OnConflictAction.ONCONFLICT_NOTHING
        and _others(found) == _others(tree)
    )


def _others(tree: ast.InsertStmt) -> dict[str, object]:
    """All that an INSERT says but what to do with a conflict."""
    return {name: getattr(tree, name) for name in tree if name != "onConflictClause"}
