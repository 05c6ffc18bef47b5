from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

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
