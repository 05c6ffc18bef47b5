"""What a statement is called in a table: `CREATE TABLE`, `INSERT`, `DO`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from consolidate import lexer

if TYPE_CHECKING:
    from consolidate.model import Statement

_BY_KIND = {
    "DeleteStmt": "DELETE",
    "InsertStmt": "INSERT",
    "MergeStmt": "MERGE",
    "SelectStmt": "SELECT",
    "UpdateStmt": "UPDATE",
    "CreateTableAsStmt": "CREATE TABLE AS",
    "VariableSetStmt": "SET",
}
"""Statements that may begin with other words, such as WITH."""
_ON_OBJECTS = frozenset({"CREATE", "ALTER", "DROP"})
_BESIDE = frozenset(
    {
        *("OR", "REPLACE", "UNIQUE", "TEMP", "TEMPORARY", "LOCAL", "GLOBAL", "UNLOGGED"),
        *("RECURSIVE", "TRUSTED", "PROCEDURAL"),
    }
)
"""What may stand before the noun and says nothing of what it is."""
_LONG = {
    *("ACCESS METHOD", "CONSTRAINT TRIGGER", "DEFAULT PRIVILEGES", "EVENT TRIGGER"),
    *("FOREIGN TABLE", "LARGE OBJECT", "MATERIALIZED VIEW", "OPERATOR CLASS", "OPERATOR FAMILY"),
    *("TEXT SEARCH", "USER MAPPING", "FOREIGN DATA"),
}

_MOST = 8
"""Words of a statement that are looked at."""
_BEGINNING = re.compile(rf"[A-Za-z_]\w*\s*(?:[A-Za-z_]\w*\s*){{0,{_MOST - 1}}}")
"""These words, where no comment stands between them."""


def command(statement: Statement) -> str:
    """The verb of a statement, and for CREATE, ALTER and DROP the noun.

    What does not parse is no kind of statement, whatever word it begins with.
    """
    if not statement.kind:
        return "not parsed"
    if statement.kind in _BY_KIND:
        return _BY_KIND[statement.kind]
    verb, *rest = _words(statement.sql)
    if verb not in _ON_OBJECTS:
        return verb
    while rest and rest[0] in _BESIDE:
        rest = rest[1:]
    noun = " ".join(rest[:2])
    noun = noun if noun in _LONG else " ".join(rest[:1])
    concurrently = " CONCURRENTLY" if "CONCURRENTLY" in rest[1:3] else ""
    return f"{verb} {noun}{concurrently}".rstrip()


def _words(sql: str) -> list[str]:
    """The first few words."""
    begins = _BEGINNING.match(sql)
    if begins and not sql.startswith(("--", "/*"), begins.end()):
        return begins[0].upper().split()
    found: list[str] = []
    for token in lexer.tokens(sql):
        if token.kind == "word":
            found.append(sql[token.start : token.end].upper())
        if len(found) == _MOST or token.kind not in {"word", "comment"}:
            break
    return found or ["?"]
