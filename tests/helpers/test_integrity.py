"""`verify_schema_integrity()` finds nothing in a healthy database, and each damage by its name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
import pytest
from ruamel.yaml import YAML

from consolidate.replay import execute
from tests.helpers.expected import CHECKS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from consolidate.servers.interface import Cluster

    Row = tuple[Any, ...]


class Damage(NamedTuple):
    """One entry of `damages.yaml`, which says what the fields are."""

    name: str
    rows: list[list[str]]
    sql: str
    refused: str = ""
    since: int = 0
    first: str = ""
    then: Sequence[list[str]] = ()

    def __str__(self) -> str:
        return self.name


def _damages() -> list[Damage]:
    entries = YAML(typ="safe").load(Path(__file__).with_name("damages.yaml"))
    return [Damage(**entry) for entry in entries]


DAMAGES = _damages()


def findings(connection: psycopg.Connection, arguments: str = "") -> list[Row]:
    query = f"SELECT * FROM public.verify_schema_integrity({arguments})"
    return connection.execute(query.encode()).fetchall()


def wrong(connection: psycopg.Connection, arguments: str = "") -> list[Row]:
    return [row for row in findings(connection, arguments) if row[1] != "OK"]


def test_a_healthy_database_has_one_line_per_check_and_all_have_looked_at_something(
    copy: Callable[[], psycopg.Connection],
) -> None:
    rows = findings(copy())
    assert [(check, status, thing) for check, status, thing, _ in rows] == [
        (check, "OK", None) for check in CHECKS
    ]
    for *_, details in rows:
        assert re.fullmatch(r"looked at: [1-9]\d*", details)


@pytest.mark.parametrize("damage", DAMAGES, ids=str)
def test_a_damage_is_told_alone_and_what_is_advised_mends_it(
    damage: Damage, copy: Callable[[], psycopg.Connection], healthy: Cluster
) -> None:
    if healthy.major < damage.since:
        pytest.skip(f"PostgreSQL {healthy.major} does not know it")
    connection = copy()
    assert wrong(connection) == []
    execute(connection, damage.sql)
    if damage.refused:
        with pytest.raises(psycopg.errors.UniqueViolation):
            execute(connection, damage.refused)
    found = wrong(connection)
    assert found == [tuple(row) for row in damage.rows]
    checks = dict.fromkeys(check for check, *_ in findings(connection))
    assert tuple(checks) == CHECKS

    execute(connection, damage.first)
    for *_, details in found:
        execute(connection, details.partition(": ")[2])
    unmended = {row for row in found if ": " not in row[3]}
    assert set(wrong(connection)) == unmended | {tuple(row) for row in damage.then}


def test_the_index_that_leaves_out_empty_keys_is_used_as_foreign_keys_ask(
    copy: Callable[[], psycopg.Connection],
) -> None:
    """By a plan for any value, which is what the triggers behind a foreign key have."""
    connection = copy()
    execute(
        connection,
        "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan;"
        "PREPARE pointing (integer) AS SELECT FROM ONLY public.tickets WHERE room_id = $1",
    )
    plan = connection.execute("EXPLAIN EXECUTE pointing (1)").fetchall()
    assert "tickets_room_idx" in str(plan)


@pytest.mark.parametrize("arguments", ["'{archive}'", "schemas => ARRAY['public', 'archive']"])
def test_other_schemas_are_looked_at_when_they_are_named(
    arguments: str, copy: Callable[[], psycopg.Connection]
) -> None:
    assert [(check, thing) for check, _, thing, _ in wrong(copy(), arguments)] == [
        ("row level security", "archive.old"),
        ("primary keys", "archive.old"),
        ("sequences", "archive.old_a_seq"),
    ]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("'{public,pubic,\"No Such\"}'", "'No Such', 'pubic'"),
        ("'{}'", "none is named"),
        ("NULL", "none is named"),
        ("ARRAY['public', NULL]", "NULL"),
    ],
)
def test_a_schema_that_is_not_there_is_no_healthy_one(
    arguments: str, told: str, copy: Callable[[], psycopg.Connection]
) -> None:
    with pytest.raises(psycopg.errors.InvalidSchemaName) as refused:
        findings(copy(), arguments)
    assert refused.value.diag.message_primary == f"there is no such schema: {told}"


def test_it_reads_only_and_no_temporary_table_stands_in_for_a_catalog(
    copy: Callable[[], psycopg.Connection],
) -> None:
    connection = copy()
    execute(connection, "CREATE TEMP TABLE pg_constraint (a integer)")
    execute(connection, "SET search_path = pg_temp, public; BEGIN READ ONLY")
    assert [row[1] for row in findings(connection)] == ["OK"] * len(CHECKS)


@pytest.mark.parametrize("role", ["anon", "authenticated", '"Clerk"'])
def test_nobody_may_ask_who_was_not_granted_it(
    role: str, copy: Callable[[], psycopg.Connection]
) -> None:
    connection = copy()
    execute(connection, f"SET ROLE {role}")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="verify_schema_integrity"):
        findings(connection)


def test_what_the_caller_may_not_read_is_skipped_and_not_called_healthy(
    copy: Callable[[], psycopg.Connection],
) -> None:
    connection = copy()
    execute(connection, "INSERT INTO public.rooms (id) VALUES (10)")
    execute(
        connection,
        "REVOKE ALL ON public.tickets, public.debt_seq FROM service_role;SET ROLE service_role",
    )
    rows = [row for row in findings(connection) if row[0] == "sequences"]
    assert [(status, thing) for _, status, thing, _ in rows] == [
        ("SKIPPED", "public.debt_seq"),
        ("ERROR", "public.rooms_id_seq"),
        ("SKIPPED", "public.tickets_id_seq"),
    ]
    assert rows[0][3] == "permission denied for sequence debt_seq"
    assert rows[2][3] == "permission denied for table tickets"


def test_rows_that_a_policy_hides_are_not_taken_for_all_of_them(
    copy: Callable[[], psycopg.Connection],
) -> None:
    connection = copy()
    execute(
        connection,
        "INSERT INTO public.rooms (id) VALUES (10);"
        "DROP POLICY everybody ON public.rooms;"
        "CREATE POLICY old ON public.rooms USING (id < 3);"
        'GRANT SELECT ON public.rooms, public.rooms_id_seq TO "Clerk";'
        'GRANT EXECUTE ON FUNCTION public.verify_schema_integrity TO "Clerk";'
        'SET ROLE "Clerk"',
    )
    rows = {row[2]: row for row in findings(connection) if row[0] == "sequences"}
    assert rows["public.rooms_id_seq"][1:] == (
        *("SKIPPED", "public.rooms_id_seq"),
        'query would be affected by row-level security policy for table "rooms"',
    )


def test_the_catalogs_are_open_to_everybody_who_may_ask(
    copy: Callable[[], psycopg.Connection],
) -> None:
    connection = copy()
    execute(connection, 'GRANT EXECUTE ON FUNCTION public.verify_schema_integrity TO "Clerk"')
    execute(connection, 'SET ROLE "Clerk"')
    told = {row[0]: row[1] for row in findings(connection)}
    assert told == {**dict.fromkeys(CHECKS, "OK"), "sequences": "SKIPPED"}
