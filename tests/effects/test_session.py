from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from consolidate import effects
from consolidate.effects import Scope
from consolidate.model import Manner

if TYPE_CHECKING:
    from collections.abc import Callable

    from consolidate.model import Statement

    Parse = Callable[..., tuple[Statement, ...]]
    Read = Callable[..., list[dict[str, list[str]]]]


TWO = "create schema s; create table t (a int); create table s.t (a int);"


def test_the_search_path_decides_what_a_name_means(read: Read) -> None:
    assert read(TWO + "set search_path = s, public; insert into t values (1)")[3:] == [
        {"session": ["search_path = s, public"]},
        {"writes": ["table s.t"]},
    ]


def test_a_quoted_list_in_set_is_one_schema(read: Read) -> None:
    assert read("set search_path = 'a, b'; create table t (x int)")[1]["creates"] == [
        'table "a, b".t',
        'table column "a, b".t.x',
    ]


def test_set_config_sets_the_path_as_a_dump_does(read: Read) -> None:
    found = read(TWO + "select set_config('search_path', '', false); insert into t values (1)")
    assert found[3] == {"session": ["search_path = "]}
    assert found[4] == {"writes": ["table public.t"]}


def test_set_local_ends_with_its_transaction(read: Read) -> None:
    found = read(TWO + "begin; set local search_path = s; commit; delete from t")
    assert [effect.get("transaction") for effect in found[3:]] == [
        ["begin"],
        None,
        ["commit"],
        None,
    ]
    assert found[-1] == {"writes": ["table public.t"]}


@pytest.mark.parametrize(
    ("local", "manner", "path"),
    [
        ("set local search_path = s;", Manner(wrapped=frozenset({"1.sql"})), "s"),
        ("set local search_path = s;", Manner(), "public"),
        ("select set_config('search_path', 's', true);", Manner(), "public"),
        ("begin; set local search_path = s;", Manner(), "s"),
    ],
)
def test_set_local_needs_a_transaction(parse: Parse, local: str, manner: Manner, path: str) -> None:
    found = effects.run(parse(f"{TWO}{local} delete from t"), manner=manner)[-1]
    assert [str(thing) for thing in found.writes_rows] == [f"table {path}.t"]


def test_set_local_ends_with_its_file_where_that_is_a_transaction(parse: Parse) -> None:
    files = (f"{TWO}set local search_path = s", "delete from t")
    manner = Manner(wrapped=frozenset({"1.sql", "2.sql"}), keeps_session=True)
    found = effects.run(parse(*files), manner=manner)[-1]
    assert [str(thing) for thing in found.writes_rows] == ["table public.t"]


def test_set_within_set_local_stays_when_that_ends(read: Read) -> None:
    sql = "begin; set local search_path = s; set search_path = public; commit; delete from t"
    assert read(TWO + sql)[-1] == {"writes": ["table public.t"]}


def test_reset_brings_back_what_the_session_began_with(parse: Parse) -> None:
    start = Scope(search_path=("app",), role="owner")
    texts = "set role bob; set search_path = s; reset all; create table t (a int);"
    texts += "reset role; alter default privileges grant select on tables to bob"
    found = effects.run(parse(texts), scope=start)
    assert str(found[3].creates[0]) == "table app.t"
    assert str(found[5].creates[0]) == "default acl for role owner on tables"


def test_set_config_folds_names_and_may_be_local(read: Read) -> None:
    found = read(
        TWO + "begin; select set_config('search_path', 'S', true); delete from t;"
        "commit; delete from t; select set_config('role', 'bob', false);"
        "alter default privileges grant select on tables to x"
    )
    assert found[5] == {"writes": ["table s.t"]}
    assert found[7] == {"writes": ["table public.t"]}
    assert found[9] == {"creates": ["default acl for role bob on tables"]}


def test_discard_drops_what_is_temporary(read: Read) -> None:
    assert read("create temp table x (a int); set search_path = s; discard all; delete from x")[
        2:
    ] == [
        {
            "drops": ["table pg_temp.x", "table column pg_temp.x.a"],
            "session": ["all = default"],
            "outside": ["transaction"],
        },
        {"writes": ["table public.x"]},
    ]


def test_every_file_starts_a_fresh_session(read: Read, parse: Parse) -> None:
    files = (TWO + "set search_path = s; create temp table x (a int)", "delete from t")
    assert read(*files)[-1] == {"writes": ["table public.t"]}
    kept = effects.run(parse(*files), manner=Manner(keeps_session=True))[-1]
    assert [str(thing) for thing in kept.writes_rows] == ["table s.t"]


SYSTEM = "ALTER SYSTEM changes the server's own settings, which no database keeps"


def test_some_statements_refuse_a_transaction(read: Read) -> None:
    assert read(
        "create table t (a int); create index concurrently i on t (a); drop index concurrently i;"
        "vacuum t; analyze t; reindex index concurrently i; alter system set work_mem = 1"
    )[1:] == [
        {"creates": ["index public.i"], "outside": ["transaction"]},
        {"drops": ["index public.i"], "outside": ["transaction"]},
        {"outside": ["transaction"]},
        {},
        {"outside": ["transaction"]},
        {"outside": ["transaction"], "opaque": [SYSTEM]},
    ]


def test_what_the_platform_holds_is_known_but_not_reported(read: Read) -> None:
    assert read("delete from users", before="create table users (a int)") == [
        {"writes": ["table public.users"]}
    ]
    sql = "create table if not exists users (a int)"
    assert read(sql, before="create table users (a int)") == [{}]


def test_the_scope_can_be_given(parse: Parse) -> None:
    effect = effects.of(parse("create table t (a int)")[0], scope=Scope(search_path=("app",)))
    assert [str(name) for name in effect.creates] == ["table app.t", "table column app.t.a"]
    assert {str(name) for name in effect.requires} == {"schema app"}


def test_a_statement_without_a_tree_is_opaque(parse: Parse) -> None:
    statement = dataclasses.replace(parse("select 1")[0], tree=None)
    assert effects.of(statement).opaque == "the statement has no syntax tree"
