"""The way back that stands in comments: where one is seen, what of it is SQL, and where it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consolidate import findings, history
from consolidate.downs import scripts
from consolidate.history import commented
from consolidate.model import Runner
from tests.history.folders import write

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATE = """\
-- ============================================
-- MIGRATION UP
-- ============================================
BEGIN;
CREATE TABLE rooms (id int);
COMMIT;

-- ============================================
-- MIGRATION DOWN (Rollback)
-- ============================================

-- Uncomment to rollback:
/*
BEGIN;

-- Reverse Step 1
DROP TABLE rooms;

COMMIT;
*/

-- ============================================
-- NOTES
-- ============================================
-- Dependencies: none
/* DROP nothing else */
"""


def words(text: str) -> str:
    """What is kept of a text, in one line."""
    return " ".join(commented.down(text).split())


def test_the_block_of_the_template_is_read_in_its_place(tmp_path: Path) -> None:
    (migration,) = history.read(write(tmp_path, {"a.sql": TEMPLATE})).migrations
    assert migration.text == TEMPLATE
    assert migration.down is not None
    assert migration.down.commented
    assert words(TEMPLATE) == "BEGIN; -- Reverse Step 1 DROP TABLE rooms; COMMIT;"
    assert migration.down.text == commented.down(TEMPLATE)
    assert len(migration.down.text) == len(TEMPLATE)
    (script,) = scripts.read(history.read(tmp_path))
    assert [(str(one.span), one.sql) for one in script.commands] == [
        ("a.sql:17:1", "DROP TABLE rooms")
    ]


LINES = """\
CREATE TABLE rooms (id int);
-- == ROLLBACK SCRIPT (manual) ==
-- Run this by hand, and update the ticket.
-- BEGIN;
-- DROP TABLE
--   rooms; -- and nothing else
-- Create a backup before.
--UPDATE keys
--  SET room = ';'
--  WHERE id = 1;
-- DO $$ BEGIN
--   PERFORM 1;
-- END $$;
-- COMMIT;
-- ---------
-- Drop table rooms was asked for by the DBA;
"""


def test_of_line_comments_those_are_taken_that_a_statement_stands_in() -> None:
    assert words(LINES) == (
        "BEGIN; DROP TABLE rooms; -- and nothing else UPDATE keys SET room = ';' WHERE id = 1;"
        " DO $$ BEGIN PERFORM 1; END $$; COMMIT;"
    )


@pytest.mark.parametrize(
    "heading",
    [
        "-- MIGRATION DOWN (Rollback)",
        "-- Down Migration",
        "-- down",
        "--- ROLLBACK ---",
        "-- Rollback SQL:",
        "-- To roll back this change, run:",
        "-- For rollback only:",
        "-- # Undo",
        "-- REVERT STEPS (in this order):",
    ],
)
@pytest.mark.parametrize("block", [True, False])
def test_a_heading_says_that_the_way_back_follows(heading: str, *, block: bool) -> None:
    below = "/* DROP TABLE rooms; */" if block else "-- DROP TABLE rooms;"
    assert words(f"CREATE TABLE rooms (id int);\n{heading}\n{below}\n") == "DROP TABLE rooms;"


@pytest.mark.parametrize(
    "line",
    [
        "-- Rollback is not possible",
        "-- ROLLBACK;",
        "-- Drop down list",
        "-- The countdown",
        "-- MIGRATION UP",
        "-- Undo log of the court",
        "SELECT 1; -- Rollback",
        "SELECT '\n-- ROLLBACK\n' AS text;",
    ],
)
def test_other_lines_are_no_heading(line: str) -> None:
    assert words(f"{line}\n-- DROP TABLE rooms;\n/* DROP TABLE keys; */\n") == ""


def test_a_block_may_begin_with_its_own_heading() -> None:
    text = "CREATE TABLE a (id int);\n/*\n  ROLLBACK:\nDROP TABLE a;\n*/\n/* DROP TABLE b; */"
    assert words(text) == "DROP TABLE a; DROP TABLE b;"
    assert words("/* Made by hand.\nROLLBACK:\nDROP TABLE a; */") == ""


def test_a_section_ends_where_statements_begin_again() -> None:
    text = "-- Rollback\n-- DROP TABLE a;\nCREATE TABLE a (id int);\n-- DROP TABLE b;\n"
    assert words(text) == "DROP TABLE a;"


@pytest.mark.parametrize("end", ["-- NOTES", "-- ======", "-- MIGRATION UP"])
def test_a_section_ends_at_a_rule_or_at_another_heading(end: str) -> None:
    text = f"-- Rollback\n-- DROP TABLE a;\n{end}\n-- DROP TABLE b;\n/* all of it */\n"
    assert words(text) == "DROP TABLE a;"


def test_rows_of_a_copy_are_no_comments() -> None:
    text = "COPY t FROM stdin;\n-- Rollback\n/* DROP TABLE t; */\n\\.\nSELECT 1;\n"
    assert words(text) == ""


def test_the_way_back_that_a_runner_knows_comes_first(tmp_path: Path) -> None:
    marked = "-- +goose Up\nSELECT 1;\n-- Rollback\n-- SELECT 2;\n-- +goose Down\nSELECT 3;\n"
    (one,) = history.read(write(tmp_path / "a", {"1_a.sql": marked})).migrations
    assert one.down is not None
    assert not one.down.commented
    assert one.down.text.split() == ["SELECT", "3;"]
    beside = {"a.sql": TEMPLATE, "a.down.sql": "SELECT 4;"}
    (two,) = history.read(write(tmp_path / "b", beside), runner=Runner.PLAIN).migrations
    assert two.down is not None
    assert (two.down.path, two.down.text) == ("a.down.sql", "SELECT 4;")


def test_what_is_no_sql_is_told_with_its_place(tmp_path: Path) -> None:
    text = "SELECT 1;\n-- Rollback\n/*\nask the DBA\n*/\n"
    (script,) = scripts.read(history.read(write(tmp_path, {"a.sql": text})))
    assert script.problems == ('a.sql:4:1: syntax error at or near "ask"',)
    (told,) = scripts.unreadable([script])
    assert (told.code, str(told.span)) == (findings.DOWN_NOT_READ, "a.sql:4:1")
