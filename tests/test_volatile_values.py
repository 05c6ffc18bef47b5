"""Which values the perturbed replay tells by itself: those that `clock` need not know by sight."""

from __future__ import annotations

from functools import cache

import pytest

from consolidate.catalog import rows
from consolidate.empty_database import platform
from consolidate.servers import open_server

VALUES = {
    "now": "now()",
    "clock": "clock_timestamp()",
    "random": "random()",
    "uuid": "gen_random_uuid()",
    "old transaction": "txid_current()",
    "transaction": "pg_current_xact_id()",
    "snapshot": "pg_current_snapshot()",
    "oid": "'t'::regclass::oid",
    "process": "pg_backend_pid()",
    "row's transaction": "(SELECT xmin FROM t LIMIT 1)",
}
"""Other ones on every replay."""

FIXED = {
    "always true": "random() < 2",
    "seeded": "(SELECT r FROM (SELECT setseed(0.5), random() AS r OFFSET 0) AS s)",
    "drawn": "nextval('numbers')",
    "day": "current_date",
    "year": "date_trunc('year', now())",
    "database": "current_database()",
    "port": "inet_server_port()",
}
"""The same on both replays of one day; of these, `clock` knows the day."""


@cache
def volatile() -> frozenset[str]:
    """The columns that two replays fill differently."""
    server, found = open_server("embedded://18"), []
    columns = {**VALUES, **FIXED}
    listed = ", ".join(f'{value} AS "{name}"' for name, value in columns.items())
    sql = f"""
        CREATE SEQUENCE numbers;
        CREATE TABLE t AS SELECT 1 AS one;
        CREATE TABLE v AS SELECT {listed};
        CREATE TABLE log (tg_relid oid);
        CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql
            AS 'BEGIN INSERT INTO log VALUES (TG_RELID); RETURN NULL; END';
        CREATE TRIGGER noted AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION note();
        INSERT INTO t VALUES (2);
    """
    for perturbed in (False, True):
        with platform(server, "", perturbed=perturbed) as (_, connection):
            connection.execute(sql.encode())
            found.append(rows.read(connection))
    clean, perturbed_rows = found
    told = rows.volatile_cells(rows.mark(clean, perturbed_rows))
    return frozenset(line.rpartition(".")[2].strip('"') for line in told)


@pytest.mark.pg
@pytest.mark.parametrize("name", [*VALUES, "tg_relid"])
def test_a_value_that_is_another_one_on_every_replay_is_volatile(name: str) -> None:
    assert name in volatile()


@pytest.mark.pg
def test_nothing_else_is() -> None:
    assert volatile() == {*VALUES, "tg_relid"}
