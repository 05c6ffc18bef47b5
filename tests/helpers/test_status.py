"""`check_migration_status()` compares its list with what the database has recorded."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from consolidate.helpers import migrations
from consolidate.replay import connect, execute
from consolidate.servers import binaries, open_server
from consolidate.servers.settings import settings
from tests.helpers.expected import LIST

if TYPE_CHECKING:
    from collections.abc import Callable

    Row = tuple[Any, ...]

RECORD = """
CREATE SCHEMA supabase_migrations;
CREATE TABLE supabase_migrations.schema_migrations (
    version text NOT NULL PRIMARY KEY, statements text[], name text);
"""
"""As the Supabase CLI makes it."""

ALL = """
INSERT INTO supabase_migrations.schema_migrations (version, name, statements) VALUES
    ('20250101000000', 'initial_schema', '{SELECT 1}'),
    ('20250102120000', 'rooms_table', '{}'),
    ('20250111000000', 'check_migration_status', NULL),
    ('20250112000000', 'verify_schema_integrity', NULL);
"""


def states(connection: psycopg.Connection) -> list[Row]:
    return connection.execute("SELECT * FROM public.check_migration_status()").fetchall()


def told(connection: psycopg.Connection) -> dict[str, tuple[str, str, str | None]]:
    return {
        version: (name, status, details) for version, name, status, _, details in states(connection)
    }


def test_without_the_table_nothing_is_known_and_nothing_fails(
    copy: Callable[[], psycopg.Connection],
) -> None:
    nothing = "there is no table supabase_migrations.schema_migrations"
    assert states(copy()) == [(*migration, "not recorded", None, nothing) for migration in LIST]


def test_what_is_recorded_is_applied_however_its_version_is_written(
    copy: Callable[[], psycopg.Connection],
) -> None:
    connection = copy()
    execute(connection, RECORD + ALL)
    assert states(connection) == [(*migration, "applied", None, None) for migration in LIST]
    execute(
        connection,
        "UPDATE supabase_migrations.schema_migrations SET version = '20250101_000000'"
        " WHERE version = '20250101000000'",
    )
    assert {status for _, status, _ in told(connection).values()} == {"applied"}


def test_what_is_missing_what_is_foreign_and_what_has_another_name_is_told(
    copy: Callable[[], psycopg.Connection],
) -> None:
    connection = copy()
    execute(connection, RECORD + ALL)
    execute(
        connection,
        "DELETE FROM supabase_migrations.schema_migrations WHERE name = 'rooms_table';"
        "UPDATE supabase_migrations.schema_migrations SET name = 'init' WHERE name ~ '^initial';"
        "INSERT INTO supabase_migrations.schema_migrations VALUES"
        " ('20250105000000', NULL, NULL),"
        " ('20990101000000', '{}', 'later')",
    )
    unlisted = "not in this list: a later migration, or one of another history"
    assert told(connection) == {
        "20250101_000000": ("initial_schema", "other name", "recorded as “init”"),
        "20250102_120000": (
            "rooms_table",
            "pending",
            "no row in supabase_migrations.schema_migrations",
        ),
        "20250105000000": (None, "unlisted", unlisted),
        "20250111_000000": ("check_migration_status", "applied", None),
        "20250112_000000": ("verify_schema_integrity", "applied", None),
        "20990101000000": ("later", "unlisted", unlisted),
    }
    assert list(told(connection)) == sorted(told(connection))


def test_an_empty_table_means_that_all_is_pending(copy: Callable[[], psycopg.Connection]) -> None:
    connection = copy()
    execute(connection, RECORD)
    assert [status for _, status, _ in told(connection).values()] == ["pending"] * 4


def test_a_table_of_an_early_cli_has_versions_only(copy: Callable[[], psycopg.Connection]) -> None:
    connection = copy()
    execute(
        connection,
        "CREATE SCHEMA supabase_migrations;"
        "CREATE TABLE supabase_migrations.schema_migrations (version text NOT NULL PRIMARY KEY);"
        "INSERT INTO supabase_migrations.schema_migrations VALUES ('20250102120000')",
    )
    assert [status for _, status, _ in told(connection).values()] == [
        *("pending", "applied", "pending", "pending")
    ]


@pytest.mark.parametrize("right", ["", 'GRANT USAGE ON SCHEMA supabase_migrations TO "Clerk"'])
def test_a_role_that_may_not_read_the_table_is_told_what_it_lacks(
    right: str, copy: Callable[[], psycopg.Connection]
) -> None:
    connection = copy()
    execute(connection, RECORD + ALL)
    execute(connection, 'GRANT EXECUTE ON FUNCTION public.check_migration_status TO "Clerk"')
    execute(connection, right)
    execute(connection, 'SET ROLE "Clerk"')
    with pytest.raises(psycopg.errors.InsufficientPrivilege) as refused:
        states(connection)
    assert refused.value.diag.message_primary == (
        'role "Clerk" can not read supabase_migrations.schema_migrations'
    )
    execute(connection, "RESET ROLE")
    execute(connection, refused.value.diag.message_hint or "")
    execute(connection, 'SET ROLE "Clerk"')
    assert {status for _, status, _ in told(connection).values()} == {"applied"}


def test_rows_that_a_policy_hides_are_not_taken_for_pending(
    copy: Callable[[], psycopg.Connection],
) -> None:
    connection = copy()
    execute(connection, RECORD + ALL)
    execute(
        connection,
        "ALTER TABLE supabase_migrations.schema_migrations ENABLE ROW LEVEL SECURITY;"
        'GRANT USAGE ON SCHEMA supabase_migrations TO "Clerk";'
        'GRANT SELECT ON supabase_migrations.schema_migrations TO "Clerk";'
        'GRANT EXECUTE ON FUNCTION public.check_migration_status TO "Clerk"; SET ROLE "Clerk"',
    )
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        states(connection)


@pytest.mark.parametrize("role", ["anon", "authenticated", '"Clerk"'])
def test_nobody_may_ask_who_was_not_granted_it(
    role: str, copy: Callable[[], psycopg.Connection]
) -> None:
    connection = copy()
    execute(connection, f"SET ROLE {role}")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="check_migration_status"):
        states(connection)


@pytest.mark.pg
@pytest.mark.parametrize("major", [18, 16])
def test_a_server_that_keeps_commit_times_tells_when_a_migration_was_applied(
    major: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "settings", partial(settings, track_commit_timestamp="on"))
    with open_server(f"embedded://{major}").cluster() as cluster, connect(cluster) as connection:
        for helper in migrations(LIST[:2]):
            execute(connection, helper.up)
        execute(connection, RECORD)
        (before,) = connection.execute("SELECT clock_timestamp()").fetchone() or ()
        execute(
            connection,
            "INSERT INTO supabase_migrations.schema_migrations VALUES ('20250102120000')",
        )
        (after,) = connection.execute("SELECT clock_timestamp()").fetchone() or ()
        first, rooms = states(connection)
        assert (first[2], first[3]) == ("pending", None)
        assert rooms[2] == "applied"
        assert before <= rooms[3] <= after
        execute(connection, "VACUUM (FREEZE) supabase_migrations.schema_migrations")
        assert states(connection)[1][3] == rooms[3]
        # one that is not committed yet has no time
        with connection.transaction():
            execute(
                connection,
                "INSERT INTO supabase_migrations.schema_migrations VALUES ('20250101000000')",
            )
            assert states(connection)[0][2:4] == ("applied", None)
