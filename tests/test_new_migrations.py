"""New migrations are tried on the baseline: what holds, and every way in which it may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consolidate import layout, new_migrations
from consolidate.model import CheckStatus
from consolidate.servers import open_server

if TYPE_CHECKING:
    from consolidate.model import Check
    from consolidate.servers.interface import Server

pytestmark = [pytest.mark.pg, pytest.mark.xdist_group("new")]

ROOMS = "migrations/01_core_tables/20250101_000000_rooms.sql"
SEED = "seed/01_rooms.sql"
BASELINE = {
    ROOMS: "CREATE TABLE rooms (id int PRIMARY KEY, name text);\n",
    SEED: "INSERT INTO rooms VALUES (1, 'Hall'), (2, NULL);\n",
}
KEYS = "migrations/03_enhancements/20260101_000000_keys.sql"
NOTES = "migrations/03_enhancements/20260102_000000_notes.sql"
UP = """\
-- Keys of rooms
CREATE TABLE keys (id serial PRIMARY KEY, room int REFERENCES rooms);
INSERT INTO keys (room) SELECT id FROM rooms ORDER BY id;
"""
DOWN = "DROP TABLE keys;\n"


@pytest.fixture(scope="module")
def server() -> Server:
    return open_server("embedded://18")


def tried(server: Server, *new: tuple[str, str, str | None]) -> Check:
    tree = dict(BASELINE)
    for path, up, down in new:
        tree[path] = up
        if down is not None:
            tree[layout.rollback_of(path)] = down
    return new_migrations.try_out("", tree, [path for path, _, _ in new], server)


def test_new_migrations_that_can_be_taken_back_pass(server: Server) -> None:
    notes = "ALTER TABLE keys ADD note text;", "ALTER TABLE keys DROP note;"
    found = tried(server, (KEYS, UP, DOWN), (NOTES, *notes))
    assert found.differences == ()
    assert found.status is CheckStatus.PASSED, found.reason
    assert found.reason == (
        "2 new migrations applied after the baseline, taken back, and up again; and from nothing"
    )


def test_a_migration_that_changes_nothing_is_named(server: Server) -> None:
    idle = "DO $$ BEGIN IF false THEN RAISE 'no'; END IF; END $$;"
    found = tried(server, (KEYS, UP, DOWN), (NOTES, idle, idle))
    assert found.status is CheckStatus.PASSED, found.reason
    assert found.reason.endswith(f"and from nothing; no change came of {NOTES}")


def test_a_migration_that_moves_a_sequence_changes_something(server: Server) -> None:
    moved = "SELECT setval('keys_id_seq', 40);", "SELECT setval('keys_id_seq', 2);"
    found = tried(server, (KEYS, UP, DOWN), (NOTES, *moved))
    assert found.status is CheckStatus.PASSED, found.reason
    assert found.reason.endswith("and from nothing")


@pytest.mark.parametrize(
    ("up", "down"),
    [
        ("CREATE INDEX CONCURRENTLY by_name ON rooms (name);", "DROP INDEX by_name;"),
        ("-- nothing yet\n", "-- nothing yet\n"),
        ("BEGIN; CREATE TABLE keys (); COMMIT;", "BEGIN; DROP TABLE keys; COMMIT;"),
        (
            "CREATE TABLE keys (id int);\nCOPY keys FROM stdin;\n1\n2\n\\.\n",
            (
                "DO $$ BEGIN IF current_setting('consolidate.allow_data_loss', true) "
                "IS DISTINCT FROM 'on' THEN RAISE 'rows'; END IF; END $$; DROP TABLE keys;"
            ),
        ),
        ("SELECT nextval('s');", "-- a number that was drawn can not be given back\n"),
    ],
)
def test_they_are_applied_as_psql_would(server: Server, up: str, down: str) -> None:
    tree = {ROOMS: BASELINE[ROOMS] + "CREATE SEQUENCE s;\n", KEYS: up}
    tree[layout.rollback_of(KEYS)] = down
    found = new_migrations.try_out("", tree, [KEYS], server)
    assert found.status is CheckStatus.PASSED, found.reason


@pytest.mark.parametrize(
    ("up", "down", "reason"),
    [
        (UP, None, "rollback/03_enhancements/20260101_000000_keys_rollback.sql is missing"),
        ("SELCT;", "", f'{KEYS}:1:1: syntax error at or near "SELCT"'),
        ("SELECT 1;\n  SELECT * FROM key;", "", f'{KEYS}:2:17: relation "key" does not exist'),
        (
            UP,
            "DROP TABLE key;",
            f'{layout.rollback_of(KEYS)}:1:1: table "key" does not exist',
        ),
        (UP, "", "extra    table public.keys"),
        (
            "ALTER TABLE rooms ALTER name SET DEFAULT 'x';",
            "ALTER TABLE rooms ALTER name DROP DEFAULT; COMMENT ON TABLE rooms IS 'old';",
            "comment (after rollback/03_enhancements/20260101_000000_keys_rollback.sql)",
        ),
        (
            "UPDATE rooms SET name = 'Cell' WHERE name IS NULL;",
            "UPDATE rooms SET name = NULL WHERE id = 1;",
            "row id=1",
        ),
        (
            (
                "ALTER TABLE rooms ADD floor int NOT NULL DEFAULT 0;"
                "ALTER TABLE rooms ALTER floor DROP DEFAULT;"
            ),
            "ALTER TABLE rooms DROP floor;",
            (
                'seed/01_rooms.sql: null value in column "floor" of relation "rooms" violates '
                "not-null constraint (built from nothing)"
            ),
        ),
        (
            (
                "DO $$ BEGIN IF EXISTS (SELECT FROM rooms) THEN CREATE TABLE full_once (); END IF; "
                "END $$;"
            ),
            "DROP TABLE IF EXISTS full_once;",
            "(built from nothing)",
        ),
        (
            (
                "DO $$ BEGIN IF to_regclass('trace') IS NULL THEN CREATE TABLE first_time (); "
                "END IF; END $$;"
            ),
            "DROP TABLE IF EXISTS first_time; CREATE TABLE trace ();",
            "table public.trace",
        ),
    ],
)
def test_what_does_not_hold_is_named(
    server: Server, up: str, down: str | None, reason: str
) -> None:
    found = tried(server, (KEYS, up, down))
    assert found.status is CheckStatus.FAILED
    told = "\n".join([found.reason, *map(str, found.differences)])
    assert reason in told


def test_a_rollback_that_leads_elsewhere_fails_though_the_last_one_mends_it(
    server: Server,
) -> None:
    found = tried(
        server,
        (KEYS, "CREATE TABLE keys ();", "DROP TABLE keys; DROP TABLE IF EXISTS left_over;"),
        (NOTES, "CREATE TABLE notes ();", "DROP TABLE notes; CREATE TABLE left_over ();"),
    )
    left = {one.attribute for one in found.differences if "left_over" in str(one.object)}
    assert left == {f"(after {layout.rollback_of(NOTES)})"}


def test_what_one_rollback_leaves_is_told_once(server: Server) -> None:
    notes = "CREATE TABLE notes (); CREATE TABLE kept ();", "DROP TABLE notes;"
    found = tried(server, (KEYS, UP, DOWN), (NOTES, *notes))
    left = [one.attribute for one in found.differences if "kept" in str(one.object)]
    assert left == [f"(after {layout.rollback_of(NOTES)})"] * 2  # its facts, and its rows
    assert found.reason == "2 differences"
