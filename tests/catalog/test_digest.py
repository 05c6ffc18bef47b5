"""Digests: the same where nothing changed, another one for whatever facts could see."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from consolidate.catalog import digest, facts, rows
from consolidate.replay import connect, execute

if TYPE_CHECKING:
    from collections.abc import Callable

    from consolidate.servers.interface import Cluster

SETUP = """
CREATE ROLE digest_reader;
CREATE TABLE t (id integer PRIMARY KEY, note text DEFAULT 'x');
CREATE VIEW v AS SELECT id FROM t;
CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
INSERT INTO t VALUES (1, ''), (2, NULL);
CREATE TABLE other (a integer);
"""


@pytest.mark.parametrize("major", [16, 18])
def test_what_leaves_no_fact_leaves_the_digest_alone(
    major: int, database: Callable[..., tuple[Cluster, str]]
) -> None:
    cluster, name = database(major, prelude=SETUP)
    with connect(cluster, name) as connection:
        catalogs = digest.Digest(connection)
        before = catalogs.read(connection)

        execute(connection, "CREATE INDEX i ON other (a)")
        execute(connection, "DROP INDEX i")
        execute(connection, "INSERT INTO t VALUES (3, 'new')")
        execute(connection, "GRANT SELECT ON t TO digest_reader")
        execute(connection, "GRANT CREATE ON SCHEMA public TO digest_reader")
        execute(connection, "REVOKE SELECT ON t FROM digest_reader")
        execute(connection, "REVOKE CREATE ON SCHEMA public FROM digest_reader")
        execute(connection, "GRANT EXECUTE ON FUNCTION f() TO digest_reader")
        execute(connection, "REVOKE EXECUTE ON FUNCTION f() FROM digest_reader")
        execute(connection, "ANALYZE")
        execute(connection, "TRUNCATE other")

        assert catalogs.read(connection) == before


@pytest.mark.parametrize("major", [16, 18])
@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE t ALTER COLUMN note SET DEFAULT 'y'",
        "ALTER TABLE other ALTER COLUMN a SET NOT NULL",
        "ALTER TABLE t RENAME COLUMN note TO remark",
        "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE t SET (fillfactor = 70)",
        "COMMENT ON COLUMN t.note IS 'a note'",
        "GRANT SELECT ON t TO digest_reader",
        "GRANT SELECT (id) ON t TO digest_reader",
        "CREATE OR REPLACE VIEW v AS SELECT id FROM t WHERE id > 1",
        "CREATE OR REPLACE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 2'",
        "ALTER FUNCTION f() SET search_path = ''",
        "REVOKE EXECUTE ON FUNCTION pg_catalog.pg_sleep(double precision) FROM PUBLIC",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO digest_reader",
        "ALTER ROLE digest_reader SET work_mem = '8MB'",
        "ALTER ROLE digest_reader CREATEDB",
        "SELECT lo_from_bytea(0, 'bytes')",
    ],
)
def test_what_changes_a_fact_changes_the_digest(
    change: str, major: int, database: Callable[..., tuple[Cluster, str]]
) -> None:
    cluster, name = database(major, prelude=SETUP)
    with connect(cluster, name) as connection:
        catalogs = digest.Digest(connection)
        before, known = catalogs.read(connection), facts.read(connection)

        execute(connection, change)

        assert facts.read(connection) != known
        assert catalogs.read(connection) != before


def test_what_came_since_a_reading_is_digested_as_if_all_were(
    database: Callable[..., tuple[Cluster, str]],
) -> None:
    cluster, name = database(18, prelude=SETUP)
    steps = (
        "CREATE TABLE late (a integer DEFAULT 1); COMMENT ON TABLE t IS 'one'",
        "ALTER TABLE late ALTER COLUMN a SET DEFAULT 2",
        "GRANT SELECT ON t TO digest_reader; DROP INDEX IF EXISTS i",
        "COMMENT ON FUNCTION f() IS 'another'; DROP TABLE late",
        "COMMENT ON FUNCTION f() IS NULL; COMMENT ON TABLE t IS NULL",
        "REVOKE SELECT ON t FROM digest_reader",
    )
    with connect(cluster, name) as connection:
        catalogs = digest.Digest(connection)
        earlier = [catalogs.read(connection)]
        for step in steps:
            execute(connection, step)
            whole = catalogs.read(connection)

            assert [catalogs.read(connection, since) == whole for since in earlier] == [
                True for _ in earlier
            ]
            earlier.append(whole)

    assert earlier[-1] == earlier[0]
    assert len(set(earlier)) == len(steps)


def test_what_a_transaction_has_changed_is_read_within_it_and_leaves_with_it(
    database: Callable[..., tuple[Cluster, str]],
) -> None:
    cluster, name = database(18, prelude=SETUP)
    with connect(cluster, name) as connection:
        catalogs = digest.Digest(connection)
        before, held = catalogs.read(connection), rows.read(connection)
        execute(connection, "BEGIN; CREATE SEQUENCE late; UPDATE t SET note = 'late' WHERE id = 1")
        assert catalogs.read_within(connection, before) != before
        changed = rows.read_within(connection)
        execute(connection, "DROP SEQUENCE late; UPDATE t SET note = '' WHERE id = 1")
        assert catalogs.read_within(connection, before) == before
        assert rows.read_within(connection, like=held).sequences == held.sequences
        execute(connection, "ROLLBACK")
        assert [place.identity for place in changed.sequences] == ["public.late"]
        assert changed.tables != held.tables
        assert (catalogs.read(connection, before), rows.read(connection)) == (before, held)


def test_a_transaction_that_began_before_a_reading_is_seen_when_it_ends(
    database: Callable[..., tuple[Cluster, str]],
) -> None:
    cluster, name = database(18, prelude=SETUP)
    with connect(cluster, name) as connection, connect(cluster, name) as another:
        catalogs = digest.Digest(connection)
        execute(another, "BEGIN; CREATE TABLE slow (a integer)")
        execute(connection, "CREATE TABLE quick (a integer)")
        since = catalogs.read(connection)
        execute(another, "COMMIT")

        now = catalogs.read(connection, since)

        assert now != since
        assert now == catalogs.read(connection)


def test_no_fact_is_read_from_what_digests_leave_out() -> None:
    words = set().union(*(re.findall(r"\w+", text.decode()) for text in facts.queries().values()))

    assert "reloptions" in words
    assert words & (digest.NO_CATALOGS | digest.NO_COLUMNS) == set()


def test_rows_are_read_alike_where_the_tables_are_taken_from_another_reading(
    database: Callable[..., tuple[Cluster, str]],
) -> None:
    cluster, name = database(18, prelude=SETUP)
    known: rows.Known = {}
    with connect(cluster, name) as connection:
        execute(
            connection, "CREATE SEQUENCE s; CREATE MATERIALIZED VIEW m AS SELECT 1 WITH NO DATA"
        )
        before = rows.read(connection, known)
        assert rows.read(connection, known, like=before) == before
        execute(connection, "INSERT INTO other VALUES (1); SELECT nextval('s'); DELETE FROM t")
        after = rows.read(connection)

        assert rows.read(connection, known, like=before) == after
        assert rows.read(connection, like=before) == after
        assert after != before


def test_rows_that_are_known_are_shared_and_others_are_read(
    database: Callable[..., tuple[Cluster, str]],
) -> None:
    cluster, name = database(18, prelude=SETUP)
    known: rows.Known = {}
    with connect(cluster, name) as connection:
        first = {t.table.object.identity: t for t in rows.read(connection, known).tables}
        execute(connection, "INSERT INTO other VALUES (1)")
        second = {t.table.object.identity: t for t in rows.read(connection, known).tables}
        execute(connection, "DELETE FROM other; UPDATE t SET note = NULL WHERE id = 1")
        third = {t.table.object.identity: t for t in rows.read(connection, known).tables}
        plain = {t.table.object.identity: t for t in rows.read(connection).tables}

    assert second["public.t"].rows is first["public.t"].rows
    assert second["public.other"].rows == (("1",),)
    assert third["public.other"].rows is first["public.other"].rows
    assert sorted(third["public.t"].rows, key=str) == [("1", None), ("2", None)]
    assert third == plain
