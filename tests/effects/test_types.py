from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Read = Callable[..., list[dict[str, list[str]]]]


def test_an_enum_is_a_type_and_its_values_alter_it(read: Read) -> None:
    assert read(
        """create type s.mood as enum ('a'); alter type s.mood add value 'b' before 'a';
           alter type s.mood rename value 'a' to 'c'"""
    ) == [
        {"creates": ["type s.mood"]},
        {"alters": ["type s.mood: add value 'b'"]},
        {"alters": ["type s.mood: rename value from 'a' to 'c'"]},
    ]


def test_a_domain_brings_its_constraints(read: Read) -> None:
    made = ["type public.d", "domain constraint d_not_null on public.d"]
    checks = ["domain constraint d_check on public.d", "domain constraint c on public.d"]
    sql = "create domain d as int not null check (value > 0) constraint c check (value < 9)"
    assert read(sql)[0]["creates"] == made + checks
    assert read(sql, major=16)[0]["creates"] == [made[0], *checks]


def test_a_composite_type_is_a_type_and_a_relation(read: Read) -> None:
    created, added, renamed = read(
        """create type pair as (a int); alter type pair add attribute b text;
           alter type pair rename to pear"""
    )
    assert created["creates"] == [
        "type public.pair",
        "composite type public.pair",
        "composite type column public.pair.a",
    ]
    assert added == {
        "creates": ["composite type column public.pair.b"],
        "alters": ["composite type public.pair: add attribute", "type public.pair: add attribute"],
    }
    assert renamed["renames"] == [
        "type public.pair -> type public.pear",
        "composite type public.pair -> composite type public.pear",
        "composite type column public.pair.a -> composite type column public.pear.a",
        "composite type column public.pair.b -> composite type column public.pear.b",
    ]


def test_a_new_column_type_frees_the_old_one(read: Read) -> None:
    effect = read(
        """create type old as enum ('a'); create type new as enum ('a'); create table t (c old);
           alter table t alter c type new using c::text::new; drop type old cascade"""
    )
    assert effect[3]["writes"] == ["table public.t"]
    assert effect[4] == {"drops": ["type public.old"]}
