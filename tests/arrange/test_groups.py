"""Where each object would like to be."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consolidate.config import Config, Group, Seed
from consolidate.groups import Groups, Wishes, seed_slots, wishes
from consolidate.model import ObjectId, StatementId
from consolidate.patterns import ObjectPattern
from consolidate.plan import Folder, Slot
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
    truth = Maker().truth(texts, trace=replace(Maker.trace(), created=created))
    neighbours: nx.Graph[ObjectId] = nx.Graph()
    neighbours.add_nodes_from(one.object for one in units)
    neighbours.add_edges_from((one.object, other.object) for one, other in near)
    config = Config(phases=PHASES, groups=groups, seeds=seeds)
    return wishes(truth, units, config, neighbours)


def groups_of(found: Wishes) -> dict[str, str]:
    """The group's name alone, out of `date_time_name`."""
    return {
        name.identity.removeprefix("public."): slot.stem.split("_", 2)[2]
        for name, slot in found.slot.items()
    }


# -- the mapping's claims -----------------------------------------------------------------


@pytest.mark.parametrize("turn", [1, -1])
def test_the_most_specific_claim_wins_wherever_it_stands(turn: int) -> None:
    room = unit("rooms")
    claims = (
        group("by_file", files=("*.sql",)),
        group("by_kind", "table *"),
        group("by_part", "public.r*"),
        group("by_name", "public.rooms"),
    )
    for number in range(len(claims), 0, -1):
        found = wished(room, groups=claims[:number][::turn], made={"20250103_x.sql": [room]})
        assert found.reason == {room.object: f"group {claims[number - 1].name}"}


def test_of_two_equal_claims_the_first_wins() -> None:
    room, claims = unit("rooms"), (group("b", "public.rooms"), group("a", "public.rooms"))
    assert wished(room, groups=claims).reason[room.object] == "group b"
    assert wished(room, groups=claims[::-1]).reason[room.object] == "group a"


def test_a_file_claims_what_it_made_and_nothing_else() -> None:
    room, door = unit("rooms"), unit("doors")
    made = {"20250103_rooms.sql": [room], "20250104_doors.sql": [door]}
    found = wished(room, door, groups=(group("g", files=("*_rooms.sql",)),), made=made)
    assert found.reason[room.object] == "group g"
    assert found.reason[door.object] != "group g"


def test_what_belongs_to_a_table_follows_the_table_not_the_file() -> None:
    room, index = unit("rooms"), unit("i", "index", "INDEX", family="rooms")
    made = {"20250103_rooms.sql": [room], "20250104_index.sql": [index]}
    claims = group("tables", files=("*_rooms.sql",)), group("late", files=("*_index.sql",))
    found = wished(room, index, groups=claims, made=made)
    assert found.reason[index.object] == f"follows {room.object}"
    assert found.slot[index.object] == found.slot[room.object]
    alone = wished(index, groups=claims, made=made)  # its table is the platform's
    assert alone.reason[index.object] == "group late"


def test_a_component_is_claimed_by_anything_that_it_makes() -> None:
    made = ObjectId("table", "public.doors")
    component = Maker.step("public.rooms", "", type_="AS WAS", members=[made]).unit
    claim = group("g", "public.doors")
    assert wished(component, groups=(claim,)).reason[component.object] == "group g"
    plain = replace(component, type="TABLE")
    assert wished(plain, groups=(claim,)).reason[component.object] != "group g"


def test_a_group_knows_the_file_that_it_names() -> None:
    truth = Maker().truth({"20250103_a.sql": "SELECT 1", "20250104_b.sql": "SELECT 1"})
    asked = Groups(truth, Config(phases=PHASES, groups=(group("g", files=("*_b.sql",)),)))
    assert asked.that_claims(StatementId("0001#1")) is None
    slot = asked.that_claims(StatementId("0002#1"))
    assert slot is not None
    assert slot.path == "migrations/01_b/20250104_000001_g.sql"


# -- relatives ----------------------------------------------------------------------------


def test_the_unmapped_go_to_their_closest_relative() -> None:
    near, far, mid, lost = unit("near"), unit("far"), unit("mid"), unit("lost")
    claims = group("a", "public.far"), group("b", "public.near")
    found = wished(
        near, far, mid, lost, groups=claims, near=((lost, near), (lost, mid), (mid, far))
    )
    assert found.reason[lost.object] == f"near {near.object}"
    assert found.slot[lost.object] == found.slot[near.object]
    assert found.slot[mid.object] == found.slot[far.object]


def test_of_two_relatives_as_close_the_one_in_the_earlier_file_wins() -> None:
    one, two, lost = unit("a"), unit("z"), unit("lost")
    claims = group("first", "public.z"), group("second", "public.a")
    found = wished(one, two, lost, groups=claims, near=((lost, one), (lost, two)))
    assert found.reason[lost.object] == f"near {two.object}"


def test_who_was_sent_near_someone_draws_nobody() -> None:
    """Otherwise the order of the units would decide."""
    one, two, lost, last = unit("one"), unit("two"), unit("lost"), unit("last")
    claims = group("a", "public.one"), group("b", "public.two")
    chain = ((one, lost), (lost, last), (last, two))
    for units in ((one, two, lost, last), (last, lost, two, one)):
        found = wished(*units, groups=claims, near=chain)
        assert found.reason[lost.object] == f"near {one.object}"
        assert found.reason[last.object] == f"near {two.object}"


def test_without_relatives_the_kind_decides() -> None:
    mapped, table, type_, view = (
        unit("rooms"),
        unit("lonely"),
        unit("mood", "type", "TYPE"),
        unit("v", "view", "VIEW"),
    )
    claims = tuple(group(f"g{n}", phase=phase) for n, phase in enumerate(PHASES))
    claims = (*claims, group("rooms", "public.rooms"))
    found = wished(mapped, table, type_, view, groups=claims)
    assert groups_of(found) == {"rooms": "rooms", "lonely": "g1", "mood": "g0", "v": "g2"}


# -- versions -----------------------------------------------------------------------------


def versions(*groups: Group) -> list[tuple[str, str]]:
    truth = Maker().truth({"20250103_a.sql": "SELECT 1", "20250210120000_b.sql": "SELECT 1"})
    asked = Groups(truth, Config(phases=PHASES, groups=groups))
    slots = [asked.slot(one) for phase in PHASES for one in groups if one.phase == phase]
    return [(slot.phase, slot.stem.rpartition("_")[0]) for slot in slots]


def test_versions_follow_the_newest_legacy_one() -> None:
    assert versions(group("a"), group("b"))[0] == (PHASES[1], "20250210_000001")


def test_versions_count_on_from_one_that_is_given() -> None:
    given = group("b", version="20250301_120000")
    assert [version for _, version in versions(group("a"), given, group("c"))] == [
        "20250210_000001",
        "20250301_120000",
        "20250301_120001",
    ]


@given(st.lists(st.sampled_from(PHASES), min_size=1, max_size=12))
def test_versions_strictly_increase_in_the_order_of_the_files(phases: list[str]) -> None:
    found = versions(*(group(f"g{n}", phase=phase) for n, phase in enumerate(phases)))
    assert found == sorted(found)
    assert all(before < after for (_, before), (_, after) in pairwise(found))


# -- proposals ----------------------------------------------------------------------------


def test_connected_tables_stand_together_and_others_apart() -> None:
    rooms, doors, jobs = unit("hotel_rooms"), unit("hotel_doors"), unit("jobs")
    index = unit("i", "index", "INDEX", family="jobs")
    found = wished(rooms, doors, jobs, index, near=((rooms, doors),))
    assert groups_of(found) == {
        "hotel_rooms": "hotel_tables",
        "hotel_doors": "hotel_tables",
        "jobs": "jobs_table",
        "i": "jobs_table",
    }
    assert {slot.phase for slot in found.slot.values()} == {PHASES[1]}


def test_a_group_without_a_common_stem_is_named_after_its_best_connected_table() -> None:
    hub, spokes = unit("users"), [unit(name) for name in ("cars", "pets", "bikes")]
    found = wished(hub, *spokes, near=tuple((hub, spoke) for spoke in spokes))
    assert set(groups_of(found).values()) == {"users_tables"}


def test_two_groups_of_one_name_are_told_apart() -> None:
    here, there = unit("a.jobs"), unit("b.jobs")
    assert sorted(groups_of(wished(here, there)).values()) == ["jobs_table", "jobs_table_2"]


def test_everything_else_stands_by_its_kind() -> None:
    table = unit("rooms")
    units = {
        "mood": unit("mood", "type", "TYPE"),
        "f()": unit("f()", "function", "FUNCTION"),
        "x on public.rooms": unit("x on public.rooms", "trigger", "TRIGGER", family="rooms"),
        "p on public.rooms": unit("p on public.rooms", "policy", "POLICY", family="rooms"),
        "v": unit("v", "view", "VIEW"),
    }
    found = wished(table, *units.values())
    by_phase = [(found.slot[u.object].phase, groups_of(found)[n]) for n, u in units.items()]
    assert by_phase == [
        (PHASES[0], "initial_schema"),
        (PHASES[2], "functions"),
        (PHASES[2], "triggers"),
        (PHASES[2], "rls_policies"),
        (PHASES[2], "views"),
    ]
    last = [s.stem.split("_", 2)[2] for s in found.slots if s.phase == PHASES[2]]
    assert last == ["functions", "triggers", "rls_policies", "views"]


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 90), st.data())
def test_no_proposed_file_holds_more_tables_than_one_can_review(
    number: int, data: st.DataObject
) -> None:
    tables = [unit(f"t{n:02}") for n in range(number)]
    near = tuple(
        (tables[n], tables[data.draw(st.integers(0, n - 1), label=f"parent of {n}")])
        for n in range(1, number)
    )
    found = wished(*tables, near=near)
    sizes = [list(found.slot.values()).count(slot) for slot in set(found.slot.values())]
    assert sum(sizes) == number
    assert max(sizes) <= 25
    assert (len(sizes) == 1) == (number <= 25)
    stems = [slot.stem for slot in found.slots]
    assert stems == sorted(set(stems))


# -- seeds --------------------------------------------------------------------------------


def test_a_seed_names_its_tables_with_or_without_their_schema() -> None:
    seed = Seed(file="01_rooms.sql", tables=("rooms", "hotel.doors"), tag="demo", line=1)
    slot = Slot(Folder.SEED, "", "01_rooms", "Seed rows (demo)")
    assert seed_slots(Config(seeds=(seed,))) == {"public.rooms": slot, "hotel.doors": slot}
    assert slot.path == "seed/01_rooms.sql"
    assert slot in wished(unit("rooms"), seeds=(seed,)).slots
    assert slot not in wished(unit("rooms")).slots
