"""Writes the rows of a table as INSERT statements that mean the same on every replay."""

from __future__ import annotations

import contextlib
import json
import re
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from consolidate import names
from consolidate.catalog.rows import Column, JsonLeaf, Volatile, VolatileJson, are_large
from consolidate.wording.conditions import WHOLE, constant, told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from consolidate.catalog.rows import Cell, MarkedRow, MarkedRows, MarkedTable, Table
    from consolidate.model import ObjectId

PER_STATEMENT = 500
"""Rows in one INSERT: few enough to read an error message, many enough to be fast."""

_NOW = {
    "timestamp with time zone": "now()",
    "timestamp without time zone": "now()::timestamp",
    "date": "CURRENT_DATE",
    "time with time zone": "CURRENT_TIME",
    "time without time zone": "LOCALTIME",
    "uuid": "gen_random_uuid()",
}
_TEXTS = {"text", "character varying"}
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


_Columns: TypeAlias = "Sequence[tuple[int, Column]]"
"""Columns, each with its place in a row."""


@dataclass(frozen=True, slots=True)
class Insert:
    """The statements that write a table's rows, and the tables that they look into."""

    sql: str
    looks_at: frozenset[ObjectId]
    made_up: frozenset[str] = frozenset()
    """Columns for which something new is drawn otherwise than their author did."""


def insert(
    marked: MarkedTable,
    everything: MarkedRows,
    defaults: frozenset[str] = frozenset(),
    authored: Mapping[tuple[str, str, str], str] = MappingProxyType({}),
    today: str = "",
) -> Insert:
    """The INSERT statements that put a table's rows there.

    A volatile cell is written as an expression: the row that it points at, looked up by what is
    not volatile, whether a foreign key says so or the values are the same; what its author said;
    its column's default; the clock, or something new, which is made up unless the cell held no
    more than that.

    Args:
        marked: The table.
        everything: All rows, to look keys up.
        defaults: The columns that have a default, as `schema.table.column`.
        authored: What authors said, by table, column and what the clean replay held.
        today: The day of the clean replay, as PostgreSQL spells it.
    """
    found: set[ObjectId] = set()
    elsewhere = _Elsewhere(everything, found, defaults, authored, today)
    sql = _written(marked, elsewhere)
    columns = (column.quoted for column in marked.table.columns)
    own = frozenset(c for c in columns if (marked.table.object, c) in elsewhere.made_up)
    return Insert(sql, frozenset(found), own)


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """All rows, to look volatile values up in."""

    everything: MarkedRows
    found: set[ObjectId]
    """Tables in which something was looked up."""
    defaults: frozenset[str]
    authored: Mapping[tuple[str, str, str], str]
    today: str = ""
    made_up: set[tuple[ObjectId, str]] = field(default_factory=set)
    """Tables and columns for which something was made up."""
    orders: dict[ObjectId, Sequence[MarkedRow]] = field(default_factory=dict)
    keys: dict[str, MarkedTable] = field(default_factory=dict)

    def in_order(self, marked: MarkedTable) -> Sequence[MarkedRow]:
        """A table's rows in an order that every replay gives.

        Where volatile keys tell rows apart, the order on disk may depend on them; what is
        written of the rows does not. Numbered rows stand in the order of their numbers, which an
        UPDATE has not changed.
        """
        name = marked.table.object
        if name not in self.orders:
            self.orders[name] = marked.rows  # for whoever asks while it is being found out
            if numbers := _numbers(marked):
                ranked = sorted(range(len(numbers)), key=numbers.__getitem__)
                self.orders[name] = tuple(marked.rows[number] for number in ranked)
            elif _has_volatile_key(marked):
                before = set(self.found)
                rows = tuple(marked.rows)
                columns = _able(marked.table)
                lines = [_line(marked.table, row, self, columns) for row in rows]
                self.found.clear()
                self.found.update(before)
                ranked = sorted(range(len(lines)), key=lines.__getitem__)
                self.orders[name] = tuple(rows[number] for number in ranked)
        return self.orders[name]

    def leaves(self, identity: str) -> list[MarkedTable]:
        """The rows of one table, or of the partitions of a partitioned one."""
        tables = self.everything.tables
        return [t for t in tables if identity in {t.table.object.identity, t.table.root}]

    def row_with(self, target: MarkedTable, column: str, wanted: str) -> str | None:
        """A subselect for the row that holds a volatile value, told by its other columns."""
        position = [c.name for c in target.table.columns].index(column)
        rows = self.in_order(target)
        for number, row in enumerate(rows):
            cell = row[position]
            if isinstance(cell, Volatile) and cell.name == wanted:
                self.found.add(target.table.object)
                quoted = target.table.columns[position].quoted
                which = told(target.table, rows, number)
                return f"(SELECT {quoted} FROM {target.table.object.identity} WHERE {which})"
        return None

    def key(self, table: Table, column: Column, wanted: str) -> str | None:
        """A subselect for the row of another table whose whole key is this identifier."""
        if not _UUID.fullmatch(wanted):
            return None
        if not self.keys:
            self.keys.update(self._identifiers())
        target = self.keys.get(wanted)
        if target is None or target.table.object == table.object:
            return None
        found = self.row_with(target, target.table.primary_key[0], wanted)
        return f"{found}::text" if found and column.base in _TEXTS else found

    def _identifiers(self) -> Iterator[tuple[str, MarkedTable]]:
        """Every volatile identifier that is the whole key of a row, and the table of that row.

        Where it is in several tables, the last one counts: one that draws its keys by itself.
        """
        drawing = sorted(filter(_has_own_key, self.everything.tables), key=self._draws)
        for marked in drawing:
            place = _place_of_key(marked.table)
            cells = (row[place] for row in marked.rows)
            yield from ((c.name, marked) for c in cells if isinstance(c, Volatile))

    def _draws(self, marked: MarkedTable) -> bool:
        """Whether the key of a table has a default."""
        key = marked.table.columns[_place_of_key(marked.table)]
        return f"{marked.table.object.identity}.{key.quoted}" in self.defaults

    def holder(self, wanted: str) -> str | None:
        """A subselect for the row whose key is this volatile value, wherever it is."""
        for target in self.everything.tables:
            for column in target.table.primary_key:
                if found := self.row_with(target, column, wanted):
                    return found
        return None


def _written(marked: MarkedTable, elsewhere: _Elsewhere) -> str:
    table = marked.table
    rows = elsewhere.in_order(marked)
    columns = _said(marked.table, rows, elsewhere)
    head = f"INSERT INTO {table.object.identity} ({', '.join(c.quoted for _, c in columns)})"
    if any(column.identity for _, column in columns):
        head += " OVERRIDING SYSTEM VALUE"
    lines = [_line(table, row, elsewhere, columns) for row in rows]
    if table.object in elsewhere.found:  # a statement does not see the rows that it writes
        elsewhere.found.discard(table.object)
        ordered = _parents_first(marked, elsewhere)
        lines = [_line(table, row, elsewhere, columns) for row in ordered]
        elsewhere.found.discard(table.object)
        return "\n".join(f"{head} VALUES\n{line};" for line in lines)
    if not columns:
        return "\n".join(f"INSERT INTO {table.object.identity} DEFAULT VALUES;" for _ in lines)
    return "\n\n".join(
        f"{head} VALUES\n" + ",\n".join(lines[start : start + PER_STATEMENT]) + ";"
        for start in range(0, len(lines), PER_STATEMENT)
    )


def _able(table: Table) -> _Columns:
    """The columns that can be given a value, each with its place in a row."""
    return [(place, c) for place, c in enumerate(table.columns) if not c.generated]


def _said(table: Table, rows: Sequence[MarkedRow], elsewhere: _Elsewhere) -> _Columns:
    """The columns that an INSERT has to name: not those where each row has what it gets unasked."""
    able = _able(table)
    first = next(iter(rows), None)
    if first is None:
        return able
    said = [
        (place, column)
        for place, column in able
        if not _goes_without_saying(table, place, first, rows, elsewhere)
    ]
    return said or able


def _goes_without_saying(
    table: Table,
    place: int,
    first: MarkedRow,
    rows: Sequence[MarkedRow],
    elsewhere: _Elsewhere,
) -> bool:
    """Whether each row holds the column's default; the first row is asked before all others."""
    column = table.columns[place]
    if first[place] is None:
        own = f"{table.object.identity}.{column.quoted}" in elsewhere.defaults
        bare = not own and not column.identity and _MODIFIERS.sub("", column.type) == column.base
        return bare and all(row[place] is None for row in rows)
    return all(
        isinstance(row[place], Volatile)
        and _cell(table, column, row[place], elsewhere) == "DEFAULT"
        for row in rows
    )


_MODIFIERS = re.compile(r"\([\d,]+\)")
"""As `format_type()` spells them; a type without them that is not the base is a domain, which may
have a default."""


def _parents_first(marked: MarkedTable, elsewhere: _Elsewhere) -> list[MarkedRow]:
    """The rows of a table that points at itself, each behind the one that it points at.

    Rows that point at each other come last, in the order in which they are.
    """
    places = {column.name: place for place, column in enumerate(marked.table.columns)}
    own = [key for key in marked.table.foreign_keys if key.references == marked.table.root]
    rows = elsewhere.in_order(marked)

    def cells(row: MarkedRow, columns: tuple[str, ...]) -> tuple[object, ...]:
        held = (row[places[column]] for column in columns)
        return tuple(getattr(cell, "name", cell) for cell in held)

    pointed_at = {
        (key.referenced_columns, cells(row, key.referenced_columns)): number
        for number, row in enumerate(rows)
        for key in own
    }
    sorter: TopologicalSorter[int] = TopologicalSorter()
    for number, row in enumerate(rows):
        targets = ((key.referenced_columns, cells(row, key.columns)) for key in own)
        sorter.add(number, *(pointed_at[target] for target in targets if target in pointed_at))
    with contextlib.suppress(CycleError):
        sorter.prepare()
    placed: dict[int, None] = {}
    while ready := sorted(sorter.get_ready()):
        placed.update(dict.fromkeys(ready))
        sorter.done(*ready)
    return [rows[number] for number in (*placed, *(n for n in range(len(rows)) if n not in placed))]


def _line(table: Table, row: MarkedRow, elsewhere: _Elsewhere, columns: _Columns) -> str:
    """The cells of some columns, as one line of an INSERT."""
    cells = (_cell(table, column, row[place], elsewhere) for place, column in columns)
    return f"    ({', '.join(cells)})"


def _has_own_key(marked: MarkedTable) -> bool:
    """Whether one column is the whole key, and none that has to be another row's."""
    key = marked.table.primary_key
    return len(key) == 1 and all(foreign.columns != key for foreign in marked.table.foreign_keys)


def _place_of_key(table: Table) -> int:
    return [column.name for column in table.columns].index(table.primary_key[0])


def _has_volatile_key(marked: MarkedTable) -> bool:
    """Whether a primary key holds volatile values."""
    names = [column.name for column in marked.table.columns]
    key = [names.index(name) for name in marked.table.primary_key]
    return any(not isinstance(row[position], str) for row in marked.rows for position in key)


def _numbers(marked: MarkedTable) -> list[tuple[int, ...]]:
    """The primary keys, if they are whole numbers; none where their order is not to be touched.

    A row may point at one that lies before it, and a large table is not held in memory.
    """
    table = marked.table
    by_name = {column.name: (place, column.base) for place, column in enumerate(table.columns)}
    key = [by_name[name] for name in table.primary_key]
    if (
        not all(base in WHOLE for _, base in key)
        or any(foreign.references == table.root for foreign in table.foreign_keys)
        or are_large(marked)
    ):
        return []
    cells = [[row[place] for place, _ in key] for row in marked.rows]
    known = [[int(cell) for cell in row if isinstance(cell, str)] for row in cells]
    return [tuple(row) for row in known] if all(len(row) == len(key) > 0 for row in known) else []


def _cell(table: Table, column: Column, cell: Cell, elsewhere: _Elsewhere) -> str:
    match cell:
        case None:
            return "NULL"
        case str():
            return constant(cell, column.base)
        case Volatile():
            return _volatile(table, column, cell, elsewhere)
        case VolatileJson():
            return _json(table, column, cell, elsewhere)


def _volatile(table: Table, column: Column, cell: Volatile, elsewhere: _Elsewhere) -> str:
    for key in table.foreign_keys:
        if key.columns == (column.name,):
            for target in elsewhere.leaves(key.references):
                if looked_up := elsewhere.row_with(target, key.referenced_columns[0], cell.name):
                    return looked_up
    if copied := elsewhere.key(table, column, cell.name):
        return copied
    if said := elsewhere.authored.get((table.object.identity, column.name, cell.name)):
        return said
    if f"{table.object.identity}.{column.quoted}" in elsewhere.defaults:
        return "DEFAULT"
    if not _is_new(cell.name, column.base, elsewhere.today):
        elsewhere.made_up.add((table.object, column.quoted))
    if column.base in _TEXTS:
        return _word(column)
    return _NOW.get(column.base, "DEFAULT")


def _is_new(held: str, base: str, today: str) -> bool:
    """Whether a volatile cell held nothing but the time or a new identifier."""
    if base in _NOW and base != "uuid":
        return base.startswith("time ") or held.startswith(today)
    return bool(_UUID.fullmatch(held))


def _word(column: Column) -> str:
    """A text that is another one each time, as long as the column allows."""
    limit = re.search(r"\((\d+)\)", column.type)
    if limit is None or int(limit[1]) >= len("00000000-0000-0000-0000-000000000000"):
        return "gen_random_uuid()::text"
    return f"left(md5(random()::text), {limit[1]})"


def _json(table: Table, column: Column, cell: VolatileJson, elsewhere: _Elsewhere) -> str:
    """A json text with an expression wherever a leaf is volatile."""
    parts = []
    for part in cell.parts:
        if isinstance(part, JsonLeaf):
            text, known = _leaf(part, elsewhere)
            parts.append(text)
            if not known:
                elsewhere.made_up.add((table.object, column.quoted))
        else:
            parts.append(names.literal(part))
    return f"({' || '.join(parts)})::{cell.type}"


def _leaf(leaf: JsonLeaf, elsewhere: _Elsewhere) -> tuple[str, bool]:
    """The expression of a volatile leaf, and whether it draws what its author did."""
    match leaf.kind:
        case "string":
            held = json.loads(leaf.name)
            if holder := elsewhere.holder(held):
                return f"to_json({holder})::text", True
            if _UUID.fullmatch(held):
                return "to_json(gen_random_uuid())::text", True
            return "to_json(now())::text", held.startswith(elsewhere.today)
        case "number":
            return "to_json(extract(epoch FROM clock_timestamp()))::text", False
        case _:
            return names.literal(leaf.name), False
