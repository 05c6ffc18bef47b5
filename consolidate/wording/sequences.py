"""Words a sequence as people do: `pg_dump` spells out every option, its defaults included."""

from __future__ import annotations

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
