"""Tells which cells are volatile: those that two replays of one history fill differently."""

from __future__ import annotations

from collections import Counter
from operator import ne
from typing import TYPE_CHECKING

from consolidate.catalog import marked_spools
from consolidate.catalog.marked_spools import MarkedSpool
from consolidate.catalog.renaming import Domains
from consolidate.catalog.row_cells import marked_row, told, without_today
from consolidate.catalog.row_values import (
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
from consolidate.catalog.spools import Spool

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Iterator, Sequence


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
        _marked_table(t, others.pop(t.table.object, None), clean.today, clocked)
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
    volatile; whole tables that could not be aligned; large ones whose volatile keys may point
    anywhere; cells that are NULL in one replay only; sequences.
    """
    lines = {*marked.notes, *_unfollowed(marked)}
    for entry in marked.tables:
        identity = entry.table.object.identity
        if entry.unaligned:
            lines.add(f"{identity} (rows not aligned: {entry.unaligned})")
        lines.update(f"{identity}.{c} (NULL in one replay only)" for c in entry.unstable)
        lines.update(f"{identity}.{cell}" for cell in _volatile_columns(entry))
    lines.update(f"sequence {p.identity}" for p in marked.sequences if p.volatile)
    return tuple(sorted(lines))


def _volatile_columns(entry: MarkedTable) -> Iterator[str]:
    if isinstance(entry.rows, Spool):
        return
    if isinstance(entry.rows, MarkedSpool):
        yield from entry.rows.seen.volatile
        return
    for row in entry.rows:
        for column, cell in zip(entry.table.columns, row, strict=True):
            yield from told(column, cell)


def volatile_places(entry: MarkedTable) -> frozenset[int]:
    """The positions of the columns with volatile cells."""
    if isinstance(entry.rows, Spool):
        return frozenset()
    if isinstance(entry.rows, MarkedSpool):
        return entry.rows.seen.columns
    return frozenset(
        place
        for row in entry.rows
        for place, cell in enumerate(row)
        if isinstance(cell, (Volatile, VolatileJson))
    )


def _unfollowed(marked: MarkedRows) -> Iterator[str]:
    """Large tables with volatile cells that are keys, or may quote them."""
    domains = Domains(entry.table for entry in marked.tables)
    for entry in marked.tables:
        if not isinstance(entry.rows, MarkedSpool):
            continue
        columns = [entry.table.columns[place] for place in entry.rows.seen.columns]
        if entry.rows.seen.uuids or any(domains.of(entry.table, c) for c in columns):
            count = f"{len(entry.rows):,} rows"
            yield f"{entry.table.object.identity} ({count}: volatile keys are not followed)"


def _marked_sequence(clean: SequencePosition, other: SequencePosition | None) -> SequencePosition:
    return SequencePosition(
        identity=clean.identity,
        last_value=clean.last_value,
        is_called=clean.is_called,
        volatile=clean != other,
    )


def _marked_table(
    clean: TableRows, other: TableRows | None, today: str, clocked: Container[tuple[str, str]]
) -> MarkedTable:
    name, columns = clean.table.object.identity, clean.table.columns
    days = frozenset(p for p, c in enumerate(columns) if today and (name, c.name) in clocked)
    reason = _why_unaligned(clean, other)
    there = clean.rows if other is None or reason else other.rows
    unstable: Collection[str] = set()
    rows: Sequence[MarkedRow]
    if isinstance(clean.rows, Spool) and isinstance(there, Spool):
        rows, unstable = marked_spools.marked(clean.rows, there, columns, days, today)
    else:
        rows, unstable = _marked_rows(clean, there)
        if days:
            rows = tuple(without_today(columns, days, today, row) for row in rows)
    return MarkedTable(
        table=clean.table, rows=rows, unaligned=reason, unstable=tuple(sorted(unstable))
    )


def _marked_rows(clean: TableRows, other: Sequence[Row]) -> tuple[Sequence[MarkedRow], set[str]]:
    """The rows of a table that is not large, and its columns that are NULL in one replay only."""
    unstable: set[str] = set()
    if clean.rows == other:
        return clean.rows, unstable
    rows = tuple(
        one if one == two else marked_row(clean.table.columns, one, two, unstable)
        for one, two in zip(clean.rows, _aligned(clean, other), strict=True)
    )
    return rows, unstable


def _why_unaligned(clean: TableRows, other: TableRows | None) -> str:
    if other is None:
        return "the other replay has no such table"
    if clean.table.columns != other.table.columns:
        return "the other replay has other columns"
    if len(clean.rows) != len(other.rows):
        return f"{len(clean.rows)} in one replay, {len(other.rows)} in the other"
    return ""


def _aligned(clean: TableRows, other: Sequence[Row]) -> Sequence[Row]:
    """The other replay's rows, each in the place of the clean row that it corresponds to.

    Physical order unless pairing by equal values leaves fewer cells different.
    """
    names = [c.name for c in clean.table.columns]
    stable = tuple(
        position
        for position in range(len(names))
        if Counter(row[position] for row in clean.rows) == Counter(row[position] for row in other)
    )
    primary = tuple(names.index(n) for n in clean.table.primary_key)
    orders: list[Sequence[Row]] = [other]
    orders += [order for key in (stable, primary) if (order := _paired_by(clean.rows, other, key))]
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
