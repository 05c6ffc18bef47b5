"""Cuts and splices SQL text along PostgreSQL's own tokens, leaving every other byte alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pglast import ast, parser
from pglast.enums import ConstrType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pglast.parser import Token

_OPEN = {"ASCII_40", "ASCII_91"}
_CLOSE = {"ASCII_41", "ASCII_93"}
_COMMA = "ASCII_44"
COMMENTS = {"SQL_COMMENT", "C_COMMENT"}

_COLUMN_CONSTRAINT = {"CONSTRAINT", "NOT", "NULL_P", "DEFAULT", "CHECK", "PRIMARY", "UNIQUE"} | {
    "REFERENCES",
    "GENERATED",
    "COLLATE",
}
"""Tokens that can begin the next clause of a column definition after a REFERENCES clause."""


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` (exclusive) of a text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The characters themselves."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class ElementList:
    """The parenthesised list of a CREATE TABLE: where it stands and its elements."""

    open: int
    """Offset of `(`."""
    close: int
    """Offset of `)`."""
    elements: tuple[Span, ...]


def tokens(sql: str) -> list[Token]:
    """The tokens of a statement, comments left out; a token's `end` is inclusive."""
    return [token for token in all_tokens(sql) if token.name not in COMMENTS]


def all_tokens(sql: str) -> list[Token]:
    """The tokens of a statement, comments included.

    pglast takes quadratic time to translate the places in a text that is not ASCII. To the lexer
    every other character is a letter, so that any letter may stand for it, but for what tells the
    tags of dollar quotes apart.
    """
    if not sql.isascii() and not _TAG.search(sql):
        sql = _OTHER.sub("z", sql)
    return list(parser.scan(sql))


_OTHER = re.compile(r"[^\x00-\x7f]")
_TAG = re.compile(r"\$\w*[^\x00-\x7f$\s]\w*\$")


def element_list(sql: str) -> ElementList | None:
    """The first parenthesised list of the text, split at its own commas."""
    depth = 0
    opened = -1
    elements: list[Span] = []
    first: int | None = None
    last = 0
    for token in tokens(sql):
        if token.name in _CLOSE:
            depth -= 1
            if depth == 0:
                if first is not None:
                    elements.append(Span(first, last))
                return ElementList(opened, token.start, tuple(elements))
        if depth == 1 and token.name == _COMMA and first is not None:
            elements.append(Span(first, last))
            first = None
        elif depth >= 1:
            first = token.start if first is None else first
            last = token.end + 1
        if token.name in _OPEN:
            opened = token.start if depth == 0 else opened
            depth += 1
    return None


_CLAUSES = {"FROM", "WHERE", "RETURNING", "GROUP_P", "HAVING", "WINDOW", "ORDER", "LIMIT"} | {
    "OFFSET",
    "FETCH",
    "UNION",
    "INTERSECT",
    "EXCEPT",
    "ON",
}
"""Tokens that end a list of expressions."""


def items(sql: str, keyword: str) -> tuple[Span, ...]:
    """The expressions between commas behind the first such keyword outside of parentheses.

    The list ends with the next clause; what an expression is called (`AS …`) is left out.
    """
    depth, begun, named = 0, False, False
    found: list[Span] = []
    first: int | None = None
    last = 0
    before = ""
    for token in tokens(sql):
        depth += (token.name in _OPEN or token.name == "CASE") - (
            token.name in _CLOSE or token.name == "END_P"
        )
        if not begun:
            begun = depth == 0 and token.name == keyword
        elif depth == 0 and token.name == _COMMA and first is not None:
            found.append(Span(first, last))
            first, named = None, False
        elif depth == 0 and token.name == "AS":
            named = True
        elif depth == 0 and token.name in _CLAUSES and before != "DISTINCT":
            break
        elif not named:
            first = token.start if first is None else first
            last = token.end + 1
        before = token.name
    return (*found, Span(first, last)) if first is not None else tuple(found)


def without(text: str, spans: Iterable[Span]) -> str:
    """The text less some of its parts."""
    for span in sorted(spans, key=lambda s: s.start, reverse=True):
        text = text[: span.start] + text[span.end :]
    return text


def replaced(text: str, changes: Iterable[tuple[Span, str]]) -> str:
    """The text with some of its parts written otherwise."""
    for span, new in sorted(changes, key=lambda c: c[0].start, reverse=True):
        text = text[: span.start] + new + text[span.end :]
    return text


def foreign_key_spans(sql: str, table: ast.CreateStmt) -> list[tuple[ast.Constraint, str, Span]]:
    """Every foreign key written inside a CREATE TABLE, with its column and the text to cut.

    For a key of one column the span is the REFERENCES clause; for a table constraint it is the
    element with the comma before it. The column is empty for a table constraint.
    """
    listed = element_list(sql)
    if listed is None:
        return []
    found = []
    own = [
        element.location or 0
        for element in table.tableElts or ()
        if isinstance(element, ast.Constraint) and element.contype == ConstrType.CONSTR_FOREIGN
    ]
    for element in table.tableElts or ():
        if isinstance(element, ast.Constraint) and element.contype == ConstrType.CONSTR_FOREIGN:
            found.append((element, "", _element_with_comma(listed, element.location or 0, own)))
        if isinstance(element, ast.ColumnDef):
            found += [
                (constraint, element.colname or "", _clause(sql, listed, constraint.location or 0))
                for constraint in element.constraints or ()
                if constraint.contype == ConstrType.CONSTR_FOREIGN
            ]
    return [entry for entry in found if entry[2].end > entry[2].start]


def _element_with_comma(listed: ElementList, location: int, keys: list[int]) -> Span:
    """An element with the comma before it; with the one behind, if only keys stand before."""
    for number, element in enumerate(listed.elements):
        if element.start <= location < element.end:
            before = listed.elements[:number]
            follower = listed.elements[number + 1 : number + 2]
            if all(any(e.start <= key < e.end for key in keys) for e in before) and follower:
                return Span(element.start, follower[0].start)
            return Span(before[-1].end, element.end) if before else Span(0, 0)
    return Span(0, 0)


def _clause(sql: str, listed: ElementList, location: int) -> Span:
    """A REFERENCES clause with the blank space before it."""
    element = next((e for e in listed.elements if e.start <= location < e.end), None)
    if element is None:
        return Span(0, 0)
    start = location
    while start > element.start and sql[start - 1] in " \t":  # a line may end in a comment
        start -= 1
    return Span(start, clause_end(sql, location, element.end, "REFERENCES"))


def clause_end(sql: str, location: int, limit: int, keyword: str) -> int:
    """Where a column's clause ends that has its keyword at or after a place."""
    inside = [t for t in tokens(sql) if location <= t.start < limit]
    depth = 0
    seen = len(inside)
    for number, token in enumerate(inside):
        if token.name in _OPEN:
            depth += 1
        elif token.name in _CLOSE:
            depth -= 1
        if token.name == keyword and number < seen:
            seen = number
        elif depth == 0 and number > seen + 1 and _begins_clause(inside, number):
            return inside[number - 1].end + 1
    return inside[-1].end + 1 if inside else limit


def _begins_clause(inside: list[Token], number: int) -> bool:
    name = inside[number].name
    before = inside[number - 1].name
    if name not in _COLUMN_CONSTRAINT:
        return False
    if before in {"SET", "ON"} or (name == "NULL_P" and before == "NOT"):
        return False  # ON DELETE SET NULL, SET DEFAULT belong to the key
    follower = inside[number + 1].name if number + 1 < len(inside) else ""
    return not (name == "NOT" and follower in {"DEFERRABLE", "ENFORCED"})
