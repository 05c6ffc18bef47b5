"""The authors' statement with later renames merged in: of the table, its columns, the object.

Only statements about one table are worded so: indexes, triggers and policies. Whether the text
still says what the truth holds, the trial decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pglast import ast

from consolidate import names
from consolidate.wording.expressions import renames_since
from consolidate.wording.text import Span, replaced, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pglast.parser import Token

    from consolidate.model import ObjectId, Statement
    from consolidate.truth import Truth

TYPES = {"INDEX", "TRIGGER", "POLICY"}
"""`pg_dump`'s kinds that are worded here."""

_KINDS = {"INDEX", "TRIGGER", "POLICY"}

_ROW_NAMES = {"new", "old", "excluded"}


def word(truth: Truth, name: ObjectId, statement: Statement) -> str | None:
    """The statement in today's names; None if there is nothing to rename.

    Args:
        truth: Tells today's names.
        name: The object as it is called at the end.
        statement: The one that created it.
    """
    relation, old_name = _about(statement)
    if relation is None or not old_name:
        return None
    table = truth.depend.family(name)
    sql = statement.sql
    listed = tokens(sql)
    changes = [
        *_own_name(sql, listed, old_name, _bare(name)),
        *_table(sql, listed, relation, table),
        *_columns(sql, listed, relation, renames_since(truth, table, statement.id)),
    ]
    today = replaced(sql, changes)
    return None if today == sql else today


def _about(statement: Statement) -> tuple[ast.RangeVar | None, str | None]:
    """The table of a statement and the name that it gives the new object."""
    match statement.tree:
        case ast.IndexStmt(relation=ast.RangeVar() as relation, idxname=name):
            return relation, name
        case ast.CreateTrigStmt(relation=ast.RangeVar() as relation, trigname=name):
            return relation, name
        case ast.CreatePolicyStmt(table=ast.RangeVar() as relation, policy_name=name):
            return relation, name
        case _:
            return None, None


def _bare(name: ObjectId) -> str:
    """An object's own name, quoted where it must be, without its table and schema."""
    if name.kind == "index":
        return names.quote(names.split(name.identity)[-1])
    return name.identity.rpartition(" on ")[0]


def _own_name(sql: str, listed: list[Token], old: str, new: str) -> Iterator[tuple[Span, str]]:
    kind = next(n for n, token in enumerate(listed) if token.name in _KINDS)
    for token in listed[kind + 1 :]:
        if names.fold(_text(sql, token)) == old:
            if _text(sql, token) != new:
                yield Span(token.start, token.end + 1), new
            return


def _table(
    sql: str, listed: list[Token], relation: ast.RangeVar, table: ObjectId
) -> Iterator[tuple[Span, str]]:
    place = relation.location or 0
    words = [token for token in listed if token.start >= place]
    last = words[2 * bool(relation.schemaname)]
    schema, bare = names.split(table.identity)
    today = names.quote(bare)
    if relation.schemaname or schema != "public":
        today = table.identity
    if sql[place : last.end + 1] != today:
        yield Span(place, last.end + 1), today


def _columns(
    sql: str, listed: list[Token], relation: ast.RangeVar, renames: Mapping[str, str]
) -> Iterator[tuple[Span, str]]:
    """Column names behind the table's own; not those of other tables, nor functions."""
    watched = [token.start for token in listed if token.name == "OF"]  # UPDATE OF a, b ON …
    start = min([relation.location or 0, *watched])
    for number, token in enumerate(listed):
        if token.start in {*range(start + 1), relation.location} or token.name == "SCONST":
            continue
        today = renames.get(names.fold(_text(sql, token)))
        follower = listed[number + 1].name if number + 1 < len(listed) else ""
        if today is None or follower in {"ASCII_40", "ASCII_46"}:
            continue
        if listed[number - 1].name == "ASCII_46":
            owner = names.fold(_text(sql, listed[number - 2]))
            if owner not in {*_ROW_NAMES, relation.relname}:
                continue
        yield Span(token.start, token.end + 1), names.quote(today)


def _text(sql: str, token: Token) -> str:
    return sql[token.start : token.end + 1]
