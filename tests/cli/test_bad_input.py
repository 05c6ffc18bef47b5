"""What is wrong with what goes in: one clear message, the exit code, and nothing is touched."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import HISTORY, NOTE, ROOMS, Project

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[..., Project]

pytestmark = pytest.mark.pg

INPUT, ENVIRONMENT = 3, 4


def _refused(here: Project, *arguments: str, code: int = INPUT) -> list[str]:
    """What is told, as lines. It is all that is said, and every file and folder is as it was."""
    before = sorted(here.folder.rglob("*")), here.files()
    ran = here.run(*arguments, "-q")
    assert (ran.returncode, ran.stdout) == (code, ""), ran.stderr
    assert "Traceback" not in ran.stderr
    assert (sorted(here.folder.rglob("*")), here.files()) == before
    return ran.stderr.splitlines()


# -- the command line ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--colour"], "No such option: --colour; did you mean --color, after the command?"),
        (["run", "--ordre", "a"], "No such option: --ordre; did you mean --order?"),
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


# -- the history --------------------------------------------------------------------------------


def test_a_statement_that_fails_is_told_with_its_place_and_the_servers_message_and_hint(
    project: Make,
) -> None:
    of = "of 4, 1 file can not be applied"
    lacking = 'column "nane" does not exist'
    hint = 'Perhaps you meant to reference the column "rooms.name".'
    failing = "-- shelves\n\nCREATE VIEW names AS\n  SELECT id, nane FROM rooms;\n"
    told = _refused(project({**HISTORY, "20240401_shelves.sql": failing}), "run", "legacy")
    assert told[:2] == [
        f"error: The legacy history does not replay: {of}, for one reason.",
        f"  20240401_shelves.sql:4:14: {lacking}. {hint}",
    ]
    assert told[2] == "hint: Correct the files, or go on with one of these:"
    assert told[3] == "  consolidate run legacy -q --quarantine auto"


def test_so_it_is_with_the_servers_detail(project: Make) -> None:
    failing = "INSERT INTO rooms VALUES (2, 'Hall');\n\tINSERT INTO rooms VALUES (2, 'Cell');\n"
    told = _refused(project({**HISTORY, "20240401_rows.sql": failing}), "run", "legacy")
    broken = 'duplicate key value violates unique constraint "rooms_pkey"'
    assert told[1] == f"  20240401_rows.sql:2:2: {broken}. Key (id)=(2) already exists."


def test_a_statement_that_needs_what_nothing_makes_is_told_with_that(project: Make) -> None:
    failing = "-- shelves\n\n  ALTER TABLE shelves\n    ADD COLUMN height int;\n"
    told = _refused(project({**HISTORY, "20240401_shelves.sql": failing}), "run", "legacy")
    lacking = "table public.shelves is used by 1 file and created by none"
    assert told[1] == f"  20240401_shelves.sql:3:3: {lacking}"


def test_all_files_that_do_not_parse_are_told_at_once(project: Make) -> None:
    here = project({"1.sql": "CREATE TABEL a ();\n", "2.sql": ROOMS, "3.sql": "\n  SELECT (1;\n"})
    assert _refused(here, "run", "legacy")[:3] == [
        "error: The legacy history does not replay: of 3, 2 files can not be read, for 2 reasons.",
        '  1.sql:1:8: syntax error at or near "TABEL"',
        '  3.sql:2:12: syntax error at or near ";"',
    ]


def test_an_extension_that_the_server_lacks_is_told_before_the_replay(project: Make) -> None:
    creating = "SELECT 1;\n  CREATE EXTENSION IF NOT EXISTS postgis;\n"
    told = _refused(project({"1.sql": creating}), "run", "legacy", code=ENVIRONMENT)
    assert told[:2] == [
        "error: The history needs what the server does not have: postgis.",
        "  1.sql:2:3: embedded://18 lacks postgis",
    ]
    assert told[2].startswith("hint: ")


def test_an_error_is_json_too_where_json_is_asked_for(project: Make) -> None:
    ran = project({"1.sql": "CREATE TABEL a ();\n"}).run("plan", "legacy", "--format", "json")
    answer = json.loads(ran.stdout)
    assert ran.returncode == answer["exit_code"] == INPUT
    assert answer["format"] == "consolidate/error@1"
    assert answer["problems"] == ['1.sql:1:8: syntax error at or near "TABEL"']
    assert answer["problems"][0] in ran.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["run", "nowhere"], "error: nowhere is not a folder"),
        (["run", "empty"], "error: empty has no migration that the plain runner would apply"),
        (["verify", "legacy", "--output", "nowhere"], "error: there is no folder nowhere"),
        (
            ["verify", "legacy", "--output", "empty"],
            "error: empty holds no manifest.json: it is no output of this program.",
        ),
        (
            ["plan", "legacy", "--config", "nowhere.yaml"],
            "error: There is no configuration at nowhere.yaml.",
        ),
        (
            ["plan", "legacy", "--prelude", "nowhere.sql"],
            "error: The prelude nowhere.sql can not be read.",
        ),
        (["plan", "legacy", "--order", "order.txt"], "  order.txt:2:2: 4.sql does not exist"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_missing_is_told(arguments: list[str], told: str, project: Make) -> None:
    here = project()
    here.write("order.txt", "20240101_rooms.sql\n 4.sql\n")
    (here.folder / "empty").mkdir()
    assert told in _refused(here, *arguments)


def test_a_prelude_that_fails_is_told_with_its_place_and_the_servers_words(project: Make) -> None:
    here = project()
    here.write("prelude.sql", "CREATE SCHEMA court;\nCREATE DOMAIN court.money AS numerik;\n")
    assert _refused(here, "plan", "legacy", "--prelude", "prelude.sql")[:2] == [
        "error: The platform's empty database can not be made.",
        '  prelude.sql:2:30: type "numerik" does not exist',
    ]


# -- the configuration --------------------------------------------------------------------------


def test_everything_wrong_in_the_configuration_is_told_with_its_place(project: Make) -> None:
    here = project()
    here.write(
        "mappings.yaml",
        "legacy: legacy\nplattform: supabase\ngroups:\n"
        "  - name: keys\n    phase: 09_keys\n    objects: [tabel public.keys]\n"
        "rollback:\n  cascade: sometimes\nservers: auto\n",
    )
    phases = "00_initial, 01_core_tables, 02_infrastructure, 03_enhancements"
    assert _refused(here, "run") == [
        "error: mappings.yaml can not be used",
        '  mappings.yaml:2:1: plattform: unknown key, did you mean "platform"?',
        f"  mappings.yaml:5:12: groups.0.phase: there is no phase 09_keys in {phases}",
        '  mappings.yaml:6:15: groups.0.objects.0: there is no kind "tabel", did you mean "table"?',
        "  mappings.yaml:8:12: rollback.cascade: must be true or false",
        "  mappings.yaml:9:10: servers: must be a list",
        "hint: `consolidate config schema` prints what may stand in it.",
    ]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (
            "    files: [20240101_room.sql]\n",
            (
                "7:13: 20240101_room.sql: there is no such legacy file, did you mean "
                '"20240101_rooms.sql"?'
            ),
        ),
        ("    files: [old/*.sql]\n", "7:13: old/*.sql: there is no such legacy file"),
        (
            "    objects: [table public.kez]\n",
            (
                "7:15: table public.kez: the history builds nothing of that name,"
                ' did you mean "table public.keys"?'
            ),
        ),
        ("    objects: [court.*]\n", "7:15: court.*: the history builds nothing of that name"),
        (
            "    objects: [public.rooms]\n",
            (
                "7:15: public.rooms: group rooms claims it already, at mappings.yaml:4:52: "
                "table public.rooms"
            ),
        ),
    ],
    ids=["file", "files", "object", "objects", "twice"],
)
def test_a_mapping_that_claims_in_vain_is_told_with_the_place(
    lines: str, told: str, project: Make
) -> None:
    here = project()
    here.write(
        "mappings.yaml",
        "legacy: legacy\noutput: output\ngroups:\n"
        "  - {name: rooms, phase: 01_core_tables, objects: [table public.rooms]}\n"
        f"  - name: keys\n    phase: 01_core_tables\n{lines}",
    )
    assert _refused(here, "run") == [
        "error: The mapping does not fit the history.",
        f"  mappings.yaml:{told}",
        (
            "hint: Correct these lines or take them out. Of two patterns for one object the one"
            " that means less wins, and its exact name before any."
        ),
    ]


@pytest.mark.parametrize("path", ["legacy", "legacy: {path: legacy, order: order.txt}", "prelude"])
def test_a_mapping_that_names_a_path_that_is_not_there_is_told(path: str, project: Make) -> None:
    here = project()
    text = {
        "legacy": "legacy: legacies\n",
        "prelude": "legacy: legacy\nplatform: base.sql\n",
    }.get(path, f"{path}\n")
    here.write("mappings.yaml", text)
    told = {
        "legacy": "error: legacies is not a folder",
        "prelude": "error: The prelude base.sql can not be read.",
    }.get(path, "error: the order file order.txt can not be read: No such file or directory")
    assert _refused(here, "run")[0] == told


# -- the output ---------------------------------------------------------------------------------


@pytest.mark.parametrize("output", ["output", "output.unproven"])
def test_files_of_others_in_the_output_are_told_and_stay(output: str, project: Make) -> None:
    here = project()
    here.write(f"{output}/migrations/mine.sql", "SELECT 1;\n")
    folder = here.folder / output
    assert _refused(here, "run", "legacy") == [
        f"error: {folder} was not written by consolidate: nothing is overwritten",
        f"  {folder}/migrations/mine.sql",
        (
            "hint: Move these files away, or name another folder with --output. A migration that"
            " follows the consolidated ones stays where it is; `consolidate new` gives it a name"
            " that does."
        ),
    ]


def test_an_output_inside_the_history_is_told(project: Make) -> None:
    here = project()
    told = _refused(here, "run", "legacy", "--output", "legacy/new")
    assert told[0].endswith(" must not hold each other")


@pytest.mark.parametrize("output", ["/proc/x", "/proc/x/y"])
def test_an_output_that_can_not_be_written_is_the_surroundings_fault(
    output: str, project: Make
) -> None:
    here = project({"1.sql": NOTE.replace("ALTER", "-- ALTER")})
    assert _refused(here, "run", "legacy", "-o", output, code=ENVIRONMENT) == [
        f"error: {output} can not be written: No such file or directory",
        "hint: --output names another folder.",
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_nor_may_somebody_else_write_into_a_closed_folder(project: Make) -> None:
    here = project()
    (here.folder / "closed").mkdir(mode=0o555)
    told = _refused(here, "run", "legacy", "-o", "closed/output", code=ENVIRONMENT)
    assert told[0].endswith("closed/output can not be written: Permission denied")


def test_folders_above_an_output_are_not_left_where_nothing_is_written(project: Make) -> None:
    here = project({"1.sql": "ALTER TABLE shelves ADD a int;\n"})
    _refused(here, "run", "legacy", "--output", "new/deep/output")
