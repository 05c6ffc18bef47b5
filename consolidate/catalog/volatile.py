"""Tells which cells are volatile: those that two replays of one history fill differently."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from operator import ne
from typing import TYPE_CHECKING, Final, TypeAlias

from consolidate.catalog.row_values import (
    Cell,
    Column,
    JsonLeaf,
    MarkedRow,
    MarkedRows,
    MarkedTable,
    Row,
    Rows,
    SequencePosition,
    TableRows,
    Volatile,
    VolatileJson,
)

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

_JSON: Final = frozenset({"json", "jsonb"})

_JSON_TOKEN: Final = re.compile(
    r'(?P<string>"(?:[^"\\]|\\.)*")|(?P<number>-?[0-9][0-9.eE+-]*)'
    r"|(?P<boolean>true|false)|(?P<null>null)|(?P<mark>[{}\[\]:,])|(?P<space>\s+)"
)
_PLAIN_KEY: Final = re.compile(r'"([A-Za-z_][A-Za-z0-9_]*)"')

_Token: TypeAlias = tuple[str, str]
"""Kind and text."""


def mark(
    clean: Rows, perturbed: Rows, clocked: Container[tuple[str, str]] = frozenset()
) -> MarkedRows:
    """The rows of the clean replay with every volatile cell marked.

    Both replays ran the same statements on two clusters, so their rows correspond one to one in
    physical order. Where they do not (a vacuum may have moved rows), they are paired by the
    columns that hold the same values in both, if that leaves fewer cells different. A table
    whose row counts differ can not be paired: it is `unaligned`, with the reason.

    Args:
        clean: What to mark.
        perturbed: The other replay.
        clocked: Columns, as (table, column), that are filled from the clock: what holds
            the day of the replay there is volatile, though both replays agree on it.
    """
    others = {t.table.object: t for t in perturbed.tables}
    tables = tuple(
        _without_today(_marked_table(t, others.pop(t.table.object, None)), clean.today, clocked)
        for t in clean.tables
    )
    positions = {p.identity: p for p in perturbed.sequences}
    sequences = tuple(_marked_sequence(p, positions.pop(p.identity, None)) for p in clean.sequences)
    notes = [f"{name} exists in one replay only" for name in others]
    notes += [f"sequence {name} exists in one replay only" for name in positions]
    return MarkedRows(tables=tables, sequences=sequences, notes=tuple(sorted(notes)))


def volatile_cells(marked: MarkedRows) -> tuple[str, ...]:
    """Everything that a comparison can not take at its word, sorted, for the report.

    `schema.table.column`, with the path behind it where only leaves of a json value are
    volatile; whole tables that could not be aligned; cells that are NULL in one replay only;
    sequences.
    """
    lines = set(marked.notes)
    for entry in marked.tables:
        identity = entry.table.object.identity
        if entry.unaligned:
            lines.add(f"{identity} (rows not aligned: {entry.unaligned})")
        lines.update(f"{identity}.{c} (NULL in one replay only)" for c in entry.unstable)
        lines.update(f"{identity}.{cell}" for cell in _volatile_columns(entry))
    lines.update(f"sequence {p.identity}" for p in marked.sequences if p.volatile)
    return tuple(sorted(lines))


def _volatile_columns(entry: MarkedTable) -> Iterator[str]:
    for column, cells in zip(entry.table.columns, zip(*entry.rows, strict=True), strict=False):
        for cell in cells:
            if isinstance(cell, Volatile):
                yield column.quoted
            elif isinstance(cell, VolatileJson):
                yield from (f"{column.quoted} {leaf.path}" for leaf in cell.leaves)


def _marked_sequence(clean: SequencePosition, other: SequencePosition | None) -> SequencePosition:
    return SequencePosition(
        identity=clean.identity,
        last_value=clean.last_value,
        is_called=clean.is_called,
        volatile=clean != other,
    )


def _marked_table(clean: TableRows, other: TableRows | None) -> MarkedTable:
    reason = _why_unaligned(clean, other)
    if other is None or reason:
        return MarkedTable(table=clean.table, rows=clean.rows, unaligned=reason)
    if clean.rows == other.rows:
        return MarkedTable(table=clean.table, rows=clean.rows)
    columns = clean.table.columns
    unstable: set[str] = set()
    rows = tuple(
        one if one == two else _marked_row(columns, one, two, unstable)
        for one, two in zip(clean.rows, _aligned(clean, other), strict=True)
    )
    return MarkedTable(table=clean.table, rows=rows, unstable=tuple(sorted(unstable)))


def _without_today(
    marked: MarkedTable, today: str, clocked: Container[tuple[str, str]]
) -> MarkedTable:
    """Marks the cells of clocked columns that hold the day of the replay."""
    name = marked.table.object.identity
    columns = [(c, (name, c.name) in clocked) for c in marked.table.columns]
    if not today or not any(is_clocked for _, is_clocked in columns):
        return marked
    rows = tuple(
        tuple(
            Volatile(cell, column.type)
            if is_clocked and isinstance(cell, str) and today in cell
            else cell
            for (column, is_clocked), cell in zip(columns, row, strict=True)
        )
        for row in marked.rows
    )
    return replace(marked, rows=rows)


def _why_unaligned(clean: TableRows, other: TableRows | None) -> str:
    if other is None:
        return "the other replay has no such table"
    if clean.table.columns != other.table.columns:
        return "the other replay has other columns"
    if len(clean.rows) != len(other.rows):
        return f"{len(clean.rows)} in one replay, {len(other.rows)} in the other"
    return ""


def _aligned(clean: TableRows, other: TableRows) -> Sequence[Row]:
    """The other replay's rows, each in the place of the clean row that it corresponds to.

    Physical order unless pairing by equal values leaves fewer cells different.
    """
    names = [c.name for c in clean.table.columns]
    stable = tuple(
        position
        for position in range(len(names))
        if Counter(row[position] for row in clean.rows)
        == Counter(row[position] for row in other.rows)
    )
    primary = tuple(names.index(n) for n in clean.table.primary_key)
    orders = [other.rows]
    orders += [
        order for key in (stable, primary) if (order := _paired_by(clean.rows, other.rows, key))
    ]
    return min(orders, key=lambda order: _cells_that_differ(clean.rows, order))


def _paired_by(
    clean: Sequence[Row], other: Sequence[Row], positions: tuple[int, ...]
) -> tuple[Row, ...] | None:
    """The other rows in the order of the clean rows with the same values at those positions.

    None if the two do not hold the same values there, each as often.
    """
    if not positions:
        return None
    waiting: dict[Row, list[Row]] = {}
    for row in reversed(other):
        waiting.setdefault(tuple(row[p] for p in positions), []).append(row)
    paired: list[Row] = []
    for row in clean:
        candidates = waiting.get(tuple(row[p] for p in positions))
        if not candidates:
            return None
        paired.append(candidates.pop())
    return tuple(paired)


def _cells_that_differ(clean: Iterable[Row], other: Iterable[Row]) -> int:
    return sum(sum(map(ne, one, two)) for one, two in zip(clean, other, strict=True) if one != two)


def _marked_row(
    columns: tuple[Column, ...], clean: Row, other: Row, unstable: set[str]
) -> MarkedRow:
    cells: list[Cell] = []
    for column, one, two in zip(columns, clean, other, strict=True):
        if one == two:
            cells.append(one)
        elif one is None or two is None:
            unstable.add(column.quoted)
            cells.append(one)
        elif column.base in _JSON:
            cells.append(_marked_json(column, one, two))
        else:
            cells.append(Volatile(one, column.type))
    return tuple(cells)


def _marked_json(column: Column, clean: str, other: str) -> VolatileJson | Volatile:
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
