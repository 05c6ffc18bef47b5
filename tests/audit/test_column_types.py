"""Whether PostgreSQL writes the rows anew when a column's type changes, as the audit has it."""

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

KEPT = [
    ("int", "int"),
    ("varchar(10)", "varchar(20)"),
    ("varchar(10)", "text"),
    ("text", "varchar"),
    ("varchar(10)", "varchar(20) USING a::varchar(20)"),
    ("varbit(5)", "varbit(6)"),
    ("varbit(5)", "varbit"),
    ("numeric(10,2)", "numeric(12,2)"),
    ("numeric(10)", "numeric(12,0)"),
    ("numeric(10,2)", "numeric"),
    ("numeric(10,-2)", "numeric(11,-2)"),
    ("timestamp(3)", "timestamp(4)"),
    ("timestamp(3)", "timestamp"),
    ("timestamptz", "timestamptz(6)"),
    ("time(0)", "time(1)"),
    ("timetz(0)", "timetz"),
    ("interval(2)", "interval(3)"),
    ("interval(2)", "interval"),
    ("interval", "interval(6)"),
    ("interval year to month", "interval"),
    ("cidr", "inet"),
    ("varchar(10)[]", "varchar(10)[]"),
]
WRITTEN = [
    ("int", "bigint"),
    ("varchar(20)", "varchar(10)"),
    ("text", "varchar(10)"),
    ("char(3)", "char(4)"),
    ("char(3)", "text"),
    ("varbit(6)", "varbit(5)"),
    ("varbit", "varbit(5)"),
    ("bit(5)", "bit(6)"),
    ("numeric(10,2)", "numeric(12,3)"),
    ("numeric(10,2)", "numeric(9,2)"),
    ("numeric", "numeric(10,2)"),
    ("timestamp(4)", "timestamp(3)"),
    ("timestamp", "timestamp(3)"),
    ("time", "time(1)"),
    ("interval(3)", "interval(2)"),
    ("interval", "interval(2)"),
    ("interval", "interval year to month"),
    ("varchar(10)", "varchar(20) USING lower(a)"),
    ("varchar(10)[]", "varchar(20)[]"),
    ("inet", "cidr"),
]


@pytest.mark.parametrize("major", [16, 18])
def test_the_rows_are_kept_or_written_as_expected(
    major: int, database: Database, connect: Connect
) -> None:
    connection = connect(*database(major))
    for number, (old, new) in enumerate([*KEPT, *WRITTEN]):
        table = f"t{number}"
        connection.execute(f"CREATE TABLE {table} (a {old})".encode())
        before = connection.execute("SELECT pg_relation_filenode(%s)", (table,)).fetchone()
        connection.execute(f"ALTER TABLE {table} ALTER a TYPE {new}".encode())
        after = connection.execute("SELECT pg_relation_filenode(%s)", (table,)).fetchone()
        assert (before == after) == ((old, new) in KEPT), (old, new)


@pytest.mark.parametrize(("old", "new"), [*KEPT, *WRITTEN])
def test_what_writes_rows_anew_is_told(old: str, new: str, audited: Audited) -> None:
    files = {"1.sql": f"CREATE TABLE t (a {old});", "2.sql": f"ALTER TABLE t ALTER a TYPE {new};"}
    told = [found for found in audited(files).findings if found.code == "CON214"]
    assert bool(told) == ((old, new) in WRITTEN)
