from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consolidate import findings, history
from consolidate.errors import InputProblem
from consolidate.model import Runner
from tests.history.folders import empty, found, paths, write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("runner", "up", "down"),
    [
        (Runner.GOOSE, "-- +goose Up", "-- +goose Down"),
        (Runner.DBMATE, "-- migrate:up", "-- migrate:down"),
        (Runner.SQL_MIGRATE, "-- +migrate Up", "-- +migrate Down"),
        (Runner.NODE_PG_MIGRATE, "-- Up Migration", "-- Down Migration"),
        (Runner.TERN, "-- first", "---- create above / drop below ----"),
    ],
)
def test_markers_are_seen_whatever_the_line_ends(
    tmp_path: Path, runner: Runner, up: str, down: str, end: str
) -> None:
    text = end.join(["-- What it is for", up, "SELECT 1;", down, "SELECT 2;", ""])
    (migration,) = history.read(write(tmp_path, {"1_a.sql": text.encode()})).migrations
    assert history.recognise(tmp_path)[0] == runner
    assert "SELECT 1;" in migration.text
    assert "SELECT 2;" not in migration.text
    assert "-- What it is for" in migration.text
    assert migration.text.count(end) == text.count(end)
    assert migration.down is not None
    assert migration.down.text.split() == ["SELECT", "2;"]


def test_a_way_back_in_a_comment_is_no_heading_of_a_runner(tmp_path: Path) -> None:
    text = "CREATE TABLE t (a int);\n-- DOWN MIGRATION\n-- DROP TABLE t;\n"
    (migration,) = history.read(write(tmp_path, {"20240101_a.sql": text})).migrations
    assert history.recognise(tmp_path)[0] == Runner.PLAIN
    assert migration.down is not None
    assert migration.down.text.split() == ["DROP", "TABLE", "t;"]


def test_the_folder_of_a_runner_is_found_below_the_one_that_is_named(tmp_path: Path) -> None:
    text = "-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;\n"
    write(tmp_path, {"db/sql/migrations/1_a.sql": text, "db/seed.sql": "SELECT 3;"})
    write(tmp_path, {"node_modules/other/migrations/1_a.sql": text})
    found = history.home(tmp_path)
    assert found == tmp_path / "db/sql/migrations"
    assert history.home(found) == found
    assert history.home(tmp_path / "gone") == tmp_path / "gone"


def test_several_folders_of_runners_below_are_told(tmp_path: Path) -> None:
    write(tmp_path, {"a/1_x.up.sql": "", "b/1_x/migration.sql": "", "c/1.sql": ""})
    with pytest.raises(InputProblem, match="holds several histories") as caught:
        history.home(tmp_path)
    assert [problem.partition(" (")[0] for problem in caught.value.problems] == [
        f"{tmp_path / 'a'}: runner golang-migrate",
        f"{tmp_path / 'b'}: runner prisma",
    ]
    assert "say `--runner plain` if all of it is one history" in (caught.value.hint or "")
    assert history.home(tmp_path / "c") == tmp_path / "c"


def test_a_runner_that_looks_into_folders_may_take_several_for_one(tmp_path: Path) -> None:
    write(tmp_path, {"all/2024__x.sql": "", "dev/2025__y.sql": "", "notes.sql": ""})
    with pytest.raises(InputProblem, match="holds several histories") as caught:
        history.home(tmp_path)
    assert "say `--runner flyway` if all of it is one history" in (caught.value.hint or "")


def test_hidden_files_installed_packages_and_a_bare_down_file_are_not_applied(
    tmp_path: Path,
) -> None:
    empty(tmp_path, ".a.sql", ".git/b.sql", "node_modules/c.sql", "d/up.sql", "d/down.sql")
    read = history.read(tmp_path, runner=Runner.PLAIN)
    assert paths(read) == ["d/up.sql"]
    assert found(read) == [(findings.DOWN_NOT_APPLIED, "d/down.sql:1:1")]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  -- +goose Up\nSELECT 1;\n", 1),
        ("-- +goose Up\nSELECT 1;\n  -- +goose Down\nSELECT 2;\n", 3),
        ("-- +goose Up\nSELECT 1;\n-- +goose Up\nSELECT 2;\n", 3),
        ("-- +goose Down\nSELECT 2;\n-- +goose Up\nSELECT 1;\n", 1),
    ],
)
def test_annotations_that_goose_stops_on_are_refused(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(InputProblem) as caught:
        history.read(write(tmp_path, {"1_a.sql": text}))
    assert caught.value.problems[0].startswith(f"1_a.sql:{line}:1: ")


def test_everything_behind_terns_separator_is_the_way_back_wherever_it_stands(
    tmp_path: Path,
) -> None:
    text = "SELECT 1; ---- create above / drop below ---- and below\nSELECT 2;\n"
    (migration,) = history.read(write(tmp_path, {"1_a.sql": text})).migrations
    assert migration.text.split() == ["SELECT", "1;"]
