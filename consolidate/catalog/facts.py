"""The first witness: reads a database's whole catalog as flat facts that hold on any server.

Two databases that PostgreSQL can not tell apart give equal facts, whatever history made them:
no OIDs, no names made of OIDs, ranks instead of stored positions, rights and options without
order. Everything is covered whatever its OID, except what is folded into digests:

- built-in objects (OID below 16384): one digest per catalog of their comments and one of what they
  are (`built_in.sql`); their owners and rights are facts of their own as soon as they are not those
  that initdb gave, and whatever a history hung on them (triggers, constraints, labels) in full;
- members of extensions: one digest each of their identities, functions, table columns and
  comments (`extensions.sql`) and per catalog of what they are (`members.sql`), on the extension;
  their rights and owners as with built-in objects, triggers, policies and labels on them in full;
- passwords, options of user mappings and connection strings of subscriptions, which are secrets;
- large objects, known by their content because their only name is an OID.

Not read: other databases, `ALTER SYSTEM`, places of tablespaces on disk, collation versions,
temporary objects, names of array types, names of a foreign key's hidden copies; and data, of which
sequence positions are a part. A boolean attribute, or one that has PostgreSQL's default, is a fact
only where it says something.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from psycopg.rows import tuple_row

from consolidate.catalog import privileges
from consolidate.model import Fact, ObjectId, Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import psycopg
    from psycopg.rows import TupleRow

    Cursor = psycopg.Cursor[TupleRow]

TIMEOUT = (
    "SELECT set_config('statement_timeout',"
    " coalesce(nullif(current_setting('consolidate.statement_timeout', true), ''), '0'), true)"
)
"""How long a query may take: what the database and its roles say of that does not count here, but
what a session said of us."""

_PINNED = b"""
SET LOCAL search_path = pg_catalog, pg_temp;
SET LOCAL quote_all_identifiers = off;
SET LOCAL DateStyle = 'ISO, YMD';
SET LOCAL IntervalStyle = postgres;
SET LOCAL TimeZone = 'UTC';
SET LOCAL extra_float_digits = 1;
SET LOCAL bytea_output = hex;
SET LOCAL lc_monetary = 'C';
SET LOCAL client_encoding = 'UTF8';
SET LOCAL standard_conforming_strings = on;
SET LOCAL jit = off;
SET LOCAL max_parallel_workers_per_gather = 0;
"""
"""Every deparser depends on the search path (with `pg_temp` named last, no temporary table can
stand in for a catalog); the dates and numbers inside settings and comments on the rest."""


@cache
def queries() -> Mapping[str, bytes]:
    """The catalog queries by name; each returns kind, identity, attribute and value as text."""
    folder = resources.files(__package__) / "queries"
    return {
        path.name.removesuffix(".sql"): path.read_bytes()
        for path in sorted(folder.iterdir(), key=lambda path: path.name)
        if path.name.endswith(".sql")
    }


def read(connection: psycopg.Connection) -> Snapshot:
    """Reads the connected database, with the cluster's roles, in a transaction of its own.

    The transaction is REPEATABLE READ and READ ONLY, so that all queries see one state; the
    pinned settings end with it.

    Args:
        connection: Outside a transaction. What only a superuser may read (roles' passwords and the
            like) is left out for others; `privileges.limits` says what.

    Raises:
        psycopg.Error: The server refuses; in particular inside an open transaction.
    """
    with pinned(connection) as cursor:
        return _snapshot(cursor)


@contextmanager
def pinned(connection: psycopg.Connection) -> Iterator[Cursor]:
    """A transaction that sees one state, in which a definition depends on no setting.

    Raises:
        psycopg.Error: The server refuses; in particular inside an open transaction.
    """
    with connection.transaction(), connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute(_PINNED + TIMEOUT.encode())
        yield cursor


def read_within(connection: psycopg.Connection) -> Snapshot:
    """Reads what the connection's open transaction sees, its own uncommitted changes included.

    Nothing of the reading outlives it: it happens in a savepoint that is rolled back.

    Raises:
        psycopg.Error: The server refuses.
    """
    with (
        connection.transaction(force_rollback=True),
        connection.cursor(row_factory=tuple_row) as cursor,
    ):
        cursor.execute(_PINNED + TIMEOUT.encode())
        return _snapshot(cursor)


def _snapshot(cursor: Cursor) -> Snapshot:
    asked = list(queries().values())
    if not privileges.is_superuser(cursor.connection):
        asked = list(map(privileges.readable, asked))
    objects: dict[tuple[str, str], ObjectId] = {}
    facts: set[Fact] = set()
    for query in asked:
        # a history's DISCARD ALL would drop prepared statements behind psycopg's back
        cursor.execute(query, prepare=False)
        for kind, identity, attribute, value in cursor.fetchall():
            named = objects.get((kind, identity))
            if named is None:
                named = objects[kind, identity] = ObjectId(kind, identity)
            facts.add(Fact(named, attribute, value))
    return Snapshot(major=cursor.connection.info.server_version // 10000, facts=frozenset(facts))
