"""What is rendered is applied with psql, as the README says, and looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consolidate import config, history, render, statements
from consolidate.catalog import compare, facts, rows
from consolidate.empty_database import platform
from consolidate.errors import EnvironmentProblem
from consolidate.model import ObjectId
from consolidate.servers import open_server
from consolidate.trial import settle
from consolidate.truth import capture

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from consolidate.servers.interface import Cluster
    from consolidate.truth import Truth
    from tests.render.conftest import Maker

pytestmark = pytest.mark.pg

LEGACY = {
    "0001_jobs.sql": (
        "-- the queue\r\nCREATE TABLE jobs (\r\n  id bigserial PRIMARY KEY,\r\n"
        "  queue text NOT NULL\r\n);\r\n"
    ),
    "0002_status.sql": (
        "CREATE TYPE job_status AS ENUM ('todo', 'done');\n"
        "ALTER TABLE jobs ADD status job_status NOT NULL DEFAULT 'todo';\n"
        "CREATE ROLE reader;\nGRANT SELECT ON jobs TO reader;\n"
    ),
    "0003_fetch.sql": (
        "CREATE FUNCTION fetch_jobs(q text) RETURNS SETOF jobs LANGUAGE sql AS $$\r\n"
        "  SELECT * FROM jobs -- all; of them\r\n  WHERE queue = q\r\n$$;\n"
        "INSERT INTO jobs (queue) VALUES ('a\\b'), ('é''');\n"
    ),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Truth, Mapping[str, str]]:
    folder = tmp_path_factory.mktemp("legacy")
    for name, text in LEGACY.items():
        (folder / name).write_bytes(text.encode())
    server = open_server("embedded://18")
    read = history.read(folder)
    truth = capture(server, "", statements.parse_all(read), read.manner)
    return truth, render.migrations(settle(truth, config.DEFAULT, server).plan, truth)


def psql(cluster: Cluster, text: str, database: str = "postgres") -> None:
    options = ("-d", database, "-q", "-1", "-v", "ON_ERROR_STOP=1", "-f", "-")
    cluster.tool("psql", *options, stdin=text.encode())


def test_applied_with_psql_the_files_build_the_truth(
    built: tuple[Truth, Mapping[str, str]],
) -> None:
    truth, tree = built
    with platform(open_server("embedded://18"), "") as (cluster, connection):
        for text in tree.values():
            psql(cluster, text)
        assert compare.compare(truth.final.facts, facts.read(connection)) == ()
        found = rows.read(connection)
    assert rows.compare(truth.marked, rows.mark(found, found)) == ()


@pytest.mark.parametrize(
    ("right", "wrong"), [("queue = q\r\n", "queue = q\n"), ("'a\\b'", "'a/b'")]
)
def test_one_other_byte_builds_something_else(
    built: tuple[Truth, Mapping[str, str]], right: str, wrong: str
) -> None:
    truth, tree = built
    assert right in "".join(tree.values())
    with platform(open_server("embedded://18"), "") as (cluster, connection):
        for text in tree.values():
            psql(cluster, text.replace(right, wrong))
        found = rows.read(connection)
        assert compare.compare(truth.final.facts, facts.read(connection)) or rows.compare(
            truth.marked, rows.mark(found, found)
        )


def test_the_rendered_files_hold_the_authors_text(built: tuple[Truth, Mapping[str, str]]) -> None:
    _, tree = built
    everything = "\n".join(tree.values())
    assert LEGACY["0003_fetch.sql"].partition("INSERT")[0] in everything


def test_a_second_time_the_first_file_refuses_and_changes_nothing(
    built: tuple[Truth, Mapping[str, str]],
) -> None:
    _, tree = built
    first = next(iter(tree.values()))
    with platform(open_server("embedded://18"), "") as (cluster, connection):
        for text in tree.values():
            psql(cluster, text)
        before = facts.read(connection)
        with pytest.raises(EnvironmentProblem) as caught:
            psql(cluster, first)
        assert facts.read(connection) == before
    told = "\n".join(caught.value.problems)
    assert "this database already holds what these migrations make: public.jobs" in told
    assert "record these as applied" in told


@pytest.mark.parametrize(
    ("recorded", "refused"),
    [
        ("", False),
        ("CREATE TABLE supabase_migrations.schema_migrations (version text);", False),
        (
            "CREATE TABLE supabase_migrations.schema_migrations AS SELECT '1' UNION SELECT '2';",
            True,
        ),
    ],
)
def test_recorded_migrations_are_refused_on_supabase(
    make: Maker,
    database: Callable[..., tuple[Cluster, str]],
    recorded: str,
    *,
    refused: bool,
) -> None:
    supabase = [ObjectId("schema", "auth"), ObjectId("role", "service_role")]
    make.file("1_a", make.step("public.a", "CREATE TABLE a ();"))
    (text,) = render.migrations(make.plan(), make.truth(platform=supabase)).values()
    cluster, name = database(18, prelude=f"CREATE SCHEMA supabase_migrations; {recorded}")
    if not refused:
        psql(cluster, text, name)
        return
    with pytest.raises(EnvironmentProblem) as caught:
        psql(cluster, text, name)
    assert "2 migrations are already recorded" in "\n".join(caught.value.problems)


@pytest.mark.parametrize(
    ("step", "there"),
    [
        ({"name": 'public."A \'b"', "kind": "table"}, """CREATE TABLE "A 'b" ()"""),
        ({"name": "public.e", "kind": "type"}, "CREATE TYPE e AS ENUM ()"),
        (
            {"name": "public.f(pg_catalog.int4)", "kind": "function"},
            "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        ),
        ({"name": '"S"', "kind": "schema"}, 'CREATE SCHEMA "S"'),
    ],
)
def test_the_guard_finds_each_kind_by_its_name(
    make: Maker,
    database: Callable[..., tuple[Cluster, str]],
    step: Mapping[str, str],
    there: str,
) -> None:
    make.file("1_a", make.step(step["name"], "SELECT 1;", kind=step["kind"]))
    (text,) = render.migrations(make.plan(), make.truth()).values()
    cluster, name = database(18)
    psql(cluster, text, name)
    psql(cluster, there, name)
    with pytest.raises(EnvironmentProblem) as caught:
        psql(cluster, text, name)
    assert "already holds" in "\n".join(caught.value.problems)
