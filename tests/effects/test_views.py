from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from consolidate import effects

if TYPE_CHECKING:
    from collections.abc import Callable

    from consolidate.model import Statement

    Parse = Callable[..., tuple[Statement, ...]]
    Read = Callable[..., list[dict[str, list[str]]]]


TABLES = "create table t (a int, b text); create table u (c int);"


def test_a_view_needs_what_its_query_reads(needs: Read) -> None:
    found = needs(TABLES + "create view v as select x.a, (select max(c) from u) from t x")[2]
    assert found["view public.v"] == [
        "table public.u (query)",
        "table public.t (query)",
        "table column public.t.a (query)",
        "table column public.u.c (query)",
    ]


def test_a_star_stands_for_the_columns_of_that_moment(read: Read) -> None:
    effect = read(TABLES + "create view v as with q as (select * from t) select q.*, 1 from q")[2]
    assert effect == {
        "creates": [
            "view public.v",
            "view column public.v.a",
            "view column public.v.b",
            'view column public.v."?column?"',
        ]
    }


def test_what_is_locked_by_its_alias_is_no_table(needs: Read) -> None:
    found = needs(TABLES + "create view v as select 1 as a from t as x for update of x")[2]
    assert found["view public.v"] == ["table public.t (query)"]


def test_a_with_query_is_no_table(needs: Read) -> None:
    assert needs("create view v as with t as (select 1 as a) select a from t")[0] == {
        "view column public.v.a": ["view public.v (part of)"]
    }


def test_a_replaced_view_stays_and_may_get_columns(read: Read) -> None:
    sql = "create view v as select a from t; create or replace view v as select a, b from t"
    assert read(TABLES + sql)[3] == {
        "creates": ["view column public.v.b"],
        "replaces": ["view public.v"],
    }


def test_a_materialized_view_holds_rows(read: Read) -> None:
    made, refreshed = read(
        TABLES + "create materialized view m as select a from t; refresh materialized view m"
    )[2:]
    assert made == {
        "creates": ["materialized view public.m", "materialized view column public.m.a"],
        "writes": ["materialized view public.m"],
        "reads": ["table public.t"],
    }
    assert refreshed == {"writes": ["materialized view public.m"], "reads": ["table public.t"]}


def test_a_join_needs_the_columns_that_it_joins_by(needs: Read) -> None:
    tables = "".join(f"create table {table} (id int, x int);" for table in "abc")
    named = needs(
        f"{tables} create view v as select 1 as one from a join b using (id) join c using (id, x)"
    )
    natural = needs(
        f"{tables} create view v as select 1 as one from a join b on true natural join c"
    )
    columns = {f"table column public.{table}.id (query)" for table in "abc"}
    others = {f"table column public.{table}.x (query)" for table in "abc"}
    assert {need for need in named[3]["view public.v"] if "column" in need} == columns | others
    assert {need for need in natural[3]["view public.v"] if "column" in need} == columns | others


@pytest.mark.parametrize("join", ["JOIN t{0} ON t{0}.id = t0.id", "JOIN t{0} USING (id)", ", t{0}"])
def test_a_table_more_in_a_query_takes_as_many_steps_more(join: str, parse: Parse) -> None:
    few, many = (_steps(parse(_joined(tables, join))) for tables in (40, 160))
    assert many < 5 * few


def _joined(tables: int, join: str) -> str:
    made = "".join(f"CREATE TABLE t{n} (id int, a{n} int);" for n in range(tables))
    read = " ".join(join.format(n) for n in range(1, tables))
    columns = ", ".join(f"a{n}, t{n}.id AS b{n}" for n in range(tables))
    return f"{made} CREATE VIEW v AS SELECT {columns} FROM t0 {read}"


def _steps(statements: tuple[Statement, ...]) -> int:
    """How many functions are called, and generators resumed, to tell their effects."""
    called = 0

    def count(_: object, event: str, __: object) -> None:
        nonlocal called
        called += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        effects.run(statements)
    finally:
        sys.setprofile(before)
    return called
