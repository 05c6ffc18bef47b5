"""Whether PostgreSQL writes or reads the rows when a column is added, as the audit has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from psycopg import Connection

    from consolidate.servers.interface import Cluster
    from tests.audit.conftest import Audited

    Connect = Callable[[Cluster, str], Connection[Any]]
    Database = Callable[..., tuple[Cluster, str]]

MADE = """
    CREATE DOMAIN positive AS int CHECK (VALUE > 0);
    CREATE DOMAIN based AS positive;
    CREATE DOMAIN present AS int NOT NULL;
    CREATE DOMAIN plain AS int;
    CREATE DOMAIN freed AS int CHECK (VALUE > 0);
    ALTER DOMAIN freed DROP CONSTRAINT freed_check;
    CREATE DOMAIN bound AS int;
    ALTER DOMAIN bound ADD CHECK (VALUE > 0);
    ALTER DOMAIN bound RENAME TO tied;
    CREATE TYPE pair AS (a positive);
    CREATE TABLE referred (id int PRIMARY KEY);
    INSERT INTO referred VALUES (1);
"""
KEPT = [
    "int",
    "int NOT NULL DEFAULT 1",
    "timestamptz DEFAULT now()",
    "plain DEFAULT 1",
    "freed DEFAULT 1",
    "positive[] DEFAULT '{1}'",
    "pair",
    "int REFERENCES referred",
]
READ = [
    "int CHECK (c > 0)",
    "int DEFAULT 1 CONSTRAINT x CHECK (a > 0)",
    "int DEFAULT 1 REFERENCES referred",
    "int DEFAULT NULL REFERENCES referred",
    "int UNIQUE",
]
READ_ON_18 = [
    "int GENERATED ALWAYS AS (a) VIRTUAL NOT NULL",
    "int GENERATED ALWAYS AS (a) VIRTUAL CHECK (c > 0)",
]
WRITTEN = [
    "positive",
    "based DEFAULT 1",
    "present DEFAULT 1",
    "tied",
    "uuid DEFAULT gen_random_uuid() CHECK (c IS NOT NULL)",
    "int NOT NULL GENERATED ALWAYS AS (a) STORED CHECK (c > 0)",
]


@pytest.mark.parametrize("major", [16, 18])
def test_the_rows_are_kept_read_or_written_as_expected(
    major: int, database: Database, connect: Connect
) -> None:
    connection = connect(*database(major))
    connection.execute(MADE.encode())
    read = [*READ, *(READ_ON_18 if major >= 18 else ())]
    for number, column in enumerate([*KEPT, *read, *WRITTEN]):
        table = f"t{number}"
        connection.execute(f"CREATE TABLE {table} AS SELECT 1 AS a".encode())
        before = _state(connection, table)
        connection.execute(f"ALTER TABLE {table} ADD c {column}".encode())
        after = _state(connection, table)
        assert (before[0] != after[0]) == (column in WRITTEN), column
        assert (before != after) == (column not in KEPT), column


def _state(connection: Connection[Any], table: str) -> tuple[int, int]:
    """The file of a table, and how often it was read in full."""
    found = connection.execute(
        "SELECT pg_relation_filenode(relid), seq_scan FROM pg_stat_xact_all_tables"
        " WHERE relid = %s::regclass",
        (table,),
    ).fetchone()
    assert found is not None
    file, read = found
    return file, read


@pytest.mark.parametrize("column", [*KEPT, *READ, *READ_ON_18, *WRITTEN])
def test_what_reads_or_writes_all_rows_is_told(column: str, audited: Audited) -> None:
    files = {"1.sql": f"{MADE} CREATE TABLE t (a int);", "2.sql": f"ALTER TABLE t ADD c {column};"}
    told = [found.message for found in audited(files).findings if found.code == "CON214"]
    assert bool(told) == (column not in KEPT), told
    if "UNIQUE" not in column:
        how = "writes all rows anew" if column in WRITTEN else "reads all rows"
        assert all(how in message for message in told)
