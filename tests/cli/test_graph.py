"""The dependency graph, as somebody at a terminal or a program gets it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from consolidate.pictures import mermaid
from tests.cli.conftest import undocumented

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

HISTORY = {
    "1.sql": "create table rooms (id int primary key);\n"
    "create table keys (id int primary key, room int references rooms);\n"
    "create table gone (); drop table gone;",
    "2.sql": "alter table rooms add spare int references keys;\n"
    "create view v as select k.id from keys k, auth.users;",
}


@pytest.fixture
def legacy(tmp_path: Path) -> str:
    for path, text in HISTORY.items():
        (tmp_path / path).write_text(text)
    return str(tmp_path)


def test_a_history_is_told_in_numbers_with_its_smallest_cycle(run: Run, legacy: str) -> None:
    code, told, talk = run("graph", legacy, "--platform", "supabase")
    assert (code, talk.splitlines()[0].partition(",")[0]) == (0, "history: 2 files")
    lines = [" ".join(line.split()) for line in told.splitlines()]
    assert lines[0].startswith("6 statements made ")
    assert {"table 3 2", "foreign key 6", "table: auth.users"} <= {*lines}
    assert lines[-3:] == [
        "Cycle: a smallest one among 2 objects",
        "table public.keys needs table public.rooms: foreign key 1.sql:2",
        "table public.rooms needs table public.keys: foreign key 2.sql:1",
    ]


def test_what_is_used_is_told_with_what_brings_it(run: Run, tmp_path: Path) -> None:
    used = "update flyway_schema_history set success = true; delete from nowhere.t;"
    (tmp_path / "V1__a.sql").write_text(f"create role a; create table t (); {used}")
    _, told, _ = run("graph", str(tmp_path), "--quiet")
    assert "\nUsed, and brought by PostgreSQL (1)\n  schema: public\n" in told
    runner = "\nUsed, and brought by the runner flyway (2)\n  table: public.flyway_schema_history\n"
    assert runner in told
    nobody = "\nUsed, and never created (1)\n  table: nowhere.t\n"
    assert nobody in told
    _, told, _ = run("explain", "flyway_schema_history", str(tmp_path), "--quiet")
    assert told.splitlines()[1] == "  the runner flyway brings it; 1 statement touched it"


def test_what_is_around_an_object_is_told_with_reasons_and_lines(run: Run, legacy: str) -> None:
    _, told, _ = run("graph", legacy, "--object", "rooms", "--distance", "2", "--quiet")
    assert [" ".join(line.split()) for line in told.splitlines() if line] == [
        "Around table public.rooms",
        "2 neighbours within 2 steps; dependencies: 3",
        "At distance 1",
        "table public.keys → table public.rooms foreign key 1.sql:2",
        "table public.rooms → table public.keys foreign key 2.sql:1",
        "At distance 2",
        "view public.v → table public.keys query 2.sql:2",
    ]


def test_a_program_gets_all_of_it_the_same_each_time(run: Run, legacy: str) -> None:
    _, told, _ = run("graph", legacy, "--format", "json", "--quiet")
    answer = json.loads(told)
    assert (answer["format"], answer["around"], answer["parts"]) == (
        *("consolidate/graph@1", None, False),
    )
    nodes = {node["id"]: node for node in answer["nodes"]}
    assert nodes["table public.gone"]["ended"]
    assert nodes["table auth.users"]["external"]
    assert nodes["0002#1"]["kind"] == "statement"
    assert all(edge["because"] for edge in answer["edges"])
    assert all(edge["from"] in nodes and edge["to"] in nodes for edge in answer["edges"])
    assert undocumented(answer, "reference/graph.md") == set()
    assert undocumented({**answer, "new": 1}, "reference/graph.md") == {"new"}
    (cycle,) = answer["cycles"]
    assert [step["object"]["identity"] for step in cycle["steps"]] == [
        "public.keys",
        "public.rooms",
    ]
    assert run("graph", legacy, "--format", "json", "--quiet")[1] == told


def test_a_picture_of_a_neighbourhood(run: Run, legacy: str) -> None:
    _, told, _ = run("graph", legacy, "--object", "keys", "--format", "svg", "--quiet")
    texts = [one.text for one in ET.fromstring(told).iter("{http://www.w3.org/2000/svg}text")]  # noqa: S314 - our own
    assert {"public.keys", "public.rooms", "public.v", "foreign key"} <= {*texts}
    _, told, _ = run("graph", legacy, "--object", "gone", "--format", "dot", "--quiet")
    assert told.count("->") == 0
    assert '"table public.gone"' in told
    _, told, _ = run("graph", legacy, "--parts", "--format", "graphml", "--quiet")
    assert "table column public.keys.room" in told
    _, told, _ = run("graph", legacy, "--statements", "--format", "mermaid", "--quiet")
    assert '>"2.sql:1"]' in told


def test_what_a_picture_leaves_out_is_counted(run: Run, tmp_path: Path) -> None:
    many = mermaid.BUDGET + 1
    (tmp_path / "1.sql").write_text(
        "create table hub (id int primary key);"
        + "".join(f"create table t{n} (hub int references hub);" for n in range(many))
    )
    _, told, talk = run("graph", str(tmp_path), "--format", "mermaid")
    left_out = f"{many} of {many + 1} objects and {many - 1} of {many} dependencies are shown"
    assert left_out in talk
    assert f"  %% {left_out}" in told
    assert told.count("-->") == mermaid.BUDGET


def test_an_object_that_is_not_there_is_a_usage_error(run: Run, legacy: str) -> None:
    code, told, talk = run("graph", legacy, "--object", "romos")
    assert (code, told) == (2, "")
    assert "did you mean table public.rooms" in talk
