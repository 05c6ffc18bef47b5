"""What is known of the texts that EXECUTE runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Read = Callable[..., list[dict[str, list[str]]]]

BEFORE = """
    create schema s; create schema "Odd"; create table t (a int); create table s.t (a int);
    create table "Odd"."T x" (a int); create function g(int) returns int language sql as 'select 1';
"""
PARTLY = ["line 1 of a body executes a text of which a part is computed"]
ELSEWHERE = ["line 1 of a body executes a text that is made up elsewhere"]
NO_SQL = ["line 1 of a body executes a text that can not be parsed"]
T, ST, ODD = "~> table public.t", "~> table s.t", '~> table "Odd"."T x"'
G = "function public.g(integer)"
CASES: tuple[tuple[str, list[str], list[str]], ...] = (
    ("execute 'delete from s.t'", [ST], []),
    ("execute 'delete ' || 'from ' || 't'", [T], []),
    (r"execute E'delete\nfrom t'::text", [T], []),
    ("execute format('delete from %I.%I', 'Odd', 'T x')", [ODD], []),
    ("execute format('drop table %2$I.%1$I', 't', 's')", [ST], []),
    ("execute format('delete from %s where a = %L and b = ''%%''', 's.t', x)", [ST], []),
    ("execute format('delete from %I', x)", [], PARTLY),
    ("execute format('delete from %I where g(1) > 0', x)", [f"~> {G}"], PARTLY),
    ("execute format('insert into t select * from s.%I', x)", [T], PARTLY),
    ("execute format('select 1 from t %s', x)", [T], PARTLY),
    ("execute format('select %s from t', x)", [T], PARTLY),
    ("execute format('delete from %s', x::regclass)", [], PARTLY),
    ("execute format('alter table %-10I add b int', 't')", [], PARTLY),
    ("execute format('delete from %I', variadic array['t'])", [], PARTLY),
    ("execute 'delete from ' || quote_ident('t') || ' where a = ' || quote_literal(x)", [T], []),
    ("execute 'delete from t_' || x", [], PARTLY),
    ("execute concat('delete from ', 's', '.t')", [ST], []),
    ("execute x", [], ELSEWHERE),
    ("execute 'this is no SQL'", [], NO_SQL),
    ("execute 'delete from t'; delete from t", ["-> table public.t"], []),
    (
        "v := 'delete from t'; execute v; v := format('delete from %I.t', 's'); execute v",
        [T, ST],
        [],
    ),
    ("v := x; execute v", [], ELSEWHERE),
    ("v := v || ' from t'; execute v", [], NO_SQL),
    ("for r in execute 'select * from t' loop null; end loop", [T], []),
    ("open c for execute 'select * from t'", [T], []),
    ("v := (select 'a = b'); perform g(a := 1)", [f"-> {G}"], []),
    ("v := g(a := 1)", [f"-> {G}"], []),
    ("execute 'create table new (m s.u references t)'", [T], []),
    ("perform 't'::regclass, 'g'::regproc", ["-> table public.t", f"-> {G}"], []),
)


@pytest.mark.parametrize(("code", "mentions", "unread"), CASES, ids=[case[0] for case in CASES])
def test_of_a_text_that_is_run_what_is_constant_is_known(
    code: str, mentions: list[str], unread: list[str], read: Read
) -> None:
    variables = "x text; v text; r record; c refcursor"
    effect = read(f"{BEFORE} do $$ declare {variables}; begin {code}; end $$")[-1]
    assert _told(effect) == mentions
    assert effect.get("unread", []) == unread


def _told(effect: dict[str, list[str]]) -> list[str]:
    """The mentions but those of columns."""
    said = (m.split(" ", 1)[1] for m in effect.get("mentions", []) if "column" not in m)
    return [m.removeprefix("public.f() ") for m in said]


def test_a_function_that_returns_the_rows_of_a_text_refers_to_them(read: Read) -> None:
    sql = """create function f() returns setof t language plpgsql as
             $$ begin return query execute 'select * from s.t'; end $$"""
    assert _told(read(BEFORE + sql)[-1]) == [ST]


def test_variables_of_types_with_a_schema_do_not_keep_a_body_from_being_read(read: Read) -> None:
    sql = """create type s.u as (a int);
             create function f() returns void language plpgsql as $$
             declare one s.u; many s.u[] := '{}'; row s.t%rowtype; cell s.t.a%type := g(1);
             begin one.a := 1; delete from t; end $$"""
    effect = read(BEFORE + sql)[-1]
    assert "unread" not in effect
    assert _told(effect) == [
        *("-> table public.t", "-> type s.u", "-> table s.t", "-> function public.g(integer)")
    ]


def test_names_in_bodies_are_folded_as_postgresql_folds_them(read: Read) -> None:
    sql = """create table "Älter" (a int); create table "älter" (a int); create schema "Ö";
             create table "Ö".t (a int);
             create function f() returns void language plpgsql as $$
             declare r public.Älter; begin nonsense from Älter; EXECUTE 'table ' || 'ÄLTER'; end $$;
             select set_config('search_path', 'Ö', false); delete from t"""
    effects = read(sql)
    mentioned = {m.split(" ", 3)[3] for m in effects[4]["mentions"]}
    assert mentioned == {'table public."Älter"'}
    assert effects[-1] == {"writes": ['table "Ö".t']}


@pytest.mark.parametrize(
    ("language", "unread"),
    [("plv8", ["plv8 code is not read"]), ("internal", []), ("c", [])],
)
def test_code_of_other_languages_is_not_read(language: str, unread: list[str], read: Read) -> None:
    found = read(f"create function f() returns int language {language} as 'delete from t'")[0]
    assert found.get("unread", []) == unread
    assert "mentions" not in found
