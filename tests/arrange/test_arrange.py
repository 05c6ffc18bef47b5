"""Placing units in files: pulled, pushed, split, or sent back as a circle."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consolidate import findings
from consolidate.arrange import arrange, last_migration, with_steps
from consolidate.catalog.depend import Dependencies
from consolidate.circles import CirclesFound
from consolidate.config import Config, Group, Seed
from consolidate.model import ObjectId, StatementId
from consolidate.patterns import ObjectPattern
from consolidate.plan import Folder, Plan, Slot
from consolidate.wording.text import Span
from consolidate.wording.units import InlineKey, Rung, Unit
from tests.render.conftest import Maker

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PHASES = ("00_first", "01_second", "02_third")

KEY = " REFERENCES x"


def table(name: str, ordinal: int = 0, *, key: str = "") -> Unit:
    """A table, perhaps with a foreign key inside; `T` in `public`."""
    unit = Maker.step(
        f"public.{name}", f"CREATE TABLE {name} (a int{KEY if key else ''});", ordinal=ordinal
    ).unit
    if not key:
        return unit
    start = unit.sql.index(KEY)
    inline = InlineKey(constraint(key, name), Span(start, start + len(KEY)), f"ADD {key};")
    return replace(unit, keys=(inline,), members=unit.members | {inline.object})


def constraint(name: str, on: str) -> ObjectId:
    return ObjectId("table constraint", f"{name} on public.{on}")


def other(name: str, kind: str, type_: str, ordinal: int = 0, family: str = "") -> Unit:
    return Maker.step(name, f"{name};", kind=kind, type_=type_, ordinal=ordinal, family=family).unit


def rows(of: str, ordinal: int = 0, rung: Rung = Rung.SERVER) -> Unit:
    unit = Maker.step(
        f"public.{of}",
        f"INSERT {of};",
        kind="rows",
        type_="ROWS",
        ordinal=ordinal,
        family=f"public.{of}",
        rung=rung,
    ).unit
    return replace(unit, needs=frozenset({unit.family}))


def arranged(  # noqa: PLR0913 - whatever a test may say
    units: Sequence[Unit],
    wished: Mapping[str, Sequence[Unit]],
    needs: Mapping[ObjectId, set[ObjectId]],
    *,
    parent: Mapping[ObjectId, ObjectId] | None = None,
    seeds: tuple[Seed, ...] = (),
    created: Mapping[ObjectId, str] | None = None,
) -> Plan:
    """The plan where each group (`a` first, in its own phase) asks for some units."""
    groups = tuple(
        Group(
            name=name,
            phase=PHASES[number],
            objects=tuple(ObjectPattern(u.object.kind, u.object.identity) for u in asked),
            line=number,
        )
        for number, (name, asked) in enumerate(wished.items())
    )
    depend = Dependencies(
        needs={name: frozenset(on) for name, on in needs.items()}, parent=parent or {}
    )
    makers = {name: StatementId(statement) for name, statement in (created or {}).items()}
    trace = replace(Maker.trace(), created=makers)
    truth = replace(Maker().truth(trace=trace), depend=depend)
    return arrange(truth, units, Config(phases=PHASES, groups=groups, seeds=seeds))


def where(plan: Plan) -> dict[str, list[str]]:
    """What each file makes, in order, by the last word of its name."""
    return {
        file.slot.stem.rpartition("_")[2]: [
            step.unit.object.identity.removeprefix("public.") for step in file.steps
        ]
        for file in plan.files
    }


def codes(plan: Plan) -> list[str]:
    return [finding.code for finding in plan.findings]


A, B, C = table("a", 1), table("b", 2), table("c", 3)


def test_a_wish_that_nothing_forbids_is_kept() -> None:
    plan = arranged([A, B], {"a": [B], "b": [A]}, {})
    assert where(plan) == {"a": ["b"], "b": ["a"]}
    assert plan.findings == ()


def test_within_a_file_needs_come_first_and_then_the_legacy_order() -> None:
    plan = arranged([C, B, A], {"a": [A, B, C]}, {})
    assert where(plan) == {"a": ["a", "b", "c"]}
    plan = arranged([A, B, C], {"a": [A, B, C]}, {A.object: {C.object}})
    assert where(plan) == {"a": ["b", "c", "a"]}


def test_a_table_pulls_what_it_needs_into_its_own_file() -> None:
    mood = other("public.mood", "type", "TYPE", 2)
    plan = arranged([A, mood], {"a": [A], "b": [mood]}, {A.object: {mood.object}})
    assert where(plan) == {"a": ["mood", "a"]}
    finding, emptied = plan.findings
    assert emptied.code == findings.EMPTY_GROUP
    assert finding.code == findings.HOISTED
    assert finding.message == (
        "type public.mood is hoisted from migrations/01_second/20000101_000200_b.sql "
        "to migrations/00_first/20000101_000100_a.sql: table public.a needs it"
    )


def test_what_was_pulled_pulls_in_turn() -> None:
    function = other("public.f()", "function", "FUNCTION", 1)
    domain = other("public.d", "type", "DOMAIN", 2)
    needs = {A.object: {function.object}, function.object: {domain.object}}
    plan = arranged([A, function, domain], {"a": [A], "b": [function], "c": [domain]}, needs)
    assert where(plan) == {"a": ["d", "f()", "a"]}


def test_a_function_is_pushed_to_where_its_needs_are_met() -> None:
    function = other("public.f()", "function", "FUNCTION", 1)
    plan = arranged([A, function], {"a": [function], "b": [A]}, {function.object: {A.object}})
    assert where(plan) == {"b": ["a", "f()"]}
    finding, emptied = plan.findings
    assert emptied.code == findings.EMPTY_GROUP
    assert finding.code == findings.MOVED
    assert "function public.f() is moved on from" in finding.message
    assert finding.message.endswith("it needs table public.a")


def test_what_was_pushed_pushes_in_turn() -> None:
    first, second = (other(f"public.{n}()", "function", "FUNCTION", 1) for n in "fg")
    needs = {first.object: {A.object}, second.object: {first.object}}
    plan = arranged([A, first, second], {"a": [second], "b": [first], "c": [A]}, needs)
    assert where(plan) == {"c": ["a", "f()", "g()"]}


def test_rows_are_never_pulled_but_push_who_needs_them() -> None:
    filled = rows("b")
    view = replace(
        other("public.v", "materialized view", "MATERIALIZED VIEW"),
        needs=frozenset({filled.object}),
    )
    plan = arranged([A, B, filled, view], {"a": [A, view], "b": [B]}, {})
    assert where(plan) == {"a": ["a"], "b": ["b", "b", "v"]}


def test_parts_stand_for_their_table() -> None:
    index, index_needs = ObjectId("index", "public.i"), other("public.f()", "function", "FUNCTION")
    whole = replace(A, members=A.members | {index})
    plan = arranged(
        [whole, index_needs],
        {"a": [A], "b": [index_needs]},
        {ObjectId("part", "of i"): {index_needs.object}},
        parent={ObjectId("part", "of i"): index},
    )
    assert where(plan) == {"a": ["f()", "a"]}


def test_what_must_not_exist_yet_comes_later() -> None:
    trigger = other("t on public.a", "trigger", "TRIGGER", 0, family="public.a")
    filled = replace(rows("a", 5), before=frozenset({trigger.object}))
    plan = arranged([A, trigger, filled], {"a": [A, trigger, filled]}, {trigger.object: {A.object}})
    assert [step.unit.type for step in plan.steps] == ["TABLE", "ROWS", "TRIGGER"]


def test_default_privileges_and_event_triggers_come_last() -> None:
    last = other("e", "event trigger", "EVENT TRIGGER")
    plan = arranged([last, A, B, rows("b", 9)], {"a": [last], "b": [A], "c": [B]}, {})
    assert where(plan)["c"] == ["b", "e", "b"]


# -- foreign keys -------------------------------------------------------------------------

CHILD = table("child", 1, key="k")
(INLINE,) = CHILD.keys


def test_a_key_whose_target_is_there_stays_inside() -> None:
    plan = arranged([A, CHILD], {"a": [A], "b": [CHILD]}, {INLINE.object: {CHILD.object, A.object}})
    assert where(plan) == {"a": ["a"], "b": ["child"]}
    assert plan.steps[1].sql == CHILD.sql
    assert INLINE.object in plan.steps[1].members
    assert findings.KEY_SPLIT not in codes(plan)


def test_a_key_inside_one_file_comes_after_its_target() -> None:
    late = table("late", 9)
    plan = arranged([CHILD, late], {"a": [CHILD, late]}, {INLINE.object: {late.object}})
    assert where(plan) == {"a": ["late", "child"]}
    assert plan.findings == ()


def test_a_key_whose_target_comes_later_follows_it() -> None:
    plan = arranged([CHILD, A], {"a": [CHILD], "b": [A]}, {INLINE.object: {CHILD.object, A.object}})
    assert where(plan) == {"a": ["child"], "b": ["a", "k on public.child"]}
    child, _, key = plan.steps
    assert child.sql == "CREATE TABLE child (a int);"
    assert INLINE.object not in child.members
    assert (key.sql, key.unit.type) == ("ADD k;", "FK CONSTRAINT")
    assert key.members == {INLINE.object}
    assert key.unit.family == CHILD.object
    (finding,) = plan.findings
    assert finding.code == findings.KEY_SPLIT
    assert finding.message == (
        "table constraint k on public.child stands apart from its table: "
        "it needs table public.a, which comes later, in migrations/01_second/20000101_000200_b.sql"
    )


def test_only_one_key_of_a_circle_is_split() -> None:
    one, two = table("one", 1, key="k"), table("two", 2, key="l")
    (first,), (second,) = one.keys, two.keys
    plan = arranged(
        [one, two],
        {"a": [one, two]},
        {first.object: {two.object}, second.object: {one.object}},
    )
    assert where(plan) == {"a": ["two", "one", "l on public.two"]}
    (finding,) = plan.findings
    assert finding.code == findings.KEY_SPLIT
    assert finding.message.endswith(
        "apart from its table: it needs table public.one, which needs table public.two"
    )


def test_of_a_circle_the_key_stays_inside_that_was_made_with_its_table() -> None:
    one, two = table("one", 1, key="k"), table("two", 2, key="l")
    (first,), (second,) = one.keys, two.keys
    created = {one.object: "0001#1", two.object: "0001#2", second.object: "0001#2"}
    plan = arranged(
        [one, two],
        {"a": [one, two]},
        {first.object: {two.object}, second.object: {one.object}},
        created=created | {first.object: "0001#3"},
    )
    assert where(plan) == {"a": ["one", "two", "k on public.one"]}


def test_a_key_to_its_own_table_stays_inside() -> None:
    plan = arranged([CHILD], {"a": [CHILD]}, {INLINE.object: {CHILD.object}})
    assert [step.sql for step in plan.steps] == [CHILD.sql]


def test_rows_come_before_the_key_that_was_split_from_their_table() -> None:
    one, two, filled = table("one", 1, key="k"), table("two", 2, key="l"), rows("two", 9)
    (first,), (second,) = one.keys, two.keys
    plan = arranged(
        [one, two, filled],
        {"a": [one, two]},
        {first.object: {two.object}, second.object: {one.object}},
    )
    found = [step.unit.type for step in plan.steps]
    assert found == ["TABLE", "TABLE", "ROWS", "FK CONSTRAINT"]


# -- seeds --------------------------------------------------------------------------------

SEED = Seed(file="01_rows", tables=("a",), line=1)


def test_rows_go_to_the_seed_that_names_their_table() -> None:
    plan = arranged([A, B, rows("a"), rows("b")], {"a": [A, B]}, {}, seeds=(SEED,))
    assert [(file.path, len(file.steps)) for file in plan.files] == [
        ("migrations/00_first/20000101_000100_a.sql", 3),
        ("seed/01_rows.sql", 1),
    ]
    assert plan.findings == ()


def test_rows_stay_where_something_in_a_migration_must_come_after_them() -> None:
    trigger = other("t on public.a", "trigger", "TRIGGER", 2, family="public.a")
    filled = replace(rows("a"), before=frozenset({trigger.object}))
    plan = arranged([A, trigger, filled], {"a": [A, trigger]}, {}, seeds=(SEED,))
    assert [file.slot.folder for file in plan.files] == [Folder.MIGRATIONS]
    (finding,) = plan.findings
    assert finding.code == findings.SEED_STAYS
    assert finding.message == (
        "rows of public.a stay in migrations/: trigger t on public.a must come after them: "
        "the history wrote these rows before it was there"
    )


@pytest.mark.parametrize(
    ("kind", "type_", "sql", "why"),
    [
        ("table constraint", "CHECK CONSTRAINT", "… NOT VALID;", "it is NOT VALID, and where"),
        ("materialized view", "MATERIALIZED VIEW", "", "it was filled when these rows were there"),
        ("index", "INDEX", "", ""),
    ],
)
def test_why_rows_stay_is_told_by_what_must_follow_them(
    kind: str, type_: str, sql: str, why: str
) -> None:
    later = replace(other("c on public.a", kind, type_, 2, family="public.a"), sql=sql)
    filled = replace(rows("a"), before=frozenset({later.object}))
    plan = arranged([A, later, filled], {"a": [A, later]}, {}, seeds=(SEED,))
    (finding,) = plan.findings
    told = f"rows of public.a stay in migrations/: {kind} c on public.a must come after them"
    assert finding.message.startswith(f"{told}: {why}" if why else told)


def test_rows_stay_that_the_functions_of_other_rows_look_up() -> None:
    """The table `a` has the lookup rows, a check of `b` calls a function that reads them."""
    function = other("public.f()", "function", "FUNCTION", 2)
    needs = {B.object: {function.object}, function.object: {A.object}}
    early, late = replace(rows("a"), ordinal=5), replace(rows("b"), ordinal=6)
    plan = arranged([A, B, function, early, late], {"a": [A, B]}, needs, seeds=(SEED,))
    assert [step.unit.object for step in plan.steps][-2:] == [early.object, late.object]
    (told,) = [f.message for f in plan.findings if f.code == findings.SEED_STAYS]
    assert told == (
        "rows of public.a stay in migrations/: rows of public.b must come after them: "
        "a function that runs for it reads public.a"
    )
    after = replace(early, ordinal=7)
    plan = arranged([A, B, function, after, late], {"a": [A, B]}, needs, seeds=(SEED,))
    assert codes(plan) == [], "these were not there when the others were written"


def test_a_key_that_was_split_never_goes_to_the_seeds_with_its_tables_rows() -> None:
    one, two = table("one", 1, key="k"), table("two", 2)
    (key,) = one.keys
    seed = replace(SEED, tables=("one", "two"))
    units = [one, two, rows("one", 9), rows("two", 8)]
    later = {key.object: {two.object}}
    plan = arranged(units, {"a": [one], "b": [two]}, later, seeds=(seed,))
    assert _types(plan) == {"migrations": ["TABLE", "TABLE", "FK CONSTRAINT"], "seed": ["ROWS"] * 2}


def test_rows_of_a_table_whose_key_is_in_a_circle_stay() -> None:
    one, two = table("one", 1, key="k"), table("two", 2, key="l")
    (first,), (second,) = one.keys, two.keys
    seed = replace(SEED, tables=("one", "two"))
    needs = {first.object: {two.object}, second.object: {one.object}}
    plan = arranged(
        [one, two, rows("one", 9), rows("two", 8)], {"a": [one, two]}, needs, seeds=(seed,)
    )
    found = _types(plan)
    assert found["migrations"] == ["TABLE", "TABLE", "ROWS", "FK CONSTRAINT"]
    assert found["seed"] == ["ROWS"]
    (told,) = [f.message for f in plan.findings if f.code == findings.SEED_STAYS]
    assert told.endswith("the tables refer to each other, so that no order of rows fits all keys")


def _types(plan: Plan) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for file in plan.files:
        found.setdefault(file.slot.folder, []).extend(step.unit.type for step in file.steps)
    return found


def test_rows_that_stay_keep_the_rows_before_them() -> None:
    trigger = other("t on public.b", "trigger", "TRIGGER", 2, family="public.b")
    filled = rows("a")
    after = replace(
        rows("b"), needs=frozenset({B.object, filled.object}), before=frozenset({trigger.object})
    )
    seed = replace(SEED, tables=("a", "b"))
    plan = arranged([A, B, trigger, filled, after], {"a": [A, B, trigger]}, {}, seeds=(seed,))
    assert [file.slot.folder for file in plan.files] == [Folder.MIGRATIONS]
    assert codes(plan) == [findings.SEED_STAYS] * 2


def test_rows_of_two_seeds_may_follow_each_other() -> None:
    filled = rows("a")
    after = replace(rows("b"), needs=frozenset({B.object, filled.object}))
    seeds = SEED, Seed(file="02_rows", tables=("b",), line=2)
    plan = arranged([A, B, filled, after], {"a": [A, B]}, {}, seeds=seeds)
    assert [file.path for file in plan.files][1:] == ["seed/01_rows.sql", "seed/02_rows.sql"]


# -- circles ------------------------------------------------------------------------------


def test_a_circle_is_sent_back_with_its_members() -> None:
    needs = {A.object: {B.object}, B.object: {A.object}, C.object: {A.object}}
    with pytest.raises(CirclesFound) as raised:
        arranged([A, B, C], {"a": [A, B, C]}, needs)
    (circle,) = raised.value.circles
    assert {unit.object for unit in circle.units} == {A.object, B.object}
    assert circle.told == "table public.a needs table public.b, which needs table public.a"


def test_needs_and_befores_make_circles_too() -> None:
    one = replace(A, before=frozenset({B.object}))
    with pytest.raises(CirclesFound):
        arranged([one, B], {"a": [A, B]}, {A.object: {B.object}})


# -- any history --------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_nothing_ever_needs_anything_later(data: st.DataObject) -> None:
    kinds = [("table", "TABLE"), ("function", "FUNCTION"), ("view", "VIEW"), ("type", "TYPE")]
    units = []
    for number in range(data.draw(st.integers(1, 9))):
        kind, type_ = data.draw(st.sampled_from(kinds))
        units.append(other(f"public.u{number}", kind, type_, number))
    needs = {
        unit.object: {
            units[n].object
            for n in data.draw(
                st.sets(st.integers(0, number - 1), max_size=3) if number else st.just(set())
            )
        }
        for number, unit in enumerate(units)
    }
    wished: dict[str, list[Unit]] = {"a": [], "b": [], "c": []}
    for unit in units:
        wished[data.draw(st.sampled_from("abc"))].append(unit)
    plan = arranged(units, wished, needs)
    position = {step.unit.object: number for number, step in enumerate(plan.steps)}
    assert position.keys() == needs.keys()
    assert [file.path for file in plan.files] == sorted(file.path for file in plan.files)
    late = [
        (user, on) for user, all_ in needs.items() for on in all_ if position[on] > position[user]
    ]
    assert late == []


# -- additions ----------------------------------------------------------------------------


def test_steps_are_added_at_the_end_of_their_file() -> None:
    plan = arranged([A, B], {"a": [A], "b": [B]}, {})
    late, lost = plan.files[0].slot, Slot(Folder.SEED, "", "00_more")
    more = with_steps(plan, {late: [C], lost: [rows("a")]})
    assert [file.slot for file in more.files] == [*(file.slot for file in plan.files), lost]
    assert [step.unit.object for step in more.files[0].steps] == [A.object, C.object]
    assert more.files[1] == plan.files[1]


def test_the_last_migration_is_no_seed() -> None:
    plan = arranged([A, B, rows("a")], {"a": [A], "b": [B]}, {}, seeds=(SEED,))
    last = last_migration(plan)
    assert last is not None
    assert last.path == "migrations/01_second/20000101_000200_b.sql"
    assert last_migration(Plan(files=(), findings=())) is None


def test_a_group_that_asks_for_nothing_that_is_there_is_not_told() -> None:
    """What it asks for may come in the tail, or some day."""
    plan = arranged([A], {"a": [A], "b": [table("later", 1)]}, {})
    assert plan.findings == ()


def test_of_a_table_that_no_group_claims_its_parts_are_not_listed() -> None:
    lone = table("lone", 1)
    index = replace(other("public.i", "index", "INDEX", 2), family=lone.object)
    plan = arranged([A, lone, index], {"a": [A]}, {})
    assert [step.unit.object for step, _, _ in plan.unclaimed()] == [lone.object]
