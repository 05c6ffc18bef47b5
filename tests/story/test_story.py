from __future__ import annotations

import pytest

from consolidate import graph
from tests.story.told import life, stories, tied


def test_a_table_is_told_with_its_parts_through_its_names() -> None:
    (told,) = stories(
        "issues",
        "create table issues (id int primary key, descr text default '');\n"
        "create index i on issues (descr);\n"
        "insert into issues values (1);",
        "alter table issues rename to tickets;\n"
        "alter table tickets rename descr to description;\n"
        "alter table tickets add due date, alter id type bigint;\n"
        "comment on table tickets is 'x';\n"
        "alter table tickets alter description drop default;\n"
        "create policy p on tickets using (true);\n"
        "update tickets set due = null;\n"
        "select * from tickets;\n"
        "truncate tickets;",
    )
    assert [name.identity for name in told.names] == ["public.issues", "public.tickets"]
    assert life(told) == [
        "1.sql:1 created with columns id, descr; constraint issues_pkey",
        "1.sql:2 index i added",
        "1.sql:3 rows inserted",
        "2.sql:1 renamed from public.issues to public.tickets",
        "2.sql:2 column descr renamed to description",
        "2.sql:3 column due added; column id: type changed",
        "2.sql:4 comment changed",
        "2.sql:5 default of description dropped",
        "2.sql:6 policy p added",
        "2.sql:7 rows updated",
        "2.sql:8 rows read",
        "2.sql:9 emptied",
    ]


def test_what_is_made_again_and_what_takes_a_name_over_are_other_objects() -> None:
    again = stories("a", "create table a (x int);\ndrop table a;\ncreate table a (y int);")
    assert [(one.number, one.ended) for one in again] == [(1, True), (2, False)]
    assert [life(one)[0] for one in again] == [
        "1.sql:1 created with column x",
        "1.sql:3 created with column y",
    ]
    over = stories("a", "create table a (x int);\nalter table a rename to b;\ncreate table a ();")
    assert [one.object.identity for one in over] == ["public.b", "public.a"]
    assert [one.number for one in over] == [1, 2]
    assert stories("b", "create table a (); alter table a rename to b;")[0].number == 1


def test_what_goes_along_with_another_object_says_with_which() -> None:
    (told,) = stories(
        "v",
        "create table t (x int);\ncreate view v as select x from t;\n"
        "create or replace view v as select x from t where x > 1;\ndrop table t cascade;",
    )
    assert life(told) == [
        "1.sql:2 created with column x",
        "1.sql:3 replaced by a new definition",
        "1.sql:4 dropped along with table public.t",
    ]


def test_dependencies_have_a_reason_and_lines_and_mentions_stand_apart() -> None:
    history = (
        "create type mood as enum ('x');\ncreate table rooms (id int primary key);\n"
        "create table keys (room int references rooms, m mood);\n"
        "create function f() returns void language plpgsql as 'begin delete from keys; end';\n"
        "create view v as select room from keys;\ndrop view v;"
    )
    (told,) = stories("keys", history)
    assert tied(told.needs) == [
        "schema public: part of 1.sql:3",
        "table public.rooms: foreign key 1.sql:3",
        "type public.mood: column type 1.sql:3",
    ]
    (foreign,) = (tie for tie in told.needs if tie.reason == "foreign key")
    assert [one.identity for one in foreign.by] == ["keys_room_fkey on public.keys"]
    assert "public.rooms.id" in {one.identity for one in foreign.on}
    assert tied(told.needed_by) == ["view public.v: query 1.sql:5 gone"]
    assert told.mentions == ()
    assert tied(told.mentioned_by) == ["function public.f(): mention 1.sql:4"]
    reads = "create table t ();create function f() returns int language sql as 'select 1 from t';"
    (function,) = stories("f", reads)
    assert tied(function.needs)[1:] == ["table public.t: body 1.sql:1"]
    assert function.mentions == ()
    (function,) = stories("f", history)
    assert tied(function.mentions) == ["table public.keys: mention 1.sql:4"]


def test_a_column_is_told_by_itself_and_knows_what_hangs_on_it_in_its_own_table() -> None:
    (told,) = stories(
        "t.x",
        "create table t (x int);\nalter table t add unique (x);\nalter table t rename to u;",
    )
    assert str(told.whole) == "table public.u"
    assert life(told) == ["1.sql:1 created", "1.sql:3 renamed from public.t.x to public.u.x"]
    assert "table constraint t_x_key on public.u: key column 1.sql:2" in tied(told.needed_by)


def test_what_the_platform_brings_is_told_apart_from_what_nobody_makes() -> None:
    history = "insert into auth.users default values;\ninsert into auth.gone default values;"
    before = "create schema auth; create table auth.users (id int);"
    (brought,) = stories("auth.users", history, before=before)
    (nowhere,) = stories("auth.gone", history, before=before)
    assert (brought.external, brought.brought) == (True, "the platform")
    assert (nowhere.external, nowhere.brought) == (True, "")


def test_a_do_block_that_names_an_object_is_part_of_its_life() -> None:
    (told,) = stories("t", "create table t ();\ndo 'begin drop table if exists t; end';")
    assert [(one.what, one.told) for one in told.events[1:]] == [
        (("used",), "named in a text that runs there")
    ]


def test_rights_are_told_with_whose_they_are() -> None:
    (told,) = stories(
        "t",
        "create role app;\ncreate table t (x int);\ngrant select on t to app;\n"
        "revoke all on t from app;\ngrant select, insert (x) on t to app, public;\n"
        "grant update on t to app with grant option;\n"
        "revoke grant option for update on t from app;",
    )
    assert life(told)[1:] == [
        "1.sql:3 SELECT granted to app",
        "1.sql:4 all rights revoked from app",
        "1.sql:5 column x: INSERT granted to app, everybody; SELECT granted to app, everybody",
        "1.sql:6 UPDATE with grant option granted to app",
        "1.sql:7 grant option for UPDATE revoked from app",
    ]


def test_a_role_is_told_what_it_is_given_and_where_it_is_a_member() -> None:
    (told,) = stories(
        "app",
        'create role "Staff";\ncreate role app;\ncreate table t (x int);\n'
        "create view v as select x from t;\n"
        "grant select on t, v to app;\nrevoke all on t from app;\n"
        "alter default privileges in schema public grant execute on functions to app;\n"
        'grant "Staff" to app;\nrevoke "Staff" from app;\ngrant app to "Staff";\n'
        "create policy p on t to app using (true);\nset role app;",
    )
    assert life(told)[1:] == [
        "1.sql:5 SELECT on table public.t, view public.v granted to it",
        "1.sql:6 all rights on table public.t revoked from it",
        "1.sql:7 EXECUTE on new functions for role postgres in schema public granted to it",
        '1.sql:8 made a member of "Staff"',
        '1.sql:9 no longer a member of "Staff"',
        '1.sql:10 "Staff" taken in as a member',
        "1.sql:12 named as a role",
    ]


def test_what_postgresql_adds_by_itself_is_not_told() -> None:
    (told,) = stories(
        "t",
        "create table t (id serial primary key, \"Name\" text not null default '' unique);\n"
        'alter table t add "Due" date not null;\nalter table t alter id drop default;',
    )
    assert life(told) == [
        '1.sql:1 created with columns id, "Name"; constraints t_pkey, "t_Name_key"',
        '1.sql:2 column "Due" added',
        "1.sql:3 default of id dropped",
    ]


def test_the_position_of_a_sequence_is_no_row() -> None:
    (told,) = stories("s", "create sequence s;\nselect setval('s', 7);")
    assert life(told) == ["1.sql:1 created", "1.sql:2 position set"]


def test_a_dependency_lasts_no_longer_than_the_part_that_has_it() -> None:
    history = (
        "create table rooms (id int primary key, n int unique);\n"
        "create table keys (room int constraint one references rooms,\n"
        "n int constraint two references rooms (n));\n"
        "alter table keys drop constraint one;"
    )
    (told,) = stories("keys", history)
    assert tied(told.needs)[1:] == [
        "table public.rooms: foreign key 1.sql:2",
        "table public.rooms: foreign key 1.sql:2 gone",
    ]
    assert [one.identity for one in told.needs[1].by] == ["two on public.keys"]
    (told,) = stories("rooms", history)
    assert [tie.gone for tie in told.needed_by] == [False, True]
    end = "alter table rooms drop constraint rooms_n_key cascade;\ndrop table keys;"
    (told,) = stories("keys", f"{history}\n{end}")
    assert tied(told.needs)[1:] == ["table public.rooms: foreign key 1.sql:2"]


@pytest.mark.parametrize("major", [16, 18])
def test_not_null_is_told_of_the_column_whether_it_has_a_name_or_not(major: int) -> None:
    history = (
        "create table t (a int not null, b int constraint b_not_null check (b is not null));\n"
        "alter table t alter b set not null;\nalter table t rename b to c;\n"
        "alter table t alter c drop not null;\ncreate domain d as int not null;\n"
        "alter domain d drop not null;\nalter domain d set not null;"
    )
    (told,) = stories("t", history, major=major)
    assert life(told) == [
        "1.sql:1 created with columns a, b; constraint b_not_null",
        "1.sql:2 column b: set NOT NULL",
        "1.sql:3 column b renamed to c",
        "1.sql:4 column c: NOT NULL dropped",
    ]
    (told,) = stories("t.c", history, major=major)
    assert life(told)[1::2] == ["1.sql:2 set NOT NULL", "1.sql:4 NOT NULL dropped"]
    (told,) = stories("d", history, major=major)
    assert life(told)[1:] == ["1.sql:6 NOT NULL dropped", "1.sql:7 set NOT NULL"]


def test_a_primary_key_lets_its_column_have_no_null() -> None:
    (told,) = stories("t", "create table t (a int);\nalter table t add primary key (a);")
    assert life(told)[1] == "1.sql:2 constraint t_pkey added; column a: set NOT NULL"
    (told,) = stories("t.a", "create table t (a int);\nalter table t add primary key (a);")
    assert life(told)[1] == "1.sql:2 set NOT NULL"


def test_what_is_brought_is_told_with_what_brings_it() -> None:
    brought = graph.made_by(
        [
            ("the platform x", "create schema auth; create table auth.a ();"),
            ("the runner y", "\ncreate table done ();"),
            ("more.sql", "drop table auth.a; create table auth.b (); alter table done add n int;"),
        ]
    )
    assert {str(name): by for name, by in brought.items() if name.kind in {"schema", "table"}} == {
        "schema auth": "the platform x",
        "table public.done": "the runner y",
        "table auth.b": "more.sql",
    }
    (told,) = stories("schema public", "create table t ();")
    assert told.brought == "PostgreSQL"
    (told,) = stories("pg_index", "update pg_index set indisvalid = true;")
    assert told.brought == "PostgreSQL"


def test_what_was_needed_for_a_time_is_told_of_both() -> None:
    history = (
        "create type a as enum ('x');\ncreate type b as enum ('x');\n"
        "create table t (m a);\ncreate view v as select m from t;\n"
        "create table u (m int);\ncreate or replace view v as select null::a as m from u;\n"
        "alter table t alter m type b using null;"
    )
    (told,) = stories("a", history)
    assert tied(told.needed_by) == [
        "view public.v: column type 1.sql:4",
        "view public.v: query 1.sql:6",
        "table public.t: column type 1.sql:3 gone",
    ]
    (told,) = stories("v", history)
    assert "table public.t: query 1.sql:4 gone" in tied(told.needs)
    assert "table public.u: query 1.sql:6" in tied(told.needs)


def test_the_values_of_an_enum_are_named() -> None:
    (told,) = stories(
        "mood",
        "create type mood as enum ('a');\nalter type mood add value 'it''s' before 'a';\n"
        "alter type mood rename value 'a' to 'b';",
    )
    assert life(told)[1:] == [
        "1.sql:2 value 'it''s' added",
        "1.sql:3 value renamed from 'a' to 'b'",
    ]


def test_an_owner_is_named_to_the_object_and_told_to_the_role() -> None:
    history = (
        "create role a;\ncreate schema s;\ncreate table t ();\nalter table t owner to a;\n"
        "alter table t set schema s;\ncreate table u (like s.t);"
    )
    assert life(stories("t", history)[0])[1:] == [
        "1.sql:4 owner changed to a",
        "1.sql:5 renamed from public.t to s.t",
        "1.sql:6 copied by LIKE",
    ]
    assert life(stories("a", history)[0])[1:] == ["1.sql:4 made the owner of table public.t"]
    assert life(stories("schema s", history)[0])[1:] == ["1.sql:5 something is put into it"]


def test_a_composite_type_is_told_once() -> None:
    (told,) = stories(
        "c", "create type c as (x int);\nalter type c add attribute y int, drop attribute x;"
    )
    assert life(told)[1:] == ["1.sql:2 column y added; column x dropped"]


def test_the_default_of_a_domain_is_needed_until_it_has_another() -> None:
    (told,) = stories(
        "d",
        "create function f() returns int language sql as 'select 1';\n"
        "create function g() returns int language sql as 'select 1';\n"
        "create domain d as int default f();\nalter domain d set default g();",
    )
    assert tied(told.needs) == [
        "function public.g(): default 1.sql:4",
        "schema public: part of 1.sql:3",
        "function public.f(): default 1.sql:3 gone",
    ]
