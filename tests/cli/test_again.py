"""A consolidation after another one: the line of the history has moved on."""

from __future__ import annotations

import shutil
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
NOT_YET = (
    "20250909_guests.sql came behind 20240301_Prüfung.sql and is not in the output:"
    " `consolidate run` takes it up"
)
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


def test_of_the_output_of_another_history_nothing_is_kept(project: Project) -> None:
    project.write("other/20200101_rooms.sql", "CREATE TABLE rooms (id int PRIMARY KEY);")
    ran = project.run("plan", "other")
    assert "  20200101_000100_rooms_table.sql " in ran.stdout
    assert "keeps the files" not in ran.stderr
    assert "warning" not in ran.stderr


# -- the line ---------------------------------------------------------------------------------


def lines(text: str, mark: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(mark)]


def test_a_migration_that_came_since_is_told_and_the_rest_is_proven(project: Project) -> None:
    ran = project.run("verify", "legacy")
    assert ran.returncode == 1
    assert lines(ran.stdout, "✗") == [
        "✗ manifest      legacy files new since: 20250909_guests.sql",
        "✗ line          " + NOT_YET,
    ]


def test_one_below_the_line_is_told_to_verify_and_to_run(project: Project) -> None:
    (project.folder / "legacy/20250909_guests.sql").rename(
        project.folder / "legacy/20240201_guests.sql"
    )
    told = (
        "20240201_guests.sql sorts at or below 20240301_Prüfung.sql, up to which the output is"
        " consolidated: no database that has the baseline gets it; give it a later version"
    )
    ran = project.run("verify", "legacy")
    assert ran.returncode == 1
    assert lines(ran.stdout, "✗")[1:] == [f"✗ line          {told}"]
    assert f"warning: {told}" in project.run("plan", "legacy").stderr


def test_what_is_behind_the_line_stays_as_it_is_and_is_proven(project: Project) -> None:
    ran = project.run("run", "legacy", "--through", "20240301_Prüfung")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "through 20240301_Prüfung.sql: 1 migration behind it stays as it is" in ran.stderr
    (proven,) = lines(ran.stdout, "✓ tail")
    assert "1 legacy migration applied behind the baseline: " in proven
    files = project.files("output")
    assert files["tail/20250909_guests.sql"] == LATER.encode()
    assert b"guests" not in files[BASELINE]
    assert b"- `20250909_guests.sql`" in files["migrations/README.md"]
    assert project.run("verify", "legacy").returncode == 0
    told = project.run("explain", "guests", "legacy").stdout
    assert "In output\n  tail/20250909_guests.sql  stays as it is\n" in told
    new = project.run("new", "add_rooms")
    assert new.returncode == 3
    assert "The output has a tail" in new.stderr


def test_the_line_is_told_where_it_is_gone_or_moved(project: Project) -> None:
    assert project.run("run", "legacy", "--through", "20240301_Prüfung").returncode == 0
    planned = project.run("plan", "legacy")
    assert "the tail of the output is taken up: its line was 20240301_Prüfung.sql" in planned.stderr
    (project.folder / "legacy/20240301_Prüfung.sql").rename(
        project.folder / "legacy/20240302_x.sql"
    )
    (project.folder / "legacy/20250909_guests.sql").unlink()
    ran = project.run("verify", "legacy")
    assert ran.returncode == 1
    manifest, line = lines(ran.stdout, "✗")[1:]
    assert manifest.endswith(
        "legacy files gone since: 20250909_guests.sql; legacy files renamed since:"
        " 20240301_Prüfung.sql → 20240302_x.sql"
    )
    assert line.endswith(
        "20240301_Prüfung.sql, the last migration that was consolidated, is called 20240302_x.sql"
        " now: give it its name back; 20250909_guests.sql stays behind the line and is not in the"
        " legacy folder any more: take it back from version control, or `consolidate run` leaves it"
        " out, if no database has applied it"
    )


def test_when_the_line_moves_on_over_the_tail_names_stay(tmp_path: Path) -> None:
    here = Project(tmp_path)
    for path, text in {**HISTORY, "20250909_guests.sql": LATER}.items():
        here.write(f"legacy/{path}", text)
    assert here.run("run", "legacy", "--through", "20240301_Prüfung").returncode == 0
    assert "  20240301_000100_rooms_tables.sql " in here.run("plan", "legacy").stdout


def test_a_tail_that_was_edited_is_no_proof(project: Project) -> None:
    assert project.run("run", "legacy", "--through", "20240301_Prüfung.sql").returncode == 0
    project.write("output/tail/20250909_guests.sql", LATER + "DROP VIEW taken;")
    ran = project.run("verify", "legacy")
    assert ran.returncode == 1
    assert "output files changed since: tail/20250909_guests.sql" in ran.stdout
    assert len(lines(ran.stdout, "✓ tail")) == 1  # what the legacy folder has, on what is proven


def test_a_tail_that_does_not_fit_the_baseline_is_told(project: Project) -> None:
    """It looks at the names of files that stand no more: only the whole history builds that."""
    project.write(
        "legacy/20250910_counts.sql",
        "CREATE TABLE columns AS SELECT attname, attnum FROM pg_attribute"
        " WHERE attrelid = 'keys'::regclass AND attnum > 0;",
    )
    project.write(
        "legacy/20240302_room.sql",
        "ALTER TABLE keys ADD gone int; ALTER TABLE keys DROP gone; ALTER TABLE keys ADD here int;",
    )
    for path in ("output", "legacy/20250909_guests.sql"):
        shutil.rmtree(project.folder / path, ignore_errors=True)
    (project.folder / "legacy/20250909_guests.sql").unlink()
    ran = project.run("run", "legacy", "--through", "20240302_room.sql")
    assert ran.returncode == 1, ran.stdout
    assert len(lines(ran.stdout, "✗ tail")) == 1
    assert (project.folder / "output.unproven/tail/20250910_counts.sql").is_file()


def test_where_the_line_is_can_be_configured(project: Project) -> None:
    project.write("mappings.yaml", "legacy: {path: legacy, through: 20240301_Prüfung.sql}\n")
    assert project.run("run").returncode == 0
    assert "tail/20250909_guests.sql" in project.files("output")


@pytest.mark.parametrize(
    ("through", "told"),
    [
        ("20240201_keys.sql", "no legacy migration is called 20240201_keys.sql; did you mean"),
        ("nothing_like_it", "no legacy migration is called nothing_like_it\n"),
    ],
)
def test_a_line_that_is_none_is_an_error(project: Project, through: str, told: str) -> None:
    ran = project.run("plan", "legacy", "--through", through)
    assert ran.returncode == 3
    assert told in ran.stderr


def test_rows_that_the_tail_needs_stay_in_front_of_it(project: Project) -> None:
    """Seeds come last: the tail would find no rows to change, or to point at."""
    project.write(
        "legacy/20240401_reference.sql",
        "CREATE TABLE floors (id int PRIMARY KEY, name text);\n"
        "CREATE TABLE colours (name text PRIMARY KEY);\n"
        "CREATE TABLE moods (name text PRIMARY KEY);\n"
        "INSERT INTO floors VALUES (1, 'ground');\n"
        "INSERT INTO colours VALUES ('red');\n"
        "INSERT INTO moods VALUES ('calm');\n",
    )
    project.write(
        "legacy/20250910_floors.sql",
        "UPDATE floors SET name = 'first';\n"
        "CREATE TABLE walls (colour text REFERENCES colours);\n"
        "INSERT INTO walls VALUES ('red');\n",
    )
    project.write(
        "mappings.yaml",
        "legacy: {path: legacy, through: 20240401_reference.sql}\n"
        "seeds:\n  - {file: 01_reference, tables: [floors, colours, moods], tag: reference}\n",
    )
    shutil.rmtree(project.folder / "output")
    ran = project.run("run")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    told = " in migrations/: 20250910_floors.sql:"
    assert [line.split(told)[1] for line in ran.stdout.splitlines() if told in line] == [
        "1, which stays as it is, reads or writes them",
        "3, which stays as it is, writes rows that point at them",
    ]
    assert len(lines(ran.stdout, "✓ tail")) == 1
    seed = project.files("output")["seed/01_reference.sql"]
    assert (b"moods" in seed, b"floors" in seed, b"colours" in seed) == (True, False, False)


def test_a_mapping_that_was_edited_is_told(project: Project) -> None:
    asked = (
        "legacy: legacy\ngroups:\n  - {name: rooms, phase: 01_core_tables, objects: [public.*]}\n"
    )
    project.write("mappings.yaml", asked)
    assert project.run("run").returncode == 0
    project.write("mappings.yaml", asked.replace("rooms", "chambers"))
    (told,) = lines(project.run("verify").stdout, "✗")
    assert told.startswith("✗ reproducible  rendered again, these files differ: manifest.json, mig")
    assert told.endswith("; mappings.yaml has changed since: `consolidate run` writes what it says")
    (project.folder / "legacy/20250909_guests.sql").unlink()
    project.write("mappings.yaml", asked.replace("public.*", "view public.taken"))
    ran = project.run("verify")
    assert ran.returncode == 3
    assert "the history builds nothing of that name" in ran.stderr
    assert (
        "warning: 20250909_guests.sql, the last migration that was consolidated, is" in ran.stderr
    )
    project.write("legacy/20250909_guests.sql", LATER)
    (told,) = lines(project.run("verify", "legacy", "--no-config").stdout, "✗ reproducible")
    assert told.endswith("; it was made with mappings.yaml, which is not in force now")
