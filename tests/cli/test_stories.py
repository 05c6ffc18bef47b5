"""What somebody at a terminal, or a pipeline, sees of the program where all is well."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from consolidate import platforms
from tests.cli.conftest import HISTORY, KEYS, ROOMS, Project

if TYPE_CHECKING:
    from collections.abc import Callable
    from subprocess import CompletedProcess

    Make = Callable[..., Project]

pytestmark = pytest.mark.pg

LEGACY = "alte Migrationen für „das Gericht“"
OUTPUT = "neu & geprüft"
NOWHERE = {
    "HOME": "/proc",
    "XDG_CACHE_HOME": "/proc/cache",
    "PGHOST": "nowhere.invalid",
    "PGOPTIONS": "-c no_such_setting=1",
}
"""A home that can not be written to, and variables that would lead libpq astray."""


@pytest.fixture(scope="module")
def proven(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Project, CompletedProcess[str]]:
    """A project after its first run, in places whose names are awkward."""
    project = Project(tmp_path_factory.mktemp("Größe ü"), NOWHERE)
    for path, text in HISTORY.items():
        project.write(f"{LEGACY}/{path}", text)
    return project, project.run("run", LEGACY, "--output", OUTPUT)


# -- yes ----------------------------------------------------------------------------------------


def test_a_run_shows_the_plan_and_the_verdict_and_writes(
    proven: tuple[Project, CompletedProcess[str]],
) -> None:
    project, ran = proven
    assert ran.returncode == 0, ran.stderr
    plan, _, verdict = ran.stdout.partition("\nPlan: ")
    assert "01_core_tables\n  20240301_000100_rooms_tables.sql " in plan
    assert verdict.startswith("4 statements in 3 files → 3 statements in 1 file, 1 phase; ")
    passed = re.findall(r"^✓ (\w+) ", verdict, re.MULTILINE)
    assert passed == ["facts", "projection", "dump", "rows", "rollback", "reproducible", "manifest"]
    assert re.fullmatch(
        r"Proven: from the platform's empty database, on PostgreSQL 18\.\d+ \(embedded://18\), "
        r"the output builds what the legacy history builds\.",
        verdict.splitlines()[-1],
    )
    assert sorted(project.files(OUTPUT)) == [
        "REPORT.md",
        "TESTING_CHECKLIST.md",
        "manifest.json",
        "migrations/01_core_tables/20240301_000100_rooms_tables.sql",
        "migrations/README.md",
        "rollback/01_core_tables/20240301_000100_rooms_tables_rollback.sql",
        "rollback/README.md",
        "rollback/emergency_rollback.sql",
        "rollback/rollback_template.sql",
    ]
    assert sorted(path.name for path in project.folder.iterdir()) == sorted([LEGACY, OUTPUT])


def test_talk_and_progress_are_not_data(proven: tuple[Project, CompletedProcess[str]]) -> None:
    _, ran = proven
    assert ran.stderr.startswith(
        "history: 3 files, runner plain (nothing in it is known to be a runner's)\n"
    )
    steps = re.findall(r"^\[ *[\d.]+ s\] (.*)$", ran.stderr, re.MULTILINE)
    assert steps[0] == "replay the legacy history on embedded://18"
    assert steps[-1] == f"write {OUTPUT}"
    assert not [step for step in steps if f"] {step}" in ran.stdout]
    assert "Proven" not in ran.stderr


def test_a_pipe_gets_no_escapes(proven: tuple[Project, CompletedProcess[str]]) -> None:
    _, ran = proven
    assert "\x1b" not in ran.stdout + ran.stderr
    assert "\r" not in ran.stdout + ran.stderr


def test_nothing_of_this_machine_is_in_the_output(
    proven: tuple[Project, CompletedProcess[str]],
) -> None:
    project, _ = proven
    written = b"".join(project.files(OUTPUT).values())
    assert str(project.folder).encode() not in written
    assert LEGACY.encode() not in written


REPORTS = {"REPORT.md", "TESTING_CHECKLIST.md"}
"""What names the servers of the run that wrote it."""


def proven_files(project: Project) -> dict[str, bytes]:
    return {p: data for p, data in project.files(OUTPUT).items() if p not in REPORTS}


def test_a_second_run_on_two_servers_says_the_same_bytes_and_answers_in_json(
    proven: tuple[Project, CompletedProcess[str]],
) -> None:
    project, _ = proven
    before = proven_files(project)
    servers = ["--server", "embedded://16", "--server", "embedded://18"]
    ran = project.run("run", LEGACY, "--output", OUTPUT, *servers, "--format", "json")
    assert ran.returncode == 0, ran.stderr
    assert proven_files(project) == before
    answer = json.loads(ran.stdout)
    assert answer["format"] == "consolidate/verdict@1"
    assert (answer["equivalent"], answer["level"]) == (True, "identical")
    assert answer["server"] == "embedded://18, embedded://16"
    assert [(v["server"], v["equivalent"]) for v in answer["verdicts"]] == [
        ("embedded://18", True),
        ("embedded://16", True),
    ]
    assert all(check.keys() >= {"name", "status", "reason"} for check in answer["checks"])
    assert {check["status"] for check in answer["checks"]} == {"passed"}
    assert answer["differences"] == answer["volatile"] == answer["waivers"] == []
    assert [made["path"] for made in answer["inputs"]] == sorted(HISTORY)
    assert {len(made["sha256"]) for made in answer["inputs"]} == {64}
    assert answer["counts"]["rows"] == 1


def test_verify_proves_the_folder_and_leaves_it_alone(
    proven: tuple[Project, CompletedProcess[str]],
) -> None:
    project, _ = proven
    before = project.files()
    ran = project.run("verify", LEGACY, "--output", OUTPUT, "--quiet")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines()[-1].startswith("Proven: ")
    assert project.files() == before


def test_a_plan_ends_with_its_summary_and_writes_nothing(
    proven: tuple[Project, CompletedProcess[str]],
) -> None:
    project, ran = proven
    before = project.files()
    planned = project.run("plan", LEGACY, "--quiet")
    assert (planned.returncode, planned.stderr) == (0, "")
    assert planned.stdout.splitlines()[-1].startswith("Plan: 4 statements in 3 files → ")
    assert ran.stdout.startswith(planned.stdout)
    page = project.run("plan", LEGACY, "--quiet", "--format", "markdown")
    assert (page.returncode, page.stderr) == (0, "")
    assert "### 01_core_tables\n" in page.stdout
    assert page.stdout.splitlines()[-1] == f"**{planned.stdout.splitlines()[-1]}**"
    assert project.files() == before


def test_a_plan_in_json_has_files_findings_and_the_summary(
    proven: tuple[Project, CompletedProcess[str]],
) -> None:
    project, _ = proven
    planned = project.run("plan", LEGACY, "--quiet", "--format", "json")
    answer = json.loads(planned.stdout)
    assert (planned.returncode, answer["format"]) == (0, "consolidate/plan@1")
    (file,) = answer["files"]
    assert file["path"] == "migrations/01_core_tables/20240301_000100_rooms_tables.sql"
    assert answer["findings"] == []
    summary = answer["summary"]
    assert (summary["legacy_statements"], summary["files"]) == (4, 1)


def test_the_order_and_the_empty_database_can_be_given(project: Make) -> None:
    history = {
        "1_keys.sql": KEYS,
        "2_rooms.sql": ROOMS + "ALTER TABLE rooms ADD fee court.money;\n",
    }
    here = project(history)
    here.write("order.txt", "# as it was applied\n2_rooms.sql\n\n1_keys.sql\n")
    here.write("prelude.sql", "CREATE SCHEMA court; CREATE DOMAIN court.money AS numeric;\n")
    given = ["--order", "order.txt", "--prelude", "prelude.sql"]
    ran = here.run("plan", "legacy", *given)
    assert ran.returncode == 0, ran.stderr
    assert "Plan: 4 statements in 2 files → " in ran.stdout
    without = here.run("plan", "legacy", *given[:2])
    assert without.returncode == 3
    lacking = "2_rooms.sql:4:27: schema court is used by 1 file and created by none"
    assert f"  {lacking}; so 1 other file fails: 1_keys.sql\n" in without.stderr


@pytest.mark.parametrize("name", platforms.names())
def test_a_platforms_empty_database_is_printed_as_it_is(name: str, project: Make) -> None:
    ran = project({}).run("prelude", name)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == platforms.prelude(name)


# -- no -----------------------------------------------------------------------------------------


def test_an_edited_output_is_told_by_verify_in_words(
    proven: tuple[Project, CompletedProcess[str]], project: Make
) -> None:
    here = project()
    path = "migrations/01_core_tables/20240301_000100_rooms_tables.sql"
    for file, data in proven[0].files(OUTPUT).items():
        text = data.decode()
        here.write(f"output/{file}", text.replace("(20)", "(21)") if file == path else text)
    ran = here.run("verify", "legacy")
    assert ran.returncode == 1
    assert (
        "  changed  table column public.keys.note · type: "
        "character varying(20) → character varying(21)\n" in ran.stdout
    )
    assert f"✗ manifest      output files changed since: {path}\n" in ran.stdout
    assert ran.stdout.splitlines()[-1].startswith("NOT proven: ")


def test_what_is_not_proven_goes_beside_an_output_that_stays(
    proven: tuple[Project, CompletedProcess[str]], project: Make
) -> None:
    moment = (
        "DO $$ BEGIN\n"
        "  EXECUTE format('COMMENT ON TABLE keys IS %L', 'loaded at ' || clock_timestamp());\n"
        "END $$;\n"
    )
    here = project({**HISTORY, "20240401_moment.sql": moment})
    for file, data in proven[0].files(OUTPUT).items():
        here.write(f"output/{file}", data.decode())
    before = here.files("output")
    ran = here.run("run", "legacy")
    assert ran.returncode == 1, ran.stderr
    assert "✗ reproducible  rendered again, these files differ: manifest.json, mig" in ran.stdout
    assert ran.stdout.splitlines()[-1].startswith("NOT proven: ")
    assert here.files("output") == before
    assert any(b"loaded at" in text for text in here.files("output.unproven").values())
