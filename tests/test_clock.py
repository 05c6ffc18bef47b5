"""Columns that a history fills from the clock."""

from __future__ import annotations

from dataclasses import replace

import pytest

from consolidate import clock
from consolidate.catalog.rows import Column, Rows, Table, TableRows
from consolidate.model import Fact, ObjectId, Snapshot, StatementId
from consolidate.trace import RowCounts
from tests.render.conftest import Maker

TABLE = ObjectId("table", "public.t")
DAY, NOTE = ("public.t", "Day"), ("public.t", "note")


def column(name: str, base: str) -> Column:
    return Column(
        name=name, quoted=f'"{name}"', type=base, base=base, generated=False, identity=False
    )


def found(
    sql: str = "SELECT 1", default: str = "", *, attribute: str = "default", base: str = "date"
) -> frozenset[tuple[str, str]]:
    """The clocked columns of a table that a statement wrote, with a default of one column."""
    own = Table(
        object=TABLE,
        root=TABLE.identity,
        columns=(column("Day", base), column("note", "integer")),
        primary_key=(),
        unique_keys=(),
        foreign_keys=(),
    )
    rows = Rows(tables=(TableRows(table=own, rows=()),), sequences=())
    truth = Maker().truth({"1.sql": sql})
    written = {StatementId("0001#1"): {TABLE: RowCounts(inserted=1, updated=0, deleted=0)}}
    name = ObjectId("table column", 'public.t."Day"')
    facts = frozenset({Fact(name, attribute, default)})
    return clock.columns(
        Snapshot(major=18, facts=facts),
        rows,
        replace(truth.trace, rows=written),
        truth.statements,
    )


@pytest.mark.parametrize(
    "expression",
    [
        "CURRENT_DATE",
        "current_timestamp(0)",
        "CURRENT_TIME",
        "LOCALTIME",
        "localtimestamp",
        "now ()",
        "clock_timestamp()",
        "statement_timestamp()",
        "transaction_timestamp()",
        "timeofday()",
        "'today'::date",
        "'Tomorrow'::date",
        "(CURRENT_DATE + 30)",
        "to_char(now(), 'YYYY')",
    ],
)
def test_a_clock_is_seen_in_a_statement_and_in_a_default(expression: str) -> None:
    assert found(f"INSERT INTO t VALUES ({expression})") == {DAY}
    assert found(default=expression) == {DAY}


@pytest.mark.parametrize(
    "expression", ["'2025-01-01'", "known", "nowhere(1)", "my_current_date", "'now and then'", "1"]
)
def test_what_only_looks_like_a_clock_is_none(expression: str) -> None:
    assert found(f"SELECT f({expression})") == frozenset()
    assert found(default=expression) == frozenset()


def test_only_defaults_are_read_and_no_other_attributes() -> None:
    assert found(default="now()", attribute="comment") == frozenset()


@pytest.mark.parametrize(
    ("base", "clocked"),
    [
        ("date", True),
        ("text", True),
        ("character varying", True),
        ("character", True),
        ("integer", False),
        ("boolean", False),
    ],
)
def test_only_columns_that_may_hold_a_date_count(base: str, *, clocked: bool) -> None:
    assert (DAY in found("SELECT now()", base=base)) is clocked


@pytest.mark.parametrize("base", ["timestamp with time zone", "timestamp without time zone"])
def test_a_day_may_stand_inside_another_value(base: str) -> None:
    # date_trunc('day', now()), CURRENT_DATE::timestamptz: two replays of one day agree on them
    assert DAY in found("SELECT current_date", base=base)


def test_a_default_counts_for_its_own_column_only() -> None:
    assert NOTE not in found(default="CURRENT_DATE")
