"""Where each object would like to be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from consolidate.catalog.depend import Dependencies
from consolidate.config import Config, Group, Seed
from consolidate.groups.mapped import Groups, seed_slots
from consolidate.groups.wishes import Wishes, wishes
from consolidate.model import ObjectId, StatementId
from consolidate.patterns import ObjectPattern
from consolidate.plan import Folder, Slot, Way
from consolidate.relations import Relations
from tests.render.conftest import Maker

if TYPE_CHECKING:
    from consolidate.wording.units import Unit

PHASES = ("00_a", "01_b", "02_c")


def unit(name: str, kind: str = "table", type_: str = "TABLE", family: str = "") -> Unit:
    """A unit; a bare name is that of a table in `public`."""
    identity = name if "." in name or " " in name else f"public.{name}"
    table = f"public.{family}" if family else ""
    return Maker.step(identity, "", kind=kind, type_=type_, family=table).unit


def group(
    name: str,
    *objects: str,
    phase: str = PHASES[1],
    files: tuple[str, ...] = (),
    version: str | None = None,
) -> Group:
    return Group(
        name=name,
        phase=phase,
        version=version,
        files=files,
        objects=tuple(map(ObjectPattern.parse, objects)),
        line=1,
    )


def wished(
    *units: Unit,
    groups: tuple[Group, ...] = (),
    near: tuple[tuple[Unit, Unit], ...] = (),
    made: dict[str, list[Unit]] | None = None,
    seeds: tuple[Seed, ...] = (),
) -> Wishes:
    """The wishes of some units; `made` tells which legacy file made which."""
    texts = dict.fromkeys(made or {"20250103_old.sql": []}, "SELECT 1;")
    created = {
        one.object: StatementId(f"{number:04}#1")
        for number, own in enumerate((made or {}).values(), 1)
        for one in own
    }
    needs: dict[ObjectId, frozenset[ObjectId]] = {}
    for one, other in near:
        needs[other.object] = needs.get(other.object, frozenset()) | {one.object}
    truth = replace(
        Maker().truth(texts, trace=replace(Maker.trace(), created=created)),
        depend=Dependencies(needs=needs, parent={}),
    )
    config = Config(phases=PHASES, groups=groups, seeds=seeds)
    return wishes(truth, units, config, Relations(truth, units))


def groups_of(found: Wishes) -> dict[str, str]:
    """The group's name alone, out of `date_time_name`."""
    return {
        name.identity.removeprefix("public."): one.slot.stem.split("_", 2)[2]
        for name, one in found.placements.items()
    }


def reasons(found: Wishes) -> dict[ObjectId, str]:
    return {name: one.reason for name, one in found.placements.items()}


# -- the mapping's claims -----------------------------------------------------------------


@pytest.mark.parametrize("turn", [1, -1])
def test_the_most_specific_claim_wins_wherever_it_stands(turn: int) -> None:
    room = unit("rooms")
    claims = (
        group("by_file", files=("*.sql",)),
        group("by_kind", "table *"),
        group("by_schema", "public.*"),
        group("by_kind_and_schema", "table public.*"),
        group("by_part", "table public.r*"),
        group("by_name", "public.rooms"),
    )
    for number in range(len(claims), 0, -1):
        found = wished(room, groups=claims[:number][::turn], made={"20250103_x.sql": [room]})
        assert reasons(found) == {room.object: f"group {claims[number - 1].name}"}


def test_a_file_claims_what_it_made_and_nothing_else() -> None:
    room, door = unit("rooms"), unit("doors")
    made = {"20250103_rooms.sql": [room], "20250104_doors.sql": [door]}
    found = wished(room, door, groups=(group("g", files=("*_rooms.sql",)),), made=made)
    assert found.placements[room.object].reason == "group g"
    assert found.placements[door.object].reason != "group g"


def test_what_belongs_to_a_table_follows_the_table_not_the_file() -> None:
    room, index = unit("rooms"), unit("i", "index", "INDEX", family="rooms")
    made = {"20250103_rooms.sql": [room], "20250104_index.sql": [index]}
    claims = group("tables", files=("*_rooms.sql",)), group("late", files=("*_index.sql",))
    found = wished(room, index, groups=claims, made=made)
    assert found.placements[index.object].reason == f"follows {room.object}"
    assert found.placements[index.object].slot == found.placements[room.object].slot
    alone = wished(index, groups=claims, made=made)  # its table is the platform's
    assert alone.placements[index.object].reason == "group late"


def test_what_belongs_to_a_table_is_claimed_by_its_name_or_its_kind() -> None:
    room, index = unit("rooms"), unit("public.rooms_idx", "index", "INDEX", family="rooms")
    home = group("home", "table public.rooms")
    found = wished(room, index, groups=(home, group("rest", "public.*")))
    assert found.placements[index.object].reason == f"follows {room.object}"
    for claim in ("index *", "index public.*", "public.rooms_idx"):
        found = wished(room, index, groups=(home, group("rest", claim)))
        assert found.placements[index.object].reason == "group rest"
    alone = wished(index, groups=(home, group("rest", "public.*")))  # its table is the platform's
    assert alone.placements[index.object].reason == "follows table public.rooms"
    assert groups_of(alone) == {"rooms_idx": "home"}


def test_what_belongs_to_a_component_follows_that() -> None:
    door = ObjectId("table", "public.doors")
    component = Maker.step("public.rooms", "", type_="AS WAS", members=[door]).unit
    index = unit("public.doors_idx", "index", "INDEX", family="doors")
    claims = group("tables", "table public.doors"), group("late", files=("*_index.sql",))
    made = {"20250103_doors.sql": [component], "20250104_index.sql": [index]}
    found = wished(component, index, groups=claims, made=made)
    assert found.placements[index.object].reason == f"follows {door}"
    assert set(groups_of(found).values()) == {"tables"}


def test_what_was_changed_of_the_platform_s_objects_is_claimed_by_their_names() -> None:
    changed = unit("table auth.users", "platform", "PLATFORM")
    rows = unit("auth.users 0001#1", "rows", "ROWS")
    rows = replace(rows, family=ObjectId("table", "auth.users"))
    found = wished(changed, rows, groups=(group("a", "public.x"), group("b", "table auth.users")))
    assert reasons(found) == {
        changed.object: "group b",
        rows.object: "follows table auth.users",
    }


def test_a_component_is_claimed_by_anything_that_it_makes() -> None:
    made = ObjectId("table", "public.doors")
    component = Maker.step("public.rooms", "", type_="AS WAS", members=[made]).unit
    claim = group("g", "public.doors")
    assert wished(component, groups=(claim,)).placements[component.object].reason == "group g"
    plain = replace(component, type="TABLE")
    assert reasons(wished(plain, groups=(claim,)))[component.object] != "group g"


def test_a_group_claims_the_statements_of_the_file_that_it_names() -> None:
    truth = Maker().truth({"20250103_a.sql": "SELECT 1", "20250104_b.sql": "SELECT 1"})
    claim = group("g", files=("*_b.sql",))
    asked = Groups(truth, Config(phases=PHASES, groups=(claim,)))
    assert asked.that_claims(StatementId("0001#1")) is None
    assert asked.that_claims(StatementId("0002#1")) is claim


def test_every_group_has_a_file_though_nothing_is_in_it_yet() -> None:
    found = wished(unit("rooms"), groups=(group("a", "public.rooms"), group("b")))
    assert found.groups["b"].path == "migrations/01_b/20250103_000200_b.sql"
    assert found.groups["b"] not in found.slots


# -- relatives ----------------------------------------------------------------------------


def test_the_unmapped_go_to_their_closest_relative() -> None:
    near, far, mid, lost = unit("near"), unit("far"), unit("mid"), unit("lost")
    claims = group("a", "public.far"), group("b", "public.near")
    found = wished(
        near, far, mid, lost, groups=claims, near=((lost, near), (lost, mid), (mid, far))
    )
    assert found.placements[lost.object].reason == f"near {near.object}"
    assert found.placements[lost.object].slot == found.placements[near.object].slot
    assert found.placements[mid.object].slot == found.placements[far.object].slot


def test_of_two_relatives_as_close_the_one_in_the_earlier_file_wins() -> None:
    one, two, lost = unit("a"), unit("z"), unit("lost")
    claims = group("first", "public.z"), group("second", "public.a")
    found = wished(one, two, lost, groups=claims, near=((lost, one), (lost, two)))
    assert found.placements[lost.object].reason == f"near {two.object}"


def test_who_was_sent_near_someone_draws_nobody() -> None:
    """Otherwise the order of the units would decide."""
    one, two, lost, last = unit("one"), unit("two"), unit("lost"), unit("last")
    claims = group("a", "public.one"), group("b", "public.two")
    chain = ((one, lost), (lost, last), (last, two))
    for units in ((one, two, lost, last), (last, lost, two, one)):
        found = wished(*units, groups=claims, near=chain)
        assert found.placements[lost.object].reason == f"near {one.object}"
        assert found.placements[last.object].reason == f"near {two.object}"


def test_without_relatives_types_begin_and_all_else_stands_by_itself() -> None:
    mapped, table, type_, view = (
        unit("rooms"),
        unit("lonely"),
        unit("mood", "type", "TYPE"),
        unit("v", "view", "VIEW"),
    )
    claims = tuple(group(f"g{n}", phase=phase) for n, phase in enumerate(PHASES))
    claims = (*claims, group("rooms", "public.rooms"))
    found = wished(mapped, table, type_, view, groups=claims)
    assert groups_of(found) == {
        "rooms": "rooms",
        "lonely": "lonely_table",
        "mood": "g0",
        "v": "views",
    }


def test_tables_are_drawn_by_tables_alone() -> None:
    room, door = unit("rooms"), unit("doors")
    mood, view = unit("mood", "type", "TYPE"), unit("v", "view", "VIEW")
    claims = group("views", "public.v"), group("types", "public.mood", phase=PHASES[0])
    near = ((room, view), (mood, room))
    found = wished(room, mood, view, groups=claims, near=near)
    assert found.placements[room.object].way is Way.AUTOMATIC
    late = group("doors", "public.doors", phase=PHASES[2])
    found = wished(room, door, mood, view, groups=(*claims, late), near=(*near, (view, door)))
    assert found.placements[room.object].reason == f"near {door.object}"


def test_to_have_a_schema_in_common_makes_no_relatives() -> None:
    court = Maker.step("court", "", kind="schema", type_="SCHEMA").unit
    room, lonely = unit("court.rooms"), unit("court.lonely")
    claims = group("start", "schema court", phase=PHASES[0]), group("rooms", "court.rooms")
    found = wished(court, room, lonely, groups=claims, near=((court, room), (court, lonely)))
    assert found.placements[lonely.object].way is Way.AUTOMATIC


def test_a_schema_stays_in_the_first_phase() -> None:
    court = Maker.step("court", "", kind="schema", type_="SCHEMA").unit
    room = unit("court.rooms")
    early, late = (group("rooms", "court.rooms", phase=phase) for phase in PHASES[:2])
    found = wished(court, room, groups=(early,), near=((court, room),))
    assert found.placements[court.object].reason == f"near {room.object}"
    found = wished(court, room, groups=(late,), near=((court, room),))
    assert found.placements[court.object].way is Way.AUTOMATIC
    assert found.placements[court.object].slot.phase == PHASES[0]


def test_nothing_is_drawn_by_a_policy_or_a_function() -> None:
    policy = unit("p on public.rooms", "policy", "POLICY", family="rooms")
    room, check = unit("rooms"), unit("f()", "function", "FUNCTION")
    view, shared = unit("v", "view", "VIEW"), unit("g()", "function", "FUNCTION")
    claims = group("policies", str(policy.object), str(shared.object))
    near = ((room, policy), (check, policy), (shared, check), (shared, view))
    found = wished(policy, room, check, view, shared, groups=(claims,), near=near)
    assert {name for name, one in found.placements.items() if one.way is Way.GROUP} == {
        policy.object,
        shared.object,
    }
    assert {one.way for one in found.placements.values()} == {Way.GROUP, Way.AUTOMATIC}


def test_a_view_stands_where_the_last_thing_is_that_it_needs() -> None:
    room, door, view = unit("rooms"), unit("doors"), unit("v", "view", "VIEW")
    claims = group("rooms", "public.rooms"), group("doors", "public.doors")
    found = wished(room, door, view, groups=claims, near=((room, view), (door, view)))
    assert found.placements[view.object].reason == f"near {door.object}"


def test_what_belongs_to_an_unmapped_table_follows_it_wherever_it_is_sent() -> None:
    room, door = unit("rooms"), unit("doors")
    policy = unit("p", "policy", "POLICY", family="doors")
    claims = group("rooms", "public.rooms"), group("policies", "public.x")
    found = wished(room, door, policy, groups=claims, near=((room, door),))
    assert found.placements[door.object].reason == f"near {room.object}"
    assert found.placements[policy.object].reason == f"follows {door.object}"


# -- seeds --------------------------------------------------------------------------------


def test_a_seed_names_its_tables_with_or_without_their_schema() -> None:
    seed = Seed(file="01_rooms.sql", tables=("rooms", "hotel.doors"), tag="demo", line=1)
    slot = Slot(Folder.SEED, "", "01_rooms", "Seed rows (demo)")
    assert seed_slots(Config(seeds=(seed,))) == {"public.rooms": slot, "hotel.doors": slot}
    assert slot.path == "seed/01_rooms.sql"
    assert slot in wished(unit("rooms"), seeds=(seed,)).slots
    assert slot not in wished(unit("rooms")).slots
