"""The rows witness: what it reads, what it takes for volatile, and which differences it sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeAlias

import psycopg
import pytest

from consolidate.catalog import large, rows
from consolidate.catalog.rows import (
    Column,
    ForeignKey,
    JsonLeaf,
    MarkedRows,
    MarkedTable,
    Rows,
    SequencePosition,
    Table,
    TableRows,
    Volatile,
    VolatileJson,
)
from consolidate.model import Difference, DifferenceKind, ObjectId
from consolidate.servers.interface import Cluster

Database: TypeAlias = Callable[[int], tuple[Cluster, str]]
Replay: TypeAlias = Callable[[str], Rows]

_RESET = "DROP SCHEMA IF EXISTS extra CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public"


def _replay_on(connection: psycopg.Connection) -> Replay:
    def replay(sql: str) -> Rows:
        connection.execute(_RESET)
        connection.execute(sql)
        return rows.read(connection)

    return replay


@pytest.fixture(params=[large.LARGE, 0], ids=["held in memory", "in a file"])
def replay(
    database: Database, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Replay]:
    """Replays whose rows are held, and such of which every table with rows counts as large."""
    monkeypatch.setattr(large, "LARGE", request.param)
    cluster, name = database(18)
    with psycopg.connect(cluster.dsn(name), autocommit=True) as connection:
        yield _replay_on(connection)


@pytest.fixture
def held(database: Database) -> Iterator[Replay]:
    """Replays for what is not done for large tables: volatile keys are followed in memory only."""
    cluster, name = database(18)
    with psycopg.connect(cluster.dsn(name), autocommit=True) as connection:
        yield _replay_on(connection)


def marked(replay: Replay, sql: str) -> MarkedRows:
    return rows.mark(replay(sql), replay(sql))


def differences(replay: Replay, left: str, right: str) -> tuple[Difference, ...]:
    return rows.compare(marked(replay, left), marked(replay, right))


def table(read: Rows | MarkedRows, identity: str) -> TableRows | MarkedTable:
    return next(t for t in read.tables if t.table.object.identity == identity)


KEYS = """
CREATE TABLE buildings (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text, city text);
CREATE TABLE rooms (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    building uuid REFERENCES buildings,
    name text,
    made timestamptz DEFAULT now());
INSERT INTO buildings (name) VALUES ('Courthouse'), ('Annex');
INSERT INTO rooms (building, name) SELECT id, 'Hall' FROM buildings WHERE name = 'Courthouse';
INSERT INTO rooms (building, name) SELECT id, 'Attic' FROM buildings WHERE name = 'Annex';
"""
SWAPPED = """
UPDATE rooms SET building = (
    SELECT b.id FROM buildings b WHERE b.id <> rooms.building) WHERE name IN ('Hall', 'Attic');
"""


@pytest.mark.pg
@pytest.mark.parametrize("major", [16, 18])
def test_values_are_read_as_their_types_print_them(database: Database, major: int) -> None:
    cluster, name = database(major)
    with psycopg.connect(cluster.dsn(name), autocommit=True) as connection:
        connection.execute("SET bytea_output = escape; SET extra_float_digits = -5")
        connection.execute("""
            CREATE TYPE mood AS ENUM ('sad', 'glad');
            CREATE FUNCTION shout(mood) RETURNS text LANGUAGE sql AS 'SELECT ''!''';
            CREATE CAST (mood AS text) WITH FUNCTION shout(mood) AS IMPLICIT;
            CREATE TABLE v (a float8, b numeric, c date, d text[], e bytea, f char(4), g interval,
                            h timestamptz, i mood, j text, k bool, l json);
            INSERT INTO v VALUES (0.1, 1.10, 'infinity', '{a,"b,c",NULL}', '\\xdead', 'ab',
                '1 day 2 hours', '2024-07-01 12:00+02', 'glad', E'tab\\tline\\n\\\\N', true,
                '{"b": 1.0,  "a": null}'),
                ('NaN', 'NaN', NULL, '{}', '', '', NULL, '-infinity', NULL, '', false, '1')
        """)
        read = table(rows.read(connection), "public.v").rows
    assert read == (
        (
            *("0.1", "1.10", "infinity", '{a,"b,c",NULL}', "\\xdead", "ab  ", "1 day 02:00:00"),
            *("2024-07-01 10:00:00+00", "glad", "tab\tline\n\\N", "t", '{"b": 1.0,  "a": null}'),
        ),
        ("NaN", "NaN", None, "{}", "\\x", "    ", None, "-infinity", None, "", "f", "1"),
    )


@pytest.mark.pg
def test_the_table_is_described_with_its_keys(replay: Replay) -> None:
    read = replay("""
        CREATE SCHEMA extra;
        CREATE DOMAIN extra.d AS varchar(9);
        CREATE DOMAIN extra.e AS extra.d;
        CREATE TABLE extra.parent (a int, b int, PRIMARY KEY (b, a));
        CREATE TABLE "We""ird" (
            id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            "Two Words" extra.e UNIQUE,
            x int, y int,
            twice int GENERATED ALWAYS AS (x * 2) STORED,
            FOREIGN KEY (y, x) REFERENCES extra.parent (b, a));
        CREATE UNIQUE INDEX ON "We""ird" (x) INCLUDE (y);
        CREATE UNIQUE INDEX ON "We""ird" (y) WHERE y > 0;
    """)
    described = table(read, 'public."We""ird"').table
    assert described.object == ObjectId("table", 'public."We""ird"')
    assert described.primary_key == ("id",)
    assert described.unique_keys == (("Two Words",), ("x",))
    assert described.foreign_keys == (
        ForeignKey(columns=("y", "x"), references="extra.parent", referenced_columns=("b", "a")),
    )
    assert [(c.quoted, c.type, c.base) for c in described.columns[:2]] == [
        ("id", "integer", "integer"),
        ('"Two Words"', "extra.e", "character varying"),
    ]
    assert [c.name for c in described.columns if c.identity] == ["id"]
    assert [c.name for c in described.columns if c.generated] == ["twice"]
    assert table(read, "extra.parent").table.primary_key == ("b", "a")


@pytest.mark.pg
@pytest.mark.parametrize("major", [16, 18])
def test_partitions_are_read_one_by_one_and_parents_only_once(
    database: Database, major: int
) -> None:
    cluster, name = database(major)
    with psycopg.connect(cluster.dsn(name), autocommit=True) as connection:
        read = _replay_on(connection)("""
            CREATE TABLE log (a int PRIMARY KEY) PARTITION BY RANGE (a);
            CREATE TABLE log_low PARTITION OF log FOR VALUES FROM (0) TO (10);
            CREATE TABLE log_high PARTITION OF log FOR VALUES FROM (10) TO (20);
            CREATE TABLE note (log int REFERENCES log);
            CREATE TABLE base (x int);
            CREATE TABLE derived () INHERITS (base);
            INSERT INTO log VALUES (11), (1), (12);
            INSERT INTO base VALUES (1);
            INSERT INTO derived VALUES (2);
        """)
    found = {t.table.object.identity: t.rows for t in read.tables}
    assert found == {
        "public.base": (("1",),),
        "public.derived": (("2",),),
        "public.log_high": (("11",), ("12",)),
        "public.log_low": (("1",),),
        "public.note": (),
    }
    assert table(read, "public.log_low").table.root == "public.log"
    assert [k.references for k in table(read, "public.note").table.foreign_keys] == ["public.log"]


@pytest.mark.pg
def test_rows_without_columns_are_counted(replay: Replay) -> None:
    read = replay(
        "CREATE TABLE bare (); INSERT INTO bare DEFAULT VALUES; INSERT INTO bare DEFAULT VALUES"
    )
    assert table(read, "public.bare").rows == ((), ())


@pytest.mark.pg
def test_an_open_transaction_is_refused(database: Database) -> None:
    cluster, name = database(18)
    with psycopg.connect(cluster.dsn(name)) as connection:
        connection.execute("SELECT 1")
        with pytest.raises(ValueError, match="transaction"):
            rows.read(connection)


@pytest.mark.pg
def test_policies_hide_no_rows(replay: Replay) -> None:
    read = replay("""
        CREATE TABLE secret (a int);
        INSERT INTO secret VALUES (1);
        ALTER TABLE secret ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    """)
    assert table(read, "public.secret").rows == (("1",),)


@pytest.mark.pg
def test_an_extensions_tables_are_read_only_where_they_are_configuration(replay: Replay) -> None:
    sql = """
        CREATE TABLE data (a int); CREATE TABLE settings (a int);
        ALTER EXTENSION plpgsql ADD TABLE data; ALTER EXTENSION plpgsql ADD TABLE settings;
        UPDATE pg_extension SET extconfig = ARRAY['settings'::regclass::oid];"""
    read = replay("DROP EXTENSION plpgsql; CREATE EXTENSION plpgsql SCHEMA pg_catalog;" + sql)
    assert [t.table.object.identity for t in read.tables] == ["public.settings"]


@pytest.mark.pg
def test_rows_count_however_they_are_stored_and_whoever_wrote_them(replay: Replay) -> None:
    sql = """
        CREATE UNLOGGED TABLE fast (a int);
        CREATE TABLE parts (a int) PARTITION BY LIST (a);
        CREATE TABLE part PARTITION OF parts DEFAULT;
        CREATE TABLE log (note text);
        CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql
            AS 'BEGIN INSERT INTO log VALUES (TG_TABLE_NAME || NEW.a); RETURN NULL; END';
        CREATE TRIGGER noted AFTER INSERT ON parts FOR EACH ROW EXECUTE FUNCTION noted();
        DO 'BEGIN INSERT INTO fast VALUES (1); INSERT INTO parts VALUES (2); END';
        CREATE MATERIALIZED VIEW joined AS SELECT fast.a, note FROM fast, log;"""
    read = replay(sql)
    assert {t.table.object.identity: tuple(t.rows) for t in read.tables} == {
        "public.fast": (("1",),),
        "public.joined": (("1", "part2"),),
        "public.log": (("part2",),),
        "public.part": (("2",),),
    }
    changes = ("UPDATE fast SET a = 3", "UPDATE part SET a = 3", "UPDATE log SET note = 'x'")
    found = [differences(replay, sql, f"{sql} {change}") for change in changes]
    assert [[one.object.identity for one in some] for some in found] == [
        ["public.fast"] * 2,
        ["public.part"] * 2,
        ["public.log"] * 2,
    ]


@pytest.mark.pg
def test_temporary_tables_are_nobodys_business(replay: Replay) -> None:
    assert replay("CREATE TEMP TABLE IF NOT EXISTS gone (a int)").tables == ()


@pytest.mark.pg
def test_other_uuids_with_the_same_ties_are_the_same_rows(replay: Replay) -> None:
    truth = marked(replay, KEYS)
    assert truth.tables != marked(replay, KEYS).tables
    assert differences(replay, KEYS, KEYS) == ()


@pytest.mark.pg
def test_swapped_parents_are_seen_though_every_uuid_is_volatile(held: Replay) -> None:
    found = differences(held, KEYS, KEYS + SWAPPED)
    assert [str(d) for d in found] == [
        (
            "changed  table public.rooms · row (name=Hall) · building: "
            "public.buildings row (name=Courthouse) → public.buildings row (name=Annex)"
        ),
        (
            "changed  table public.rooms · row (name=Attic) · building: "
            "public.buildings row (name=Annex) → public.buildings row (name=Courthouse)"
        ),
    ]


@pytest.mark.pg
def test_swapped_parents_are_seen_when_only_the_ties_differ(held: Replay) -> None:
    """Two pairs of parent and child against one parent with both children: nothing has a name."""
    parents = """
        CREATE TABLE p (id uuid PRIMARY KEY DEFAULT gen_random_uuid());
        CREATE TABLE c (p uuid REFERENCES p);
        INSERT INTO p DEFAULT VALUES; INSERT INTO p DEFAULT VALUES;
    """
    one_each = parents + "INSERT INTO c SELECT id FROM p"
    both = parents + "INSERT INTO c SELECT first.id FROM p, (SELECT id FROM p LIMIT 1) first"
    assert differences(held, one_each, one_each) == ()
    found = differences(held, one_each, both)
    assert {d.object.identity for d in found} == {"public.c", "public.p"}
    assert {d.attribute for d in found} == {"volatile keys"}


@pytest.mark.pg
def test_a_volatile_integer_key_is_renamed_within_its_foreign_keys_only(held: Replay) -> None:
    base = """
        CREATE TABLE t (id int PRIMARY KEY, name text);
        CREATE TABLE u (t int REFERENCES t, name text);
        INSERT INTO t SELECT (random() * 1e8)::int * 10 + n, 'n' || n FROM generate_series(1, 3) n;
    """
    straight = base + "INSERT INTO u SELECT id, name FROM t"
    crossed = base + "INSERT INTO u SELECT id, 'n' || (4 - right(name, 1)::int) FROM t"
    assert differences(held, straight, straight) == ()
    assert {d.object.identity for d in differences(held, straight, crossed)} == {"public.u"}


@pytest.mark.pg
def test_a_uuid_that_an_audit_row_quotes_must_be_its_rows_uuid(held: Replay) -> None:
    base = KEYS + "CREATE TABLE audit (seq int, row_id text, entry jsonb);"
    right = (
        base
        + """
        INSERT INTO audit
        SELECT CASE name WHEN 'Hall' THEN 1 ELSE 2 END, id, to_jsonb(rooms) FROM rooms"""
    )
    wrong = (
        right
        + """;
        UPDATE audit SET entry = jsonb_set(entry, '{building}', to_jsonb(
            (SELECT id FROM buildings WHERE id::text <> audit.entry->>'building')))"""
    )
    wrong_text = right + "; UPDATE audit SET row_id = (SELECT id FROM rooms WHERE name = 'Hall')"
    assert differences(held, right, right) == ()
    assert {d.attribute for d in differences(held, right, wrong)} == {
        "row (seq=1) · entry",
        "row (seq=2) · entry",
    }
    assert [d.attribute for d in differences(held, right, wrong_text)] == ["row (seq=2) · row_id"]


@pytest.mark.pg
def test_clock_cells_are_volatile_row_by_row(replay: Replay) -> None:
    sql = """
        CREATE TABLE t (id int PRIMARY KEY, at timestamptz DEFAULT now());
        INSERT INTO t VALUES (1, DEFAULT), (2, '2024-01-01'), (3, NULL);"""
    truth = marked(replay, sql)
    first, second, third = table(truth, "public.t").rows
    assert isinstance(first[1], Volatile)
    assert first[1].type == "timestamp with time zone"
    assert second == ("2", "2024-01-01 00:00:00+00")
    assert third == ("3", None)
    assert rows.volatile_cells(truth) == ("public.t.at",)


CLOCK = "CREATE TABLE t (id int PRIMARY KEY, at timestamptz); INSERT INTO t VALUES (1, {});"


@pytest.mark.pg
@pytest.mark.parametrize(
    ("left", "right", "shown"),
    [
        ("now()", "now()", None),
        ("now()", "NULL", ("(volatile timestamp with time zone)", "NULL")),
        ("NULL", "now()", ("NULL", "(volatile timestamp with time zone)")),
        (
            "now()",
            "'2024-01-01'",
            ("(volatile timestamp with time zone)", "2024-01-01 00:00:00+00"),
        ),
    ],
)
def test_a_volatile_cell_equals_only_a_volatile_cell(
    replay: Replay, left: str, right: str, shown: tuple[str, str] | None
) -> None:
    found = differences(replay, CLOCK.format(left), CLOCK.format(right))
    assert [(d.attribute, d.left, d.right) for d in found] == (
        [("row id=1 · at", *shown)] if shown else []
    )


@pytest.mark.pg
def test_volatile_cells_of_another_type_differ(replay: Replay) -> None:
    as_text = CLOCK.replace("timestamptz", "text")
    found = differences(replay, CLOCK.format("now()"), as_text.format("now()::text"))
    assert [(d.left, d.right) for d in found] == [
        ("(volatile timestamp with time zone)", "(volatile text)")
    ]


@pytest.mark.pg
def test_times_in_a_key_tie_nothing_together(replay: Replay) -> None:
    sql = """
        CREATE TABLE t (name text, at timestamptz, UNIQUE (name, at));
        INSERT INTO t VALUES ('a', {}), ('b', {});"""
    one_time = sql.format("now()", "now()")
    two_times = sql.format("now()", "now() + interval '1 h'")
    assert differences(replay, one_time, two_times) == ()


@pytest.mark.pg
@pytest.mark.parametrize("type_", ["json", "jsonb"])
def test_only_the_leaves_that_differ_are_volatile(replay: Replay, type_: str) -> None:
    sql = f"""
        CREATE TABLE a (id int PRIMARY KEY, doc {type_});
        INSERT INTO a VALUES (1, json_build_object(
            'name', 'x', 'deep', json_build_array(1, json_build_object('a "b', now())),
            'n', random(), 'text', 'a,:"}}[1'));
    """
    truth = marked(replay, sql)
    cell = table(truth, "public.a").rows[0][1]
    assert isinstance(cell, VolatileJson)
    assert sorted((leaf.path, leaf.kind) for leaf in cell.leaves) == [
        ('$.deep[*]."a \\"b"', "string"),
        ("$.n", "number"),
    ]
    assert rows.volatile_cells(truth) == ('public.a.doc $.deep[*]."a \\"b"', "public.a.doc $.n")
    assert rows.compare(truth, marked(replay, sql)) == ()
    for old, new in (
        ("'x'", "'y'"),
        ("'name'", "'nome'"),
        ("now()", "'fixed'"),
        ("array(1", "array(2"),
    ):
        found = rows.compare(truth, marked(replay, sql.replace(old, new)))
        assert [d.attribute for d in found] == ["row id=1 · doc"], new


def test_json_of_another_shape_is_volatile_as_a_whole() -> None:
    truth = rows.mark(_docs('{"a": 1}'), _docs('{"b": 1}'))
    assert table(truth, "public.d").rows == ((Volatile('{"a": 1}', "jsonb"),),)
    longer = rows.mark(_docs("[1]"), _docs("[1, 2]"))
    assert table(longer, "public.d").rows == ((Volatile("[1]", "jsonb"),),)


def test_a_volatile_json_cell_gives_back_the_clean_text() -> None:
    text = '{"a": [true, "x\\"y", -1.5e+3], "": {}, "b": null}'
    other = '{"a": [false, "z", 7], "": {}, "b": null}'
    cell = table(rows.mark(_docs(text), _docs(other)), "public.d").rows[0][0]
    assert isinstance(cell, VolatileJson)
    assert cell.name == text
    assert cell.leaves == (
        JsonLeaf("$.a[*]", "true", "boolean"),
        JsonLeaf("$.a[*]", '"x\\"y"', "string"),
        JsonLeaf("$.a[*]", "-1.5e+3", "number"),
    )


def test_null_in_one_replay_only_is_reported_and_stays_strict() -> None:
    truth = rows.mark(_plain("n", ("1", "x")), _plain("n", ("1", None)))
    assert table(truth, "public.t").rows == (("1", "x"),)
    assert rows.volatile_cells(truth) == ("public.t.n (NULL in one replay only)",)


def test_moved_rows_are_paired_by_what_stayed_equal() -> None:
    clean = _plain("name", ("1", "a"), ("2", "b"), ("3", "c"))
    other = _plain("name", ("3", "c"), ("1", "a"), ("2", "changed"))
    truth = rows.mark(clean, other)
    assert table(truth, "public.t").rows == (("1", "a"), ("2", Volatile("b", "text")), ("3", "c"))


def test_rows_in_other_numbers_are_not_aligned_and_say_so() -> None:
    truth = rows.mark(_plain("n", ("1", "x")), _plain("n", ("1", "x"), ("2", None)))
    assert rows.volatile_cells(truth) == (
        "public.t (rows not aligned: 1 in one replay, 2 in the other)",
    )
    assert rows.compare(truth, truth) == ()
    other = rows.mark(_plain("n", ("1", None)), _plain("n", ("1", "x"), ("2", None)))
    assert [(d.attribute, d.left, d.right) for d in rows.compare(truth, other)] == [
        ("NULLs in n", "0", "1")
    ]
    longer = rows.mark(_plain("n", ("1", "x"), ("2", "x")), _plain("n"))
    assert ("number of rows", "1", "2") in [
        (d.attribute, d.left, d.right) for d in rows.compare(truth, longer)
    ]
    fixed = rows.mark(_plain("n", ("1", "x")), _plain("n", ("1", "x")))
    assert [d.attribute for d in rows.compare(truth, fixed)] == ["rows not aligned"]


def test_a_table_of_one_replay_is_mentioned() -> None:
    nothing = Rows(tables=(), sequences=())
    one = _plain("n", ("1", "x"))
    assert rows.volatile_cells(rows.mark(nothing, one)) == (
        "table public.t exists in one replay only",
    )
    assert rows.volatile_cells(rows.mark(one, nothing)) == (
        "public.t (rows not aligned: the other replay has no such table)",
    )


@pytest.mark.pg
def test_sequence_positions_are_compared(replay: Replay) -> None:
    sql = """
        CREATE SEQUENCE s START 5; CREATE SEQUENCE "S q";
        CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, n serial);
        INSERT INTO t DEFAULT VALUES;"""
    read = replay(sql)
    assert [(p.identity, p.last_value, p.is_called) for p in read.sequences] == [
        ('public."S q"', 1, False),
        ("public.s", 5, False),
        ("public.t_id_seq", 1, True),
        ("public.t_n_seq", 1, True),
    ]
    found = differences(replay, sql, sql + "SELECT nextval('s'); DROP SEQUENCE \"S q\"")
    assert [str(d) for d in found] == [
        'missing  sequence public."S q": 1, not called yet',
        "changed  sequence public.s · last value: 5, not called yet → 5",
    ]


@pytest.mark.pg
def test_a_sequence_at_another_position_every_time_is_volatile(replay: Replay) -> None:
    moving = "CREATE SEQUENCE s; SELECT setval('s', (random() * 1e15)::bigint + 1)"
    truth = marked(replay, moving)
    assert rows.volatile_cells(truth) == ("sequence public.s",)
    assert rows.compare(truth, marked(replay, moving)) == ()
    still = marked(replay, "CREATE SEQUENCE s")
    assert [(d.left, d.right) for d in rows.compare(truth, still)] == [
        ("(volatile)", "1, not called yet")
    ]


@pytest.mark.pg
def test_a_stale_materialized_view_differs_from_a_fresh_one(replay: Replay) -> None:
    stale = """
        CREATE TABLE t (a int);
        CREATE MATERIALIZED VIEW m AS SELECT count(*) AS n FROM t;
        INSERT INTO t VALUES (1);"""
    fresh = stale + "REFRESH MATERIALIZED VIEW m"
    empty = fresh + " WITH NO DATA"
    assert differences(replay, stale, stale) == ()
    found = differences(replay, stale, fresh)
    assert [(str(d.object), d.kind) for d in found] == [
        ("materialized view public.m", DifferenceKind.MISSING),
        ("materialized view public.m", DifferenceKind.EXTRA),
    ]
    assert ("contents", "populated", "not populated") in [
        (d.attribute, d.left, d.right) for d in differences(replay, stale, empty)
    ]


@pytest.mark.pg
def test_a_stale_generated_column_differs_from_a_computed_one(replay: Replay) -> None:
    sql = """
        CREATE FUNCTION f(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1';
        CREATE TABLE t (id int PRIMARY KEY, g int GENERATED ALWAYS AS (f(id)) STORED);
        {0}
        CREATE OR REPLACE FUNCTION f(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1 * 10';
        {1}"""
    insert = "INSERT INTO t VALUES (3);"
    found = differences(replay, sql.format(insert, ""), sql.format("", insert))
    assert [(d.attribute, d.left, d.right) for d in found] == [("row id=3 · g", "3", "30")]


@pytest.mark.pg
def test_virtual_generated_columns_are_read(replay: Replay) -> None:
    read = replay(
        "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) VIRTUAL);INSERT INTO t VALUES (1)"
    )
    assert table(read, "public.t").rows == (("1", "2"),)


@pytest.mark.pg
@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("ARRAY['a', 'b']", "ARRAY['b', 'a']"),
        ("ARRAY['a', NULL]", "ARRAY['a', 'NULL']"),
        ("ARRAY[]::text[]", "NULL"),
    ],
)
def test_array_values_are_told_apart(replay: Replay, left: str, right: str) -> None:
    sql = 'CREATE TABLE "T t" (id int PRIMARY KEY, "A a" text[]); INSERT INTO "T t" VALUES (1, {})'
    found = differences(replay, sql.format(left), sql.format(right))
    assert [(d.object.identity, d.attribute) for d in found] == [
        ('public."T t"', 'row id=1 · "A a"')
    ]


@pytest.mark.pg
def test_nan_and_infinity_and_scale_are_told_apart(replay: Replay) -> None:
    sql = "CREATE TABLE t (id int PRIMARY KEY, f float8, n numeric, d date);INSERT INTO t VALUES {}"
    truth = marked(replay, sql.format("(1, 'NaN', 1.10, 'infinity')"))
    assert rows.compare(truth, marked(replay, sql.format("(1, 'NaN', 1.10, 'infinity')"))) == ()
    other = marked(replay, sql.format("(1, '-Infinity', 1.1, '-infinity')"))
    assert [(d.attribute, d.left, d.right) for d in rows.compare(truth, other)] == [
        ("row id=1 · f", "NaN", "-Infinity"),
        ("row id=1 · n", "1.10", "1.1"),
        ("row id=1 · d", "infinity", "-infinity"),
    ]


@pytest.mark.pg
def test_the_order_of_rows_and_columns_does_not_count(replay: Replay) -> None:
    left = "CREATE TABLE t (a int, b text); INSERT INTO t VALUES (1, 'x'), (2, 'y'), (2, 'y')"
    right = "CREATE TABLE t (b text, a int); INSERT INTO t VALUES ('y', 2), ('x', 1), ('y', 2)"
    assert differences(replay, left, right) == ()
    once = right.replace(", ('y', 2)", "", 1)
    assert [str(d) for d in differences(replay, left, once)] == [
        "missing  table public.t · row (a=2, b=y): (a=2, b=y)"
    ]


@pytest.mark.pg
def test_a_changed_cell_is_found_by_key_also_where_the_key_is_volatile(replay: Replay) -> None:
    sql = KEYS + "UPDATE buildings SET city = 'Bonn' WHERE name = '{}'"
    moved = differences(replay, sql.format("Annex"), sql.format("Courthouse"))
    assert [(d.attribute, d.left, d.right) for d in moved] == [
        ("row name=Courthouse · city", "NULL", "Bonn"),
        ("row name=Annex · city", "Bonn", "NULL"),
    ]


def test_missing_and_extra_tables_are_whole_differences() -> None:
    some = rows.mark(_plain("n", ("1", "x")), _plain("n", ("1", "x")))
    none = MarkedRows(tables=(), sequences=())
    assert [str(d) for d in rows.compare(some, none)] == ["missing  table public.t: 1 rows"]
    assert [str(d) for d in rows.compare(none, some)] == ["extra    table public.t: 1 rows"]


def test_other_columns_are_named_and_the_rest_still_compared() -> None:
    left = rows.mark(_plain("n", ("1", "x")), _plain("n", ("1", "x")))
    right = rows.mark(_plain("m", ("2", "x")), _plain("m", ("2", "x")))
    assert [(d.kind, d.attribute) for d in rows.compare(left, right)] == [
        (DifferenceKind.CHANGED, "columns"),
        (DifferenceKind.MISSING, "row id=1"),
        (DifferenceKind.EXTRA, "row id=2"),
    ]


def test_at_most_twenty_differences_a_table_are_listed() -> None:
    left = _plain("n", *((str(n), "x") for n in range(50)))
    right = _plain("n", *((str(n), "y") for n in range(50)))
    found = rows.compare(rows.mark(left, left), rows.mark(right, right))
    assert len(found) == 21
    assert str(found[-1]) == (
        "changed  table public.t · more rows: 30 more differences → not listed"
    )


def test_long_values_are_cut_around_their_first_difference() -> None:
    text = "a" * 500
    left, right = _plain("n", ("1", text + "b" * 99)), _plain("n", ("1", text + "c" * 99))
    (found,) = rows.compare(rows.mark(left, left), rows.mark(right, right))
    assert found.left == "…" + "a" * 20 + "b" * 39 + "…"
    assert found.right == "…" + "a" * 20 + "c" * 39 + "…"


def test_many_rows_with_keys_of_their_own_pair_up() -> None:
    def marked_rows(seed: str) -> MarkedRows:
        entry = _uuid_table(
            (f"{seed}{n:07x}-0000-4000-8000-000000000000", str(n)) for n in range(5_000)
        )
        return MarkedRows(tables=(entry,), sequences=())

    assert rows.compare(marked_rows("a"), marked_rows("b")) == ()


def _column(name: str, type_: str) -> Column:
    return Column(name=name, quoted=name, type=type_, base=type_, generated=False, identity=False)


def _table(identity: str, *columns: Column) -> Table:
    return Table(
        object=ObjectId("table", identity),
        root=identity,
        columns=columns,
        primary_key=(columns[0].name,),
        unique_keys=(),
        foreign_keys=(),
    )


def _plain(name: str, *cells: tuple[str | None, ...]) -> Rows:
    described = _table("public.t", _column("id", "integer"), _column(name, "text"))
    return Rows(tables=(TableRows(table=described, rows=cells),), sequences=())


def _docs(text: str) -> Rows:
    described = replace(_table("public.d", _column("doc", "jsonb")), primary_key=())
    return Rows(tables=(TableRows(table=described, rows=((text,),)),), sequences=())


def _uuid_table(cells: Iterator[tuple[str, str]]) -> MarkedTable:
    described = _table("public.u", _column("id", "uuid"), _column("n", "text"))
    return MarkedTable(table=described, rows=tuple((Volatile(key, "uuid"), n) for key, n in cells))


def test_a_sequence_of_one_replay_is_mentioned() -> None:
    nothing = Rows(tables=(), sequences=())
    one = Rows(
        tables=(),
        sequences=(SequencePosition(identity="public.s", last_value=1, is_called=True),),
    )
    assert rows.volatile_cells(rows.mark(nothing, one)) == (
        "sequence public.s exists in one replay only",
    )
    assert rows.volatile_cells(rows.mark(one, nothing)) == ("sequence public.s",)
