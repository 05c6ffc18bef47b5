"""Writes constants, and the conditions that tell the rows of a table from each other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from consolidate import names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consolidate.catalog.rows import Column, MarkedRow, Table

WHOLE = {"smallint", "integer", "bigint"}
"""The types of whole numbers."""

_NUMBERS = WHOLE | {"numeric", "real", "double precision"}
_PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_CONTROL = re.compile(r"[\x01-\x08\x0b-\x1f\x7f]")
"""But for tabs and line ends, which are easier to read as they are."""


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


def told(table: Table, rows: Sequence[MarkedRow], number: int) -> str:
    """The condition and, if need be, the order by which one of some rows is found."""
    row = rows[number]
    if alone := _alone(table, rows, row):
        return alone
    wanted = condition(table, row)
    twins = [condition(table, other) == wanted for other in rows]
    # rows that nothing tells apart lie in the order in which they were inserted
    nth = f" ORDER BY ctid LIMIT 1 OFFSET {sum(twins[:number])}"
    return f"{wanted}{nth if sum(twins) > 1 else ''}"


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


_ALIKE_IF_EQUAL = WHOLE | {"text", "character varying", "uuid"}
"""Types whose values are equal only if their texts are."""


def condition(table: Table, row: MarkedRow) -> str:
    """What tells a row from the others: its key, or all of its cells that are not volatile."""
    known = _known(table, row)
    chosen = known if (key := _key(table, row)) is None else {name: known[name] for name in key}
    return " AND ".join(equals(c.quoted, c.base, cell) for c, cell in chosen.values()) or "true"


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


def exactly(column: Column, cell: str | None, *, keyed: bool = False) -> str:
    """The condition that a column holds a value, written as it is: equal may be more than that.

    `1.0` is equal to `1`, `-0` to `0`, and `Hello` to `HELLO` under a collation that is not
    deterministic.

    Args:
        column: The column.
        cell: What its type's output function says of the value.
        keyed: Whether an index finds what is equal.
    """
    if cell is None or (column.deterministic and _alike_if_equal(column)):
        return equals(column.quoted, column.base, cell)
    # to cast `character` to text takes the blanks from its end
    text = f"concat({column.quoted})" if column.base == "character" else f"{column.quoted}::text"
    pinned = "" if column.deterministic else ' COLLATE "C"'
    told = f"{text}{pinned} = {_with_escapes(names.literal(cell))}"
    equal = equals(column.quoted, column.base, cell)
    return f"{equal} AND {told}" if keyed and "::text = " not in equal else told


def _alike_if_equal(column: Column) -> bool:
    """Whether values that are equal have one text; `bpchar` without a length keeps its blanks."""
    return column.base in _ONE_TEXT or column.type.startswith("character(")


_ONE_TEXT = _ALIKE_IF_EQUAL | {
    "bit",
    "bit varying",
    "boolean",
    "bytea",
    "cidr",
    "date",
    "inet",
    "macaddr",
    "macaddr8",
    "money",
    "name",
    "oid",
    "time with time zone",
    "time without time zone",
    "timestamp with time zone",
    "timestamp without time zone",
    '"char"',
}
"""Types of which one value has one text, with the settings that a guard pins. Their casts to text
may say it otherwise: `true` for `t`."""

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
