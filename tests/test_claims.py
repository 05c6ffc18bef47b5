"""What a mapping claims, against what there is."""

from __future__ import annotations

import pytest

from consolidate.claims import Platform, require_files, require_objects
from consolidate.config import Config, Group, Seed
from consolidate.errors import InputProblem
from consolidate.model import ObjectId
from consolidate.patterns import ObjectPattern

MADE = (
    ObjectId("table", "public.rooms"),
    ObjectId("table", "public.room_keys"),
    ObjectId("table", 'public."Weird Rooms"'),
    ObjectId("view", "public.free_rooms"),
    ObjectId("policy", "own on public.rooms"),
    ObjectId("function", "public.open(integer)"),
    ObjectId("function", "public.open(text)"),
    ObjectId("index", "public.rooms_idx"),
)
PARTS = (ObjectId("policy", "own on public.rooms"), ObjectId("index", "public.rooms_idx"))
GONE = (ObjectId("table", "public.shelves"),)
PLATFORM = Platform(
    objects=frozenset(
        ObjectId("table", name) for name in ("auth.users", "auth.keys", "auth.logs", "auth.logs_1")
    ),
    filled=frozenset({"auth.users", "auth.logs_1"}),
    partitions={"auth.logs": ["auth.logs_1"]},
)
FILES = ("1_rooms.sql", "2_keys.sql")


def group(name: str, *objects: str, files: tuple[str, ...] = ()) -> Group:
    texts = (*objects, *files)
    return Group(
        name=name,
        phase="01_core_tables",
        files=files,
        objects=tuple(map(ObjectPattern.parse, objects)),
        line=1,
        places={text: f"m.yaml:{name}:{number}" for number, text in enumerate(texts)},
    )


def wrong(*groups: Group, seeds: tuple[Seed, ...] = (), whole: bool = True) -> tuple[str, ...]:
    config = Config(groups=groups, seeds=seeds)
    try:
        require_files(config, FILES)
        require_objects(config, MADE, GONE, PLATFORM, parts=PARTS, whole=whole)
    except InputProblem as problem:
        return problem.problems
    return ()


@pytest.mark.parametrize(
    "objects",
    [
        ("public.rooms", "view *"),
        ("table public.r*", "policy own on public.rooms"),
        ("policy own", "function public.open", "function public.open(text)"),
        ("sequence *",),  # a rule for what may come
    ],
)
def test_what_finds_something_is_fine(objects: tuple[str, ...]) -> None:
    assert wrong(group("a", *objects, files=("1_rooms.sql", "2_*"))) == ()


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        (
            "table public.romms",
            'the history builds nothing of that name, did you mean "table public.rooms"?',
        ),
        (
            "table public.free_rooms",
            "the history builds it as view public.free_rooms",
        ),
        ("court.zzz", "the history builds nothing of that name"),
        ("public.zzz*", "the history builds nothing of that name"),
        ("public.shelves", "the history drops it again"),
    ],
)
def test_what_finds_nothing_is_told_with_what_is_near(pattern: str, told: str) -> None:
    assert wrong(group("a", "view *", pattern)) == (f"m.yaml:a:1: {pattern}: {told}",)


def test_where_files_are_set_aside_a_claim_may_find_nothing() -> None:
    assert wrong(group("a", "court.zzz"), whole=False) == ()


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("public.rooms", "public.rooms", "table public.rooms"),
        ("public.room*", "public.*s", "table public.room_keys, table public.rooms"),
        ("table public.*s", "public.r*", "table public.room_keys, table public.rooms"),
        ("policy *", "policy *", "policy own on public.rooms"),
        (
            "function public.open",
            "function public.open",
            "function public.open(integer), function public.open(text)",
        ),
    ],
)
def test_what_two_groups_claim_alike_is_told_with_both_places(
    first: str, second: str, told: str
) -> None:
    assert wrong(group("a", first), group("b", second)) == (
        f"m.yaml:b:0: {second}: group a claims {told} too, at m.yaml:a:0: {first}",
    )


def test_an_exact_name_settles_what_two_patterns_claim_alike() -> None:
    first, second = group("a", "public.room*"), group("b", "public.*s")
    named = group("c", "public.rooms", "public.room_keys")
    assert len(wrong(first, second)) == 1
    assert wrong(first, second, named) == ()


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ("table public.rooms", "public.rooms"),
        ("policy own on public.rooms", "policy own"),
    ],
)
def test_a_name_that_gets_nothing_is_told_whichever_stands_first(narrow: str, wide: str) -> None:
    told = f"m.yaml:a:0: {wide}: group b claims it already, at m.yaml:b:0: {narrow}"
    assert wrong(group("a", wide), group("b", narrow)) == (told,)
    assert wrong(group("b", narrow), group("a", wide)) == (told,)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("public.room*", "public.rooms"),  # the more specific one has it
        ("table *", "public.room*"),
        ("function public.open(text)", "function public.open"),  # it has the other one
        ("public.rooms", "public.*"),
        ("public.room*", "public.rooms*"),  # what means less has it
        ("public.*", "table public.*"),
        ("view public.*", "public.*"),
    ],
)
def test_what_leaves_something_to_both_is_fine(first: str, second: str) -> None:
    assert wrong(group("a", first), group("b", second)) == ()
    assert wrong(group("b", second), group("a", first)) == ()


def test_what_belongs_to_a_table_is_meant_by_its_name_or_its_kind_alone() -> None:
    assert wrong(group("a", "public.*"), group("b", "index public.*_idx")) == ()
    assert wrong(group("a", "public.*"), group("b", "public.rooms_idx")) == ()
    assert wrong(group("a", "public.r*"), group("b", "public.*_idx")) == (
        (
            "m.yaml:b:0: public.*_idx: it means nothing but what belongs to tables and follows "
            'them; to have that here, put its kind in front: "index public.*_idx"'
        ),
    )


def test_a_group_may_say_a_thing_twice() -> None:
    assert wrong(group("a", "public.rooms", "table public.rooms")) == ()


def test_files_are_claims_too() -> None:
    told = wrong(
        group("a", files=("1_rooms.sql",)), group("b", files=("*rooms*", "2_keys.sq", "3*"))
    )
    assert told == (
        "m.yaml:b:0: *rooms*: group a claims it already, at m.yaml:a:0: 1_rooms.sql",
        'm.yaml:b:1: 2_keys.sq: there is no such legacy file, did you mean "2_keys.sql"?',
        "m.yaml:b:2: 3*: there is no such legacy file",
    )


def test_a_file_belongs_to_one_group_and_the_narrowest_pattern_has_it() -> None:
    assert wrong(group("a", files=("*",)), group("b", files=("2_keys.sql",))) == ()
    assert wrong(group("b", files=("2_*.sql",)), group("a", files=("*.sql",))) == ()
    assert wrong(group("a", files=("[12]_*",)), group("b", files=("*s.sql",))) == (
        "m.yaml:b:0: *s.sql: group a claims 1_rooms.sql, 2_keys.sql too, at m.yaml:a:0: [12]_*",
    )


def test_seeds_name_tables_that_there_are_and_each_once() -> None:
    def seed(file: str, *tables: str) -> Seed:
        return Seed(
            file=file, tables=tables, line=1, places={one: f"m.yaml:{one}" for one in tables}
        )

    assert wrong(group("a", "public.rooms"), seeds=(seed("01_x", "rooms", "auth.users"),)) == ()
    told = wrong(
        seeds=(
            seed("01_x", "rooms", "free_rooms", "romms", "shelves", "auth.keys"),
            seed("02_y", "public.rooms", "public.Weird Rooms", "auth.logs"),
        )
    )
    assert told == (
        "m.yaml:free_rooms: free_rooms: it is a view, and a seed holds rows of tables",
        'm.yaml:romms: romms: there is no such table, did you mean "public.rooms"?',
        "m.yaml:shelves: shelves: the history drops it again",
        (
            "m.yaml:auth.keys: auth.keys: it is a table of the platform, and the history writes no "
            "row of it"
        ),
        "m.yaml:public.rooms: public.rooms: seed 01_x claims it already, at m.yaml:rooms: rooms",
        (
            "m.yaml:public.Weird Rooms: public.Weird Rooms: there is no such table, did you mean "
            """'public."Weird Rooms"'?"""
        ),
        (
            "m.yaml:auth.logs: auth.logs: it is a partitioned table of the platform, and its "
            "partitions hold its rows; name those that the history writes rows of: auth.logs_1"
        ),
    )


def test_rows_that_a_seed_holds_are_claimed_by_no_group() -> None:
    seed = Seed(file="01_x", tables=("rooms",), line=1, places={"rooms": "m.yaml:seed:0"})
    made = ObjectId("rows", "public.rooms")
    with pytest.raises(InputProblem) as caught:
        require_objects(
            Config(groups=(group("a", "rows public.rooms"),), seeds=(seed,)),
            (*MADE, made),
            GONE,
            PLATFORM,
            whole=True,
        )
    assert caught.value.problems == (
        "m.yaml:a:0: rows public.rooms: seed 01_x claims these rows too, at m.yaml:seed:0: rooms",
    )
    require_objects(
        Config(groups=(group("a", "rows *"),), seeds=(seed,)), MADE, GONE, PLATFORM, whole=True
    )
