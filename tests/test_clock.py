"""Columns that a history fills from the clock."""

from __future__ import annotations

from dataclasses import replace

import pytest

from consolidate import clock
from consolidate.catalog.rows import Column, Rows, Table, TableRows
from consolidate.model import Fact, ObjectId, Snapshot, StatementId
from consolidate.trace import RowCounts, Touch
from tests.render.conftest import Maker

TABLE = ObjectId("table", "public.t")
DAY, NOTE = ("public.t", "Day"), ("public.t", "note")


def column(name: str, base: str) -> Column:
    return Column(
        name=name, quoted=f'"{name}"', type=base, base=base, generated=False, identity=False
    )


def empty(*columns: Column) -> Rows:
    own = Table(
        object=TABLE,
        root=TABLE.identity,
        columns=columns,
        primary_key=(),
        unique_keys=(),
        foreign_keys=(),
    )
    return Rows(tables=(TableRows(table=own, rows=()),), sequences=())


def found(
    sql: str = "SELECT 1", default: str = "", *, attribute: str = "default", base: str = "date"
) -> frozenset[tuple[str, str]]:
    """The clocked columns of a table that a statement wrote, with a default of one column."""
    rows = empty(column("Day", base), column("note", "integer"))
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


def written_by(*texts: str, **made: str) -> frozenset[tuple[str, str]]:
    """The clocked columns of a table that the last of some statements wrote.

    `made` says which statements made triggers on it, by its id.
    """
    truth = Maker().truth({"1.sql": ";\n".join(texts)})
    last = StatementId(f"0001#{len(texts)}")
    touches = {
        ObjectId("trigger", f"{name} on public.t"): (Touch(StatementId(f"0001#{number}"), ""),)
        for name, number in made.items()
    }
    trace = replace(
        truth.trace,
        rows={last: {TABLE: RowCounts(inserted=1, updated=0, deleted=0)}},
        vanished=touches,
    )
    facts = Snapshot(major=18, facts=frozenset())
    return clock.columns(facts, empty(column("Day", "date")), trace, truth.statements)


READS = "CREATE FUNCTION {} RETURNS {} LANGUAGE sql AS $$ SELECT {} $$"


@pytest.mark.parametrize("name", ["today", "public.today", '"today"', 'app."today"'])
def test_a_clock_is_seen_through_the_functions_that_a_statement_calls(name: str) -> None:
    today = READS.format(f"{name}()", "date", "CURRENT_DATE")
    later = READS.format("later(n int)", "date", "today() + n")
    assert written_by(today, "INSERT INTO t VALUES (today())") == {DAY}
    assert written_by(today, later, "INSERT INTO t VALUES (later (3))") == {DAY}
    assert written_by(later, today, "INSERT INTO t VALUES (later(3))") == {DAY}
    assert written_by(today, "INSERT INTO t VALUES (not_today(), today)") == frozenset()
    fixed = READS.format("fixed()", "date", "'2025-01-01'")
    assert written_by(fixed, "INSERT INTO t VALUES (fixed())") == frozenset()


def test_a_clock_is_seen_through_the_triggers_of_a_table_that_is_written() -> None:
    stamp = (
        "CREATE OR REPLACE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN NEW.day := CURRENT_DATE; RETURN NEW; END $$"
    )
    trigger = "CREATE TRIGGER s BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION {}()"
    insert = "INSERT INTO t DEFAULT VALUES"
    assert written_by(stamp, trigger.format("stamp"), insert, s="2") == {DAY}
    assert written_by(stamp, trigger.format("other"), insert, s="2") == frozenset()
    assert written_by(stamp, trigger.format("stamp"), insert) == frozenset()


def test_a_default_may_call_a_function_that_reads_the_clock() -> None:
    function = Fact(ObjectId("function", "public.today(integer)"), "body", "SELECT CURRENT_DATE")
    default = Fact(ObjectId("table column", 'public.t."Day"'), "default", "public.today(1)")
    truth = Maker().truth({"1.sql": "SELECT 1"})
    rows = empty(column("Day", "date"))
    facts = Snapshot(major=18, facts=frozenset({function, default}))
    assert clock.columns(facts, rows, truth.trace, truth.statements) == {DAY}
