"""A consolidation after another one: the line of the history has moved on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import HISTORY, Project

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.pg

LATER = """\
CREATE TABLE guests (id int PRIMARY KEY, room int REFERENCES rooms);
CREATE VIEW taken AS SELECT room FROM guests;
"""
BASELINE = "migrations/01_core_tables/20240301_000100_rooms_tables.sql"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    for path, text in HISTORY.items():
        project.write(f"legacy/{path}", text)
    ran = project.run("run", "legacy")
    assert ran.returncode == 0, ran.stderr
    project.write("legacy/20250909_guests.sql", LATER)
    return project


def test_files_and_versions_stay_and_new_ones_follow(project: Project) -> None:
    before = project.files("output")
    ran = project.run("run", "legacy")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "keeps the files of the output that is there; --regroup plans them anew" in ran.stderr
    files = project.files("output")
    assert [path for path in files if path.startswith("migrations/") and path.endswith(".sql")] == [
        BASELINE
    ]
    old, new = (one[BASELINE].decode() for one in (before, files))
    body = old[old.index("CREATE") :].strip()
    assert body in new
    assert "CREATE TABLE guests" in new
    assert project.run("verify", "legacy").returncode == 0
    assert project.run("run", "legacy").returncode == 0
    assert project.files("output") == files


def test_the_plan_keeps_them_too_unless_it_is_asked_to_regroup(project: Project) -> None:
    assert "  20240301_000100_rooms_tables.sql " in project.run("plan", "legacy").stdout
    anew = project.run("plan", "legacy", "--regroup")
    assert "  20250909_000100_rooms_tables.sql " in anew.stdout
    assert "keeps the files" not in anew.stderr
