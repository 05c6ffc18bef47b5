"""What a rollback does about rows: its own go in silence, a stranger's stop it before anything."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

import psycopg
import pytest

from consolidate import layout, statements
from consolidate.empty_database import platform
from consolidate.model import Migration
from consolidate.replay import connect, execute
from consolidate.servers import open_server
from consolidate.trouble import ServerTrouble
from tests.cli.running import wait_for
from tests.rollbacks.histories import Case, Database, Filled, built

if TYPE_CHECKING:
    from collections.abc import Iterator


BEFORE = """
CREATE ROLE keeper;
CREATE TABLE fired (what text);
CREATE FUNCTION fire() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN INSERT INTO fired VALUES (TG_NAME); RETURN NULL; END';
CREATE TABLE kinds (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text UNIQUE);
INSERT INTO kinds (name) VALUES ('old'), ('gone');
CREATE TRIGGER plain AFTER INSERT OR DELETE ON kinds FOR EACH ROW EXECUTE FUNCTION fire();
CREATE TRIGGER always AFTER INSERT OR DELETE ON kinds FOR EACH ROW EXECUTE FUNCTION fire();
CREATE TRIGGER replica AFTER INSERT OR DELETE ON kinds FOR EACH ROW EXECUTE FUNCTION fire();
CREATE TRIGGER off AFTER INSERT OR DELETE ON kinds FOR EACH ROW EXECUTE FUNCTION fire();
ALTER TABLE kinds ENABLE ALWAYS TRIGGER always, ENABLE REPLICA TRIGGER replica, DISABLE TRIGGER off;
CREATE TABLE log (what text);
CREATE TABLE log_heir () INHERITS (log);
CREATE RULE kept AS ON DELETE TO log DO INSTEAD NOTHING;
INSERT INTO log VALUES ('was there');
CREATE SEQUENCE counter;
CREATE TABLE own (id integer PRIMARY KEY);
CREATE TRIGGER always AFTER DELETE ON own FOR EACH ROW EXECUTE FUNCTION fire();
ALTER TABLE own ENABLE ALWAYS TRIGGER always;
CREATE TABLE hidden (id integer PRIMARY KEY);
ALTER TABLE hidden ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY nothing ON hidden USING (false);
ALTER TABLE own OWNER TO keeper; ALTER TABLE hidden OWNER TO keeper;
CREATE TABLE courts (id integer PRIMARY KEY, name text, since timestamptz DEFAULT now());
CREATE TABLE rooms (id integer PRIMARY KEY, parent integer REFERENCES rooms ON DELETE CASCADE);
CREATE TABLE orders (id integer PRIMARY KEY, court integer REFERENCES courts ON DELETE CASCADE);
CREATE TABLE notes (body text, at timestamptz DEFAULT now());
CREATE TABLE stamps (at timestamptz DEFAULT now());
CREATE TABLE people (id serial PRIMARY KEY, name text);
INSERT INTO people (name) VALUES ('Old');
CREATE TABLE codes (id integer PRIMARY KEY, code text COLLATE "C" UNIQUE, note text);
INSERT INTO codes VALUES (1, 'old', 'a'), (2, 'other', 'b');
CREATE TABLE labels (id integer PRIMARY KEY, label varchar(5), size integer, day date);
CREATE TYPE state AS ENUM ('open', 'shut');
CREATE TABLE coded (id integer PRIMARY KEY, n integer, s state, m integer);
CREATE TABLE shifts (post integer, n integer) PARTITION BY LIST (post);
CREATE TABLE shifts_1 PARTITION OF shifts FOR VALUES IN (1);
CREATE TABLE days (day date PRIMARY KEY, a integer) PARTITION BY RANGE (day);
CREATE TABLE days_rest PARTITION OF days DEFAULT;
CREATE TABLE days_old PARTITION OF days FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE hashes (id integer) PARTITION BY HASH (id);
CREATE TABLE hashes_0 PARTITION OF hashes FOR VALUES WITH (modulus 2, remainder 0);
CREATE TYPE site AS (street text); CREATE TABLE places (id integer PRIMARY KEY, at site);
CREATE TYPE pair AS (one integer, two text);
CREATE TABLE pairs (p pair);
"""

ROLE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'reader') THEN CREATE ROLE reader; END IF;
END $$
"""


def _case(name: str, history: str, before: str = "") -> Case:
    return Case(family="guards", name=name, before=before, history=history)


CASES = (
    _case("role", ROLE, BEFORE),
    _case(
        "kinds", "INSERT INTO kinds (name) VALUES ('new'); DELETE FROM kinds WHERE name = 'gone'"
    ),
    _case("log", "INSERT INTO log VALUES ('new'), ('new'); SELECT nextval('counter')"),
    _case("own", "INSERT INTO own VALUES (1)"),
    _case("hidden", "INSERT INTO hidden VALUES (1)"),
    _case("colour", "ALTER TABLE kinds ADD COLUMN colour text DEFAULT '$guard$ $guard_$'"),
    _case("courts", "INSERT INTO courts VALUES (1, 'Main'), (2, '$guard$ $rows$')"),
    _case("rooms", "INSERT INTO rooms VALUES (1, NULL), (2, 1)"),
    _case("orders", "INSERT INTO orders VALUES (1, 1)"),
    _case(
        "notes", "INSERT INTO notes (body) VALUES ('x'), ('y'); INSERT INTO stamps DEFAULT VALUES"
    ),
    _case("people", "INSERT INTO people (name) VALUES ('Ann'), ('Bob')"),
    _case("codes", "UPDATE codes SET code = 'new' WHERE id = 1"),
    _case(
        "marked",
        "UPDATE codes SET note = 'marked' WHERE id = 2; INSERT INTO codes VALUES (5, 'fifth', '')",
    ),
    _case(
        "labels",
        "ALTER TABLE labels ALTER label TYPE text, ALTER size TYPE numeric,"
        " ALTER day TYPE timestamptz",
    ),
    _case(
        "coded",
        "ALTER TABLE coded ALTER n TYPE text USING 'n' || n, ALTER m TYPE numeric,"
        " ALTER s TYPE integer USING CASE s WHEN 'open' THEN 1 END",
    ),
    _case("shifts", "ALTER TABLE shifts ADD COLUMN note text, ALTER n TYPE bigint"),
    _case(
        "days",
        "ALTER TABLE days DETACH PARTITION days_old; INSERT INTO days_old VALUES ('2019-05-05', 1);"
        " INSERT INTO days VALUES ('2020-05-05', 1)",
    ),
    _case("hashes", "ALTER TABLE hashes DETACH PARTITION hashes_0"),
    _case("places", "ALTER TYPE site ADD ATTRIBUTE door integer"),
    _case("pairs", "INSERT INTO pairs VALUES ((1, 'a, b')), ((NULL, '')), (NULL)"),
    _case("parted", "CREATE TABLE parted (n integer) PARTITION BY LIST (n)"),
    _case(
        "things", "CREATE TABLE things (id integer PRIMARY KEY); INSERT INTO things VALUES (1), (2)"
    ),
)

MAJORS = [
    pytest.param("embedded://18", marks=pytest.mark.pg),
    pytest.param("local://15", marks=[pytest.mark.pg, pytest.mark.local]),
]


@pytest.fixture(scope="module", params=MAJORS)
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Filled]:
    done = built(CASES, tmp_path_factory.mktemp("guards"), request.param)
    assert done.unsettled == done.irreversible
    with platform(open_server(request.param), done.truth.prelude) as (cluster, connection):
        database = Database(done, connection)
        yield Filled(database, cluster, tuple(database.up()))


CHILD = "CREATE TABLE mine (id integer, court integer REFERENCES courts ON DELETE {action})"
MINE = "INSERT INTO mine VALUES (1, 2), (2, 2), (3, NULL)"

USES = 'CREATE TABLE uses (code text COLLATE "POSIX" REFERENCES codes (code) ON UPDATE {action})'
USED = "INSERT INTO uses VALUES ('new'), ('new'), ('other')"

STRANGERS = [
    (
        "parted",
        "CREATE TABLE parted_1 PARTITION OF parted DEFAULT; INSERT INTO parted VALUES (1)",
        "public.parted_1 (1 row)",
    ),
    ("log", "INSERT INTO log VALUES ('new')", "public.log, like rows of this history (1 row)"),
    (
        "colour",
        "UPDATE kinds SET colour = 'red' WHERE name = 'old'",
        "public.kinds.colour (1 row)",
    ),
    ("things", "UPDATE things SET id = 7 WHERE id = 2", "public.things (1 row)"),
    ("things", "INSERT INTO things VALUES (7), (8)", "public.things (2 rows)"),
    (
        "things",
        "ALTER TABLE things ADD phone text; UPDATE things SET phone = '1' WHERE id = 2",
        "public.things.phone (1 row)",
    ),
    (  # to IS NOT NULL a composite value with an empty field is NULL
        "things",
        (
            "CREATE TYPE spot AS (street text, door integer); ALTER TABLE things ADD place spot;"
            " UPDATE things SET place = ROW('Main St', NULL) WHERE id = 2"
        ),
        "public.things.place (1 row)",
    ),
    (
        "things",
        "CREATE TABLE mine (extra text) INHERITS (things); INSERT INTO mine VALUES (1, 'x')",
        "public.mine (1 row)",
    ),
    (
        "courts",
        (
            "ALTER TABLE courts ADD phone text; UPDATE courts SET phone = '1';"
            "INSERT INTO courts VALUES (3, 'Mine')"
        ),
        "public.courts.phone (2 rows)",
    ),
    (
        "courts",
        "UPDATE courts SET since = NULL WHERE id = 1",
        "public.courts, changed since (1 row)",
    ),
    (
        "courts",
        (
            f"{CHILD.format(action='CASCADE')}; {MINE}; ALTER TABLE mine ADD PRIMARY KEY (id);"
            "CREATE TABLE lines (mine integer REFERENCES mine ON DELETE CASCADE);"
            "INSERT INTO lines VALUES (1), (3); UPDATE courts SET name = 'Mine' WHERE id = 1"
        ),
        (
            "public.courts, changed since (1 row), "
            "public.mine, deleted with rows of public.courts (2 rows), "
            "public.lines, deleted with rows of public.mine (1 row)"
        ),
    ),
    (
        "courts",
        f"{CHILD.format(action='SET NULL')}; {MINE}",
        "public.mine, altered with rows of public.courts (2 rows)",
    ),
    (
        "courts",
        (
            "CREATE TABLE mine (court integer REFERENCES courts ON DELETE CASCADE)"
            "PARTITION BY LIST (court); CREATE TABLE mine_2 PARTITION OF mine DEFAULT;"
            "INSERT INTO mine VALUES (2)"
        ),
        "public.mine, deleted with rows of public.courts (1 row)",
    ),
    (
        "rooms",
        "DELETE FROM rooms WHERE id = 2; INSERT INTO rooms VALUES (77, 1), (78, 77)",
        "public.rooms, deleted with rows of public.rooms (2 rows)",
    ),
    (
        "notes",
        "DELETE FROM notes WHERE body = 'y'; INSERT INTO notes VALUES ('x', '2001-01-01')",
        "public.notes, like rows of this history (1 row)",
    ),
    (
        "notes",
        "INSERT INTO stamps VALUES ('2001-01-01')",
        "public.stamps, like rows of this history (1 row)",
    ),
    (
        "people",
        "INSERT INTO people VALUES (7, 'Ann')",
        "public.people, like rows of this history (1 row)",
    ),
    ("pairs", "INSERT INTO pairs VALUES (NULL)", "public.pairs, like rows of this history (1 row)"),
    (
        "codes",
        f"{USES.format(action='SET NULL')}; {USED}",
        "public.uses, altered with rows of public.codes (2 rows)",
    ),
    (
        "codes",
        f"{USES.format(action='SET DEFAULT')}; {USED}",
        "public.uses, altered with rows of public.codes (2 rows)",
    ),
    (  # what follows by CASCADE is what others point at
        "codes",
        (
            f"{USES.format(action='CASCADE UNIQUE')}; INSERT INTO uses VALUES ('new'), ('other');"
            "CREATE TABLE further (code text REFERENCES uses (code) ON UPDATE SET NULL);"
            "INSERT INTO further VALUES ('new'), ('other')"
        ),
        "public.further, altered with rows of public.uses (1 row)",
    ),
    (  # and what is set to NULL is what others point at
        "courts",
        (
            "CREATE TABLE mine (court integer UNIQUE REFERENCES courts ON DELETE SET NULL);"
            "INSERT INTO mine VALUES (1);"
            "CREATE TABLE further (court integer REFERENCES mine (court) ON UPDATE SET NULL);"
            "INSERT INTO further VALUES (1), (1)"
        ),
        (
            "public.mine, altered with rows of public.courts (1 row), "
            "public.further, altered with rows of public.mine (2 rows)"
        ),
    ),
    (  # a row that is changed back goes along where it was made to point at one that goes
        "marked",
        (
            "ALTER TABLE codes ADD parent integer REFERENCES codes ON DELETE CASCADE;"
            "UPDATE codes SET parent = 5 WHERE id = 2"
        ),
        "public.codes, deleted with rows of public.codes (1 row)",
    ),
    (
        "places",
        "INSERT INTO places VALUES (2, ROW('Main St', 7)), (3, ROW('Main St', NULL))",
        "public.places.at (1 row)",
    ),
    (  # what its former type has no room for
        "labels",
        (
            "INSERT INTO labels VALUES (3, 'longer', 1.5, '2001-01-01 01:00'),"
            " (4, 'longer', 7, '2001-01-01');"
            "CREATE TABLE mine () INHERITS (labels); INSERT INTO mine VALUES (5, 'longer')"
        ),
        (
            "public.labels.day (1 row), public.labels.label (2 rows), public.labels.size (1 row), "
            "public.mine.label (1 row)"
        ),
    ),
    (  # what its former type can not read, beside what it has no room for
        "coded",
        (
            "INSERT INTO coded VALUES (1, 'n1', NULL, 1), (2, '2', 7, 1.5), (3, 'n3', 7, 3.5);"
            "CREATE TABLE mine () INHERITS (coded); INSERT INTO mine VALUES (5, 'longer', 7, 7.5)"
        ),
        (
            "public.coded.n, no value of its former type (2 rows), "
            "public.coded.s, no value of its former type (2 rows), "
            "public.mine.n, no value of its former type (1 row), "
            "public.mine.s, no value of its former type (1 row), "
            "public.coded.m (2 rows), public.mine.m (1 row)"
        ),
    ),
    (  # it becomes NULL where that may be lost
        "coded",
        "INSERT INTO coded VALUES (1, 'n1', NULL, 1), (2, '2', 7, 2)",
        (
            "public.coded.n, no value of its former type (1 row), "
            "public.coded.s, no value of its former type (1 row)"
        ),
    ),
    (
        "shifts",
        (
            "CREATE TABLE shifts_2 PARTITION OF shifts DEFAULT; INSERT INTO shifts VALUES"
            " (1, 1, 'mine'), (2, 1, 'mine'), (2, 1, NULL), (3, 1, '')"
        ),
        "public.shifts_1.note (1 row), public.shifts_2.note (2 rows)",
    ),
    (
        "days",
        (
            "INSERT INTO days_old VALUES ('2022-01-01', 1), ('2020-02-02', 1);"
            "INSERT INTO days VALUES ('2020-03-03', 1), ('2020-04-04', NULL), ('2022-01-01', 1)"
        ),
        (
            "public.days_old, outside of its bound (1 row), "
            "public.days_rest, outside of its bound (2 rows)"
        ),
    ),
    (
        "hashes",
        "INSERT INTO hashes_0 SELECT generate_series(1, 9)",
        "public.hashes_0, outside of its bound (7 rows)",
    ),
    (  # one row, by two keys
        "courts",
        (
            "CREATE TABLE mine (one integer REFERENCES courts ON DELETE SET NULL,"
            " two integer REFERENCES courts ON DELETE SET NULL); INSERT INTO mine VALUES (1, 2)"
        ),
        "public.mine, altered with rows of public.courts (1 row)",
    ),
]


@pytest.mark.parametrize(("name", "stranger", "told"), STRANGERS)
def test_a_strangers_row_is_counted_and_nothing_is_done(
    name: str, stranger: str, told: str, filled: Filled
) -> None:
    with filled.down_to(name) as back:
        filled.say(stranger)
        before = filled.database.cells()
        with (
            pytest.raises(psycopg.errors.RaiseException) as refusal,
            filled.database.connection.transaction(),
        ):
            filled.say(back)
        assert refusal.value.diag.message_primary == f"this rollback would lose rows: {told}"
        assert filled.database.cells() == before
        if "INHERITS" in stranger:  # without CASCADE nothing drops that
            return
        filled.say(f"SET LOCAL consolidate.allow_data_loss = 'on';\n{back}")
        assert filled.database.cells() != before


def test_a_value_that_is_not_read_by_the_former_type_becomes_null_where_it_may_be_lost(
    filled: Filled,
) -> None:
    with filled.down_to("coded") as back:
        filled.say("INSERT INTO coded VALUES (1, 'n1', NULL, 1), (2, '2', 7, 2), (3, '3', 8, 3)")
        filled.say(f"SET LOCAL consolidate.allow_data_loss = 'on';\n{back}")
        rows = filled.ask("SELECT coded::text FROM coded ORDER BY id")
        assert rows == [("(1,,,1)",), ("(2,2,,2)",), ("(3,3,,3)",)]


def test_where_it_can_not_be_null_the_column_is_named_whether_or_not_rows_may_be_lost(
    filled: Filled,
) -> None:
    with filled.down_to("coded") as back:
        filled.say(
            "INSERT INTO coded VALUES (1, 'n1', NULL, 1); ALTER TABLE coded ALTER n SET NOT NULL"
        )
        with pytest.raises(psycopg.errors.RaiseException) as refusal:
            filled.say(f"SET LOCAL consolidate.allow_data_loss = 'on';\n{back}")
        assert refusal.value.diag.message_primary == (
            "values that the former type can not read can not be NULL: public.coded.n"
        )


IN_THE_WAY = [
    (
        "courts",
        f"{CHILD.format(action='RESTRICT')}; {MINE}",
        "public.mine, pointing at public.courts",
    ),
    (
        "codes",
        f"{USES.format(action='NO ACTION')}; {USED}",
        "public.uses, pointing at public.codes",
    ),
    ("codes", f"{USES.format(action='RESTRICT')}; {USED}", "public.uses, pointing at public.codes"),
]


@pytest.mark.parametrize(("name", "stranger", "told"), IN_THE_WAY)
def test_a_row_that_points_at_what_goes_or_changes_is_named_whether_or_not_rows_may_be_lost(
    name: str, stranger: str, told: str, filled: Filled
) -> None:
    with filled.down_to(name) as back:
        filled.say(stranger)
        before = filled.database.cells()
        with (
            pytest.raises(psycopg.errors.RaiseException) as refusal,
            filled.database.connection.transaction(),
        ):
            filled.say(back)
        message = f"this rollback would lose rows: {told} (2 rows)"
        assert refusal.value.diag.message_primary == message
        with pytest.raises(psycopg.IntegrityError), filled.database.connection.transaction():
            filled.say(f"SET LOCAL consolidate.allow_data_loss = 'on';\n{back}")
        assert filled.database.cells() == before


SPARED = [
    (
        "labels",
        "INSERT INTO labels VALUES (3, 'four', 4, '2001-01-01'), (4, NULL, NULL, NULL)",
        "labels",
        ["(3,four,4,2001-01-01)", "(4,,,)"],
    ),
    (  # it points at the same row as before
        "codes",
        f"{USES.format(action='CASCADE')}; {USED}",
        "uses",
        ["(old)", "(old)", "(other)"],
    ),
    (
        "codes",
        f"{USES.format(action='SET NULL')}; INSERT INTO uses VALUES ('other')",
        "uses",
        ["(other)"],
    ),
    (
        "kinds",
        "UPDATE kinds SET name = 'mine' WHERE name = 'new'",
        "kinds",
        ["(1,old)", "(2,gone)", "(3,mine)"],
    ),
    ("courts", "INSERT INTO courts VALUES (3, 'Mine')", "courts", ["(3,Mine,"]),
    ("courts", "DELETE FROM courts WHERE id = 1", "courts", []),
    ("rooms", "INSERT INTO rooms VALUES (77, NULL)", "rooms", ["(77,)"]),
    ("notes", "INSERT INTO notes VALUES ('z', now()), ('x', NULL)", "notes", ["(x,)", "(z,"]),
    (
        "people",
        "UPDATE people SET id = id + 5 WHERE id > 1; INSERT INTO people VALUES (2, 'Zoe'), (3, '')",
        "people",
        ["(1,Old)", "(2,Zoe)", '(3,"")'],
    ),
    ("things", "DELETE FROM things WHERE id = 1", "parted", []),
    ("pairs", "INSERT INTO pairs VALUES ((1, 'a,b'))", "pairs", ['("(1,""a,b"")")']),
]


@pytest.mark.parametrize(("name", "stranger", "table", "left"), SPARED)
def test_what_is_not_lost_is_no_reason_to_refuse(
    name: str, stranger: str, table: str, left: list[str], filled: Filled
) -> None:
    with filled.down_to(name) as back:
        filled.say(stranger)
        filled.say(back)
        rows = [str(row) for (row,) in filled.ask(f"SELECT t::text FROM {table} AS t ORDER BY 1")]
        assert len(rows) == len(left)
        assert all(row.startswith(start) for row, start in zip(rows, left, strict=True))


@pytest.mark.parametrize("lifted", ["", "SET LOCAL consolidate.allow_data_loss = 'on';"])
@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("things", "ALTER TABLE things RENAME id TO number", "public.things.id"),
        ("courts", "ALTER TABLE courts RENAME name TO title", "public.courts.name"),
        ("notes", "ALTER TABLE notes RENAME at TO made", "public.notes.at"),
        ("people", "ALTER TABLE people RENAME id TO number", "public.people.id"),
        ("colour", "ALTER TABLE kinds RENAME colour TO color", "public.kinds.colour"),
        ("codes", "ALTER TABLE codes RENAME code TO key", "public.codes.code"),
        (
            "courts",
            "ALTER TABLE courts DROP since; ALTER TABLE courts RENAME name TO title",
            "public.courts.name, public.courts.since",
        ),
    ],
)
def test_a_column_that_was_renamed_or_dropped_since_is_named(
    name: str, change: str, told: str, lifted: str, filled: Filled
) -> None:
    said = "columns that this rollback needs were renamed or dropped since"
    _refuses(filled, name, change, lifted, f"{said}: {told}")


@pytest.mark.parametrize("lifted", ["", "SET LOCAL consolidate.allow_data_loss = 'on';"])
@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("courts", "ALTER TABLE courts RENAME TO houses", "public.courts"),
        ("codes", "CREATE SCHEMA attic; ALTER TABLE codes SET SCHEMA attic", "public.codes"),
    ],
)
def test_a_table_that_was_renamed_or_moved_since_is_named(
    name: str, change: str, told: str, lifted: str, filled: Filled
) -> None:
    said = "tables that this rollback needs were renamed, moved or dropped since"
    _refuses(filled, name, change, lifted, f"{said}: {told}")


def _refuses(filled: Filled, name: str, change: str, lifted: str, told: str) -> None:
    """Holds a rollback to what it says once something that it needs has changed."""
    with filled.down_to(name) as back:
        filled.say(change)
        with pytest.raises(psycopg.errors.RaiseException) as refusal:
            filled.say(lifted + back)
        assert refusal.value.diag.message_primary == told
        assert "take back what changed them" in str(refusal.value.diag.message_hint)


def test_rows_go_back_and_triggers_and_rules_are_as_they_were(filled: Filled) -> None:
    with filled.down_to("role"):
        assert filled.database.cells() == filled.states[0].cells
        assert filled.database.catalog_within() == filled.states[1].catalog


def test_a_trigger_that_was_added_since_does_not_fire_either(filled: Filled) -> None:
    with filled.down_to("kinds") as back:
        filled.say("CREATE TRIGGER added BEFORE DELETE ON kinds EXECUTE FUNCTION fire()")
        filled.say("ALTER TABLE kinds ENABLE ALWAYS TRIGGER added")
        filled.say(back)
        assert filled.ask("SELECT * FROM fired") == []
        assert filled.ask("SELECT tgenabled FROM pg_trigger WHERE tgname = 'added'") == [("A",)]


def test_a_row_of_a_child_table_is_not_taken_for_ours(filled: Filled) -> None:
    with filled.down_to("log") as back:
        filled.say("INSERT INTO log_heir VALUES ('new')")
        filled.say(back)
        assert filled.ask("SELECT what FROM log_heir") == [("new",)]


def test_a_sequence_that_somebody_drew_from_since_stays_where_it_is(filled: Filled) -> None:
    with filled.down_to("log") as back:
        filled.say("SELECT setval('counter', 9)")
        filled.say(back)
        assert filled.ask("SELECT last_value FROM counter") == [(9,)]


@pytest.mark.parametrize(
    "kept",
    [
        "UPDATE people SET name = 'Mine' WHERE id = {0}",
        "INSERT INTO people VALUES ({0} + 4, 'Mine')",
    ],
)
def test_a_number_that_a_row_which_stays_holds_is_not_drawn_again(
    kept: str, filled: Filled
) -> None:
    with filled.down_to("people") as back:
        filled.say(f"SELECT setval('people_id_seq', 3); {kept.format(3)}")
        filled.say(back)
        filled.say("INSERT INTO people (name) VALUES ('next'), ('next')")
        assert filled.ask("SELECT id FROM people WHERE name = 'next' ORDER BY 1") == [(4,), (5,)]


def test_a_number_that_a_row_of_a_child_table_holds_is_not_drawn_again(filled: Filled) -> None:
    with filled.down_to("people") as back:
        filled.say("CREATE TABLE heirs () INHERITS (people); INSERT INTO heirs VALUES (2, 'Mine')")
        filled.say("SELECT setval('people_id_seq', 3)")
        filled.say(back)
        assert filled.ask("SELECT last_value FROM people_id_seq") == [(3,)]


def test_its_owner_needs_to_be_no_superuser(filled: Filled) -> None:
    with filled.down_to("own") as back:
        before = filled.ask("SELECT * FROM fired")
        filled.say("SET LOCAL ROLE keeper")
        filled.say(back)
        filled.say("RESET ROLE")
        assert filled.ask("SELECT * FROM own") == []
        assert filled.ask("SELECT * FROM fired") == before


@pytest.mark.parametrize("lifted", ["", "SET LOCAL consolidate.allow_data_loss = 'on';"])
def test_what_row_security_hides_is_an_error_whether_or_not_rows_may_be_lost(
    lifted: str, filled: Filled
) -> None:
    with filled.down_to("hidden") as back:
        filled.say("SET LOCAL ROLE keeper")
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"),
            filled.database.connection.transaction(),
        ):
            filled.say(f"{lifted}\n{back}")
        filled.say("RESET ROLE")
        assert filled.ask("SELECT * FROM hidden") == [(1,)]


def test_what_depends_on_an_object_stops_the_whole_of_all_at_once(filled: Filled) -> None:
    with filled.database.connection.transaction(force_rollback=True):
        filled.say("CREATE VIEW mine AS SELECT FROM kinds WHERE colour <> ''")
        before = filled.database.cells(), filled.database.catalog_within()
        with (
            pytest.raises(psycopg.errors.DependentObjectsStillExist),
            filled.database.connection.transaction(),
        ):
            filled.say(filled.database.text(layout.EMERGENCY))
        assert (filled.database.cells(), filled.database.catalog_within()) == before


def test_a_role_that_is_older_than_the_database_or_used_elsewhere_stays(filled: Filled) -> None:
    with filled.down_to("role") as back:
        filled.say(back)
        assert filled.ask("SELECT FROM pg_roles WHERE rolname = 'reader'") == []
    filled.say("CREATE DATABASE later")
    try:
        with connect(filled.cluster, "later") as connection:
            execute(connection, back)
            assert filled.ask("SELECT FROM pg_roles WHERE rolname = 'reader'") != []
            execute(connection, "CREATE TABLE t (); GRANT SELECT ON t TO reader")
        filled.say(back)
        assert filled.ask("SELECT FROM pg_roles WHERE rolname = 'reader'") != []
    finally:
        filled.say("DROP DATABASE later")


CHANGES = [
    "CREATE ROLE clerk IN ROLE reader",
    "CREATE ROLE chief ROLE reader",
    "ALTER ROLE reader PASSWORD 'x'",
    "ALTER ROLE reader LOGIN",
    "ALTER ROLE reader SET work_mem = '1MB'",
    "CREATE SCHEMA AUTHORIZATION reader",
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_role_that_a_block_may_have_found_there_stays_where_it_is_not_as_it_makes_it(
    change: str, filled: Filled
) -> None:
    with filled.down_to("role") as back:
        filled.say(change)
        filled.say(back)
        assert filled.ask("SELECT FROM pg_roles WHERE rolname = 'reader'") != []


def test_what_another_session_is_writing_is_waited_for_and_named_with_all_else(
    filled: Filled,
) -> None:
    emergency = filled.database.text(layout.EMERGENCY)
    refused: list[str | None] = []

    def take_back(connection: psycopg.Connection) -> None:
        try:
            execute(connection, emergency)
        except psycopg.errors.RaiseException as refusal:
            refused.append(refusal.diag.message_primary)

    filled.say("CREATE TABLE mine (court integer REFERENCES courts ON DELETE CASCADE)")
    try:
        with connect(filled.cluster, "postgres") as one, connect(filled.cluster, "postgres") as two:
            execute(one, "BEGIN; INSERT INTO things VALUES (7); INSERT INTO mine VALUES (2), (2)")
            taking_back = threading.Thread(target=take_back, args=[two])
            taking_back.start()
            wait_for(lambda: filled.ask("SELECT FROM pg_locks WHERE NOT granted"))
            execute(one, "COMMIT")
            taking_back.join()
        assert refused == [
            (
                "this rollback would lose rows: public.things (1 row), "
                "public.mine, deleted with rows of public.courts (2 rows)"
            )
        ]
    finally:
        filled.say("DROP TABLE mine; DELETE FROM things WHERE id = 7")


def test_statement_by_statement_nothing_goes_even_after_the_guard_has_failed(
    filled: Filled,
) -> None:
    text = filled.database.text(layout.EMERGENCY)
    migration = Migration(number=1, path="", version="", text=text, sha256="")
    parsed = [one.sql for one in statements.parse(migration) if one.sql]
    before = filled.database.cells(), filled.database.state().catalog
    refused = []
    with connect(filled.cluster, "postgres") as connection:
        for sql in parsed:
            try:
                execute(connection, sql)
            except psycopg.Error as error:
                refused.append((sql, error))
        assert connection.execute("SHOW default_transaction_read_only").fetchone() == ("off",)
    assert (filled.database.cells(), filled.database.state().catalog) == before
    assert "one transaction" in str(refused[0][1])
    done = {*parsed} - {sql for sql, _ in refused}
    harmless = ("SET ", "RESET ", "DO $sequences$", "DO $guarded$")
    assert [sql for sql in done if not sql.startswith(harmless)] == []


def test_a_savepoint_that_forgets_the_guards_error_lets_nothing_go(filled: Filled) -> None:
    """As psql has one before every statement with ON_ERROR_ROLLBACK, and JDBC with autosave."""
    text = filled.database.text(layout.EMERGENCY)
    migration = Migration(number=1, path="", version="", text=text, sha256="")
    filled.say("INSERT INTO things VALUES (7)")
    before = filled.database.cells(), filled.database.state().catalog
    refused = []
    try:
        with contextlib.closing(connect(filled.cluster, "postgres")) as connection:
            execute(connection, "BEGIN")
            for sql in [one.sql for one in statements.parse(migration) if one.sql]:
                execute(connection, "SAVEPOINT before_it")
                try:
                    execute(connection, sql)
                except psycopg.errors.RaiseException as error:
                    refused.append(str(error))
                    execute(connection, "ROLLBACK TO before_it")
                except ServerTrouble:
                    break
                execute(connection, "RELEASE before_it")
            assert connection.closed
        assert (filled.database.cells(), filled.database.state().catalog) == before
        assert len(refused) == 1
        assert "would lose rows: public.things (1 row)" in refused[0]
    finally:
        filled.say("DELETE FROM things WHERE id = 7")


def test_a_snapshot_that_is_older_than_the_locks_is_refused(filled: Filled) -> None:
    with filled.database.connection.transaction(force_rollback=True):
        filled.say("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with pytest.raises(psycopg.errors.RaiseException, match="until it has its locks"):
            filled.say(filled.database.text(layout.EMERGENCY))
