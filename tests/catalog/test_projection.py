from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from consolidate.catalog import facts, known_rows, projection, witnesses
from consolidate.catalog.projecting import Catalog, Reference, query
from consolidate.catalog.projection import Projection
from consolidate.catalog.witnesses import Sight
from consolidate.model import CheckStatus

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import psycopg

    from consolidate.servers.interface import Cluster

    Database = Callable[..., tuple[Cluster, str]]
    Connect = Callable[[Cluster, str], psycopg.Connection[Any]]

MAJORS = pytest.mark.parametrize("major", [18, 16])
SETUP = """
CREATE SCHEMA court;
CREATE TYPE court.mood AS ENUM ('calm', 'tense');
CREATE TABLE court.buildings (id integer PRIMARY KEY, name text, mood court.mood DEFAULT 'calm');
CREATE TABLE court.rooms (
    id bigserial PRIMARY KEY, building integer REFERENCES court.buildings, note text
);
CREATE UNIQUE INDEX rooms_note ON court.rooms (lower(note)) WHERE note <> '';
CREATE VIEW court.notes AS SELECT note FROM court.rooms;
CREATE FUNCTION court.one(integer DEFAULT 1) RETURNS integer LANGUAGE sql RETURN 1;
CREATE POLICY mine ON court.rooms USING (note = current_user);
SELECT lo_from_bytea(0, 'abc');
"""


def _projected(database: Database, connect: Connect, major: int, sql: str = "") -> Projection:
    connection = connect(*database(major, prelude=SETUP))
    if sql:
        connection.execute(sql.encode())
    return projection.read(connection)


@MAJORS
def test_two_databases_with_other_oids_are_equal(
    database: Database, connect: Connect, major: int
) -> None:
    burned = connect(*database(major, prelude="CREATE TABLE t (x text); DROP TABLE t;" + SETUP))
    one = projection.read(burned)
    assert projection.compare(one, _projected(database, connect, major)) == ()
    assert projection.read(burned) == one


@MAJORS
def test_no_oid_is_in_it(database: Database, connect: Connect, major: int) -> None:
    connection = connect(*database(major, prelude=SETUP))
    rows = "\n".join(projection.read(connection).rows.values())
    made = [
        oid
        for catalog in ("class", "type", "proc", "constraint", "trigger", "policy", "attrdef")
        for (oid,) in connection.execute(
            f"SELECT oid::text FROM pg_{catalog} WHERE oid >= 16384".encode()
        )
    ]
    assert made
    numbers = set(re.findall(r"\d+", re.sub(r"[0-9a-f]{32}", "", rows)))
    assert numbers.isdisjoint(made)


@MAJORS
@pytest.mark.parametrize(
    ("change", "seen"),
    [
        (
            "ALTER TABLE court.rooms ALTER note SET DEFAULT 'x'",
            "extra    default value for court.rooms.note · pg_attrdef",
        ),
        (
            "ALTER FUNCTION pg_catalog.pg_sleep(float8) COST 9",
            "changed  function pg_catalog.pg_sleep(double precision) · pg_proc.procost: 1 → 9",
        ),
        (
            "ALTER TABLE court.rooms DISABLE TRIGGER ALL",
            'changed  trigger "RI_ConstraintTrigger_c" on court.rooms · pg_trigger.tgenabled: O',
        ),
        (
            "ALTER TYPE court.mood ADD VALUE 'late' BEFORE 'tense'",
            "changed  type court.mood · pg_enum.",
        ),
    ],
)
def test_a_change_is_seen_with_its_object_and_column(
    database: Database, connect: Connect, major: int, change: str, seen: str
) -> None:
    before = _projected(database, connect, major)
    found = projection.compare(before, _projected(database, connect, major, change))
    assert any(str(one).startswith(seen) for one in found), [str(one) for one in found]


def test_a_password_does_not_leave_the_server(database: Database, connect: Connect) -> None:
    connection = connect(*database(18))
    connection.execute("CREATE ROLE sealed PASSWORD 'open sesame'")
    hashed = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'sealed'")
    (stored,) = hashed.fetchall()[0]
    assert stored not in "\n".join(projection.read(connection).rows.values())
    before = projection.read(connection)
    connection.execute("ALTER ROLE sealed PASSWORD 'another'")
    (found,) = projection.compare(before, projection.read(connection))
    assert found.attribute == "pg_authid.rolpassword"
    connection.execute("DROP ROLE sealed")


def test_what_a_role_may_not_read_is_named_and_not_compared(
    database: Database, connect: Connect
) -> None:
    connection = connect(*database(18))
    connection.execute("CREATE ROLE plain")
    whole = projection.read(connection)
    connection.execute("SET ROLE plain")
    part = projection.read(connection)
    assert ("pg_authid", "rolpassword") in part.hidden
    assert "pg_authid" not in part.rows
    assert ("pg_subscription", "subconninfo") in part.hidden
    assert projection.compare(whole, part) == ()
    connection.execute("RESET ROLE; DROP ROLE plain")


def test_other_majors_do_not_compare(database: Database, connect: Connect) -> None:
    one = _projected(database, connect, 18)
    with pytest.raises(ValueError, match="18 and 16 do not compare"):
        projection.compare(one, replace(one, major=16))


def _line(identity: str, **row: str) -> str:
    return json.dumps(["table", identity, row])


def _of(*lines: str) -> Projection:
    return Projection(major=18, rows={"pg_x": "\n".join(sorted(lines))})


def test_rows_of_one_object_are_paired_by_what_they_share() -> None:
    left = _of(_line("a", x="1", y="1", z="1"), _line("a", x="2", y="2", z="2"))
    right = _of(_line("a", x="2", y="2", z="3"), _line("a", x="1", y="1", z="1"))
    assert [str(d) for d in projection.compare(left, right)] == ["changed  table a · pg_x.z: 2 → 3"]


def test_a_line_ends_where_it_was_joined_and_nowhere_else() -> None:
    """JSON leaves some of Unicode's line ends as they are."""
    odd = "a\u2028b\x85c"
    left = json.dumps(["table", odd, {"x": "1"}], ensure_ascii=False)
    right = json.dumps(["table", odd, {"x": "2"}], ensure_ascii=False)
    assert [d.attribute for d in projection.compare(_of(left), _of(right))] == ["pg_x.x"]


def test_a_row_of_nothing_that_counts_is_a_row() -> None:
    assert [str(d) for d in projection.compare(_of(_line("a")), _of())] == [
        "missing  table a · pg_x"
    ]


def test_the_same_row_twice_is_not_the_row_once() -> None:
    row = _line("a", x="1")
    assert [str(d) for d in projection.compare(_of(row), _of(row, row))] == [
        "extra    table a · pg_x: x=1"
    ]


def test_a_catalog_that_nobody_has_heard_of_is_projected() -> None:
    """PostgreSQL 99 may bring one; all that is known of it is what the server says."""
    catalog = Catalog(
        name="pg_novelty",
        columns={"oid": "oid", "novowner": "oid", "novrel": "oid", "novexpr": "pg_node_tree"},
        references=[
            Reference(("novowner",), "pg_authid", is_array=False),
            Reference(("novrel",), "pg_class", is_array=False),
        ],
        has_objects=True,
    )
    text = query(catalog, fixed=True)
    assert "r.novowner::oid::regrole::text" in text
    assert "pg_get_expr(r.novexpr, r.novrel)" in text
    assert "pg_identify_object('pg_catalog.pg_novelty'::regclass, r.oid, 0)" in text
    assert '"oid"' not in text


@pytest.fixture
def sight(database: Database, connect: Connect) -> Sight:
    connection = connect(*database(18, prelude=SETUP))
    return Sight(facts=facts.read(connection), projection=projection.read(connection), dump="")


def test_a_kind_that_the_facts_do_not_read_fails(sight: Sight) -> None:
    assert {c.status for c in witnesses.compared(sight, sight)} == {CheckStatus.PASSED}
    kept = frozenset(fact for fact in sight.facts.facts if fact.object.kind != "policy")
    blind = replace(sight, facts=replace(sight.facts, facts=kept))
    checks = {check.name: check for check in witnesses.compared(blind, blind)}
    assert checks["facts"].status is CheckStatus.FAILED
    (found,) = checks["facts"].differences
    assert str(found).startswith("changed  policy (any) · known to this program: yes → no")


def test_what_one_witness_alone_sees_is_called_a_gap_of_the_others(sight: Sight) -> None:
    rows = {**sight.projection.rows, "pg_x": _line("court.rooms", x="1")}
    more = replace(sight, projection=replace(sight.projection, rows=rows))
    rows = {**sight.projection.rows, "pg_x": _line("court.rooms", x="2")}
    other = replace(sight, projection=replace(sight.projection, rows=rows))
    checks = {check.name: check for check in witnesses.compared(more, other)}
    assert checks["projection"].status is CheckStatus.FAILED
    assert "nothing seen of table court.rooms · pg_x.x" in checks["facts"].reason
    assert [str(d) for d in witnesses.told(tuple(checks.values()))] == [
        "changed  table court.rooms · pg_x.x: 1 → 2"
    ]


@MAJORS
def test_what_is_known_of_built_in_objects_is_as_good_as_read_again(
    database: Database,
    connect: Connect,
    major: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    changed = """
        CREATE ROLE somebody; ALTER FUNCTION pg_catalog.pg_sleep(float8) OWNER TO somebody;
        ALTER TEXT SEARCH CONFIGURATION pg_catalog.english DROP MAPPING FOR email;
        COMMENT ON FUNCTION pg_catalog.now() IS 'late';
        ALTER TABLE information_schema.sql_features SET (toast.autovacuum_enabled = false);
    """
    connection = connect(*database(major, prelude=SETUP))
    known_rows.forget()
    projection.read(connection)
    known = projection.read(connection)
    connection.execute(changed.encode())
    after = projection.read(connection)
    assert {d.attribute for d in projection.compare(known, after)} >= {
        "pg_proc.proowner",
        "pg_ts_config_map",
        "pg_description.description",
        "pg_class.reltoastrelid",
    }
    for cache in ("kept", "another"):
        known_rows.forget()
        if cache == "another":
            monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / cache))
        assert projection.read(connection) == after
    connection.execute("REASSIGN OWNED BY somebody TO postgres; DROP ROLE somebody")


def test_only_some_builds_are_kept(
    database: Database, connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    place = tmp_path / "consolidate"
    for number in range(12):
        (place / f"projection-{number:x}").mkdir(parents=True)
    tmp_path.chmod(0o755)
    known_rows.forget()
    projection.read(connect(*database(18)))
    kept = {folder.name for folder in place.glob("projection-*")}
    assert len(kept) <= 8
    assert any((place / name / "lines.json").is_file() for name in kept)
