from __future__ import annotations

import pytest

from consolidate.lookup import Directory
from tests.story.told import graph_of

HISTORY = """
create schema app; create role writer;
create table keys (id int primary key, "Room No" int);
create table app.keys (id int);
create table "CourtTerms" (x int);
create function assign(a int, b varchar) returns int language sql as 'select 1';
create function assign(a timestamptz[]) returns int language sql as 'select 1';
create function app.sole(x public.keys) returns int language sql as 'select 1';
create policy "Staff read" on keys using (true);
create type app.size as (x int);
create table "two\nlines" (); create table "two  blanks" ();
create table gone (); drop table gone; create view app.gone as select 1 as x;
"""

ASSIGN = "function public.assign(integer,character varying)"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("public.keys", "table public.keys"),
        ("Public.KEYS", "table public.keys"),
        ("app.keys", "table app.keys"),
        ("public.keys.id", "table column public.keys.id"),
        ('public.keys."Room No"', 'table column public.keys."Room No"'),
        ("public.keys.Room No", 'table column public.keys."Room No"'),
        ("keys_pkey", "table constraint keys_pkey on public.keys"),
        ("index keys_pkey", "index public.keys_pkey"),
        ("keys.keys_pkey", "table constraint keys_pkey on public.keys"),
        ('"CourtTerms"', 'table public."CourtTerms"'),
        ("CourtTerms", 'table public."CourtTerms"'),
        ("courtterms.x", 'table column public."CourtTerms".x'),
        ('"two\nlines"', 'table public."two\nlines"'),
        ("two\nlines", 'table public."two\nlines"'),
        ('table  public . "two  blanks"', 'table public."two  blanks"'),
        ("table two  blanks\n", 'table public."two  blanks"'),
        ("assign(int, varchar)", ASSIGN),
        ("assign( integer,character  varying )", ASSIGN),
        ("assign(timestamptz[])", "function public.assign(timestamp with time zone[])"),
        ("sole", "function app.sole(public.keys)"),
        ("sole(keys)", "function app.sole(public.keys)"),
        ('policy "Staff read"', 'policy "Staff read" on public.keys'),
        ('"Staff read" on keys', 'policy "Staff read" on public.keys'),
        ("keys.staff read", 'policy "Staff read" on public.keys'),
        ("writer", "role writer"),
        ("role writer", "role writer"),
        ("schema app", "schema app"),
        ("size", "type app.size"),
        ("gone", "view app.gone"),
        ("public.gone", "table public.gone"),
    ],
)
def test_a_name_as_a_person_types_it(typed: str, meant: str) -> None:
    (found,) = Directory(graph_of(HISTORY)).find(typed).incarnations
    assert str(found.first).replace("pg_catalog.", "") == meant


def test_a_name_that_may_mean_several_objects_lists_them() -> None:
    found = Directory(graph_of(HISTORY)).find("keys")
    assert found.incarnations == ()
    assert [str(one) for one in found.also] == ["table app.keys", "table public.keys"]
    assert len(Directory(graph_of(HISTORY)).find("assign").also) == 2


def test_what_is_there_at_the_end_comes_before_what_is_gone() -> None:
    found = Directory(graph_of(HISTORY)).find("gone")
    assert [str(one) for one in found.also] == ["table public.gone"]


def test_an_earlier_name_of_what_is_told_is_nothing_else_that_may_be_meant() -> None:
    moved = "create schema old; create table rooms (); alter table rooms set schema old;"
    found = Directory(graph_of(moved)).find("rooms")
    assert [str(one.final) for one in found.incarnations] == ["table old.rooms"]
    assert found.also == ()


@pytest.mark.parametrize(
    ("typed", "near"),
    [("kyes", "table "), ("public.key", "table public.keys"), ("asign(int)", "function public.")],
)
def test_names_that_nothing_bears_get_suggestions(typed: str, near: str) -> None:
    found = Directory(graph_of(HISTORY)).find(typed)
    assert (found.incarnations, found.also) == ((), ())
    assert found.near[0].startswith(near)


@pytest.mark.parametrize("typed", ["", " ", "(", '"', '""', ".", "a.b.c.d.e", "x(", ")(", "\x00"])
def test_nonsense_means_nothing(typed: str) -> None:
    assert Directory(graph_of(HISTORY)).find(typed).incarnations == ()
