"""Names of files and folders that hold control characters, or bytes that are not UTF-8."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Project

    Make = Callable[..., Project]

BYTES, STEERING, PLAIN = "1_\udcff.sql", "2_\x1b[31m\x07\u202e\x85.sql", "3_caf\u00e9 \u4e2d.sql"
SHOWN = [r"1_\xff.sql", r"2_\x1b[31m\x07\u202e\u0085.sql", PLAIN]
"""As people see them: `\\xff` is a byte, `\\u0085` a character."""
HISTORY = {
    STEERING: 'insert into "n\x1b[31m\u202e" default values;\n',
    PLAIN: "comment on table a is '\u2192 \u4e2d';\nselect 1 fro m;\n",
}
LOCALES = ["utf-8:strict", "latin-1", "ascii"]
FOLDER = "l\x1b[31m\u202e\udcff"


@pytest.fixture
def awkward(project: Make) -> Make:
    """A project whose history has all of these names."""

    def make(**environment: str) -> Project:
        made = project(HISTORY, **environment)
        made.write(f"legacy/{BYTES}", "create table a ();\n")
        return made

    return make


def _harmless(told: str) -> bool:
    """Whether no line of it steers a terminal."""
    return all(line.isprintable() for line in told.split("\n"))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("shape", ["text", "markdown", "github"])
def test_people_see_every_name_whatever_the_locale(shape: str, locale: str, awkward: Make) -> None:
    ran = awkward(PYTHONIOENCODING=locale).run("audit", "legacy", "--format", shape)
    assert ran.returncode == 1, ran.stderr
    assert _harmless(ran.stdout)
    assert _harmless(ran.stderr)
    replaced = shape == "text" and locale != "utf-8:strict"
    for name in SHOWN:
        assert (name.encode("ascii", "replace").decode() if replaced else name) in ran.stdout


@pytest.mark.parametrize("locale", LOCALES)
def test_programs_get_every_name_in_json_that_is_utf_8(locale: str, awkward: Make) -> None:
    ran = awkward(PYTHONIOENCODING=locale).run("audit", "legacy", "--format", "json")
    assert _harmless(ran.stdout)
    paths = [file["path"] for file in json.loads(ran.stdout)["files"]]
    assert paths == [SHOWN[0], STEERING, PLAIN]


def test_the_address_of_a_file_is_its_bytes(awkward: Make) -> None:
    ran = awkward().run("audit", "legacy", "--format", "sarif")
    assert _harmless(ran.stdout)
    (told,) = json.loads(ran.stdout)["runs"]
    places = [result["locations"][0]["physicalLocation"] for result in told["results"]]
    uris = {place["artifactLocation"]["uri"] for place in places}
    assert uris >= {f"legacy/{quote(name, errors='surrogateescape')}" for name in (BYTES, STEERING)}
    assert "legacy/1_%FF.sql" in uris


@pytest.mark.parametrize("command", ["plan", "run"])
def test_a_migration_that_nothing_can_name_is_refused(command: str, awkward: Make) -> None:
    ran = awkward().run(command, "legacy")
    assert ran.returncode == 3
    assert r"  1_\xff.sql: its name is not UTF-8" in ran.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["explain", "a\udcff", "legacy"], r"nothing called 'a\xff'"),
        (["graph", "legacy", "--object", "a\udcff"], r"nothing called 'a\xff'"),
    ],
)
def test_no_object_has_a_name_that_is_not_utf_8(
    arguments: list[str], told: str, awkward: Make
) -> None:
    ran = awkward().run(*arguments)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert told in ran.stderr


TOO_LONG = "l" * 300
"""No file system has it, and Linux says so instead of that there is none."""


@pytest.mark.parametrize(
    "arguments",
    [
        *([command, TOO_LONG] for command in ("audit", "plan", "graph")),
        ["audit", "legacy", "--config", TOO_LONG],
        ["explain", "a", TOO_LONG],
        ["diff", TOO_LONG, "legacy"],
        ["verify", "legacy", "--output", TOO_LONG],
    ],
    ids=lambda arguments: " ".join(arguments).replace(TOO_LONG, "X"),
)
def test_a_name_that_is_too_long_is_told(arguments: list[str], project: Make) -> None:
    ran = project({"1.sql": "create table a ();"}).run(*arguments)
    assert ran.returncode == 3, ran.stderr
    assert f"error: {TOO_LONG} can not be used: File name too long\n" in ran.stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"\\i {TOO_LONG}\n", f"1:1  {TOO_LONG} is not in the legacy folder"),
        (r"\i 'a\000'", r"1:1  a\x00 is the name of no file"),
        ("\\copy t from 'a\0'", r"1:1  a\x00 is the name of no file"),
    ],
    ids=("long", "nul", "nul of rows"),
)
def test_an_include_of_what_can_be_no_file_is_told_at_its_place(
    text: str, told: str, project: Make
) -> None:
    ran = project({"1.sql": text}).run("audit", "legacy")
    assert ran.returncode == 1, ran.stderr
    assert told in ran.stdout


def test_an_order_file_that_names_what_can_be_no_file_is_told(project: Make) -> None:
    here = project({"1.sql": ""})
    here.write("order", f"1.sql\n{TOO_LONG}\na\0\n")
    ran = here.run("audit", "legacy", "--order", "order")
    assert ran.returncode == 3
    problems = [f"  order:2:1: {TOO_LONG} does not exist", r"  order:3:1: a\x00 does not exist"]
    assert [line for line in ran.stderr.splitlines() if line.startswith("  ")] == problems


@pytest.mark.parametrize(
    "arguments",
    [
        *([command, FOLDER] for command in ("audit", "plan", "run", "verify", "drill", "graph")),
        *(
            [command, "legacy", f"--{option}", FOLDER]
            for command in ("audit", "plan")
            for option in ("config", "order", "prelude", "runner", "platform", "format")
        ),
        ["audit", "legacy", "--log-file", f"{FOLDER}/a"],
        ["plan", "legacy", "--server", FOLDER],
        ["explain", FOLDER, FOLDER],
        ["explain", FOLDER, "legacy"],
        ["diff", FOLDER, FOLDER],
        ["run", "legacy", "--junit", f"{FOLDER}/a/b"],
        ["verify", "legacy", "--output", FOLDER],
        ["new", "a", "--output", FOLDER],
        ["new", FOLDER],
        ["export", FOLDER, "--to", FOLDER],
        ["cutover", FOLDER],
        ["prelude", FOLDER],
        ["config", "show", "--config", FOLDER],
        [FOLDER],
        ["plan", f"--{FOLDER}"],
        ["audit", "legacy", "--fail-on", FOLDER],
    ],
    ids=lambda arguments: " ".join(arguments).replace(FOLDER, "X"),
)
def test_no_error_passes_on_what_steers_a_terminal(arguments: list[str], project: Make) -> None:
    here = project({"1.sql": "create table a ();"}, PYTHONIOENCODING="utf-8:strict")
    ran = here.run(*arguments)
    assert ran.returncode in {2, 3, 4}, ran.stdout + ran.stderr
    assert _harmless(ran.stderr)
