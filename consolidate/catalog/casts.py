"""Reads which types a server casts to which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.catalog import facts

if TYPE_CHECKING:
    import psycopg

Casts = frozenset[tuple[str, str]]
"""The types, from and to, as `format_type()` spells them without a modifier."""

_QUERY = "SELECT format_type(castsource, NULL), format_type(casttarget, NULL) FROM pg_cast"


def read(connection: psycopg.Connection) -> Casts:
    """Those that are declared; that texts are cast to and from everything needs no declaration.

    Raises:
        psycopg.Error: The server refuses; in particular inside an open transaction.
    """
    with facts.pinned(connection) as cursor:
        return frozenset((source, target) for source, target in cursor.execute(_QUERY))
