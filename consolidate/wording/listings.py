"""Reads an INSERT that lists its rows: where each cell stands, and which constant it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pglast import ast

from consolidate.wording.constants import Constant, constant
from consolidate.wording.text import Span, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pglast.parser import Token

_OPEN, _CLOSE, _COMMA = "ASCII_40", "ASCII_41", "ASCII_44"
_OPENING, _CLOSING = {_OPEN, "ASCII_91"}, {_CLOSE, "ASCII_93"}


@dataclass(frozen=True, slots=True)
class ListedCell:
    """One value of a row."""

    span: Span
    constant: Constant | None
    """None for an expression, and for DEFAULT."""


@dataclass(frozen=True, slots=True)
class ListedRow:
    """One row, from parenthesis to parenthesis."""

    span: Span
    cells: tuple[ListedCell, ...]
    comma: int | None
    """Offset of the comma behind it; None behind the last row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The words of an INSERT … VALUES, taken apart."""

    words: str
    table: Span
    """The table's name, with its schema if there is one."""
    columns: tuple[str, ...]
    """As the author named them; empty if there is no list of them."""
    names: tuple[Span, ...]
    """Where these names stand."""
    values_end: int
    """Where the word VALUES ends."""
    rows: tuple[ListedRow, ...]


def listing(words: str, tree: ast.Node | None) -> Listing | None:
    """The rows that some words list; None if these are not a plain INSERT … VALUES.

    Args:
        words: The statement with its comments and a semicolon.
        tree: Of the same statement.
    """
    if not isinstance(tree, ast.InsertStmt) or tree.withClause is not None:
        return None
    if any(column.indirection for column in tree.cols or ()):
        return None
    values = getattr(tree.selectStmt, "valuesLists", None)
    scanned = tokens(words)
    start = _values(scanned)
    if not values or start is None:
        return None
    rows = _rows(scanned[start + 1 :], values)
    named = _names(scanned[:start]) if tree.cols else ()
    if rows is None or len(named) != len(tree.cols or ()):
        return None
    return Listing(
        words=words,
        table=_table(scanned, qualified=bool(tree.relation and tree.relation.schemaname)),
        columns=tuple(column.name or "" for column in tree.cols or ()),
        names=named,
        values_end=scanned[start].end + 1,
        rows=rows,
    )


def _values(scanned: Sequence[Token]) -> int | None:
    """The position of the word VALUES outside of parentheses."""
    depth = 0
    for number, token in enumerate(scanned):
        depth += (token.name in _OPENING) - (token.name in _CLOSING)
        if depth == 0 and token.name == "VALUES":
            return number
    return None


def _table(scanned: Sequence[Token], *, qualified: bool) -> Span:
    """The name behind INTO."""
    first = next(number for number, token in enumerate(scanned) if token.name == "INTO") + 1
    last = first + 2 * qualified
    return Span(scanned[first].start, scanned[last].end + 1)


def _names(scanned: Sequence[Token]) -> tuple[Span, ...]:
    """The names in the last parentheses before VALUES; each is a token of its own."""
    opened = max(number for number, token in enumerate(scanned) if token.name == _OPEN)
    closed = max(number for number, token in enumerate(scanned) if token.name == _CLOSE)
    inside = scanned[opened + 1 : closed]
    return tuple(Span(t.start, t.end + 1) for t in inside if t.name != _COMMA)


def _rows(
    scanned: Sequence[Token], values: Sequence[Sequence[ast.Node]]
) -> tuple[ListedRow, ...] | None:
    found: list[ListedRow] = []
    depth, opened, first = 0, 0, 0
    cells: list[Span] = []
    for number, token in enumerate(scanned):
        depth += token.name in _OPENING
        if depth == 0 and (token.name != _COMMA or len(found) == len(values)):
            break
        if depth == 1 and token.name == _OPEN and first == 0:
            opened, first, cells = token.start, number + 1, []
        elif depth == 1 and token.name in {_COMMA, _CLOSE} and first:
            cells.append(Span(scanned[first].start, scanned[number - 1].end + 1))
            first = number + 1
        depth -= token.name in _CLOSING
        if depth == 0 and token.name == _CLOSE:
            made = _row(Span(opened, token.end + 1), cells, values[len(found)], scanned, number)
            if made is None:
                return None
            found.append(made)
            first = 0
    return tuple(found) if len(found) == len(values) else None


def _row(
    span: Span,
    cells: Sequence[Span],
    nodes: Sequence[ast.Node],
    scanned: Sequence[Token],
    close: int,
) -> ListedRow | None:
    if len(cells) != len(nodes):
        return None
    follower = scanned[close + 1] if close + 1 < len(scanned) else None
    return ListedRow(
        span=span,
        cells=tuple(
            ListedCell(cell, constant(node)) for cell, node in zip(cells, nodes, strict=True)
        ),
        comma=follower.start if follower and follower.name == _COMMA else None,
    )
