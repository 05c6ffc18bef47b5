"""`consolidate diff` as people run it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import psycopg
import pytest

from tests.cli.conftest import Project

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from consolidate.servers.interface import Cluster

pytestmark = pytest.mark.pg

ROOMS = """
CREATE TABLE buildings (id integer PRIMARY KEY, name text, made timestamptz DEFAULT now());
CREATE TABLE rooms (id integer PRIMARY KEY, note text, building integer REFERENCES buildings);
INSERT INTO buildings VALUES (1, 'a');
INSERT INTO rooms VALUES (1, 'x', 1), (2, 'y', 1);
CREATE FUNCTION tidy() RETURNS text LANGUAGE sql AS $$
  SELECT 'one'
  -- two
$$;
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.write("old/1_all.sql", ROOMS)
    return project


def _diff(project: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    return project.run("diff", "--quiet", *arguments)


def _answer(project: Project, *arguments: str) -> tuple[int, dict[str, Any]]:
    ran = _diff(project, "--format", "json", *arguments)
    assert ran.stdout, ran.stderr
    return ran.returncode, json.loads(ran.stdout)


def _found(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(d["object"], d["attribute"]) for v in answer["verdicts"] for d in v["differences"]]


@pytest.fixture
def url(
    database: Callable[..., tuple[Cluster, str]],
    connect: Callable[[Cluster, str], psycopg.Connection[Any]],
) -> Callable[..., str]:
    """`url(sql, user="x")` is that of a fresh database in which the SQL was run."""

    def create(sql: str = "", *, user: str = "postgres", major: int = 18) -> str:
        cluster, name = database(major, prelude=sql)
        host = connect(cluster, name).info.host
        return f"postgresql://{user}@/{name}?host={quote(host, safe='')}"

    return create


def test_two_folders_that_build_the_same_are_equal(project: Project) -> None:
    parts = ROOMS.split("CREATE FUNCTION")
    project.write("new/1_tables.sql", parts[0])
    project.write("new/2_function.sql", "CREATE FUNCTION" + parts[1])
    code, answer = _answer(project, "old", "new", "--server", "embedded://18")
    (verdict,) = answer["verdicts"]
    assert (code, answer["equal"], answer["level"]) == (0, True, "equivalent")
    assert [(c["name"], c["status"]) for c in verdict["checks"]] == [
        ("facts", "passed"),
        ("projection", "passed"),
        ("dump", "passed"),
        ("rows", "passed"),
    ]
    assert verdict["volatile"] == ["public.buildings.made"]


def test_what_differs_is_told_with_both_values(project: Project) -> None:
    changed = ROOMS.replace("note text", "note varchar(9)").replace("(2, 'y', 1)", "(2, 'z', 1)")
    project.write("new/1_all.sql", changed.replace("-- two", "-- three"))
    ran = _diff(project, "old", "new", "--server", "embedded://18")
    assert ran.returncode == 1
    assert "  changed  type: text → character varying(9)\n" in ran.stdout
    assert "  changed  row id=2 · note: y → z\n" in ran.stdout
    assert "  changed  body:\n" in ran.stdout
    assert "    -  -- two\n    +  -- three\n" in ran.stdout
    assert ran.stdout.endswith("Different: old and new differ in 3 places.\n")


def test_a_page_says_the_same(project: Project) -> None:
    project.write("new/1_all.sql", ROOMS + "COMMENT ON TABLE rooms IS 'a | b';")
    ran = _diff(project, "old", "new", "--server", "embedded://18", "--format", "markdown")
    assert ran.returncode == 1
    assert ran.stdout.startswith("**Different: old and new differ in 1 place.**\n")
    assert "- `table public.rooms`\n\n  ```diff\n  extra    comment: a | b\n  ```\n" in ran.stdout


def test_a_waiver_is_named_with_the_answer(project: Project) -> None:
    project.write("new/1_all.sql", ROOMS + "COMMENT ON TABLE rooms IS 'x';")
    asked = ("old", "new", "--server", "embedded://18", "--waive", "comments")
    code, answer = _answer(project, *asked)
    assert (code, answer["level"]) == (0, "equivalent")
    assert answer["verdicts"][0]["waivers"] == ["comments"]


def test_rows_that_are_not_compared_are_said_to_be_waived(project: Project) -> None:
    project.write("new/1_all.sql", ROOMS.replace("(2, 'y', 1)", "(2, 'z', 1)"))
    asked = ("old", "new", "--server", "embedded://18", "--waive", "rows")
    code, answer = _answer(project, *asked)
    assert code == 0
    assert answer["verdicts"][0]["checks"][-1]["status"] == "skipped"
    assert answer["level"] == "equivalent"


def test_each_server_has_its_verdict(project: Project) -> None:
    project.write("new/1_all.sql", ROOMS)
    servers = ("--server", "embedded://18", "--server", "embedded://16", "--waive", "dump")
    code, answer = _answer(project, "old", "new", *servers)
    assert code == 0
    told = [verdict["server"] for verdict in answer["verdicts"]]
    assert told == ["embedded://18", "embedded://16"]


def test_a_database_that_exists_is_compared_and_left_alone(
    project: Project, url: Callable[..., str]
) -> None:
    there = url(ROOMS + "ALTER TABLE rooms ALTER note SET DEFAULT 'x';")
    code, answer = _answer(project, "old", there, "--waive", "roles")
    assert code == 1
    assert ("table column public.rooms.note", "default") in _found(answer)
    assert {name for name, _ in _found(answer)} == {"table column public.rooms.note"}
    code, answer = _answer(project, there, there)
    assert (code, answer["level"], answer["verdicts"][0]["server"]) == (0, "identical", "existing")


def test_a_plain_role_is_told_what_it_may_not_read(
    project: Project, url: Callable[..., str]
) -> None:
    made = "DROP ROLE IF EXISTS plain_reader; CREATE ROLE plain_reader LOGIN;"
    there = url(made + ROOMS, user="plain_reader")
    ran = _diff(project, there, there)
    assert ran.returncode == 1
    assert "✓ facts" in ran.stdout
    assert "- dump" in ran.stdout
    assert "permission denied for table" in ran.stdout
    assert "role plain_reader may not read the passwords of roles" in ran.stdout
    assert "rows of table public.rooms" in ran.stdout
    assert ran.stdout.rstrip().splitlines()[-1].startswith("Not shown to be equal: ")
    assert _diff(project, there, there, "--waive", "dump", "--waive", "rows").returncode == 0


def test_rows_that_a_role_may_not_read_are_not_equal_until_that_is_asked_for(
    project: Project, url: Callable[..., str]
) -> None:
    made = "DROP ROLE IF EXISTS plain_reader; CREATE ROLE plain_reader LOGIN;"
    left = url(made + ROOMS, user="plain_reader")
    right = url(ROOMS + "UPDATE rooms SET note = 'z' WHERE id = 2;", user="plain_reader")
    code, answer = _answer(project, left, right, "--waive", "dump")
    (verdict,) = answer["verdicts"]
    (rows,) = (check for check in verdict["checks"] if check["name"] == "rows")
    assert (code, verdict["differences"], rows["status"]) == (1, [], "skipped")
    assert "public.rooms" in rows["reason"]
    assert _diff(project, left, right, "--waive", "dump", "--waive", "rows").returncode == 0


def test_a_dump_is_a_side(
    project: Project, database: Callable[..., tuple[Cluster, str]], url: Callable[..., str]
) -> None:
    cluster, name = database(18, prelude=ROOMS)
    for path, form in (("plain.sql", "p"), ("archive.dump", "c"), ("archive.tar", "t")):
        dumped = cluster.tool("pg_dump", f"-F{form}", f"--dbname={name}")
        (project.folder / path).write_bytes(dumped)
    cluster.tool("pg_dump", "-Fd", f"--dbname={name}", "-f", str(project.folder / "folder"))
    assert _diff(project, "plain.sql", "archive.dump").returncode == 0
    assert _diff(project, "archive.tar", "folder").returncode == 0
    there = url(ROOMS)
    code, answer = _answer(project, "archive.dump", there, "--waive", "rows", "--waive", "roles")
    assert (code, _found(answer)) == (0, [])


def test_our_own_output_is_a_side(project: Project) -> None:
    ran = project.run("run", "old", "--server", "embedded://18", "--output", "output")
    assert ran.returncode == 0, ran.stderr
    assert _diff(project, "old", "output", "--server", "embedded://18").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("old", "nowhere"), 3, "nowhere is neither a folder nor a file."),
        (("old", "old", "--waive", "row"), 2, "there is no waiver 'row'"),
        (("old", "old", "--server", "nonsense://"), 2, "there is no server 'nonsense://'"),
        (("old", "postgresql://127.0.0.1:1/x"), 4, "does not answer"),
        (("old", "broken"), 3, "broken.sql:1:8"),
        (("failing", "broken"), 3, "error: broken: "),
        (("broken", "broken/broken.sql"), 3, "broken/broken.sql: "),
        (("broken", "broken/broken.sql"), 3, "Neither side can be read."),
        (("old", "failing"), 3, "1_failing.sql:1:15"),
        (("old", "failing"), 3, "error: failing: It does not build."),
        (("old", "Empty"), 3, "error: Empty: Empty has no migration"),
        (("old", "cut.dump"), 3, "error: cut.dump: pg_restore can not read it."),
    ],
)
def test_what_can_not_be_compared_is_an_error(
    project: Project, arguments: tuple[str, ...], code: int, told: str
) -> None:
    project.write("cut.dump", "PGDMP")
    project.write("Empty/notes.txt", "")
    project.write("broken/broken.sql", "CREATE TABEL x ();")
    project.write("failing/1_failing.sql", "SELECT * FROM nothing;")
    ran = _diff(project, *arguments)
    assert (ran.returncode, ran.stdout) == (code, "")
    assert told in ran.stderr


def test_other_majors_do_not_compare(project: Project, url: Callable[..., str]) -> None:
    ran = _diff(project, url(), url(major=16))
    assert ran.returncode == 2
    assert "different major versions do not compare" in ran.stderr
    ran = _diff(project, "old", url(major=16), "--server", "embedded://18")
    assert ran.returncode == 2
    assert "Name a server of PostgreSQL 16 with --server." in ran.stderr


def test_a_query_that_takes_too_long_is_told(project: Project, url: Callable[..., str]) -> None:
    slow = (
        "CREATE FUNCTION slow() RETURNS text LANGUAGE plpgsql AS"
        " 'BEGIN PERFORM pg_sleep(30); RETURN 1; END';"
        "CREATE TABLE t (a integer); INSERT INTO t VALUES (1);"
    )
    there = url(slow)
    assert _diff(project, there, there, "--timeout", "60").returncode == 0
    with psycopg.connect(there) as held:
        held.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE")  # as slow as a query can be
        ran = _diff(project, there, there, "--timeout", "1", "--waive", "dump")
    assert ran.returncode == 4
    assert "a query took longer than 1 second" in ran.stderr
