"""Words a sequence as people do: `pg_dump` spells out every option, its defaults included."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from consolidate import names

if TYPE_CHECKING:
    from consolidate.model import ObjectId

_SERIALS = {"smallint": "smallserial", "integer": "serial", "bigint": "bigserial"}
_PLAIN = re.compile(
    r"(?:\s*AS (?:smallint|integer|bigint))?\s*START WITH 1\s*INCREMENT BY 1\s*NO MINVALUE"
    r"\s*NO MAXVALUE\s*CACHE 1\s*"
)
_CREATE = "CREATE SEQUENCE "
_ASSUMED = frozenset({"INCREMENT BY 1", "NO MINVALUE", "NO MAXVALUE", "CACHE 1"})
_FROM_ONE = "START WITH 1"
_WIDTH = 100
"""Characters of a line that can be read."""


def concise(sql: str) -> str:
    """`pg_dump`'s CREATE SEQUENCE less what PostgreSQL assumes; any other statement as it is.

    A sequence starts at its least value if it counts up, and that is 1 where none is given.
    """
    head, *lines = sql.rstrip(";").split("\n    ")
    if not head.startswith(_CREATE) or not lines:
        return sql
    options = [line.strip() for line in lines]
    assumed = _ASSUMED
    if {"INCREMENT BY 1", "NO MINVALUE"} <= {*options}:
        assumed |= {_FROM_ONE}
    left = [option for option in options if option not in assumed]
    short = " ".join([head, *left])
    return (short if len(short) <= _WIDTH else "\n    ".join([head, *left])) + ";"


def of_column(table: ObjectId, column: str) -> str:
    """The identity of the sequence that comes with a serial or identity column, if it is free."""
    schema, name = names.split(table.identity)
    return f"{names.quote(schema)}.{names.quote(f'{name}_{column}_seq')}"


def is_plain(options: str) -> bool:
    """Whether `pg_dump`'s options of a sequence are those that one has without any."""
    return _PLAIN.fullmatch(options) is not None


def serial(table: ObjectId, column: str, kind: str, default: str, create: str) -> str | None:
    """The serial type that a column has, if that makes all that stands apart of it.

    Args:
        table: The column's.
        column: Its name.
        kind: Its type, as the server puts it.
        default: Its default, likewise.
        create: `pg_dump`'s CREATE SEQUENCE of the sequence that is named after it, which it owns.
    """
    name = of_column(table, column)
    told = re.search(r"\bAS (smallint|integer)\b", create)
    if default != f"nextval({names.literal(name)}::regclass)" or kind not in _SERIALS:
        return None
    options = create.split(name, 1)[1].rstrip(";")
    counts = told[1] if told else "bigint"
    return _SERIALS[kind] if counts == kind and is_plain(options) else None
