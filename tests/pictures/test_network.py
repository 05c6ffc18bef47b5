from __future__ import annotations

from consolidate import network
from consolidate.network import STATEMENT, Network
from tests.story.told import graph_of, parsed

FIRST = (
    "create table rooms (id int primary key);\n"
    "create table keys (id int primary key, room int references rooms);\n"
    "create index on keys (room);\n"
    "create view v as select room from keys;"
)
SECOND = (
    "drop view v;\n"
    "create view v as select id from keys;\n"
    "create function f() returns void language plpgsql as 'begin delete from rooms; end';\n"
    "do 'begin delete from keys; end';\n"
    "create role app; alter table keys owner to app; alter table rooms owner to app;"
)
HISTORY = (FIRST, SECOND)


def _built(*, parts: bool = False, with_statements: bool = False) -> Network:
    return network.build(
        graph_of(*HISTORY), parsed(*HISTORY), parts=parts, with_statements=with_statements
    )


def _edges(found: Network) -> list[str]:
    return [f"{edge.start} → {edge.end}: {', '.join(edge.reasons)}" for edge in found.edges]


def test_parts_are_their_tables_and_incarnations_are_told_apart() -> None:
    found = _built()
    assert [node.id for node in found.nodes] == [
        *("function public.f()", "role app", "schema public", "table public.keys"),
        *("table public.rooms", "view public.v", "view public.v#2"),
    ]
    assert [edge for edge in _edges(found) if "schema" not in edge] == [
        "function public.f() → table public.rooms: mention",
        "table public.keys → table public.rooms: foreign key",
        "view public.v → table public.keys: query",
        "view public.v#2 → table public.keys: query",
    ]
    assert [node.ended for node in found.nodes[-2:]] == [True, False]


def test_every_edge_has_a_reason_a_line_and_the_parts_that_it_is_about() -> None:
    found = _built(with_statements=True)
    assert all(edge.because for edge in found.edges)
    (key,) = (edge for edge in found.edges if edge.reasons == ("foreign key",))
    assert {str(one) for one in key.because} == {"foreign key 1.sql:2"}
    assert {one.by for one in key.because} == {"table constraint keys_room_fkey on public.keys"}
    assert {one.on for one in key.because} >= {"table public.rooms", "table column public.rooms.id"}
    assert key.late is False


def test_statements_are_nodes_that_touch_and_mention() -> None:
    found = _built(with_statements=True)
    statements = [node for node in found.nodes if node.kind == STATEMENT]
    assert [node.name for node in statements][:2] == ["1.sql:1", "1.sql:2"]
    assert statements[3].first == "ViewStmt"
    edges = {(edge.start, edge.end): edge for edge in found.edges}
    assert "created" in edges["0001#1", "table public.rooms"].reasons
    assert edges["0002#4", "table public.keys"].late


def test_parts_can_be_shown_by_themselves() -> None:
    found = _built(parts=True)
    assert {"table column public.keys.room", "index public.keys_room_idx"} <= found.by_id.keys()
    assert (
        "table constraint keys_room_fkey on public.keys → table public.rooms: foreign key"
        in _edges(found)
    )


def test_what_is_there_at_the_end_is_shown_without_schemas() -> None:
    found = network.at_the_end(_built(with_statements=True))
    assert {node.id for node in found.nodes} == {
        *("function public.f()", "role app", "table public.keys", "table public.rooms"),
        "view public.v#2",
    }


def test_neighbours_do_not_know_each_other_by_a_schema() -> None:
    two = "create table a (); create table b ();"
    away = network.distances(network.build(graph_of(two), parsed(two)), ["table public.a"], 2)
    assert away == {"table public.a": 0, "schema public": 1, "0001#1": 1}


def test_neighbours_are_as_far_away_as_the_shortest_way_to_them() -> None:
    away = network.distances(_built(), ["table public.rooms"], 2)
    assert away == {
        "table public.rooms": 0,
        "function public.f()": 1,
        "schema public": 1,
        "table public.keys": 1,
        "view public.v": 2,
        "view public.v#2": 2,
    }


def test_a_picture_keeps_what_is_nearest_and_says_what_it_leaves_out() -> None:
    star = "create table hub (id int primary key);" + "".join(
        f"create table t{n} (hub int references hub);" for n in range(9)
    )
    far = "create table far (id int primary key);create table end_ (far int references far);"
    whole = network.at_the_end(network.build(graph_of(star + far), parsed(star + far)))
    assert network.fitted(whole, 10).told == ""
    most = network.fitted(whole, 4)
    assert len(most.network.edges) == 4
    assert most.told.startswith("6 of 12 objects and 4 of 10 dependencies are shown, those with")
    near = network.fitted(whole, 4, ["table public.far"])
    assert {"table public.far", "table public.end_"} <= near.network.by_id.keys()
    assert near.told.endswith("the nearest")


def test_columns_that_a_platform_brings_are_their_tables() -> None:
    text = "create view v as select id from auth.users;"
    before = "create schema auth; create table auth.users (id int);"
    found = network.build(graph_of(text, before=before), parsed(text))
    assert "table column auth.users.id" not in found.by_id
    assert "view public.v → table auth.users: query" in _edges(found)


def test_what_a_dropped_part_needed_is_no_dependency_of_the_end() -> None:
    history = (
        "create table rooms (id int primary key);\n"
        "create table keys (room int constraint k references rooms);\n"
        "create type a as enum ('x'); create type b as enum ('x'); create table t (m a);\n"
        "alter table keys drop constraint k; alter table t alter m type b using null;"
    )
    whole = network.build(graph_of(history), parsed(history), with_statements=False)
    told = {f"{edge.start} → {edge.end}": edge.ended for edge in whole.edges}
    assert told["table public.keys → table public.rooms"] is True
    assert told["table public.t → type public.a"] is True
    assert told["table public.t → type public.b"] is False
    assert _edges(network.at_the_end(whole)) == ["table public.t → type public.b: column type"]
