from __future__ import annotations

from consolidate.cycles import Cycle, cycles
from tests.story.told import graph_of

TABLES = (
    "create table a (id int primary key, b int);\ncreate table b (id int primary key, a int);\n"
)
ONE = "alter table b add foreign key (a) references a;\n"
OTHER = "alter table a add foreign key (b) references b;\n"


def _told(cycle: Cycle) -> list[str]:
    return [
        f"{step.object.identity}: {one.reason} {one.place.path}:{one.place.line}"
        for step in cycle.steps
        for one in step.evidence[:1]
    ]


def test_circular_foreign_keys_are_a_cycle_of_the_objects_not_of_the_history() -> None:
    assert cycles(graph_of(TABLES + ONE)) == ()
    (found,) = cycles(graph_of(TABLES + ONE + OTHER))
    assert [str(one) for one in found.members] == ["table public.a", "table public.b"]
    assert _told(found) == ["public.a: foreign key 1.sql:4", "public.b: foreign key 1.sql:3"]


def test_the_smallest_cycle_of_a_group_is_told() -> None:
    ring = "".join(f"create table {name} (id int primary key);" for name in "cdefg")
    keys = "".join(
        f"alter table {by} add {on} int references {on};"
        for by, on in (("c", "d"), ("d", "e"), ("e", "f"), ("f", "g"), ("g", "c"), ("f", "e"))
    )
    (found,) = cycles(graph_of(ring + keys))
    assert len(found.members) == 5
    assert [step.object.identity for step in found.steps] == ["public.e", "public.f"]


def test_a_function_that_a_table_calls_and_that_reads_it_is_a_cycle() -> None:
    (found,) = cycles(
        graph_of(
            "create table t (x int);\n"
            "create function f(t) returns int language sql return 1;\n"
            "alter table t add check (f(t) = 1);"
        )
    )
    assert [str(step.object) for step in found.steps] == [
        "function public.f(public.t)",
        "table public.t",
    ]


def test_what_is_gone_needs_itself_or_is_only_mentioned_makes_no_cycle() -> None:
    dropped = "alter table a drop b;"
    itself = "create table t (id int primary key, up int references t);"
    mentioned = (
        "create function g() returns int language plpgsql as"
        " 'begin return (select count(*) from a); end';alter table a add c int default g();"
    )
    assert cycles(graph_of(TABLES + ONE + OTHER + dropped + itself + mentioned)) == ()
