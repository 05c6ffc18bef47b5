"""The sample's README says where each hazard stands; here is checked that it is so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from pglast import parse_sql
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
LEGACY = ROOT / "legacy_migrations"
KEY_FILES = (
    "20250713_keys_table.sql",
    "20250714_key_assignments.sql",
    "20250715_key_requests.sql",
    "20250716_key_orders.sql",
    "20250717_key_audit.sql",
)


class Row(NamedTuple):
    hazard: str
    file: str
    line: int
    word: str


def _rows(readme: str) -> tuple[Row, ...]:
    """The table's rows; an empty first cell means the hazard of the row above."""
    rows: list[Row] = []
    for cells in re.findall(r"^\| (.*?) \| `(\S+):(\d+)` \| `([^`]+)` \|", readme, re.MULTILINE):
        hazard, file, line, word = cells
        rows.append(Row(hazard.strip() or rows[-1].hazard, file, int(line), word))
    return tuple(rows)


def _text(file: str) -> str:
    return (LEGACY / file).read_bytes().decode("utf-8-sig")


def _problem(row: Row) -> str | None:
    """Why a row is wrong, or nothing."""
    if not (LEGACY / row.file).is_file():
        return f"no file {row.file}"
    lines = _text(row.file).splitlines()
    if not 1 <= row.line <= len(lines):
        return f"{row.file} has no line {row.line}"
    if row.word.lower() not in lines[row.line - 1].lower():
        return f"{row.file}:{row.line} does not say {row.word}"
    return None


ROWS = _rows((LEGACY / "README.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.file}:{row.line}")
def test_the_named_line_has_the_named_word(row: Row) -> None:
    assert _problem(row) is None


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (Row("h", "20990101_none.sql", 1, "x"), "no file 20990101_none.sql"),
        (Row("h", KEY_FILES[0], 999, "x"), f"{KEY_FILES[0]} has no line 999"),
        (Row("h", KEY_FILES[0], 1, "DROP"), f"{KEY_FILES[0]}:1 does not say DROP"),
    ],
)
def test_a_row_that_is_wrong_is_noticed(row: Row, problem: str) -> None:
    assert _problem(row) == problem


def test_every_line_of_the_table_is_read() -> None:
    table = (LEGACY / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(ROWS) == sum(line.startswith("|") and ".sql:" in line for line in table)


def test_the_table_and_the_expected_facts_speak_of_the_same_hazards() -> None:
    data = YAML(typ="safe").load(ROOT / "tests" / "hazards" / "hazards.yaml")
    assert list(dict.fromkeys(h["hazard"] for h in data)) == list(
        dict.fromkeys(row.hazard for row in ROWS)
    )


def test_there_are_at_least_48_files() -> None:
    assert len(list(LEGACY.glob("*.sql"))) >= 48


@pytest.mark.parametrize("file", KEY_FILES)
def test_the_key_files_of_the_story_are_there(file: str) -> None:
    assert (LEGACY / file).is_file()


def test_two_files_are_of_one_date() -> None:
    dates = [file.name[:8] for file in LEGACY.glob("*.sql")]
    assert len(set(dates)) < len(dates)


def test_the_windows_file_has_its_byte_order_mark_and_line_ends() -> None:
    content = (LEGACY / "20241015_capacity_int.sql").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n") > 0


def test_no_other_file_has_carriage_returns_or_a_byte_order_mark() -> None:
    odd = [
        file.name
        for file in sorted(LEGACY.glob("*.sql"))
        if b"\r" in file.read_bytes() or b"\xef\xbb\xbf" in file.read_bytes()
    ]
    assert odd == ["20241015_capacity_int.sql"]


def test_only_the_comment_file_holds_no_statement() -> None:
    empty = [f.name for f in sorted(LEGACY.glob("*.sql")) if not parse_sql(_text(f.name))]
    assert empty == ["20250317_todo.sql"]


def test_git_never_touches_the_line_ends() -> None:
    attributes = (ROOT / ".gitattributes").read_text(encoding="utf-8").splitlines()
    assert "legacy_migrations/** -text" in attributes
