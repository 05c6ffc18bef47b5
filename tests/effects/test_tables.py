from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Read = Callable[..., list[dict[str, list[str]]]]


LONG = "a_name_of_exactly_forty_bytes_for_a_table"
COLUMN = "and_a_column_name_that_is_quite_long_too"


def test_a_table_brings_its_columns_constraints_indexes_and_sequences(read: Read) -> None:
    assert read(
        """create table t (id serial primary key, "Odd Name" text default 'x' unique,
           n int not null check (n > 0) references t)"""
    ) == [
        {
            "creates": [
                "table public.t",
                "table column public.t.id",
                "sequence public.t_id_seq",
                "default value for public.t.id",
                'table column public.t."Odd Name"',
                'default value for public.t."Odd Name"',
                "table column public.t.n",
                "table constraint t_n_check on public.t",
                "table constraint t_n_not_null on public.t",
                "table constraint t_id_not_null on public.t",
                "table constraint t_pkey on public.t",
                "index public.t_pkey",
                'table constraint "t_Odd Name_key" on public.t',
                'index public."t_Odd Name_key"',
                "table constraint t_n_fkey on public.t",
            ]
        }
    ]


def test_not_null_has_no_name_before_18(read: Read) -> None:
    assert read("create table t (a int not null)", major=16) == [
        {"creates": ["table public.t", "table column public.t.a"]}
    ]


def test_generated_names_are_cut_to_63_bytes(read: Read) -> None:
    made = read(f"create table {LONG} ({COLUMN} int unique)")[0]["creates"]
    cut = f"{LONG[:29]}_{COLUMN[:29]}_key"
    assert len(cut) == 63
    assert made[-1] == f"index public.{cut}"


def test_names_are_cut_between_characters_not_inside_one(read: Read) -> None:
    made = read(f'create table "{"é" * 31}" (a int primary key)', major=16)[0]["creates"]
    assert made[-1] == f'index public."{"é" * 29}_pkey"'


def test_a_generated_name_that_is_taken_gets_a_number(read: Read) -> None:
    _, first, second = read("create table t (a int); create index on t (a); create index on t (a)")
    assert first == {"creates": ["index public.t_a_idx"]}
    assert second == {"creates": ["index public.t_a_idx1"]}


def test_an_expression_index_is_named_after_its_expressions(read: Read) -> None:
    made = read("create table t (a text); create index on t (lower(a), lower(a), (a || 'x'))")
    assert made[1] == {"creates": ["index public.t_lower_lower1_expr_idx"]}


def test_a_check_is_named_after_its_only_column(read: Read) -> None:
    made = read("create table t (a int, b int, check (a > 0), check (a > b))")[0]["creates"]
    assert made[-2:] == [
        "table constraint t_a_check on public.t",
        "table constraint t_check on public.t",
    ]


def test_if_not_exists_on_what_exists_changes_nothing(read: Read) -> None:
    sql = "create table t (a int); create table if not exists t (b int)"
    assert read(sql)[1] == {}


def test_a_table_that_only_a_statement_before_used_exists_too(read: Read) -> None:
    sql = "insert into auth.users default values; create table if not exists auth.users (b int)"
    assert read(sql)[1] == {}


def test_an_alter_names_what_it_changes_and_makes(read: Read) -> None:
    assert read(
        """create table t (a int);
           alter table t add column b int default 1, alter column a type bigint,
             alter a set default 2, enable row level security, owner to bob"""
    )[1] == {
        "creates": [
            "table column public.t.b",
            "default value for public.t.b",
            "default value for public.t.a",
        ],
        "alters": [
            "table public.t: column type",
            "table column public.t.a: type",
            "table public.t: add column",
            "table column public.t.a: default",
            "table public.t: default",
            "table public.t: rls",
            "table public.t: owner",
        ],
    }


def test_dropping_a_column_takes_its_constraints_indexes_and_sequence(read: Read) -> None:
    assert read(
        "create table t (a serial primary key, b int); create index i on t (b, lower(a::text));"
        "alter table t drop column a",
        major=16,
    )[2] == {
        "alters": ["table public.t: drop column"],
        "drops": [
            "table column public.t.a",
            "sequence public.t_a_seq",
            "default value for public.t.a",
            "table constraint t_pkey on public.t",
            "index public.t_pkey",
            "index public.i",
        ],
    }


def test_dropping_a_table_with_cascade_takes_views_and_foreign_keys_but_no_table(
    read: Read,
) -> None:
    assert read(
        """create table t (a int primary key); create table u (b int references t);
           create view v as select a from t; create view w as select a from v;
           drop table t cascade""",
        major=16,
    )[4] == {
        "drops": [
            "table public.t",
            "table column public.t.a",
            "table constraint t_pkey on public.t",
            "index public.t_pkey",
            "table constraint u_b_fkey on public.u",
            "view public.v",
            "view column public.v.a",
            "view public.w",
            "view column public.w.a",
        ]
    }


def test_a_rename_moves_every_name_that_contains_it_and_no_other(read: Read) -> None:
    assert read(
        """create table t (a serial primary key); create function f(x t) returns int
           language sql as 'select 1'; alter table t rename to u""",
        major=16,
    )[2] == {
        "alters": ["table public.t: rename"],
        "renames": [
            "table public.t -> table public.u",
            "table column public.t.a -> table column public.u.a",
            "default value for public.t.a -> default value for public.u.a",
            "table constraint t_pkey on public.t -> table constraint t_pkey on public.u",
            "function public.f(public.t) -> function public.f(public.u)",
        ],
    }


def test_set_schema_takes_indexes_and_own_sequences_along(read: Read) -> None:
    assert read(
        """create schema s; create table t (a serial unique); alter table t set schema s""",
        major=16,
    )[2] == {
        "alters": ["table public.t: schema"],
        "renames": [
            "table public.t -> table s.t",
            "table column public.t.a -> table column s.t.a",
            "sequence public.t_a_seq -> sequence s.t_a_seq",
            "default value for public.t.a -> default value for s.t.a",
            "table constraint t_a_key on public.t -> table constraint t_a_key on s.t",
            "index public.t_a_key -> index s.t_a_key",
        ],
    }


def test_renaming_a_key_renames_its_index_and_the_other_way_round(read: Read) -> None:
    both = [
        "table constraint a on public.t -> table constraint b on public.t",
        "index public.a -> index public.b",
    ]
    table = "create table t (x int constraint a unique);"
    for rename in ("alter table t rename constraint a to b", "alter index a rename to b"):
        assert read(table + rename)[1]["renames"] == both


def test_an_identity_column_owns_a_sequence_that_it_takes_along(read: Read) -> None:
    _, made, gone = read(
        """create table t (a int not null);
           alter table t alter a add generated always as identity;
           alter table t alter a drop identity"""
    )
    assert made["creates"] == ["sequence public.t_a_seq"]
    assert gone["drops"] == ["sequence public.t_a_seq"]


def test_a_partition_gets_columns_indexes_and_row_triggers(read: Read) -> None:
    assert read(
        """create table p (a int primary key) partition by list (a);
           create function f() returns trigger language plpgsql as 'begin return new; end';
           create trigger tr after insert on p for each row execute function f();
           create table p1 partition of p for values in (1)""",
        major=16,
    )[3] == {
        "creates": [
            "table public.p1",
            "table column public.p1.a",
            "table constraint p1_pkey on public.p1",
            "index public.p1_pkey",
            "trigger tr on public.p1",
        ]
    }


def test_a_child_follows_its_parents_columns(read: Read) -> None:
    _, _, added, renamed = read(
        """create table p (a int); create table c () inherits (p);
           alter table p add column b int; alter table p rename b to bb"""
    )
    assert added["creates"] == ["table column public.p.b", "table column public.c.b"]
    assert renamed["renames"] == [
        "table column public.p.b -> table column public.p.bb",
        "table column public.c.b -> table column public.c.bb",
    ]


def test_identifiers_fold_as_postgresql_folds_them(read: Read) -> None:
    assert read('create table Public.Tab (Col int, "Col" int, "user" int)')[0]["creates"] == [
        "table public.tab",
        "table column public.tab.col",
        'table column public.tab."Col"',
        'table column public.tab."user"',
    ]


def test_a_foreign_key_needs_the_unique_index_of_its_target(needs: Read) -> None:
    found = needs(
        """create table t (a int); create unique index i on t (a);
           create table u (b int references t (a))""",
        major=16,
    )[2]
    assert found["table constraint u_b_fkey on public.u"] == [
        "table public.u (part of)",
        "table column public.u.b (key column)",
        "table public.t (foreign key)",
        "table column public.t.a (foreign key)",
        "index public.i (foreign key)",
    ]


def test_a_column_needs_its_type_and_a_default_its_function_and_sequence(needs: Read) -> None:
    assert needs(
        """create type mood as enum ('a'); create sequence s; create function f(int) returns int
           language sql as 'select 1';
           create table t (m mood default 'a'::mood, n int default nextval('s'), o int default f(1))
        """
    )[3] == {
        "table column public.t.m": ["table public.t (part of)", "type public.mood (column type)"],
        "default value for public.t.m": [
            "table column public.t.m (part of)",
            "type public.mood (default)",
        ],
        "table column public.t.n": ["table public.t (part of)"],
        "default value for public.t.n": [
            "table column public.t.n (part of)",
            "sequence public.s (default)",
        ],
        "table column public.t.o": ["table public.t (part of)"],
        "default value for public.t.o": [
            "table column public.t.o (part of)",
            "function public.f(integer) (default)",
        ],
    }


def test_a_sequence_name_in_a_text_cast_is_no_need(needs: Read) -> None:
    found = needs("create sequence s; create table t (n int default nextval('s'::text))")[1]
    assert found["default value for public.t.n"] == ["table column public.t.n (part of)"]


@pytest.mark.parametrize(
    ("key", "bound", "made"),
    [
        ("list (k)", "in (1)", "c_k_check"),
        ("range (k, l)", "from (1, 1) to (2, 2)", "c_check"),
        ("list (lower(t))", "in ('a')", "c_t_check"),
        ("hash (k)", "with (modulus 2, remainder 0)", None),
    ],
)
def test_what_is_detached_concurrently_keeps_its_bounds_as_a_check(
    read: Read, key: str, bound: str, made: str | None
) -> None:
    history = (
        f"create table p (k int, l int, t text) partition by {key};"
        f"create table c partition of p for values {bound};"
        "alter table p detach partition c concurrently"
    )
    check = [f"table constraint {made} on public.c"] if made else None
    assert read(history)[-1].get("creates") == check


def test_the_bounds_of_a_partition_of_a_partition_are_those_of_both(read: Read) -> None:
    history = (
        "create table p (k int, l int) partition by list (k);"
        "create table q partition of p for values in (1) partition by list (l);"
        "create table c partition of q for values in (1);"
        "alter table q detach partition c concurrently"
    )
    assert read(history)[-1]["creates"] == ["table constraint c_check on public.c"]
