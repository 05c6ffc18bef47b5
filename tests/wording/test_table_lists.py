from __future__ import annotations

from pathlib import Path

import pglast
import pytest
from pglast import ast

from consolidate.wording.folding.listing import read

_HERE = Path(__file__).parents[1]
_FILES = sorted([*(_HERE / "cases").rglob("*.sql"), *_HERE.parent.glob("legacy_migrations/*.sql")])


def _tables() -> list[str]:
    found = []
    for file in _FILES:
        try:
            text = file.read_text(encoding="utf-8")
            split = pglast.split(text)
        except (UnicodeError, pglast.Error):
            continue
        found += [s for s in split if isinstance(pglast.parse_sql(s)[0].stmt, ast.CreateStmt)]
    return found


def test_no_byte_of_a_table_is_lost_when_its_list_is_taken_apart() -> None:
    read_ones = [(sql, listing) for sql in _tables() if (listing := read(sql)) is not None]

    assert len(read_ones) > 200
    assert [sql for sql, listing in read_ones if listing.sql != sql] == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("CREATE TABLE t (a int)", "CREATE TABLE t (a int, z int)"),
        ("CREATE TABLE t (a int, b int)", "CREATE TABLE t (a int, b int, z int)"),
        ("CREATE TABLE t (\n  a int\n)", "CREATE TABLE t (\n  a int,\n  z int\n)"),
        (
            "CREATE TABLE t (\n  a int -- one\n)",
            "CREATE TABLE t (\n  a int, -- one\n  z int\n)",
        ),
        (
            "CREATE TABLE t (\n  a int, -- one\n  CHECK (a > 0)\n)",
            "CREATE TABLE t (\n  a int, -- one\n  z int,\n  CHECK (a > 0)\n)",
        ),
        (
            "CREATE TABLE t (\n  a int\n, b int\n)",
            "CREATE TABLE t (\n  a int\n, b int\n, z int\n)",
        ),
        ("CREATE TABLE t ()", "CREATE TABLE t (\n    z int\n)"),
    ],
)
def test_a_column_is_added_in_the_habit_of_the_others(before: str, after: str) -> None:
    listing = read(before)

    assert listing is not None
    assert listing.with_column("z int").sql == after


@pytest.mark.parametrize(
    "sql", ["CREATE TABLE t (LIKE u, a int)", "CREATE TABLE t OF u", "CREATE VIEW v AS SELECT (1)"]
)
def test_what_is_no_list_of_columns_and_constraints_is_left_alone(sql: str) -> None:
    assert read(sql) is None
