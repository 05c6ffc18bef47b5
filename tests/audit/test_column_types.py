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

ZONES = ["SET timezone = 'UTC'", "SET TIME ZONE 'GMT'", "SET timezone TO 0"]
KEPT_IN_UTC = [
    ("timestamp", "timestamptz"),
    ("timestamp(3)", "timestamptz"),
    ("timestamptz(3)", "timestamp(6)"),
    ("timestamp", "timestamptz USING a::timestamptz"),
]
WRITTEN_IN_UTC = [
    ("timestamp", "timestamptz(3)"),
    ("timestamp(3)", "timestamptz(3)"),
    ("timestamp", "timestamptz USING a AT TIME ZONE 'UTC'"),
    ("time", "timetz"),
]


@pytest.mark.parametrize("major", [16, 18])
def test_the_rows_are_kept_or_written_as_expected(
    major: int, database: Database, connect: Connect
) -> None:
    connection = connect(*database(major))
    connection.execute("SET timezone = 'Europe/Berlin'")
    for old, new in [*KEPT, *WRITTEN, *KEPT_IN_UTC, *WRITTEN_IN_UTC]:
        assert _keeps(connection, old, new) == ((old, new) in KEPT), (old, new)
    for zone in ZONES:
        connection.execute(zone.encode())
        for old, new in [*KEPT_IN_UTC, *WRITTEN_IN_UTC]:
            assert _keeps(connection, old, new) == ((old, new) in KEPT_IN_UTC), (old, new)


def _keeps(connection: Connection[Any], old: str, new: str) -> bool:
    connection.execute(f"CREATE TABLE t (a {old})".encode())
    before = connection.execute("SELECT pg_relation_filenode('t')").fetchone()
    connection.execute(f"ALTER TABLE t ALTER a TYPE {new}".encode())
    after = connection.execute("SELECT pg_relation_filenode('t')").fetchone()
    connection.execute("DROP TABLE t")
    return before == after


@pytest.mark.parametrize(
    ("old", "new"), [*KEPT, *WRITTEN, *KEPT_IN_UTC, *WRITTEN_IN_UTC, ("timestamptz", "timestamp")]
)
def test_what_writes_rows_anew_is_told(old: str, new: str, audited: Audited) -> None:
    files = {"1.sql": f"CREATE TABLE t (a {old});", "2.sql": f"ALTER TABLE t ALTER a TYPE {new};"}
    told = [found for found in audited(files).findings if found.code == "CON214"]
    assert bool(told) == ((old, new) not in KEPT)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("old", "new"), [*KEPT_IN_UTC, *WRITTEN_IN_UTC])
def test_what_writes_rows_anew_where_the_time_is_utc_is_told(
    old: str, new: str, zone: str, audited: Audited
) -> None:
    change = f"ALTER TABLE t ALTER a TYPE {new};"
    files = {"1.sql": f"CREATE TABLE t (a {old});", "2.sql": f"{zone}; {change}"}
    told = [found for found in audited(files).findings if found.code == "CON214"]
    assert bool(told) == ((old, new) in WRITTEN_IN_UTC)


@pytest.mark.parametrize(
    "before",
    [
        "SET timezone = 'Europe/Berlin'",
        "SET timezone = 'UTC'; SET timezone TO DEFAULT",
        "SET timezone = 'UTC'; RESET ALL",
        "BEGIN; SET LOCAL timezone = 'UTC'; COMMIT",
        "BEGIN; SET timezone = 'UTC'; ROLLBACK",
    ],
)
def test_another_time_zone_may_write_rows_anew(before: str, audited: Audited) -> None:
    files = {
        "1.sql": "SET timezone = 'UTC'; CREATE TABLE t (a timestamp);",
        "2.sql": f"{before}; ALTER TABLE t ALTER a TYPE timestamptz;",
    }
    assert any(found.code == "CON214" for found in audited(files).findings)
