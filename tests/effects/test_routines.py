from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Read = Callable[..., list[dict[str, list[str]]]]


BODY = "language sql as 'select 1'"


def test_argument_types_are_spelled_as_the_server_spells_them(read: Read) -> None:
    sql = f"""create type s.mood as enum ('a'); create function f(int, varchar(3), text, s.mood[],
        timestamptz, json, out x int, variadic y text[]) returns int {BODY}"""
    start = "function public.f(integer,character varying,pg_catalog.text,s.mood[],"
    start += "timestamp with time zone,"
    assert read(sql)[1] == {"creates": [start + "json,pg_catalog.text[])"]}
    assert read(sql, major=16)[1] == {"creates": [start + "pg_catalog.json,pg_catalog.text[])"]}


def test_overloads_are_different_functions(read: Read) -> None:
    assert read(
        f"""create function f(int) returns int {BODY}; create function f(text) returns int {BODY};
            create or replace function f(int) returns int {BODY}; drop function f(text);
            drop function f"""
    )[2:] == [
        {"replaces": ["function public.f(integer)"]},
        {"drops": ["function public.f(pg_catalog.text)"]},
        {"drops": ["function public.f(integer)"]},
    ]


def test_procedures_and_aggregates_are_kinds_of_their_own(read: Read) -> None:
    assert read(
        """create procedure p(int, out text) language sql as $$ select 'a' $$;
           create aggregate a(int) (sfunc = int4pl, stype = int)"""
    ) == [
        {"creates": ["procedure public.p(integer)"]},
        {"creates": ["aggregate public.a(integer)"]},
    ]


def test_the_body_of_a_sql_function_is_a_need(needs: Read) -> None:
    assert needs(
        """create table t (a int); create function g(int) returns int language sql as 'select 1';
           create function f() returns int language sql as 'select g(a) from t'"""
    )[2] == {
        "function public.f()": [
            "table public.t (body)",
            "function public.g(integer) (body)",
            "table column public.t.a (body)",
        ]
    }


def test_an_unchecked_body_is_only_a_mention(needs: Read, read: Read) -> None:
    sql = """set check_function_bodies = off;
             create function f() returns bigint language sql as 'select count(*) from t';
             create table t (a int)"""
    assert needs(sql)[1] == {}
    assert read(sql)[1]["mentions"] == ["function public.f() -> table public.t"]


def test_a_plpgsql_body_mentions_what_may_come_later(read: Read) -> None:
    effect = read(
        """create function f() returns void language plpgsql as $$
           declare r later; n int; begin
             insert into later values (nextval('s')); n := g(1);
             execute 'delete from gone where a = 1'; perform auth.uid();
           end $$;
           create table later (a int); create sequence s; create table gone (a int);
           create function g(int) returns int language sql as 'select 1'"""
    )[0]
    assert effect["mentions"] == [
        f"function public.f() {name}"
        for name in (
            "-> table public.later",
            "-> function public.g(integer)",
            "-> sequence public.s",
            "-> function auth.uid()",
            "~> table public.gone",
        )
    ]


def test_a_body_that_the_parser_refuses_is_read_word_by_word(read: Read) -> None:
    assert read(
        """create table t (a int);
           create function f() returns void language plpgsql as $$ begin
             nonsense here from public.t; unknown[1] := 2; end $$"""
    )[1] == {
        "creates": ["function public.f()"],
        "mentions": ["function public.f() ~> table public.t"],
        "unread": ["a body of plpgsql that can not be parsed"],
    }


def test_a_variable_of_a_body_that_the_parser_refuses_is_no_name(read: Read) -> None:
    assert read(
        """create table a (x int); create table b (x int); create table c (x int);
           create table d (x int); create table e (x int); create table f (x int);
           create function g() returns void language plpgsql as $$
           declare -- what is counted
             a int; /* and */ b int := 1; q cursor (c int, d text) for select 1;
           begin
             for e, f in select 1, 2 loop a := b; end loop;
             foreach f in array x loop a := e + f + c + d; end loop;
             nonsense here;
           end $$"""
    )[6] == {
        "creates": ["function public.g()"],
        "unread": ["a body of plpgsql that can not be parsed"],
    }


def test_a_function_looks_its_names_up_along_its_own_search_path(read: Read) -> None:
    assert read(
        """create schema s; create table s.t (a int); create table t (a int);
           create function f() returns void language plpgsql set search_path = s
           as 'begin delete from t; end'"""
    )[3]["mentions"] == ["function public.f() -> table s.t"]


def test_a_do_block_is_opaque_but_not_mute(read: Read) -> None:
    assert read("create table t (a int); do $$ begin alter table t add b int; end $$")[1] == {
        "mentions": ["statement -> table public.t"],
        "opaque": ["DO runs plpgsql code, whose effects only a server knows"],
    }


def test_a_do_block_that_changes_settings_says_so(read: Read) -> None:
    reason = "DO runs plpgsql code, whose effects only a server knows"
    reason += "; it changes settings, which may decide what later names mean"
    for code in ("set search_path = s", "perform set_config('search_path', 's', false)"):
        assert read(f"do $$ begin {code}; end $$")[0]["opaque"] == [reason]


FS = (
    "create table t (a int, b text, c date);"
    "create function f(int) returns int language sql as 'select 1';"
    "create function f(text, int default 1) returns int language sql as 'select 1';"
)


@pytest.mark.parametrize(
    ("call", "meant"),
    [
        ("f(a) from t", ["f(integer)"]),
        ("f(t.b) from t", ["f(pg_catalog.text,integer)"]),
        ("f('x'::text)", ["f(pg_catalog.text,integer)"]),
        ("f(c) from t", ["f(integer)", "f(pg_catalog.text,integer)"]),
        ("f(a + 1) from t", ["f(integer)", "f(pg_catalog.text,integer)"]),
        ("f('x'::nowhere)", ["f(integer)", "f(pg_catalog.text,integer)"]),
    ],
)
def test_of_overloaded_functions_that_is_called_whose_types_these_are(
    needs: Read, call: str, meant: list[str]
) -> None:
    told = needs(f"{FS}create view v as select {call}")[-1]
    named = {name for needed in told.values() for name in needed if "function" in name}
    assert named == {f"function public.{one} (query)" for one in meant}


SAME = "operator public.===(pg_catalog.text,pg_catalog.text) (query)"


@pytest.mark.parametrize(
    ("condition", "used"),
    [
        ("a === a", {SAME}),
        ("a OPERATOR(public.===) 'x'", {SAME}),
        ("b === 1", set()),
        ("a = 'x'", set()),
    ],
)
def test_an_operator_is_told_by_the_types_of_its_operands(
    needs: Read, condition: str, used: set[str]
) -> None:
    history = (
        "create function same(text, text) returns bool language sql as 'select true';"
        "create operator === (leftarg = text, rightarg = text, function = same);"
        "create table t (a text, b int);"
    )
    told = needs(f"{history}create view v as select a from t where {condition}")[-1]
    named = {name for needed in told.values() for name in needed if "operator" in name}
    assert named == used
