"""Expressions in the authors' own text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from consolidate.model import ObjectId, StatementId
from consolidate.wording import expressions
from tests.render.conftest import Maker

if TYPE_CHECKING:
    from consolidate.truth import Truth

TABLE = ObjectId("table", "public.rooms")
CASE = "(CASE WHEN b IS NOT NULL THEN 1 END)"


def truth(sql: str, creates: ObjectId, *touches: str, by: str = "0001#1") -> Truth:
    """A history in which a statement made something and others touched the table later."""
    seen = replace(Maker.trace({TABLE: touches}), created={creates: StatementId(by)})
    return Maker().truth({"1.sql": sql}, trace=seen)


def check(
    sql: str, deparsed: str, *touches: str, name: str = "c", by: str = "0001#1"
) -> str | None:
    constraint = ObjectId("table constraint", f"{name} on public.rooms")
    return expressions.check(truth(sql, constraint, *touches, by=by), TABLE, name, deparsed)


def default(sql: str, *touches: str, column: str = "a", by: str = "0001#1") -> str | None:
    value = ObjectId("default value", f"for public.rooms.{column}")
    return expressions.default(truth(sql, value, *touches, by=by), TABLE, column)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("CREATE TABLE rooms (a text CONSTRAINT c CHECK (a IN ('x', ')')))", "a IN ('x', ')')"),
        ("CREATE TABLE rooms (a text, CONSTRAINT c CHECK ( (a) <> '' ))", "(a) <> ''"),
        ("CREATE TABLE rooms (é text DEFAULT 'ü', a text CHECK (a <> ''))", "a <> ''"),
        ("ALTER TABLE rooms ADD CONSTRAINT c CHECK (a <> '') NOT VALID", "a <> ''"),
        ("ALTER TABLE rooms ADD COLUMN a text DEFAULT f(1) CHECK (a <> '')", "a <> ''"),
        ("ALTER TABLE rooms ADD b int, ADD CHECK (a <> '')", "a <> ''"),
    ],
)
def test_a_check_is_found_where_its_author_wrote_it(sql: str, expected: str) -> None:
    assert check(sql, "(a = ANY (ARRAY['x'::text]))") == expected


def test_a_check_about_other_columns_is_another_one() -> None:
    sql = "CREATE TABLE rooms (a int CHECK (a > 0), b int CHECK (b > 1))"
    assert check(sql, "b > 1") == "b > 1"
    assert check(sql, "((a > 0) AND (b > 1))") is None


def test_a_named_check_is_not_taken_for_another() -> None:
    sql = "CREATE TABLE rooms (a int CONSTRAINT d CHECK (a > 0) CONSTRAINT c CHECK (a > 1))"
    assert check(sql, "(a > 1)") == "a > 1"


def test_two_checks_of_one_column_are_told_apart() -> None:
    sql = "CREATE TABLE rooms (a int CHECK (a > 0) CHECK (a < 10))"
    assert check(sql, "(a > 0)", name="rooms_a_check") == "a > 0"
    assert check(sql, "(a < 10)", name="rooms_a_check1") in {"a < 10", None}


def test_a_check_speaks_of_columns_by_their_names_of_today() -> None:
    sql = (
        "CREATE TABLE rooms (a text, CONSTRAINT c CHECK (a <> 'a' AND lower(a) <> t.a));"
        'ALTER TABLE rooms RENAME a TO "B"'
    )
    told = check(sql, "\"B\" <> ''", "0001#2")
    assert told == """"B" <> 'a' AND lower("B") <> t.a"""


def test_a_check_without_a_known_author_has_no_text() -> None:
    history = truth("SELECT 1", ObjectId("table constraint", "other on public.rooms"))
    assert expressions.check(history, TABLE, "c", "a > 0") is None
    assert check("DO 'BEGIN END'", "a > 0") is None


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("CREATE TABLE rooms (a int DEFAULT 3, b int DEFAULT 4)", "3"),
        ("CREATE TABLE rooms (é text DEFAULT 'ü, (', a text DEFAULT 'ö' NOT NULL)", "'ö'"),
        ("CREATE TABLE rooms (a text NOT NULL DEFAULT 'NOT NULL' CHECK (a <> ''))", "'NOT NULL'"),
        ("CREATE TABLE rooms (a timestamptz DEFAULT now()) WITH (fillfactor = 70)", "now()"),
        ("CREATE TABLE rooms (b int DEFAULT 4)", None),
        ("ALTER TABLE rooms ADD COLUMN a int DEFAULT 1 + 2 NOT NULL", "1 + 2"),
        ("ALTER TABLE rooms ALTER a SET DEFAULT (CASE WHEN b IS NOT NULL THEN 1 END)", CASE),
        ("ALTER TABLE rooms ALTER b SET DEFAULT 3", None),
        ("ALTER TABLE rooms ALTER a SET DEFAULT 3, ALTER b SET DEFAULT 4", None),
        ('ALTER TABLE rooms ALTER a SET DEFAULT "default"()', '"default"()'),
    ],
)
def test_a_default_is_found_where_its_author_wrote_it(sql: str, expected: str | None) -> None:
    assert default(sql) == expected


def test_a_default_belongs_to_the_column_under_its_name_of_today() -> None:
    sql = "CREATE TABLE rooms (b int DEFAULT 3, a int DEFAULT 4);ALTER TABLE rooms RENAME a TO c"
    assert default(sql, "0001#2", column="c") == "4"
    assert default(sql, "0001#2", column="b") == "3"


def test_a_comment_behind_a_default_is_no_part_of_it() -> None:
    told = default("CREATE TABLE rooms (a int DEFAULT 3 -- as agreed\n    NOT NULL, b int)")
    assert told is not None
    assert f"{told} NOT NULL".endswith("3 NOT NULL")


def test_only_renames_after_the_statement_count() -> None:
    sql = (
        "CREATE TABLE rooms (a int);"
        "ALTER TABLE rooms RENAME a TO b;"
        "ALTER TABLE rooms RENAME b TO c;"
        "ALTER TABLE rooms RENAME TO halls;"
        "ALTER TABLE halls RENAME CONSTRAINT x TO y;"
    )
    history = truth(sql, TABLE, "0001#2", "0001#3", "0001#4", "0001#5")

    def since(number: int) -> str | None:
        found = expressions.renames_since(history, TABLE, StatementId(f"0001#{number}"))
        assert "x" not in found
        return found.get("a") or found.get("b")

    assert [since(number) for number in (1, 2, 3)] == ["c", "c", None]
    assert "a" not in expressions.renames_since(history, TABLE, StatementId("0001#2"))
