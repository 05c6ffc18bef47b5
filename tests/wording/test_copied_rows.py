"""COPY rows as INSERT statements; that the server reads both alike is a case's to show."""

from __future__ import annotations

import pytest

from consolidate import statements
from consolidate.model import Migration
from consolidate.wording.copied import as_insert


def insert(copy: str, rows: str) -> str | None:
    text = f"{copy};\n{rows}\\."
    parsed = statements.parse(Migration(number=1, path="a", version="", text=text, sha256=""))
    return as_insert(parsed[0])


@pytest.mark.parametrize(
    ("options", "rows", "values"),
    [
        ("", "1\t\\N\n", ["'1', NULL"]),
        ("", "a\\nb\\\\c\\x41\\102\\q\tit's\n", ["E'a\nb\\\\cABq', 'it''s'"]),
        ("", "\t\r\n1\t2\r\n", ["'', ''", "'1', '2'"]),
        ("", "a\\\nb\n", ["'a\nb'"]),
        ("", "\n", ["''"]),
        ("WITH (DELIMITER '|', NULL 'x')", "1|x\n\\||2\n", ["'1', NULL", "'|', '2'"]),
        ("WITH (HEADER true)", "a\n1\n", ["'1'"]),
        ("CSV", '1,,""\n', ["'1', NULL, ''"]),
        ("CSV HEADER", 'a\n"x, ""y""\n"\r\n', ["'x, \"y\"\n'"]),
        ("CSV DELIMITER ';' QUOTE '|' ESCAPE '!'", "|a!|b|;c|d;|e\n", [r"'a|b', 'cd;e'"]),
        ("(FORMAT csv, NULL 'none')", 'none,"none",\n', ["NULL, 'none', ''"]),
        ("(FORMAT csv, FREEZE false)", 'a,"b"c\n\\N,\n', ["'a', 'bc'", r"E'\\N', NULL"]),
    ],
)
def test_each_row_is_a_list_of_constants(options: str, rows: str, values: list[str]) -> None:
    lines = ",\n".join(f"    ({row})" for row in values)
    assert insert(f'COPY s."T" (a, "b c") FROM stdin {options}', rows) == (
        f'INSERT INTO s."T" (a, "b c") OVERRIDING SYSTEM VALUE VALUES\n{lines}'
    )


def test_the_columns_are_named_if_the_author_named_them() -> None:
    assert insert("COPY t FROM stdin", "1\n") == (
        "INSERT INTO t OVERRIDING SYSTEM VALUE VALUES\n    ('1')"
    )


@pytest.mark.parametrize("copy", ["COPY t FROM stdin", "COPY t FROM stdin CSV HEADER"])
def test_no_rows_need_no_statement(copy: str) -> None:
    assert insert(copy, "a\n" if "HEADER" in copy else "") == ""


@pytest.mark.parametrize(
    "copy",
    [
        "COPY t FROM stdin WHERE a > 1",
        "COPY t FROM stdin (FORMAT binary)",
        "COPY t FROM stdin (FORMAT csv, FORCE_NULL (a))",
        "COPY t FROM stdin (ON_ERROR ignore)",
    ],
)
def test_what_an_insert_can_not_say_is_left(copy: str) -> None:
    assert insert(copy, "1\n") is None
