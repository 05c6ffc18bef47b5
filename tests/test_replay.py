"""Applying statements the way their runner would; what can be told without a server."""

from __future__ import annotations

from types import SimpleNamespace

import psycopg
import pytest

from consolidate import statements
from consolidate.model import Migration, Statement
from consolidate.replay import explain, runs_outside_transaction


def parse(text: str) -> tuple[Statement, ...]:
    return statements.parse(Migration(number=1, path="a/1.sql", version="", text=text, sha256=""))


class Refused(psycopg.Error):
    """What the server says, made by hand."""

    def __init__(self, position: int | None = None, **said: str) -> None:
        super().__init__("as libpq says it\n")
        names = ("message_primary", "message_detail", "message_hint")
        self._said = SimpleNamespace(
            statement_position=None if position is None else str(position),
            **{name: said.get(name) for name in names},
        )

    @property
    def diag(self) -> SimpleNamespace:  # type: ignore[override]
        return self._said


TEXT = "-- first\nSELECT 1;\n  SELECT é,\n    wrong,\n  x;"
"""The second statement begins in line 3, column 3."""


@pytest.mark.parametrize(
    ("position", "place"),
    [
        (None, "3:3"),
        (1, "3:3"),
        (8, "3:10"),  # é
        (9, "3:11"),
        (15, "4:5"),  # wrong
        (24, "5:3"),  # x
    ],
)
def test_an_error_is_told_with_its_line_and_column_in_the_file(
    position: int | None, place: str
) -> None:
    command = parse(TEXT)[1]
    told = str(explain(command, Refused(position, message_primary="no")))
    assert told == f"a/1.sql:{place}: no"


@pytest.mark.parametrize(("word", "place"), [("é", "3:10"), ("wrong", "4:5"), ("x", "5:3")])
def test_the_place_is_where_the_word_stands_in_the_file(word: str, place: str) -> None:
    command = parse(TEXT)[1]
    told = str(explain(command, Refused(command.sql.index(word) + 1, message_primary="no")))
    line, column = map(int, place.split(":"))
    assert told.startswith(f"a/1.sql:{place}:")
    assert TEXT.splitlines()[line - 1][column - 1 :].startswith(word)


def test_detail_and_hint_follow_the_message() -> None:
    error = Refused(message_primary="no", message_detail="It is.", message_hint="Do not.")
    assert str(explain(parse("SELECT 1")[0], error)) == "a/1.sql:1:1: no. It is. Do not."


def test_no_path_of_the_machine_is_told() -> None:
    detail = 'Could not open extension control file "/usr/share/postgresql/15/extension/x.control".'
    error = Refused(message_primary="no", message_detail=detail, message_hint="Do not.")
    assert str(explain(parse("SELECT 1")[0], error)) == "a/1.sql:1:1: no. Do not."


def test_without_a_message_the_errors_own_text_is_told() -> None:
    assert str(explain(parse("SELECT 1")[0], Refused())) == "a/1.sql:1:1: as libpq says it"


@pytest.mark.parametrize(
    "sql",
    [
        "VACUUM t",
        "CREATE INDEX CONCURRENTLY i ON t (a)",
        "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)",
        "DROP INDEX CONCURRENTLY i",
        "REINDEX INDEX CONCURRENTLY i",
        "REINDEX (CONCURRENTLY, VERBOSE) TABLE t",
        "CREATE DATABASE d",
        "DROP DATABASE d",
        "CREATE TABLESPACE s LOCATION '/x'",
        "DROP TABLESPACE s",
        "ALTER SYSTEM SET work_mem = '1MB'",
        "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p",
    ],
)
def test_these_run_outside_transactions_only(sql: str) -> None:
    assert runs_outside_transaction(parse(sql)[0])


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
        "DISCARD ALL",
        "REINDEX SCHEMA public",
        "REINDEX DATABASE postgres",
        "CLUSTER",
    ],
)
def test_so_do_these(sql: str) -> None:
    assert runs_outside_transaction(parse(sql)[0])


@pytest.mark.parametrize(
    "sql",
    [
        "ANALYZE t",
        "CREATE INDEX i ON t (a)",
        "DROP INDEX i",
        "DROP TABLE t",
        "REINDEX TABLE t",
        "CLUSTER t USING i",
        "DISCARD TEMP",
        "ALTER TABLE t DETACH PARTITION p",
        "ALTER TABLE t DETACH PARTITION p FINALIZE",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
        "ALTER TYPE mood ADD VALUE 'x'",
        "ALTER DATABASE d SET work_mem = '1MB'",
        "SELECT 'VACUUM'",
    ],
)
def test_these_run_inside_them(sql: str) -> None:
    assert not runs_outside_transaction(parse(sql)[0])
