from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Read = Callable[..., list[dict[str, list[str]]]]


def test_a_schema_is_made_with_what_is_written_inside_it(read: Read) -> None:
    assert read("create schema s create table t (a int) create view v as select a from t") == [
        {
            "creates": [
                "schema s",
                "table s.t",
                "table column s.t.a",
                "view s.v",
                "view column s.v.a",
            ]
        }
    ]


def test_a_renamed_schema_renames_its_objects(read: Read) -> None:
    assert read("create schema s; create table s.t (a int); alter schema s rename to z")[2] == {
        "alters": ["schema s: rename"],
        "renames": [
            "schema s -> schema z",
            "table s.t -> table z.t",
            "table column s.t.a -> table column z.t.a",
        ],
    }


def test_an_extension_that_is_there_changes_nothing(read: Read) -> None:
    sql = "create extension if not exists plpgsql; create extension citext"
    assert read(sql) == [{}, {"creates": ["extension citext"]}]


def test_a_publication_lists_tables_their_children_and_schemas(read: Read) -> None:
    made, added, dropped = read(
        """create table t (a int); create table c () inherits (t); create table u (a int);
           create schema s; create publication p for table t, tables in schema s;
           alter publication p add table u; drop publication p"""
    )[4:]
    assert made["creates"] == [
        "publication p",
        "publication relation public.c in publication p",
        "publication relation public.t in publication p",
        "publication namespace s in publication p",
    ]
    assert added == {
        "alters": ["publication p: members"],
        "creates": ["publication relation public.u in publication p"],
    }
    assert len(dropped["drops"]) == 5


def test_comments_and_owners_alter_every_kind(read: Read) -> None:
    found = read(
        """comment on table t is 'x'; comment on column s.t.c is 'x';
           comment on function f(int) is 'x'; comment on policy p on t is 'x';
           comment on constraint c on domain d is 'x'; alter type m owner to bob;
           comment on operator === (int, int) is 'x'"""
    )
    assert found == [
        {"alters": ["table public.t: comment"]},
        {"alters": ["table column s.t.c: comment"]},
        {"alters": ["function public.f(integer): comment"]},
        {"alters": ["policy p on public.t: comment"]},
        {"alters": ["domain constraint c on public.d: comment"]},
        {"alters": ["type public.m: owner"]},
        {"alters": ["operator public.===(integer,integer): comment"]},
    ]


def test_roles_are_made_changed_and_dropped(read: Read) -> None:
    assert read("create role bob login; alter role bob set x.y = 'z'; drop role bob") == [
        {"creates": ["role bob"]},
        {"alters": ["role bob: settings"]},
        {"drops": ["role bob"]},
    ]
