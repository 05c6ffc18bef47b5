"""Databases that differ in nothing but their OIDs, for one of them to be changed."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg

from consolidate.catalog import facts, rows
from tests.mutations.cases import CLUSTER, SETUP, UNDONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.catalog.rows import MarkedRows
    from consolidate.model import Difference, Snapshot
    from consolidate.servers.interface import Cluster
    from tests.mutations.cases import Mutation

_COPIES = ("copy", "other_copy")


@dataclass(frozen=True, slots=True)
class Court:
    """A cluster with two databases in which `SETUP` was run, once each."""

    cluster: Cluster
    main: psycopg.Connection
    """Outside both."""
    connection: psycopg.Connection
    twin: psycopg.Connection
    """The second, whose OIDs are others."""
    snapshot: Snapshot
    """Of the first."""

    @contextlib.contextmanager
    def copies(self) -> Iterator[tuple[psycopg.Connection, psycopg.Connection]]:
        """Two more such databases, for what has to be committed."""
        with contextlib.ExitStack() as stack:
            for name in _COPIES:
                self.main.execute(f"CREATE DATABASE {name} TEMPLATE court".encode())
                stack.callback(_drop, self.main, name)
            left, right = (
                stack.enter_context(psycopg.connect(self.cluster.dsn(name), autocommit=True))
                for name in _COPIES
            )
            yield left, right


@contextlib.contextmanager
def court(cluster: Cluster) -> Iterator[Court]:
    """Sets it up; leaving the context takes it back, with the roles and the tablespace."""
    with psycopg.connect(cluster.dsn(), autocommit=True) as main, contextlib.ExitStack() as stack:
        for statement in UNDONE:
            stack.callback(main.execute, statement.encode())
        for statement in CLUSTER:
            main.execute(statement.encode())
        for name in ("court", "twin"):
            main.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
            stack.callback(_drop, main, name)
            with psycopg.connect(cluster.dsn(name), autocommit=True) as database:
                if name == "twin":
                    database.execute("CREATE TABLE burned (id serial PRIMARY KEY, t text)")
                    database.execute("DROP TABLE burned")
                database.execute(SETUP.encode())
        main.execute("CREATE DATABASE changed TEMPLATE court")
        stack.callback(_drop, main, "changed")
        one, two = (
            stack.enter_context(psycopg.connect(cluster.dsn(name), autocommit=True))
            for name in ("changed", "twin")
        )
        yield Court(cluster, main, one, two, facts.read(one))


def prepared(connection: psycopg.Connection, mutation: Mutation) -> None:
    """Gives a database what the mutation needs."""
    if mutation.setup:
        connection.execute(mutation.setup.encode())


def has(connection: psycopg.Connection, mutation: Mutation) -> bool:
    """Whether the server can do what is to be changed."""
    if connection.info.server_version // 10000 < mutation.since:
        return False
    if not mutation.needs:
        return True
    found = connection.execute(
        "SELECT FROM pg_available_extensions WHERE name = %(needs)s UNION ALL "
        "SELECT FROM pg_collation WHERE %(needs)s = 'icu' AND collname = 'und-x-icu'",
        {"needs": mutation.needs},
    )
    return found.fetchone() is not None


def rows_of(connection: psycopg.Connection) -> MarkedRows:
    """All rows and positions, none of them volatile."""
    read = rows.read(connection)
    return rows.mark(read, read)


def place(difference: Difference) -> str:
    """As a mutation names it."""
    return f"{difference.object} · {difference.attribute}".strip()


def _drop(main: psycopg.Connection, name: str) -> None:
    main.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
