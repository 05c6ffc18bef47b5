from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Read = Callable[..., list[dict[str, list[str]]]]


TABLE = """create table t (a int, b int); create role r; create function g() returns trigger
  language plpgsql as 'begin return new; end';"""


def test_a_trigger_needs_its_function_and_columns(needs: Read, read: Read) -> None:
    sql = (
        TABLE
        + """create trigger tr before update of a on t for each row
        when (new.b is distinct from old.b) execute function g()"""
    )
    assert read(sql)[3] == {"creates": ["trigger tr on public.t"]}
    assert needs(sql)[3] == {
        "trigger tr on public.t": [
            "table public.t (part of)",
            "function public.g() (trigger)",
            "table column public.t.a (trigger)",
            "table column public.t.b (trigger)",
        ]
    }


def test_a_policy_is_dropped_and_made_again(read: Read, needs: Read) -> None:
    policy = 'create policy "may read" on t to r using (a = (select max(b) from t));'
    made, dropped, again = read(TABLE + policy + 'drop policy "may read" on t;' + policy)[3:]
    assert made == again == {"creates": ['policy "may read" on public.t']}
    assert dropped == {"drops": ['policy "may read" on public.t']}
    assert needs(TABLE + policy)[3] == {
        'policy "may read" on public.t': [
            "table public.t (part of)",
            "table public.t (policy)",
            "table column public.t.a (policy)",
            "table column public.t.b (policy)",
            "role r (role)",
        ]
    }


def test_an_altered_policy_forgets_its_old_expression(read: Read) -> None:
    sql = """create table u (c int); create policy p on t using (a in (select c from u));
             alter policy p on t using (true); drop table u cascade"""
    altered, dropped = read(TABLE + sql)[5:]
    assert altered == {"alters": ["policy p on public.t: expression"]}
    assert dropped == {"drops": ["table public.u", "table column public.u.c"]}


def test_dropping_a_trigger_function_with_cascade_drops_the_trigger(read: Read) -> None:
    sql = "create trigger tr before insert on t execute function g(); drop function g cascade"
    assert read(TABLE + sql)[4] == {"drops": ["function public.g()", "trigger tr on public.t"]}


def test_an_event_trigger_makes_what_follows_uncertain(read: Read) -> None:
    sql = "create event trigger e on ddl_command_end execute function x.f()"
    assert read(sql)[0] == {
        "creates": ["event trigger e"],
        "opaque": ["an event trigger may change the effect of every later statement"],
    }
