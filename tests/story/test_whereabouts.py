"""Where an object ended up, from a manifest and the files beside it."""

from __future__ import annotations

from consolidate.fates import DataStatements, Fate
from consolidate.manifest import MadeObject, Manifest
from consolidate.model import ObjectId
from consolidate.whereabouts import Output, Whereabouts
from tests.story.told import graph_of, stories

HISTORY = (
    "create table a (x int);\ninsert into a values (1);\n"
    "do 'begin create trigger t after insert on a execute function f(); end';\n"
    "create table b (x int);\ncreate table c (x int);"
)
OUTPUT = {
    "migrations/01_core/1_a.sql": "-- A\ncreate table a (x int);\nalter table a add y int;\n"
    "create trigger t after insert on a execute function f();\n",
    "seed/1.sql": "insert into a values (1);",
    "rollback/01_core/1_a_rollback.sql": "drop table a;",
    "migrations/01_core/2_edited.sql": "create tabel;",
}


def _made(kind: str, name: str, rung: str, *sources: str) -> MadeObject:
    path = "migrations/01_core/1_a.sql"
    return MadeObject(kind=kind, object=name, path=path, rung=rung, sources=sources)


MANIFEST = Manifest(
    platform="plain",
    server="embedded://18",
    major=18,
    inputs=(),
    outputs=(),
    objects=(
        _made("component", "table public.b, table public.c", "as-was", "1.sql:4", "1.sql:5"),
        _made("table", "public.a", "folded", "1.sql:1", "2.sql:1"),
        _made("trigger", "t on public.a", "server", "1.sql:3"),
    ),
    data=(
        DataStatements(
            lines="1.sql:2-3",
            statements=1,
            command="INSERT",
            tables=("public.a",),
            fate=Fate.KEPT,
            into=("seed/1.sql",),
            reason="",
        ),
    ),
    files_without_trace=(),
    quarantine=(),
)


def _where(typed: str) -> tuple[Whereabouts, list[str | None]]:
    output = Output(MANIFEST, OUTPUT, "")
    (story,) = stories(typed, HISTORY)
    opaque = graph_of(HISTORY).opaque()
    unclear = {f"{one.place.path}:{one.place.line}": one for one in opaque}
    found = output.of(story, unclear)
    fates = [found.fate(event) for event in story.events if "rows" in event.what]
    return found, [fate.fate if fate else None for fate in fates]


def test_an_object_stands_in_a_file_in_a_line_in_a_wording() -> None:
    found, fates = _where("a")
    (landing,) = found.landings
    assert (landing.path, landing.line, landing.rung) == ("migrations/01_core/1_a.sql", 2, "folded")
    assert landing.wording.endswith("with what later statements changed merged in")
    assert landing.reason == "1 later statement went into it: 2.sql:1"
    assert landing.rollback == "rollback/01_core/1_a_rollback.sql"
    assert [f"{one.place.path}:{one.place.line} {one.told}" for one in found.events] == [
        "migrations/01_core/1_a.sql:2 created with column x",
        "migrations/01_core/1_a.sql:3 column y added",
        "migrations/01_core/1_a.sql:4 trigger t added",
        "seed/1.sql:1 rows inserted",
    ]
    assert fates == ["kept"]


def test_what_only_a_server_saw_is_told_with_the_statement_that_made_it() -> None:
    found, _ = _where("a")
    assert [(str(one.place), one.told) for one in found.seen] == [
        ("1.sql:3:1", "trigger t on public.a made or changed, as a server saw it")
    ]


def test_what_a_server_saw_needing_an_object_is_told_of_that_too() -> None:
    made = "create function f() returns trigger language plpgsql as 'begin end';\n"
    history = (
        f"{made}create table a (x int);\n"
        "do 'begin create trigger t after insert on a execute function f(); end';"
    )
    output = Output(MANIFEST, {**OUTPUT, "migrations/00/1.sql": made}, "")
    (story,) = stories("f", history)
    assert story.needed_by == ()
    unclear = {f"{one.place.path}:{one.place.line}": one for one in graph_of(history).opaque()}
    assert [(str(one.place), one.told) for one in output.of(story, unclear).seen] == [
        ("1.sql:3:1", "trigger t on public.a, which needs it, made or changed, as a server saw it")
    ]


def test_what_the_output_does_to_a_brought_object_is_told() -> None:
    output = Output(MANIFEST, {"seed/1.sql": "insert into auth.users values (1);"}, "")
    (story,) = stories("auth.users", "insert into auth.users values (1);")
    assert [one.told for one in output.of(story, {}).events] == ["rows inserted"]


def test_a_part_stands_where_its_whole_stands() -> None:
    found, _ = _where("a.x")
    assert found.whole == ObjectId("table", "public.a")
    assert [one.line for one in found.landings] == [2]


def test_an_object_of_a_component_stands_where_that_stands() -> None:
    found, _ = _where("c")
    assert [(one.rung, one.line) for one in found.landings] == [("as-was", None)]


def test_a_file_that_somebody_broke_is_told_and_does_no_harm() -> None:
    assert Output(MANIFEST, OUTPUT, "").unread() == ("migrations/01_core/2_edited.sql",)
