"""Databases that are made for a moment, with the roles that are made meanwhile."""

from __future__ import annotations

import contextlib
import itertools
from typing import TYPE_CHECKING

from psycopg import sql

from consolidate import statements
from consolidate.model import Manner, Migration
from consolidate.replay import apply_file, connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from consolidate.servers.interface import Cluster

_NUMBERS = itertools.count(1)


def roles(connection: psycopg.Connection) -> frozenset[str]:
    """The names of all roles of a cluster."""
    return frozenset(name for (name,) in connection.execute("SELECT rolname FROM pg_roles"))


def drop_roles(connection: psycopg.Connection, names: frozenset[str]) -> None:
    """Drops roles with what they have in databases that are still there."""
    for name in sorted(names):
        connection.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(name)))
    for name in sorted(names):
        connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


@contextlib.contextmanager
def database(cluster: Cluster) -> Iterator[str]:
    """A fresh database; it is dropped at the end, and with it the roles made meanwhile."""
    name = f"scratch_{next(_NUMBERS)}"
    identifier = sql.Identifier(name)
    with connect(cluster) as connection:
        before = roles(connection)
        create = sql.SQL("CREATE DATABASE {} TEMPLATE template0 STRATEGY file_copy")
        connection.execute(create.format(identifier))
    try:
        yield name
    finally:
        with connect(cluster) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))
            drop_roles(connection, roles(connection) - before)


def apply(connection: psycopg.Connection, text: str) -> None:
    """Applies a text as psql would: each statement by itself, `COPY` with its lines."""
    migration = Migration(number=1, path="scratch.sql", version="1", text=text, sha256="")
    apply_file(connection, statements.parse(migration), Manner())
