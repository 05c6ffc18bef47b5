"""A drill says no to a rollback that fails in only one of the ways in which it may be run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consolidate import layout
from consolidate.applying import Stuck, apply
from consolidate.drill import drill
from consolidate.drill.course import Course
from consolidate.replay import connect
from consolidate.servers import open_server
from consolidate.stairway import Stairway
from consolidate.waivers import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import psycopg

    from consolidate.servers.interface import Cluster

ROOMS, KEYS, SEED = "migrations/1/1_rooms.sql", "migrations/1/2_keys.sql", "seed/1_rooms.sql"
LAST = layout.rollback_of(KEYS)
GUARD = """
DO $$
DECLARE found bigint;
BEGIN
    IF current_setting('consolidate.allow_data_loss', true) = 'on' THEN RETURN; END IF;
    SELECT count(*) INTO found FROM {table};
    IF found > 0 THEN RAISE 'this rollback would drop rows: public.{table} (% rows)', found; END IF;
END $$;
"""
SEED_GUARD = """
DO $$
DECLARE at_risk text;
BEGIN
    IF current_setting('consolidate.allow_data_loss', true) = 'on' THEN RETURN; END IF;
    SELECT string_agg(format('%s (%s rows)', what, n), ', ') INTO at_risk FROM (
        SELECT 'public.rooms, changed since', count(*) FROM rooms
        WHERE id IN (1, 2) AND name NOT IN ('Hall', 'Cell')
        UNION ALL
        SELECT 'public.keys, pointing at public.rooms', count(*) FROM keys WHERE room IN (1, 2)
    ) AS risks (what, n) WHERE n > 0;
    IF at_risk IS NOT NULL THEN RAISE 'this rollback would lose rows: %', at_risk; END IF;
END $$;
"""
GOOD = {
    ROOMS: "CREATE TABLE rooms (id integer PRIMARY KEY, name text);\n",
    KEYS: "CREATE TABLE keys (id serial PRIMARY KEY, room integer REFERENCES rooms);\n"
    "ALTER TABLE rooms ADD note text;\n",
    SEED: "INSERT INTO rooms VALUES (1, 'Hall'), (2, 'Cell');\n",
    layout.rollback_of(ROOMS): GUARD.format(table="rooms") + "DROP TABLE rooms;\n",
    layout.rollback_of(KEYS): GUARD.format(table="keys")
    + "DROP TABLE keys; ALTER TABLE rooms DROP note;\n",
    layout.rollback_of(SEED): f"{SEED_GUARD}DELETE FROM rooms WHERE id IN (1, 2);\n",
}


@pytest.fixture
def fresh(database: Callable[..., tuple[Cluster, str]]) -> Iterator[psycopg.Connection]:
    """A session in an empty database, as the drill has it."""
    with connect(*database(18)) as connection:
        yield connection


@pytest.fixture
def course(fresh: psycopg.Connection) -> Callable[..., Course]:
    """`course({path: text})` has gone through the good files with some changed.

    Of a whole course only the `part` is done that a test is about.
    """

    def go(changed: Mapping[str, str], part: str = "all") -> Course:
        found = Course(Stairway(fresh, {**GOOD, **changed}), NOTHING)
        try:
            landings = found.climb() if part == "rows" else found.climb_and_take_back()
            if part == "all":
                found.descend(landings)
                landings = found.again()
            if part != "prefixes":
                found.fill()
                found.descend_with_rows(landings)
        except Stuck as stuck:
            found.stopped(stuck)
        return found

    return go


def steps(course: Course) -> dict[str, str]:
    """What came of each file, a letter for each step: yes, no, or not tried."""
    letters = {True: "y", False: "n", None: "-"}
    return {
        file.path: "".join(letters[one] for one in (file.up, file.down, file.again, file.rows))
        for file in course.files()
    }


def told(course: Course) -> list[str]:
    return [f"{one.object} · {one.attribute}: {one.right}" for one in course.differences]


def test_rollbacks_that_lead_back_in_every_way_pass(course: Callable[..., Course]) -> None:
    found = course({})
    assert told(found) == []
    assert steps(found) == dict.fromkeys((ROOMS, KEYS, SEED), "yyyy")
    assert [file.refused for file in found.files()] == [1, 1, 1]
    # A column that was dropped leaves a hole, so that prefix was taken back to the bottom.
    assert found.deeper == 1


def test_a_rollback_that_is_refused_right_after_its_file_is_told(
    course: Callable[..., Course],
) -> None:
    found = course({LAST: f"{GOOD[LAST]} SELECT 1 / count(*) FROM rooms;"}, "prefixes")
    assert steps(found) == {ROOMS: "yyy-", KEYS: "yn--", SEED: "----"}
    assert told(found) == [f"file {LAST} · applies: {LAST}: division by zero"]


def test_what_is_applied_otherwise_on_what_its_rollback_left_is_found(
    course: Callable[..., Course],
) -> None:
    once = "DO $$ BEGIN IF to_regclass('once') IS NULL THEN CREATE TABLE extra (); END IF; END $$;"
    back = "DROP TABLE IF EXISTS extra; CREATE SEQUENCE IF NOT EXISTS once;"
    found = course({KEYS: GOOD[KEYS] + once, LAST: GOOD[LAST] + back}, "prefixes")
    assert steps(found)[KEYS][1:3] == "nn"
    assert any(f"table public.extra · (after {KEYS} again)" in one for one in told(found))
    assert any(f"sequence public.once · (after {LAST})" in one for one in told(found))


def test_guards_that_are_missing_or_count_wrong_are_found_once_there_are_rows(
    course: Callable[..., Course],
) -> None:
    first = layout.rollback_of(ROOMS)
    wrong = GOOD[LAST].replace("SELECT count(*)", "SELECT count(*) + 1").replace("> 0", "> 1")
    found = course({LAST: wrong, first: "DROP TABLE rooms;\n"}, "rows")
    assert steps(found) == {ROOMS: "y--n", KEYS: "y--n", SEED: "y--y"}
    assert told(found) == [
        f"file {LAST} · guard of rows: of public.keys it counts 2 rows, and 1 go",
        f"file {first} · guard of rows: 1 row of public.rooms went without a word",
    ]


def test_rows_of_others_that_go_with_the_seeds_are_found_and_what_a_guard_changes(
    course: Callable[..., Course],
) -> None:
    seed = layout.rollback_of(SEED)
    draws = f"SELECT nextval('keys_id_seq') FROM keys;\n{GOOD[LAST]}"
    found = course({seed: "DELETE FROM rooms;\n", LAST: draws}, "rows")
    assert steps(found) == {ROOMS: "y---", KEYS: "y--n", SEED: "y--n"}, "no room was left to lose"
    assert told(found) == [
        f"file {seed} · guard of rows: 2 rows of public.rooms went without a word",
        f"file {seed} · guard of rows: it does not name public.keys, which points at what goes",
        f"file {LAST} · guard of rows: it changes something and then refuses",
    ]


ROLES = "migrations/1/1_roles.sql"
KINDS = "migrations/1/2_kinds.sql"
RISKS = {
    ROLES: "CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';\n",
    layout.rollback_of(ROLES): "DROP FUNCTION f();\n",
    KINDS: "CREATE TABLE kinds (id integer PRIMARY KEY, name text, at timestamptz DEFAULT now());\n"
    "CREATE TABLE uses (kind integer REFERENCES kinds ON DELETE CASCADE);\n"
    "CREATE TABLE marks (mark text, at timestamptz DEFAULT now());\n",
    layout.rollback_of(KINDS): "DROP TABLE uses, kinds, marks;\n",
    "seed/1_kinds.sql": "INSERT INTO kinds VALUES (1, 'desk');\n",
    layout.rollback_of("seed/1_kinds.sql"): "DELETE FROM kinds WHERE id = 1;\n",
    "seed/2_marks.sql": "INSERT INTO marks VALUES ('old');\n",
    layout.rollback_of("seed/2_marks.sql"): "DELETE FROM marks WHERE mark = 'old';\n",
    "seed/3_names.sql": "UPDATE kinds SET name = 'table';\n",
    layout.rollback_of("seed/3_names.sql"): "UPDATE kinds SET name = 'desk' WHERE id = 1;\n",
}


def test_seeds_are_put_at_risk_and_what_has_nothing_to_lose_is_told_as_untried(
    fresh: psycopg.Connection,
) -> None:
    """No rollback has a guard; a changed row, one like another, one that points there show it."""
    found = Course(Stairway(fresh, RISKS), NOTHING)
    landings = found.climb()
    found.fill()
    found.descend_with_rows(landings)
    assert [file.rows for file in found.files()] == [None, False, False, False, False]
    assert [one for one in told(found) if "seed/" in one] == [
        f"file {layout.rollback_of(seed)} · guard of rows: {number} of public.{table} went without "
        "a word"
        for seed, number, table in (
            ("seed/3_names.sql", "1 row", "kinds"),
            ("seed/2_marks.sql", "1 row", "marks"),
            ("seed/1_kinds.sql", "1 row", "kinds"),
            ("seed/1_kinds.sql", "1 row", "uses"),
        )
    ]


def test_a_rollback_that_fails_without_its_guard_ends_the_course(
    course: Callable[..., Course],
) -> None:
    check = "ALTER TABLE keys ADD CHECK (false); DROP TABLE keys"
    found = course({LAST: GOOD[LAST].replace("DROP TABLE keys", check)}, "rows")
    assert steps(found) == {ROOMS: "y---", KEYS: "y--n", SEED: "y--y"}
    assert len(told(found)) == 1
    assert "check constraint" in told(found)[0]


def test_the_rollback_of_everything_is_held_to_its_guard_too(fresh: psycopg.Connection) -> None:
    drops = "DROP TABLE keys; DROP TABLE rooms;\n"
    tree = {**GOOD, layout.EMERGENCY: GUARD.format(table="keys") + drops}
    found = Course(Stairway(fresh, tree), NOTHING)
    bottom, *_, top = found.climb()
    found.fill()
    found.at_once_with_rows(top, bottom)
    wrong = "it does not name public.rooms, which loses 1 row"
    assert told(found) == [f"file {layout.EMERGENCY} · guard of rows: {wrong}"]


def test_rows_that_come_out_otherwise_the_second_time_are_found() -> None:
    holes = "INSERT INTO rooms SELECT count(*) FROM pg_attribute WHERE attisdropped;\n"
    back = GUARD.format(table="rooms").replace("count(*)", "count(*) - 1") + "DROP TABLE rooms;"
    back += "ALTER TABLE theirs DROP note;\n"
    tree = {
        ROOMS: f"CREATE TABLE rooms (holes integer);\nALTER TABLE theirs ADD note text;\n{holes}",
        layout.rollback_of(ROOMS): back,
        layout.EMERGENCY: back,
    }
    found = drill("CREATE TABLE theirs (id integer);", tree, open_server("embedded://18"))
    assert found.coverage is not None
    assert {str(one.object) for one in found.differences} == {"table public.rooms"}
    assert found.differences[-1].attribute == "row (holes=1) (after up again)"
    assert not found.proven


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("CREATE INDEX CONCURRENTLY i ON t (id);", "cannot run inside a transaction block"),
        ("VACUUM t;", "cannot run inside a transaction block"),
        ("INSERT INTO t VALUES (1); COMMIT; SELECT 1;", "it ends its transaction by itself"),
        ("INSERT INTO t VALUES (1); COMMIT; BEGIN; SELECT 1;", "it ends its transaction by itself"),
        ("INSERT INTO t VALUES (1); SELECT 1 / 0;", "division by zero"),
    ],
)
def test_a_file_is_applied_as_one_transaction_or_not_at_all(
    text: str, said: str, fresh: psycopg.Connection
) -> None:
    fresh.execute("CREATE TABLE t (id integer)")
    with pytest.raises(Stuck, match=said):
        apply(fresh, "1.sql", text)
    rows = fresh.execute("SELECT count(*) FROM t").fetchone()
    assert rows == (1 if "COMMIT" in text else 0,)
