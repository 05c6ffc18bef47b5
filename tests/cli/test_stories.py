"""What somebody at a terminal, or a pipeline, sees of the program from start to end."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from consolidate import platforms
from tests.cli.conftest import HISTORY, KEYS, NOTE, ROOMS, Project

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
    assert "01_core_tables\n  20240301_000001_rooms_tables.sql " in plan
    assert verdict.startswith("4 statements in 3 files → 3 statements in 1 file, 1 phase; ")
    passed = re.findall(r"^✓ (\w+) ", verdict, re.MULTILINE)
    assert passed == ["facts", "dump", "rows", "rollback", "reproducible", "manifest"]
    assert re.fullmatch(
        r"Proven: from the platform's empty database, on PostgreSQL 18\.\d+ \(embedded://18\), "
        r"the output builds what the legacy history builds\.",
        verdict.splitlines()[-1],
    )
    assert sorted(project.files(OUTPUT)) == [
        "manifest.json",
        "migrations/01_core_tables/20240301_000001_rooms_tables.sql",
        "migrations/README.md",
        "rollback/01_core_tables/20240301_000001_rooms_tables_rollback.sql",
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


def test_a_second_run_on_two_servers_says_the_same_bytes_and_answers_in_json(
    proven: tuple[Project, CompletedProcess[str]],
) -> None:
    project, _ = proven
    before = project.files(OUTPUT)
    servers = ["--server", "embedded://16", "--server", "embedded://18"]
    ran = project.run("run", LEGACY, "--output", OUTPUT, *servers, "--format", "json")
    assert ran.returncode == 0, ran.stderr
    assert project.files(OUTPUT) == before
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
    assert project.files() == before


def test_a_plan_in_json_has_files_findings_and_the_summary(
    proven: tuple[Project, CompletedProcess[str]],
) -> None:
    project, _ = proven
    planned = project.run("plan", LEGACY, "--quiet", "--format", "json")
    answer = json.loads(planned.stdout)
    assert (planned.returncode, answer["format"]) == (0, "consolidate/plan@1")
    (file,) = answer["files"]
    assert file["path"] == "migrations/01_core_tables/20240301_000001_rooms_tables.sql"
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
    path = "migrations/01_core_tables/20240301_000001_rooms_tables.sql"
    for file, data in proven[0].files(OUTPUT).items():
        text = data.decode()
        here.write(f"output/{file}", text.replace("(20)", "(21)") if file == path else text)
    ran = here.run("verify", "legacy")
    assert ran.returncode == 1
    assert (
        "  changed  table column public.keys.note · type: "
        "character varying(20) → character varying(21)\n" in ran.stdout
    )
    assert f"✗ manifest      output files are not those in the manifest: {path}\n" in ran.stdout
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


# -- the command line or the input is wrong -----------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--colour"], "No such option: --colour"),
        (["run", "--ordre", "a"], "No such option: --ordre (Possible options: --order)"),
        (["squash"], "No such command 'squash'"),
        (["plan", "legacy", "--format", "xml"], "'xml' is not one of 'text', 'json'"),
        (["plan", "legacy", "--server", "embedded://17"], "there is no server 'embedded://17'"),
        (["plan", "legacy", "--platform", "oracle"], "there is no built-in platform “oracle”"),
        (["prelude", "oracle"], "the built-in ones are plain, supabase"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_line_that_makes_no_sense_is_usage(
    arguments: list[str], told: str, project: Make
) -> None:
    ran = project().run(*arguments)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert told in ran.stderr


def _refused(ran: CompletedProcess[str]) -> str:
    """What is told of an input that can not be used; nothing else is said."""
    assert (ran.returncode, ran.stdout) == (3, "")
    assert "Traceback" not in ran.stderr
    return ran.stderr


def test_a_statement_that_fails_is_told_with_its_place_and_its_cause(project: Make) -> None:
    failing = "-- shelves\n\n  ALTER TABLE shelves\n    ADD COLUMN height int;\n"
    told = _refused(project({**HISTORY, "20240401_shelves.sql": failing}).run("run", "legacy"))
    lacking = "table public.shelves is used by 1 file and created by none"
    assert f"\n  20240401_shelves.sql:3:3: {lacking}\nhint: " in told


def test_all_files_that_do_not_parse_are_told_at_once(project: Make) -> None:
    here = project({"1.sql": "CREATE TABEL a ();\n", "2.sql": ROOMS, "3.sql": "\n  SELECT (1;\n"})
    assert _refused(here.run("plan", "legacy", "-q")).splitlines()[:3] == [
        "error: The legacy history does not replay: of 3, 2 files can not be read, for 2 reasons.",
        '  1.sql:1:8: syntax error at or near "TABEL"',
        '  3.sql:2:12: syntax error at or near ";"',
    ]


def test_an_error_is_json_too_where_json_is_asked_for(project: Make) -> None:
    ran = project({"1.sql": "CREATE TABEL a ();\n"}).run("plan", "legacy", "--format", "json")
    answer = json.loads(ran.stdout)
    assert ran.returncode == answer["exit_code"] == 3
    assert answer["format"] == "consolidate/error@1"
    assert answer["problems"] == ['1.sql:1:8: syntax error at or near "TABEL"']
    assert answer["problems"][0] in ran.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["run", "nowhere"], "nowhere is not a folder"),
        (["run", "empty"], "empty has no migration"),
        (["verify", "legacy", "--output", "nowhere"], "there is no folder nowhere"),
        (["verify", "legacy", "--output", "empty"], "empty holds no manifest.json"),
        (["plan", "legacy", "--config", "nowhere.yaml"], "no configuration at nowhere.yaml"),
        (["plan", "legacy", "--prelude", "nowhere.sql"], "The prelude nowhere.sql can not be read"),
        (["plan", "legacy", "--order", "order.txt"], "  order.txt:2:2: 4.sql does not exist\n"),
        (["run", "legacy", "--output", "legacy/new"], "must not hold each other"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_missing_or_in_the_wrong_place_is_told(
    arguments: list[str], told: str, project: Make
) -> None:
    here = project()
    here.write("order.txt", "20240101_rooms.sql\n 4.sql\n")
    (here.folder / "empty").mkdir()
    assert told in _refused(here.run(*arguments))


def test_a_prelude_that_fails_is_told_with_the_servers_words(project: Make) -> None:
    here = project()
    here.write("prelude.sql", "CREATE SCHEMA court;\nCREATE DOMAIN court.money AS numerik;\n")
    told = _refused(here.run("plan", "legacy", "--prelude", "prelude.sql"))
    assert 'type "numerik" does not exist' in told


def test_everything_wrong_in_the_configuration_is_told_with_its_place(project: Make) -> None:
    here = project()
    here.write(
        "mappings.yaml",
        "legacy: legacy\nplattform: supabase\ngroups:\n"
        "  - name: keys\n    phase: 09_keys\n    objects: [tabel public.keys]\n",
    )
    told = _refused(here.run("plan"))
    assert '\n  mappings.yaml:2:1: plattform: unknown key, did you mean "platform"?\n' in told
    assert "\n  mappings.yaml:5:12: groups.0.phase: there is no phase 09_keys in " in told
    assert "\n  mappings.yaml:6:15: groups.0.objects.0: there is no kind " in told


@pytest.mark.parametrize("output", ["output", "output.unproven"])
def test_files_of_others_in_the_output_are_told_and_stay(output: str, project: Make) -> None:
    here = project()
    here.write(f"{output}/migrations/mine.sql", "SELECT 1;\n")
    before = here.files()
    told = _refused(here.run("run", "legacy"))
    assert f"{output}/migrations/mine.sql\nhint: " in told
    assert here.files() == before


def test_an_output_that_can_not_be_written_is_the_surroundings_fault(project: Make) -> None:
    ran = project({"1.sql": NOTE.replace("ALTER", "-- ALTER")}).run(
        "run", "legacy", "-o", "/proc/x"
    )
    assert ran.returncode == 4, ran.stderr
    assert "error: /proc/x can not be written" in ran.stderr
    assert "hint: --output names another folder." in ran.stderr
