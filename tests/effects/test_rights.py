from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Read = Callable[..., list[dict[str, list[str]]]]


def test_all_tables_are_those_that_exist_at_that_moment(read: Read) -> None:
    assert read(
        """create table a (x int); create view v as select 1 as x; create sequence s;
           grant select on all tables in schema public to bob; create table b (x int)"""
    )[3] == {"alters": ["table public.a: rights", "view public.v: rights"]}


def test_column_rights_are_rights_on_the_columns(read: Read) -> None:
    sql = "create table a (x int, y int); grant select (x), update on a to bob"
    assert read(sql)[1] == {"alters": ["table public.a: rights", "table column public.a.x: rights"]}


def test_rights_need_their_roles(needs: Read) -> None:
    assert needs("create schema s; grant usage on schema s to bob, public")[1] == {
        "statement": ["role bob (role)"]
    }


def test_default_privileges_belong_to_a_role_a_schema_and_a_kind(read: Read) -> None:
    assert read(
        """alter default privileges in schema public grant select on tables to bob;
           alter default privileges for role bob revoke execute on functions from public;
           alter default privileges in schema public revoke select on tables from bob;
           alter default privileges in schema public revoke all on sequences from bob"""
    ) == [
        {"creates": ["default acl for role postgres in schema public on tables"]},
        {"creates": ["default acl for role bob on functions"]},
        {"drops": ["default acl for role postgres in schema public on tables"]},
        {},
    ]


def test_default_privileges_follow_the_role_of_the_session(read: Read) -> None:
    sql = "set role bob; alter default privileges grant usage on types to x"
    assert read(sql)[1] == {"creates": ["default acl for role bob on types"]}


def test_membership_changes_the_member(read: Read) -> None:
    assert read("grant staff to bob") == [{"alters": ["role bob: membership"]}]


def test_what_only_the_server_knows_about_owners_is_opaque(read: Read) -> None:
    assert read("reassign owned by a to b") == [
        {"opaque": ["REASSIGN OWNED: which objects a role owns only a server knows"]}
    ]
