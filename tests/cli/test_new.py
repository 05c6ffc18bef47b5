"""A migration that is begun here is kept by `run` and tried by `verify`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import HISTORY, Project

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.pg

SERVER = ("--server", "embedded://18")


@pytest.fixture(scope="module")
def consolidated(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("project"))
    for path, text in HISTORY.items():
        project.write(f"legacy_migrations/{path}", text)
    ran = project.run("run", *SERVER)
    assert ran.returncode == 0, ran.stderr
    return project


@pytest.fixture
def project(consolidated: Project, tmp_path: Path) -> Project:
    copy = Project(tmp_path)
    for path, data in consolidated.files().items():
        if path != "told":
            copy.write(path, data.decode())
    return copy


def begun(project: Project, *arguments: str) -> tuple[str, str]:
    ran = project.run("new", *arguments)
    assert ran.returncode == 0, ran.stderr
    migration, rollback = ran.stdout.splitlines()
    return migration, rollback


def test_it_is_kept_and_tried_from_its_first_moment(project: Project) -> None:
    migration, rollback = begun(project, "add notes")
    assert re.fullmatch(r"output/migrations/03_enhancements/\d{8}_\d{6}_add_notes\.sql", migration)
    before = project.files("output")
    ran = project.run("run", *SERVER)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "✓ new           1 new migration applied after the baseline" in ran.stdout
    assert project.files("output") == before
    project.write(migration, "ALTER TABLE rooms ADD note text;\n")
    project.write(rollback, "ALTER TABLE rooms DROP note;\n")
    verified = project.run("verify", *SERVER)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "✓ new " in verified.stdout


def test_one_that_can_not_be_taken_back_is_answered_no(project: Project) -> None:
    migration, _ = begun(project, "add notes")
    project.write(migration, "ALTER TABLE rooms ADD note text;\n")
    verified = project.run("verify", *SERVER)
    assert verified.returncode == 1
    assert "✗ new " in verified.stdout
    assert "column public.rooms.note" in verified.stdout
    before = project.files("output")
    ran = project.run("run", *SERVER)
    assert ran.returncode == 1
    assert project.files("output") == before
    assert project.files("output.unproven") == before


def test_the_versions_rise_even_within_a_second(project: Project) -> None:
    made = [begun(project, f"step {n}", "--at", f"20990101_00000{n}")[0] for n in (1, 2)]
    made.append(begun(project, "step 3")[0])
    assert made[2] == "output/migrations/03_enhancements/20990101_000003_step_3.sql"
    again = project.run("new", "step 4", "--at", "20990101_000003")
    assert again.returncode == 3
    assert "20990101_000003 is not later than 20990101_000003" in again.stderr


def test_a_team_has_templates_of_its_own(project: Project) -> None:
    project.write("mappings.yaml", "templates: {migration: templates/up.sql}\n")
    project.write("templates/up.sql", "-- {{ title }}, by {{ phase }}\n")
    migration, rollback = begun(project, "add notes")
    assert (project.folder / migration).read_text() == "-- Add notes, by 03_enhancements\n"
    shown = project.run("new", "--print-template", "migration")
    assert shown.stdout == "-- {{ title }}, by {{ phase }}\n"
    assert (project.folder / rollback).read_text().startswith("-- Takes back: migrations/")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ((), 2, "A new migration needs a name."),
        (("add notes", "--output", "legacy_migrations"), 3, "holds no manifest.json"),
        (("add notes", "--phase", "00_initial"), 3, "would apply before migrations/01_core_tables"),
    ],
)
def test_what_can_not_begin_leaves_nothing(
    project: Project, arguments: tuple[str, ...], code: int, told: str
) -> None:
    before = project.files()
    ran = project.run("new", *arguments)
    assert (ran.returncode, ran.stdout) == (code, "")
    assert told in ran.stderr
    assert project.files() == before


def test_a_template_that_is_not_there_is_named(project: Project) -> None:
    project.write("mappings.yaml", "templates: {rollback: templates/down.sql}\n")
    ran = project.run("new", "add notes")
    assert ran.returncode == 3
    assert "The template templates/down.sql can not be read" in ran.stderr


def test_a_stray_file_is_foreign_and_the_hint_says_what_to_do(project: Project) -> None:
    project.write("output/migrations/00_initial/20990101_000000_stray.sql", "SELECT 1;\n")
    ran = project.run("run", *SERVER)
    assert ran.returncode == 3
    assert "20990101_000000_stray.sql" in ran.stderr
    assert "`consolidate new` gives it a name that does." in ran.stderr
