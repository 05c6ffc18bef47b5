"""Needs that no text names, and defaults, keys and names as PostgreSQL really makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consolidate import effects, graph
from consolidate.model import ObjectId

if TYPE_CHECKING:
    from collections.abc import Callable

    from consolidate.model import Statement

    Parse = Callable[..., tuple[Statement, ...]]
    Read = Callable[..., list[dict[str, list[str]]]]

MOOD = """
create type mood as enum ('calm', 'cross'); create domain code as text;
create type span as (first int, last int);
create function is_mood(mood) returns bool as '' language c;
create table t (id int, m mood, c code, s span, n text);
"""


def needs_of(parse: Parse, text: str, kind: str, name: str) -> list[str]:
    """What an object needs at the end, without what it is part of."""
    built = graph.build(effects.run(parse(MOOD + text)))
    return sorted(map(str, built.needs(ObjectId(kind, name), parts=False)))


@pytest.mark.parametrize(
    ("expression", "types"),
    [
        ("m = 'calm'", ["mood"]),
        ("'calm' <> m", ["mood"]),
        ("m in ('calm', 'cross')", ["mood"]),
        ("m = any (array['calm'])", ["mood"]),
        ("coalesce(m, 'calm') is null", ["mood"]),
        ("case m when 'calm' then true end", ["mood"]),
        ("is_mood('calm')", ["mood"]),
        ("m is null", []),
        ("m::text = n", []),
        ("c = 'x'", []),  # an operator takes a domain for what it is based on
        ("n = 'x'", []),
    ],
)
def test_a_string_without_a_type_takes_on_that_of_the_column_beside_it(
    expression: str, types: list[str], parse: Parse
) -> None:
    found = needs_of(parse, f"create index i on t (id) where {expression};", "index", "public.i")
    assert [name for name in found if name.startswith("type ")] == [
        f"type public.{name}" for name in types
    ]


@pytest.mark.parametrize(
    ("column", "types"),
    [
        ("m mood default 'calm'", ["type public.mood"]),
        ("m mood[] default '{}'", ["type public.mood"]),
        ("c code default lower('X')", ["type public.code"]),
        ("n text default 'calm'", []),
    ],
)
def test_a_default_takes_on_the_columns_type(column: str, types: list[str], parse: Parse) -> None:
    name = column.split(maxsplit=1)[0]
    found = needs_of(parse, f"create table u ({column});", "default value", f"for public.u.{name}")
    assert [one for one in found if one.startswith("type ")] == types


def test_a_field_of_a_composite_column_is_needed(parse: Parse) -> None:
    text = "alter table t add constraint k check ((s).first < (t.s).last);"
    found = needs_of(parse, text, "table constraint", "k on public.t")
    assert [name for name in found if name.startswith("composite")] == [
        "composite type column public.span.first",
        "composite type column public.span.last",
    ]


def test_a_join_needs_the_columns_that_it_only_names_once_or_not_at_all(parse: Parse) -> None:
    text = "create table u (id int, n text, o int);"
    using = needs_of(parse, f"{text} create view v as select 1 from t join u using (id);",
                     "view", "public.v")  # fmt: skip
    natural = needs_of(parse, f"{text} create view v as select 1 from t natural join u;",
                       "view", "public.v")  # fmt: skip
    ids = ["table column public.t.id", "table column public.u.id"]
    assert [name for name in using if "column" in name] == ids
    assert [name for name in natural if "column" in name] == [
        ids[0], "table column public.t.n", ids[1], "table column public.u.n",
    ]  # fmt: skip


@pytest.mark.parametrize("made", ["view", "materialized view", "table"])
def test_a_column_of_a_query_has_the_type_of_the_column_or_cast_that_it_is(
    made: str, parse: Parse
) -> None:
    text = f"""create {made} v (a, b, c, d) as
    select q.m, q.n::code, max(q.m), q.* from (select m, n from t) q;"""
    types = {name: needs_of(parse, text, f"{made} column", f"public.v.{name}") for name in "abcd"}
    assert {
        name: [one for one in found if one.startswith("type ")] for name, found in types.items()
    } == {"a": ["type public.mood"], "b": ["type public.code"], "c": [], "d": ["type public.mood"]}


@pytest.mark.parametrize(
    ("column", "kept"),
    [
        ("a int default null", False),
        ("a text default null::text", False),
        ("a varchar(3) default null", True),  # PostgreSQL keeps the cast to the length
        ("a code default null", True),
    ],
)
def test_a_default_of_null_is_none(column: str, kept: bool, read: Read) -> None:  # noqa: FBT001 - as pytest passes it
    created = read(f"create table u ({column})", before=MOOD)[0]["creates"]
    assert ("default value for public.u.a" in created) == kept


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("id int primary key unique", ["u_pkey on public.u"]),
        ("id int primary key, constraint k unique (id)", ["k on public.u"]),
        ("id int unique, unique (id) deferrable",
         ["u_id_key on public.u", "u_id_key1 on public.u"]),
        ("a int, b int, unique (a, b), unique (b, a)",
         ["u_a_b_key on public.u", "u_b_a_key on public.u"]),
    ],
)  # fmt: skip
def test_keys_on_the_same_columns_are_one(text: str, keys: list[str], read: Read) -> None:
    created = read(f"create table u ({text})")[0]["creates"]
    found = [name.removeprefix("table constraint ") for name in created if "constraint" in name]
    assert [name for name in found if "not_null" not in name] == keys


@pytest.mark.parametrize(
    "text",
    [
        "alter type mood add value if not exists 'cross'",
        "alter table t alter n drop default",
        "alter table k alter a set not null",
        "alter table t alter n drop not null",
    ],
)
def test_a_statement_that_finds_everything_done_changes_nothing(text: str, read: Read) -> None:
    before = f"{MOOD} create table k (a int not null);"
    assert read(text, before=before) == [{}]


def test_not_null_that_is_not_valid_yet_is_validated(read: Read) -> None:
    before = "create table k (a int); alter table k add constraint n not null a not valid;"
    assert read("alter table k alter a set not null", before=before)[0]["alters"]
    validated = f"{before} alter table k validate constraint n;"
    assert read("alter table k alter a set not null", before=validated) == [{}]


def test_what_moves_to_another_schema_needs_that_one_and_not_the_first(parse: Parse) -> None:
    text = """create schema attic; create table u (id serial primary key);
    alter table u set schema attic;"""
    assert "schema attic" in needs_of(parse, text, "table", "attic.u")
    assert "schema public" not in needs_of(parse, text, "table", "attic.u")
    assert needs_of(parse, text, "sequence", "attic.u_id_seq") == [
        "schema attic", "table column attic.u.id",
    ]  # fmt: skip


def test_a_partition_that_is_detached_needs_nothing_of_its_parent(parse: Parse) -> None:
    text = """
    create table p (a int primary key, b int) partition by list (a); create index on p (b);
    create table c partition of p for values in (1);
    """
    indexes = [("index", "public.c_pkey"), ("index", "public.c_b_idx")]
    for kind, name in (("table", "public.c"), ("table constraint", "c_pkey on public.c"), *indexes):
        attached = needs_of(parse, text, kind, name)
        detached = needs_of(parse, f"{text} alter table p detach partition c;", kind, name)
        assert [one for one in attached if "public.p" in one], name
        assert [one for one in detached if "public.p" in one] == [], name


def test_an_index_takes_the_name_of_the_constraint_that_is_dropped_beside_it(parse: Parse) -> None:
    text = """
    create table u (a int primary key, b int); create unique index better on u (b);
    alter table u drop constraint u_pkey, add constraint u_pkey primary key using index better;
    """
    built = graph.build(effects.run(parse(text)))
    index = ObjectId("index", "public.u_pkey")
    assert built.creator(index) == "0001#2"
    assert "table column public.u.b" in needs_of(
        parse, text, "table constraint", "u_pkey on public.u"
    )


def test_a_policy_that_is_given_to_others_no_longer_needs_the_roles_it_was_for(
    parse: Parse,
) -> None:
    text = "create role a; create role b; create policy p on t to a; alter policy p on t to b;"
    found = needs_of(parse, text, "policy", "p on public.t")
    assert [name for name in found if name.startswith("role ")] == ["role b"]


def test_a_column_of_a_typed_table_has_the_type_of_the_attribute(parse: Parse) -> None:
    text = "create type pair as (m mood, n text); create table u of pair;"
    assert "type public.mood" in needs_of(parse, text, "table column", "public.u.m")
