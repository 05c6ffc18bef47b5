"""A mapping is begun, changed by hand, and added to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from consolidate import config, manifest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Project

    Make = Callable[..., Project]

pytestmark = pytest.mark.pg

SERVER = ("--server", "embedded://18")
LATER = """\
CREATE TABLE visitors (id int PRIMARY KEY, name text);
CREATE TABLE visits (id int PRIMARY KEY, visitor_id int REFERENCES visitors);
"""


def written(project: Project, folder: str) -> dict[str, bytes]:
    found = project.files(folder)
    return {path: data for path, data in found.items() if path not in manifest.OUTSIDE}


def test_a_run_with_it_writes_what_a_run_without_one_does(project: Make) -> None:
    there = project()
    alone = there.run("run", "legacy", "--output", "alone", *SERVER)
    assert alone.returncode == 0, alone.stderr
    begun = there.run("init", "legacy", *SERVER)
    assert begun.returncode == 0, begun.stderr
    assert begun.stdout.splitlines()[-1] == "Begun: mappings.yaml, 1 group for 2 objects."
    lines = (there.folder / "mappings.yaml").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# yaml-language-server: $schema=mappings.schema.json"
    assert (there.folder / "mappings.schema.json").read_text(encoding="utf-8") == config.schema()
    assert "  path: legacy" in lines
    assert "  # 2 tables: 1 foreign key; made in 2 files, 2024-01 to 2024-02" in lines
    mapped = there.run("run")
    assert mapped.returncode == 0, mapped.stderr
    assert written(there, "output") == written(there, "alone")
    before = there.files()
    again = there.run("init")
    assert again.stdout == "Nothing to add: the groups of mappings.yaml claim every object.\n"
    assert there.files() == before


def test_what_is_new_is_added_and_every_other_byte_stays(project: Make) -> None:
    there = project()
    assert there.run("init", "legacy", *SERVER).returncode == 0
    path = there.folder / "mappings.yaml"
    edited = path.read_bytes().replace(b"# What a team", b"# mine: \xc3\xbc\r\n\n# What a team")
    edited = edited.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    path.write_bytes(edited)
    there.write("legacy/20240401_visitors.sql", LATER)
    shown = there.run("init", "--print")
    assert path.read_bytes() == edited
    added = there.run("init")
    assert added.returncode == 0, added.stderr
    assert added.stdout.splitlines()[-1] == "Added to: mappings.yaml, 1 group for 2 objects."
    longer = path.read_bytes()
    new = shown.stdout.encode().replace(b"\n", b"\r\n")
    assert longer.replace(b"\r\n" + new, b"", 1) == edited
    assert longer.index(new) < longer.index(b"# mine")
    assert b"      - table public.visits\r\n" in new
    assert "Nothing to add" in there.run("init").stdout
    ran = there.run("plan")
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("text", ["", "# ours\r\n---\r\n# yours", "\ufeff# ours\n"])
def test_a_mapping_that_says_nothing_is_begun_behind_its_comments(project: Make, text: str) -> None:
    there = project()
    begun = there.run("init", "legacy", "--print", *SERVER)
    there.write("mappings.yaml", text)
    shown = there.run("init", "legacy", "--print", *SERVER)
    ran = there.run("init", "legacy", *SERVER)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[-1] == "Begun: mappings.yaml, 1 group for 2 objects."
    kept = text.removeprefix("\ufeff").rstrip().replace("\r\n", "\n")
    assert shown.stdout == (f"{kept}\n{begun.stdout}" if kept else begun.stdout)
    found = (there.folder / "mappings.yaml").read_bytes().decode()
    end = "\r\n" if "\r\n" in text else "\n"
    assert found == shown.stdout.replace("\n", end)
    assert (there.folder / "mappings.schema.json").exists()
    assert "Nothing to add" in there.run("init").stdout


def test_what_is_asked_for_and_not_added_to_a_mapping_that_is_there_is_told(
    project: Make,
) -> None:
    there = project()
    there.write("mappings.yaml", "legacy: {path: legacy, through: 20240101_rooms.sql}\n")
    line = ("--through", "20240201 keys.sql")
    told = there.run("init", *line, "--output", "built", "--platform", "plain", *SERVER)
    assert told.returncode == 0, told.stderr
    said = "mappings.yaml says otherwise, and only groups are added to it: "
    (found,) = (one for one in told.stderr.splitlines() if one.startswith(f"warning: {said}"))
    assert found.removeprefix(f"warning: {said}") == (
        "legacy.through: 20240201 keys.sql, output: built, platform: plain"
    )
    there.write("mappings.yaml", "legacy: {path: legacy, through: 20240201 keys.sql}\n")
    assert said not in there.run("init", *line, "--output", "output", *SERVER).stderr


def test_what_would_be_written_can_be_looked_at(project: Make) -> None:
    there = project()
    before = there.files()
    shown = there.run("init", "legacy", "--print", "--output", "built", *SERVER)
    assert shown.stdout.startswith("# yaml-language-server: ")
    assert "output: built\n" in shown.stdout
    assert 'servers: ["embedded://18"]\n' in shown.stdout
    told = there.run("init", "legacy", "--print", "--format", "json", *SERVER)
    answer = json.loads(told.stdout)
    assert (answer["format"], answer["new"], answer["path"]) == (
        "consolidate/init@1",
        True,
        "mappings.yaml",
    )
    assert answer["groups"][0]["objects"] == ["table public.rooms", "table public.keys"]
    assert answer["text"].splitlines()[0] == shown.stdout.splitlines()[0]
    assert there.files() == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["legacy", "--config", "legacy/mappings.yaml"], "would be in the legacy folder legacy"),
        (["legacy", "-C", "legacy"], "legacy is not a folder"),
        (["../legacy", "-C", "else"], "is not below"),
        (["legacy", "--config", "m.yaml"], "m.yaml speaks of other, not of legacy"),
        (["legacy", "--no-config", "-C", "has"], "mappings.yaml is there already"),
        (["--config", "bad.yaml"], "bad.yaml can not be used"),
    ],
)
def test_what_it_can_not_do_is_told_and_nothing_is_written(
    project: Make, arguments: list[str], told: str
) -> None:
    there = project()
    there.write("else/x", "")
    there.write("m.yaml", "legacy: other\n")
    there.write("bad.yaml", "groups: 3\n")
    there.write("has/mappings.yaml", "legacy: legacy\n")
    for path in ("has/legacy/1.sql", "other/1.sql"):
        there.write(path, "CREATE TABLE a (id int);\n")
    before = there.files()
    ran = there.run("init", *arguments, *SERVER)
    assert (ran.returncode, ran.stdout) == (3, "")
    assert told in ran.stderr
    assert there.files() == before


def test_groups_in_brackets_are_left_to_their_owner(project: Make) -> None:
    there = project()
    there.write("legacy/20240401_visitors.sql", LATER)
    there.write(
        "mappings.yaml",
        "legacy: legacy\n"
        "groups: [{name: rooms, phase: 01_core_tables, objects: [table public.rooms]}]\n",
    )
    before = there.files()
    ran = there.run("init", *SERVER)
    assert ran.returncode == 3
    assert "mappings.yaml:2:1: groups" in ran.stderr
    assert there.files() == before
    shown = there.run("init", "--print", *SERVER)
    assert "  - name: rooms\n    objects:\n      - table public.keys\n" in shown.stdout
    assert "      - table public.visits\n" in shown.stdout


def test_what_is_tied_to_a_group_joins_it_and_no_file_changes(project: Make) -> None:
    there = project()
    there.write(
        "mappings.yaml",
        "legacy: legacy\ngroups:\n  - name: rooms  # mine\n    phase: 01_core_tables\n"
        "    objects:\n      - table public.rooms  # first\n",
    )
    planned = there.run("plan", *SERVER).stdout
    assert "that no group claims" in planned
    told = json.loads(there.run("init", "--print", "--format", "json", *SERVER).stdout)
    assert (told["groups"], told["joining"]) == ([], {"rooms": ["table public.keys"]})
    before = (there.folder / "mappings.yaml").read_text(encoding="utf-8")
    ran = there.run("init", *SERVER)
    assert ran.stdout == (
        "rooms gets table public.keys\n"
        "Added to: mappings.yaml, 1 object to 1 group that was there.\n"
    )
    after = (there.folder / "mappings.yaml").read_text(encoding="utf-8")
    assert after == f"{before}      - table public.keys\n"
    again = there.run("plan", *SERVER).stdout
    assert again.splitlines()[-1] == planned.splitlines()[-1]
    assert "that no group claims" not in again
