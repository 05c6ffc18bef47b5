"""Marks the cells of one row that two replays fill differently, and tells what is fixed of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from consolidate.catalog.row_values import (
    Cell,
    Column,
    JsonLeaf,
    MarkedRow,
    Row,
    Volatile,
    VolatileJson,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

JSON: Final = frozenset({"json", "jsonb"})

_JSON_TOKEN: Final = re.compile(
    r'(?P<string>"(?:[^"\\]|\\.)*")|(?P<number>-?[0-9][0-9.eE+-]*)'
    r"|(?P<boolean>true|false)|(?P<null>null)|(?P<mark>[{}\[\]:,])|(?P<space>\s+)"
)
_PLAIN_KEY: Final = re.compile(r'"([A-Za-z_][A-Za-z0-9_]*)"')

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_Token: TypeAlias = tuple[str, str]
"""Kind and text."""


def is_uuid(text: str) -> bool:
    """Whether a text is a uuid as PostgreSQL prints it."""
    return _UUID.fullmatch(text) is not None


def spells_uuid(cell: Cell) -> bool:
    """Whether what is volatile about a cell is a uuid, so that it may be the key of some row."""
    if isinstance(cell, VolatileJson):
        return any(leaf.kind == "string" and is_uuid(leaf.name[1:-1]) for leaf in cell.leaves)
    return isinstance(cell, Volatile) and is_uuid(cell.name)


def masked(cell: Cell) -> Hashable:
    """What is fixed about a cell: all of it, or its type and the text around volatile leaves."""
    match cell:
        case Volatile(type=type_):
            return (type_,)
        case VolatileJson(parts=parts, type=type_):
            return (type_, tuple(p if isinstance(p, str) else (p.kind,) for p in parts))
        case _:
            return cell


def told(column: Column, cell: Cell) -> Iterator[str]:
    """What is volatile about a cell, by its column and, inside a json value, the leaf's path."""
    if isinstance(cell, Volatile):
        yield column.quoted
    elif isinstance(cell, VolatileJson):
        yield from (f"{column.quoted} {leaf.path}" for leaf in cell.leaves)


def marked_row(
    columns: tuple[Column, ...], clean: Row, other: Row, unstable: set[str]
) -> MarkedRow:
    """The clean row with every cell marked that the other one has otherwise.

    Args:
        columns: Of both rows.
        clean: What to mark.
        other: The row of the other replay that it corresponds to.
        unstable: Takes the columns (quoted) whose cell is NULL in one of them only.
    """
    cells: list[Cell] = []
    for column, one, two in zip(columns, clean, other, strict=True):
        if one == two:
            cells.append(one)
        elif one is None or two is None:
            unstable.add(column.quoted)
            cells.append(one)
        elif column.base in JSON:
            cells.append(marked_json(column, one, two))
        else:
            cells.append(Volatile(one, column.type))
    return tuple(cells)


def without_today(
    columns: tuple[Column, ...], clocked: frozenset[int], today: str, row: MarkedRow
) -> MarkedRow:
    """Marks what holds the day of the replay, in columns that are filled from the clock."""
    return tuple(
        Volatile(cell, columns[place].type)
        if place in clocked and isinstance(cell, str) and today in cell
        else cell
        for place, cell in enumerate(row)
    )


def marked_json(column: Column, clean: str, other: str) -> VolatileJson | Volatile:
    """Marks the leaves that differ, or the whole cell where more than leaves differ."""
    ones, twos = _tokens(clean), _tokens(other)
    if len(ones) != len(twos):
        return Volatile(clean, column.type)
    parts: list[str | JsonLeaf] = []
    for (path, (kind, one)), (_, (other_kind, two)) in zip(
        _with_paths(ones), _with_paths(twos), strict=True
    ):
        if one == two:
            parts.append(one)
        elif path and kind == other_kind and kind in {"string", "number", "boolean"}:
            parts.append(JsonLeaf(path, one, kind))
        else:
            return Volatile(clean, column.type)
    return VolatileJson(tuple(_joined(parts)), column.type)


def _tokens(text: str) -> list[_Token]:
    return [(m.lastgroup or "", m.group()) for m in _JSON_TOKEN.finditer(text)]


def _with_paths(tokens: Iterable[_Token]) -> Iterator[tuple[str, _Token]]:
    """Every token with the path of the value that it is; marks, blanks and keys have none."""
    stack: list[str] = []  # per open container its path step: `[*]`, or `.key` of the last key
    awaiting_key = False
    for token in tokens:
        kind, text = token
        path = ""
        if text == "{":
            stack.append("")
            awaiting_key = True
        elif text == "[":
            stack.append("[*]")
        elif text in {"}", "]"}:
            stack.pop()
            awaiting_key = False
        elif text == ",":
            awaiting_key = bool(stack) and stack[-1] != "[*]"
        elif awaiting_key and kind == "string":
            plain = _PLAIN_KEY.fullmatch(text)
            stack[-1] = f".{plain[1] if plain else text}"
            awaiting_key = False
        elif kind not in {"mark", "space"}:
            path = "$" + "".join(stack)
        yield path, token


def _joined(parts: Iterable[str | JsonLeaf]) -> Iterator[str | JsonLeaf]:
    """The same parts with neighbouring texts put together."""
    text = ""
    for part in parts:
        if isinstance(part, str):
            text += part
            continue
        if text:
            yield text
            text = ""
        yield part
    if text:
        yield text
