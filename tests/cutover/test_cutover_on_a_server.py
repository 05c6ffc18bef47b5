"""After a cutover the CLI finds nothing to do, and nothing but its table has changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from consolidate import cutover, export, files, platforms
from consolidate.errors import EnvironmentProblem
from tests.cutover import supabase_cli
from tests.cutover.witness import look
from tests.export.outputs import FIRST, SECOND, output

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from consolidate.cutover.supabase import Cutover
    from consolidate.servers.interface import Cluster

LEGACY = {
    "20240101_rooms.sql": "create table rooms (id int);\nalter table rooms add primary key (id);\n",
    "20240102_keys.sql": "create table keys (room int); insert into keys values (7);\n"
    "comment on table keys is 'it''s; $1'; -- \\ end\n",
}
TREE = output(
    {
        FIRST: "-- Rooms\nCREATE TABLE rooms (id int PRIMARY KEY);\n",
        SECOND: "CREATE TABLE keys (room int);\nINSERT INTO keys VALUES (7);\n"
        "COMMENT ON TABLE keys IS 'it''s; $1'; -- \\ $statement$ end\n",
    }
)


@dataclass(frozen=True)
class Project:
    """A database on which the CLI has applied the legacy folder, and the exported one."""

    cluster: Cluster
    name: str
    connection: psycopg.Connection[Any]
    exported: Path

    def psql(self, text: str) -> None:
        """Runs a script as the how-to says."""
        arguments = ("-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.name, "-f", "-")
        self.cluster.tool("psql", *arguments, stdin=text.encode())

    def pending(self) -> list[Path]:
        return supabase_cli.pending(
            supabase_cli.local(self.exported), supabase_cli.remote(self.connection)
        )

    def rows(self) -> list[tuple[Any, ...]]:
        query = "SELECT version, name, statements FROM supabase_migrations.schema_migrations"
        return self.connection.execute(query).fetchall()


@pytest.fixture
def project(
    database: Callable[..., tuple[Cluster, str]],
    connect: Callable[[Cluster, str], psycopg.Connection[Any]],
    tmp_path: Path,
) -> Project:
    cluster, name = database(18, prelude=platforms.prelude("supabase"))
    files.write_tree(tmp_path / "export", export.export("supabase", TREE).files)
    legacy = tmp_path / "legacy"
    legacy.mkdir()
    for path, text in LEGACY.items():
        (legacy / path).write_text(text)
    connection = connect(cluster, name)
    assert supabase_cli.push(connection, legacy) == list(LEGACY)
    return Project(cluster, name, connection, tmp_path / "export/supabase/migrations")


def _found(applied: str | None = None) -> Cutover:
    return cutover.cutover("supabase", TREE, applied)


def test_before_it_the_cli_refuses_the_exported_folder(project: Project) -> None:
    with pytest.raises(supabase_cli.RemoteMissingLocally):
        project.pending()


def test_after_it_nothing_is_pending_and_nothing_else_has_changed(project: Project) -> None:
    before = look(project.connection)
    project.psql(_found().sql())
    after = look(project.connection)
    assert project.pending() == []
    assert after.elsewhere() == before.elsewhere()
    assert after != before


def test_the_rows_are_those_that_the_cli_would_have_written(
    project: Project,
    database: Callable[..., tuple[Cluster, str]],
    connect: Callable[[Cluster, str], psycopg.Connection[Any]],
) -> None:
    project.psql(_found().sql())
    fresh = connect(*database(18))
    supabase_cli.push(fresh, project.exported)
    query = "SELECT version, name, statements FROM supabase_migrations.schema_migrations"
    assert project.rows() == fresh.execute(query).fetchall()


def test_a_further_migration_is_pushed_and_stops_the_undo(project: Project) -> None:
    project.psql(_found().sql())
    (project.exported / "20260101000000_more.sql").write_text("create table more (id int);\n")
    assert supabase_cli.push(project.connection, project.exported) == ["20260101000000_more.sql"]
    _refused(project, _found().undo(), "Missing: none. Unexpected: 20260101000000.")
    _refused(project, _found().sql(), "this database is cut over already")


def test_undo_puts_everything_back_as_it_was(project: Project) -> None:
    project.connection.execute(
        b"ALTER TABLE supabase_migrations.schema_migrations ADD COLUMN created_by text DEFAULT 'me'"
    )
    before = look(project.connection)
    project.psql(_found().sql())
    assert look(project.connection) != before
    project.psql(_found().undo())
    assert look(project.connection) == before


def test_it_can_be_done_again_after_an_undo(project: Project) -> None:
    for text in (_found().sql(), _found().undo(), _found().sql()):
        project.psql(text)
    assert project.pending() == []


def _refused(project: Project, text: str, told: str) -> None:
    """Runs a script that must fail, change nothing, and say why."""
    before = look(project.connection)
    with pytest.raises(EnvironmentProblem) as caught:
        project.psql(text)
    assert told in "\n".join((caught.value.message, *caught.value.problems))
    assert look(project.connection) == before
    with (
        psycopg.connect(project.cluster.dsn(project.name), autocommit=True) as other,
        pytest.raises(psycopg.Error, match=told.partition(".")[0]),
    ):
        other.execute(text.encode())  # as one string, as a dashboard sends it
    assert look(project.connection) == before


def test_twice_is_refused(project: Project) -> None:
    project.psql(_found().sql())
    _refused(project, _found().sql(), "this database is cut over already; nothing is changed")


def test_an_undo_without_a_cutover_is_refused(project: Project) -> None:
    _refused(project, _found().undo(), "Missing: 20250101000000, 20250101000001. Unexpected: 2024")


def test_a_copy_of_an_earlier_cutover_is_not_overwritten(project: Project) -> None:
    project.connection.execute(
        b"CREATE TABLE supabase_migrations.schema_migrations_before_consolidation ()"
    )
    _refused(project, _found().sql(), "is there from an earlier cutover; nothing is changed")


def test_an_undo_whose_copy_is_gone_is_refused(project: Project) -> None:
    project.psql(_found().sql())
    project.connection.execute(
        b"DROP TABLE supabase_migrations.schema_migrations_before_consolidation"
    )
    _refused(project, _found().undo(), "is not there; nothing is changed")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("DELETE FROM {} WHERE version = '20240102'", "Missing: 20240102. Unexpected: none."),
        ("INSERT INTO {} (version) VALUES ('7')", "Missing: none. Unexpected: 7."),
        ("UPDATE {} SET version = '7' || version", "Missing: 20240101, 20240102. Unexpected: 7"),
        ("DELETE FROM {}", "Missing: 20240101, 20240102. Unexpected: none."),
        ("DROP TABLE {}", 'relation "supabase_migrations.schema_migrations" does not exist'),
    ],
)
def test_another_history_is_refused_with_the_versions(
    project: Project, change: str, told: str
) -> None:
    project.connection.execute(change.format("supabase_migrations.schema_migrations").encode())
    _refused(project, _found().sql(), told)


def test_what_is_really_there_can_be_told(project: Project) -> None:
    project.connection.execute(b"DELETE FROM supabase_migrations.schema_migrations")
    project.psql(_found("").sql())
    assert project.pending() == []


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (("'rooms', ARRAY", "'halls', ARRAY"), "these rows are not as sent: 20250101000000"),
        (("CREATE TABLE keys", "CREATE TABLE kies"), "these rows are not as sent: 20250101000001"),
        (
            ("    TABLE supabase_migrations.schema_migrations;", "    SELECT 'x' AS version;"),
            "the legacy rows were not kept",
        ),
        (
            ("DELETE FROM supabase_migrations.schema_migrations;", ""),
            "these rows are not as sent: 20240101",
        ),
    ],
)
def test_what_arrives_otherwise_than_sent_is_refused(
    project: Project, damage: tuple[str, str], told: str
) -> None:
    text = _found().sql()
    assert damage[0] in text
    _refused(project, text.replace(*damage, 1), told)


def test_an_undo_that_loses_a_row_is_refused(project: Project) -> None:
    project.psql(_found().sql())
    lost = _found().undo().replace("_before_consolidation;", "_before_consolidation LIMIT 1;", 1)
    _refused(project, lost, "the rows did not come back")


def test_it_waits_for_nobody_who_writes_to_the_table(project: Project) -> None:
    with psycopg.connect(project.cluster.dsn(project.name)) as writer:
        supabase_cli.record(writer, "20240103_more.sql", "select 1;")
        _refused_by_lock(project, _found().sql())
        writer.rollback()
    project.psql(_found().sql())
    assert project.pending() == []


def _refused_by_lock(project: Project, text: str) -> None:
    hurried = text.replace("lock_timeout = '4s'", "lock_timeout = '50ms'")
    assert hurried != text
    with pytest.raises(EnvironmentProblem) as caught:
        project.psql(hurried)
    assert "lock timeout" in "\n".join((caught.value.message, *caught.value.problems))


def test_nobody_writes_to_the_table_meanwhile(project: Project) -> None:
    text = _found().sql()
    begun, commit = text.rsplit("COMMIT;", 1)
    assert commit.strip() == ""
    with psycopg.connect(project.cluster.dsn(project.name), autocommit=True) as ours:
        ours.execute(begun.encode())
        with psycopg.connect(project.cluster.dsn(project.name), autocommit=True) as other:
            other.execute("SET lock_timeout = '50ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                supabase_cli.record(other, "20240103_more.sql", "select 1;")
        ours.execute("COMMIT")
    assert project.pending() == []
