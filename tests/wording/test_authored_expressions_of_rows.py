"""The authors' expressions for cells that every replay fills differently."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from consolidate.catalog.rows import Column, MarkedRow, MarkedRows, MarkedTable, Table, Volatile
from consolidate.model import ObjectId
from consolidate.wording import values
from consolidate.wording.authored import Authored, authored
from tests.render.conftest import Maker

if TYPE_CHECKING:
    from consolidate.truth import Truth

TIME, UUID = "timestamp with time zone", "uuid"


def column(name: str, base: str) -> Column:
    return Column(name=name, quoted=name, type=base, base=base, generated=False, identity=False)


def marked(*rows: MarkedRow, base: str = TIME) -> MarkedTable:
    """A table with a name and something volatile."""
    table = Table(
        object=ObjectId("table", "public.t"),
        root="public.t",
        columns=(column("name", "text"), column("at", base)),
        primary_key=(),
        unique_keys=(),
        foreign_keys=(),
    )
    return MarkedTable(table=table, rows=rows)


def truth_of(*texts: str) -> Truth:
    truth = Maker().truth({"1.sql": ";\n".join(texts)})
    sessions = dict.fromkeys(truth.statements, truth.trace.fresh)
    return replace(truth, trace=replace(truth.trace, sessions=sessions))


def found(held: MarkedTable, *texts: str) -> Authored:
    truth = truth_of(*texts)
    return authored(truth, [(held, tuple(truth.statements))])


def said(text: str, base: str = TIME) -> str | None:
    """What is taken over of an INSERT with that expression."""
    held = marked(("a", Volatile("x", base)), base=base)
    return found(held, f"INSERT INTO t (name, at) VALUES ('a', {text})").get(
        ("public.t", "at", "x")
    )


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("now()", TIME),
        ("clock_timestamp() - interval '1 day'", TIME),
        ("CURRENT_DATE + 3", "date"),
        ("date_trunc('day', now())", TIME),
        ("(now() AT TIME ZONE 'UTC')::date", "date"),
        ("now() - '2 hours'::interval", "timestamp without time zone"),
        ("gen_random_uuid()", UUID),
        ("'x-' || gen_random_uuid()", "text"),
        ("md5(random()::text)", "text"),
    ],
)
def test_what_reads_the_clock_or_chance_is_taken_over(text: str, base: str) -> None:
    assert said(text, base) == text


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("DEFAULT", TIME),
        ("(SELECT max(at) FROM u)", TIME),
        ("f()", TIME),
        ("app.now()", TIME),
        ("now()::app.moment", TIME),
        ("'today'", TIME),
        ("now()", "integer"),
        ("random()", "double precision"),
        ("md5('x')::uuid", UUID),
        ("nextval('s')", "text"),
    ],
)
def test_anything_else_is_not(text: str, base: str) -> None:
    assert said(text, base) is None


def test_each_row_has_the_expression_of_its_own_line() -> None:
    held = marked(("a", Volatile("1", TIME)), ("b", Volatile("2", TIME)))
    texts = "INSERT INTO t VALUES ('a', now()), ('b', now() - interval '1 day')"
    assert found(held, texts) == {
        ("public.t", "at", "1"): "now()",
        ("public.t", "at", "2"): "now() - interval '1 day'",
    }


@pytest.mark.parametrize(
    "texts",
    [
        ("INSERT INTO t VALUES ('a', now())", "UPDATE t SET at = now() + interval '1 day'"),
        ("INSERT INTO t VALUES ('a', now())", "INSERT INTO t (name) VALUES ('a')"),
        ("INSERT INTO t (name) VALUES ('a')",),
    ],
)
def test_where_authors_said_several_things_or_nothing_none_is_taken(texts: tuple[str, ...]) -> None:
    assert found(marked(("a", Volatile("1", TIME))), *texts) == {}


@pytest.mark.parametrize(
    "text",
    [
        "INSERT INTO t (at, name) SELECT now() AS at, lower(u.name) FROM u WHERE u.name = 'A'",
        "INSERT INTO t (name, at) SELECT CASE WHEN true THEN 'a' END, now()",
        "UPDATE t SET name = name IS NOT DISTINCT FROM 'a', at = now() WHERE name = 'a'",
    ],
)
def test_queries_and_updates_are_read_for_it_too(text: str) -> None:
    held = marked(("a", Volatile("1", TIME)))
    assert found(held, text) == {("public.t", "at", "1"): "now()"}


def test_a_statement_whose_names_mean_something_else_in_its_session_says_nothing() -> None:
    truth = truth_of("INSERT INTO t VALUES ('a', now())")
    foreign = replace(truth, trace=replace(truth.trace, sessions={}))
    held = marked(("a", Volatile("1", TIME)))
    assert authored(truth, [(held, tuple(truth.statements))])
    assert not authored(foreign, [(held, tuple(truth.statements))])


def test_values_are_written_with_it_rather_than_with_their_default() -> None:
    held = marked(("a", Volatile("1", TIME)), ("b", Volatile("2", TIME)))
    told = found(held, "INSERT INTO t VALUES ('a', now() - interval '1 day')")
    everything = MarkedRows(tables=(held,), sequences=())
    sql = values.insert(held, everything, frozenset({"public.t.at"}), told).sql
    assert sql.endswith("    ('a', now() - interval '1 day'),\n    ('b', DEFAULT);")
