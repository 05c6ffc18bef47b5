from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Read = Callable[..., list[dict[str, list[str]]]]


TABLES = "create table t (id serial primary key, a int); create table u (c int);"


def test_dml_writes_its_target_and_reads_the_rest(read: Read) -> None:
    inserted, updated, deleted = read(
        TABLES
        + """insert into t (a) select c from u; update t set a = 1;
             with gone as (delete from u returning c) insert into t (a) select c from gone"""
    )[2:]
    assert inserted == {"writes": ["table public.t"], "reads": ["table public.u"]}
    assert updated == {"writes": ["table public.t"]}
    assert deleted == {"writes": ["table public.u", "table public.t"]}


def test_an_update_needs_the_columns_it_names(needs: Read) -> None:
    assert needs(TABLES + "update t set a = 1 where id = 2")[2] == {
        "statement": [
            "table public.t (rows)",
            "table column public.t.id (rows)",
            "table column public.t.a (rows)",
        ]
    }


def test_copy_writes_rows(read: Read) -> None:
    assert read(TABLES + "copy t (a) from stdin;\n1\n\\.\n")[2] == {"writes": ["table public.t"]}


def test_truncate_reaches_referring_tables_and_sequences(read: Read) -> None:
    sql = "create table w (t int references t); truncate t restart identity cascade"
    assert read(TABLES + sql)[3] == {
        "alters": ["sequence public.t_id_seq: value"],
        "writes": ["table public.t", "sequence public.t_id_seq", "table public.w"],
    }


def test_setval_moves_a_sequence(read: Read) -> None:
    assert read(TABLES + "select setval('t_id_seq', 10)")[2] == {
        "alters": ["sequence public.t_id_seq: value"],
        "writes": ["sequence public.t_id_seq"],
    }


def test_a_select_that_calls_something_unknown_is_opaque(read: Read) -> None:
    assert read(
        """select count(*) from pg_class; select cron.schedule('x', 'y', 'z');
           create function f() returns int language sql as 'select 1'; select f()"""
    ) == [
        {},
        {"opaque": ["SELECT calls cron.schedule(), which may do anything"]},
        {"creates": ["function public.f()"]},
        {"opaque": ["SELECT calls f(), which may do anything"]},
    ]


def test_whoever_changes_a_system_catalog_may_change_any_object(read: Read) -> None:
    (effect,) = read("update pg_index set indisready = false where indexrelid = 'i'::regclass")
    assert effect["opaque"] == [
        "rows of pg_catalog.pg_index are changed, which may change any object"
    ]
