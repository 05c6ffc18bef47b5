"""Every table that can take a row gets one, and of the others it is said why they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.catalog import rows
from consolidate.drill.filling import fill

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

    from consolidate.servers.interface import Cluster

TAKES = """
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TYPE place AS (x integer, y integer);
CREATE DOMAIN code AS text NOT NULL CHECK (VALUE ~ '^[A-Z]{3}$');
CREATE DOMAIN percent AS smallint CHECK (VALUE BETWEEN 90 AND 95);

CREATE TABLE nothing_asked ();
CREATE TABLE by_itself (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz
    NOT NULL DEFAULT now(), twice integer GENERATED ALWAYS AS (2) STORED);
CREATE TABLE every_type (
    a smallint NOT NULL, b numeric(3, 1) NOT NULL, c varchar(3) NOT NULL, d bytea NOT NULL,
    e jsonb NOT NULL, f uuid NOT NULL, g inet NOT NULL, h interval NOT NULL, i bit(3) NOT NULL,
    j mood NOT NULL, k place NOT NULL, l code, m percent NOT NULL, n integer[] NOT NULL,
    o tstzrange NOT NULL, p int4multirange NOT NULL, r "char" NOT NULL,
    s tsvector NOT NULL, t mood[] NOT NULL, u point NOT NULL, v money NOT NULL, w regclass NOT NULL
);
CREATE TABLE "Quoted, 100% (odd)" ("id, or so" text PRIMARY KEY, "p%" integer NOT NULL
    CHECK ("p%" % 7 = 3));

CREATE TABLE checked (
    kind text NOT NULL CHECK (kind IN ('door', 'gate')),
    capacity integer NOT NULL CHECK (capacity > 40 AND capacity < 43),
    begins date NOT NULL, ends date NOT NULL,
    mail text NOT NULL CHECK (mail LIKE '%@%.org'),
    a integer, b integer,
    CHECK (begins < ends), CHECK (a IS NOT NULL OR b IS NOT NULL), CHECK (a < b)
);
CREATE TABLE taken (id smallint PRIMARY KEY CHECK (id BETWEEN 1 AND 3), name text UNIQUE NOT NULL
    CHECK (name ~ '^room [a-z]$'));
INSERT INTO taken VALUES (1, 'room a'), (2, 'room b');
CREATE TABLE booked (during int4range NOT NULL, EXCLUDE USING gist (during WITH &&));
INSERT INTO booked VALUES ('(,)');

CREATE TABLE child (id integer PRIMARY KEY, parent text NOT NULL);
CREATE TABLE parent (id text PRIMARY KEY, part text NOT NULL, UNIQUE (part, id));
ALTER TABLE child ADD FOREIGN KEY (parent) REFERENCES parent;
CREATE TABLE grandchild (part text NOT NULL, id text NOT NULL, other integer DEFAULT 77
    REFERENCES child, FOREIGN KEY (part, id) REFERENCES parent (part, id));
CREATE TABLE tree (id integer PRIMARY KEY, above integer NOT NULL REFERENCES tree);

CREATE TABLE members (id integer, name text UNIQUE);
CREATE TABLE cards (member text NOT NULL REFERENCES members (name));

CREATE TABLE log (at date NOT NULL, region text NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE log_2020 PARTITION OF log FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE log_rest PARTITION OF log DEFAULT PARTITION BY LIST (region);
CREATE TABLE log_north PARTITION OF log_rest FOR VALUES IN ('north');
CREATE TABLE hashed (id integer NOT NULL) PARTITION BY HASH (id);
CREATE TABLE hashed_0 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE hashed_1 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 1);
"""
ONLY_ONE = """
CREATE TABLE last_seen (lock "char" PRIMARY KEY DEFAULT 'X' CHECK (lock = 'X'), at bigint);
INSERT INTO last_seen DEFAULT VALUES;
"""
REFUSES = """
CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not now'; END $$;
CREATE TABLE after_hours (id integer);
CREATE TRIGGER no BEFORE INSERT ON after_hours FOR EACH ROW EXECUTE FUNCTION no();
CREATE TABLE never (id integer CHECK (id IS NOT NULL AND id > 5 AND id < 6));
CREATE TABLE below_never (id integer PRIMARY KEY, never_id integer NOT NULL);
CREATE UNIQUE INDEX never_id ON never (id);
ALTER TABLE below_never ADD FOREIGN KEY (never_id) REFERENCES never (id);
CREATE TABLE always_no (id integer);
CREATE TRIGGER no BEFORE INSERT ON always_no FOR EACH ROW EXECUTE FUNCTION no();
ALTER TABLE always_no ENABLE ALWAYS TRIGGER no;
"""
EMPTY = {
    "public.always_no": "not now",
    "public.below_never": "it points at public.never, which has none",
    "public.never": "no value was found that fits its conditions",
}


def test_every_table_gets_a_row_that_can_take_one(
    database: Callable[..., tuple[Cluster, str]],
    connect: Callable[[Cluster, str], psycopg.Connection],
) -> None:
    connection = connect(*database(18, prelude=TAKES + ONLY_ONE + REFUSES))
    before = {one.table.object.identity: len(one.rows) for one in rows.read(connection).tables}

    coverage = fill(connection, [one.table for one in rows.read(connection).tables])

    after = {one.table.object.identity: len(one.rows) for one in rows.read(connection).tables}
    assert dict(coverage.empty) == EMPTY
    full = {*EMPTY, "public.last_seen"}
    assert after == {name: had + (name not in full) for name, had in before.items()}
    assert connection.execute("SELECT at FROM last_seen").fetchall() == [(9001,)]
    assert set(coverage.filled) == before.keys() - EMPTY.keys()
    where = connection.execute("SHOW session_replication_role").fetchone()
    assert where == ("origin",)
