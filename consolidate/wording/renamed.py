"""The authors' statement with later renames merged in: of the object, its table, its columns.

Whether the text still says what the truth holds, the trial decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pglast import ast

from consolidate import names
from consolidate.wording.expressions import renames_since
from consolidate.wording.text import Span, replaced, tokens
from consolidate.wording.verbatim import bearer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pglast.parser import Token

    from consolidate.model import ObjectId, Statement
    from consolidate.truth import Truth

_OF_A_TABLE = {"INDEX": "INDEX", "TRIGGER": "TRIGGER", "POLICY": "POLICY"}
_IN_A_SCHEMA = {
    "FUNCTION": "FUNCTION",
    "PROCEDURE": "PROCEDURE",
    "VIEW": "VIEW",
    "MATERIALIZED VIEW": "VIEW",
    "SEQUENCE": "SEQUENCE",
    "TYPE": "TYPE_P",
    "DOMAIN": "DOMAIN_P",
}
_KEYWORDS = _OF_A_TABLE | _IN_A_SCHEMA
"""The token that an object's name follows, by `pg_dump`'s kind."""

_ABOUT_A_TABLE = {*_OF_A_TABLE, "ROW SECURITY"}
TYPES = _KEYWORDS.keys() | _ABOUT_A_TABLE
"""`pg_dump`'s kinds that are worded here."""

_BEFORE_A_NAME = {"CONCURRENTLY", "IF_P", "NOT", "EXISTS"}
_DOT = "ASCII_46"
_ROW_NAMES = {"new", "old", "excluded"}


def word(truth: Truth, kind: str, name: ObjectId, statement: Statement) -> str | None:
    """The statement in today's names; None if there is nothing to rename.

    Args:
        truth: Tells today's names.
        kind: `pg_dump`'s word for what is made, one of `TYPES`.
        name: The object as it is called at the end.
        statement: The one that created it.
    """
    sql = statement.sql
    listed = tokens(sql)
    changes = list(_own_name(sql, listed, kind, name))
    relation = _table_of(kind, statement)
    if kind in _ABOUT_A_TABLE:
        if relation is None:
            return None
        table = truth.depend.family(bearer(name))
        changes += _table(sql, listed, relation, table)
        changes += _columns(sql, listed, relation, renames_since(truth, table, statement.id))
    today = replaced(sql, changes)
    return None if today == sql else today


def _table_of(kind: str, statement: Statement) -> ast.RangeVar | None:
    """The table that an index, a trigger or a policy is made on, or that row security is for."""
    match kind, statement.tree:
        case "ROW SECURITY", ast.AlterTableStmt(relation=ast.RangeVar() as relation):
            return relation
        case "INDEX", ast.IndexStmt(relation=ast.RangeVar() as relation):
            return relation
        case "TRIGGER", ast.CreateTrigStmt(relation=ast.RangeVar() as relation):
            return relation
        case "POLICY", ast.CreatePolicyStmt(table=ast.RangeVar() as relation):
            return relation
        case _:
            return None


def _own_name(
    sql: str, listed: list[Token], kind: str, name: ObjectId
) -> Iterator[tuple[Span, str]]:
    """The name behind the keyword of its kind; an index may have been left without one."""
    place = next((n for n, token in enumerate(listed) if token.name == _KEYWORDS.get(kind)), None)
    if place is None:
        return
    place += 1
    while listed[place].name in _BEFORE_A_NAME:
        place += 1
    first = last = listed[place]
    if kind == "INDEX" and first.name == "ON":
        yield Span(first.start, first.start), f"{_bare(name)} "
        return
    qualified = any(token.name == _DOT for token in listed[place + 1 : place + 2])
    if qualified:
        last = listed[place + 2]
    today = _bare(name)
    if kind in _IN_A_SCHEMA and (qualified or names.split(name.identity)[0] != "public"):
        today = ".".join(map(names.quote, names.split(name.identity)))
    written = [_text(sql, token) for token in (first, last)[not qualified :]]
    if ".".join(names.quote(names.fold(word)) for word in written) != today:
        yield Span(first.start, last.end + 1), today


def _bare(name: ObjectId) -> str:
    """An object's own name, quoted where it must be, without its table and schema."""
    if name.kind in {"trigger", "policy"}:
        return name.identity.rpartition(" on ")[0]
    return names.quote(names.split(name.identity)[-1])


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
        if today is None or follower in {"ASCII_40", _DOT}:
            continue
        if listed[number - 1].name == _DOT:
            owner = names.fold(_text(sql, listed[number - 2]))
            if owner not in {*_ROW_NAMES, relation.relname}:
                continue
        yield Span(token.start, token.end + 1), names.quote(today)


def _text(sql: str, token: Token) -> str:
    return sql[token.start : token.end + 1]
