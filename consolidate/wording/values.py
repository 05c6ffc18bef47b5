"""Writes the rows of a table as INSERT statements that mean the same on every replay."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from consolidate import names
from consolidate.catalog.rows import Column, JsonLeaf, Volatile, VolatileJson, are_large

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from consolidate.catalog.rows import Cell, MarkedRow, MarkedRows, MarkedTable, Table
    from consolidate.model import ObjectId

PER_STATEMENT = 500
"""Rows in one INSERT: few enough to read an error message, many enough to be fast."""

_WHOLE = {"smallint", "integer", "bigint"}
_NUMBERS = _WHOLE | {"numeric", "real", "double precision"}
_PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_NOW = {
    "timestamp with time zone": "now()",
    "timestamp without time zone": "now()::timestamp",
    "date": "CURRENT_DATE",
    "time with time zone": "CURRENT_TIME",
    "time without time zone": "LOCALTIME",
    "uuid": "gen_random_uuid()",
}
_CONTROL = re.compile(r"[\x01-\x08\x0b-\x1f\x7f]")
"""But for tabs and line ends, which are easier to read as they are."""
_UUID = re.compile(r'"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"')


_Columns: TypeAlias = "Sequence[tuple[int, Column]]"
"""Columns, each with its place in a row."""


@dataclass(frozen=True, slots=True)
class Insert:
    """The statements that write a table's rows, and the tables that they look into."""

    sql: str
    looks_at: frozenset[ObjectId]


def insert(
    marked: MarkedTable,
    everything: MarkedRows,
    defaults: frozenset[str] = frozenset(),
    authored: Mapping[tuple[str, str, str], str] = MappingProxyType({}),
) -> Insert:
    """The INSERT statements that put a table's rows there.

    A volatile cell is written as an expression: the row that it points at, looked up by what is
    not volatile; what its author said; its column's default; the clock, or something new.

    Args:
        marked: The table.
        everything: All rows, to look keys up.
        defaults: The columns that have a default, as `schema.table.column`.
        authored: What authors said, by table, column and what the clean replay held.
    """
    found: set[ObjectId] = set()
    sql = _written(marked, _Elsewhere(everything, found, defaults, authored))
    return Insert(sql, frozenset(found))


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """All rows, to look volatile values up in."""

    everything: MarkedRows
    found: set[ObjectId]
    """Tables in which something was looked up."""
    defaults: frozenset[str]
    authored: Mapping[tuple[str, str, str], str]
    orders: dict[ObjectId, Sequence[MarkedRow]] = field(default_factory=dict)

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
                told = _told(target.table, rows, number)
                return f"(SELECT {quoted} FROM {target.table.object.identity} WHERE {told})"
        return None

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
    """The rows of a table that points at itself, each behind the one that it points at."""
    names_ = [column.name for column in marked.table.columns]
    own = [key for key in marked.table.foreign_keys if key.references == marked.table.root]
    rows = list(elsewhere.in_order(marked))

    def told(row: MarkedRow, columns: tuple[str, ...]) -> tuple[object, ...]:
        return tuple(getattr(row[names_.index(c)], "name", row[names_.index(c)]) for c in columns)

    placed: list[MarkedRow] = []
    while rows:
        waiting = {told(row, key.referenced_columns) for key in own for row in rows}
        free = [row for row in rows if not any(told(row, k.columns) in waiting for k in own)]
        placed += free or rows
        rows = [row for row in rows if row not in free] if free else []
    return placed


def _line(table: Table, row: MarkedRow, elsewhere: _Elsewhere, columns: _Columns) -> str:
    """The cells of some columns, as one line of an INSERT."""
    cells = (_cell(table, column, row[place], elsewhere) for place, column in columns)
    return f"    ({', '.join(cells)})"


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
        not all(base in _WHOLE for _, base in key)
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
            return _json(cell, elsewhere)


def constant(text: str, base: str) -> str:
    """A value as SQL writes it: numbers and booleans bare, all else quoted."""
    if base in _NUMBERS and _PLAIN_NUMBER.fullmatch(text) and text != "-0":
        return text
    if base == "boolean":
        return "true" if text == "t" else "false"
    if base == "character":  # the blanks at its end come with the type
        text = text.rstrip(" ")
    return _with_escapes(names.literal(text))


def _with_escapes(literal: str) -> str:
    """A constant in which an editor, or a tool that mends line ends, finds nothing to change."""
    if not _CONTROL.search(literal):
        return literal
    escaped = literal.replace("\r", "\\r")
    escaped = _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", escaped)
    return escaped if literal.startswith("E") else f"E{escaped}"


def _volatile(table: Table, column: Column, cell: Volatile, elsewhere: _Elsewhere) -> str:
    for key in table.foreign_keys:
        if key.columns == (column.name,):
            for target in elsewhere.leaves(key.references):
                if looked_up := elsewhere.row_with(target, key.referenced_columns[0], cell.name):
                    return looked_up
    if said := elsewhere.authored.get((table.object.identity, column.name, cell.name)):
        return said
    if f"{table.object.identity}.{column.quoted}" in elsewhere.defaults:
        return "DEFAULT"
    if column.base in {"text", "character varying"}:
        return _word(column)
    return _NOW.get(column.base, "DEFAULT")


def _word(column: Column) -> str:
    """A text that is another one each time, as long as the column allows."""
    limit = re.search(r"\((\d+)\)", column.type)
    if limit is None or int(limit[1]) >= len("00000000-0000-0000-0000-000000000000"):
        return "gen_random_uuid()::text"
    return f"left(md5(random()::text), {limit[1]})"


def _told(table: Table, rows: Sequence[MarkedRow], number: int) -> str:
    """The condition and, if need be, the order by which one of some rows is found."""
    row = rows[number]
    if alone := _alone(table, rows, row):
        return alone
    told = condition(table, row)
    twins = [condition(table, other) == told for other in rows]
    # rows that nothing tells apart lie in the order in which they were inserted
    nth = f" ORDER BY ctid LIMIT 1 OFFSET {sum(twins[:number])}"
    return f"{told}{nth if sum(twins) > 1 else ''}"


def _alone(table: Table, rows: Sequence[MarkedRow], row: MarkedRow) -> str | None:
    """A condition on one column that no other row fulfils, where the row has no key to go by."""
    if _key(table, row):
        return None
    for place, column in enumerate(table.columns):
        cell = row[place]
        if not isinstance(cell, str) or column.base not in _ALIKE_IF_EQUAL:
            continue
        held = [other[place] for other in rows]
        if held.count(cell) == 1 and all(h is None or isinstance(h, str) for h in held):
            return equals(column.quoted, column.base, cell)
    return None


_ALIKE_IF_EQUAL = _WHOLE | {"text", "character varying", "uuid"}
"""Types whose values are equal only if their texts are."""


def condition(table: Table, row: MarkedRow) -> str:
    """What tells a row from the others: its key, or all of its cells that are not volatile."""
    known = _known(table, row)
    told = known if (key := _key(table, row)) is None else {name: known[name] for name in key}
    return " AND ".join(equals(c.quoted, c.base, cell) for c, cell in told.values()) or "true"


def _known(table: Table, row: MarkedRow) -> dict[str, tuple[Column, str | None]]:
    """The cells that are not volatile, by the names of their columns."""
    return {
        column.name: (column, cell)
        for column, cell in zip(table.columns, row, strict=True)
        if cell is None or isinstance(cell, str)
    }


def _key(table: Table, row: MarkedRow) -> tuple[str, ...] | None:
    """The first key of which no cell is volatile or NULL."""
    known = _known(table, row)
    for key in (table.primary_key, *table.unique_keys):
        if key and all(name in known and known[name][1] is not None for name in key):
            return key
    return None


def equals(quoted: str, base: str, cell: str | None) -> str:
    """The condition that a column holds a value.

    What has a schema is a user's type: it may have no equality, and a composite one's constant no
    type of its own.
    """
    if cell is None:
        return f"{quoted} IS NULL"
    if base.removesuffix("[]") in NO_EQUALITY or "." in base:
        return f"{quoted}::text = {names.literal(cell)}"
    return f"{quoted} = {constant(cell, base)}"


NO_EQUALITY = {
    "json",
    "jsonpath",
    "xml",
    "real",
    "point",
    "box",
    "polygon",
    "circle",
    "line",
    "lseg",
    "path",
}
"""Types whose values compare as text only."""


def _json(cell: VolatileJson, elsewhere: _Elsewhere) -> str:
    """A json text with an expression wherever a leaf is volatile."""
    parts = []
    for part in cell.parts:
        if isinstance(part, JsonLeaf):
            parts.append(_leaf(part, elsewhere))
        else:
            parts.append(names.literal(part))
    return f"({' || '.join(parts)})::{cell.type}"


def _leaf(leaf: JsonLeaf, elsewhere: _Elsewhere) -> str:
    if leaf.kind == "string" and (holder := elsewhere.holder(json.loads(leaf.name))):
        return f"to_json({holder})::text"
    if leaf.kind == "string":
        value = "gen_random_uuid()" if _UUID.fullmatch(leaf.name) else "now()"
        return f"to_json({value})::text"
    if leaf.kind == "number":
        return "to_json(extract(epoch FROM clock_timestamp()))::text"
    return names.literal(leaf.name)
