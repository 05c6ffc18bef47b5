from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg.pq import TransactionStatus
from ruamel.yaml import YAML

from consolidate.catalog import facts
from consolidate.catalog.compare import compare
from consolidate.model import ObjectId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from consolidate.model import Difference, Snapshot
    from consolidate.servers.interface import Cluster

pytestmark = pytest.mark.pg


def _load(name: str) -> Any:  # noqa: ANN401 - as free as YAML
    return YAML(typ="safe").load((Path(__file__).parent / name).read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One entry of differences.yaml, where its keys are explained."""

    name: str
    change: str
    object: str
    attribute: str
    setup: str = ""
    also: list[str] | dict[int, list[str]] | tuple[()] = ()
    contains: bool = False
    left: str | None = None
    right: str | None = None
    since: int = 0

    def expected(self, major: int) -> set[str]:
        also = self.also
        if isinstance(also, dict):
            also = [line for since, lines in also.items() if since <= major for line in lines]
        return {f"{self.object} · {self.attribute}".strip(), *(line.strip() for line in also)}


DIFFERENCES = _load("differences.yaml")
CASES = [Case(**case) for case in DIFFERENCES["cases"]]


@pytest.fixture(scope="module", params=[18, 16], ids=["18", "16"])
def cluster(request: pytest.FixtureRequest, clusters: Callable[[int], Cluster]) -> Cluster:
    return clusters(request.param)


@pytest.fixture(scope="module")
def connection(cluster: Cluster) -> Iterator[psycopg.Connection]:
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        yield connection


@dataclass(frozen=True, slots=True)
class Court:
    """Two databases that differ in name and OIDs only: both hold the setup that cases share."""

    connection: psycopg.Connection
    twin: psycopg.Connection
    snapshot: Snapshot


@pytest.fixture(scope="module")
def court(cluster: Cluster, connection: psycopg.Connection) -> Iterator[Court]:
    connection.execute(DIFFERENCES["roles"])
    try:
        for name in ("court", "twin"):
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        with (
            psycopg.connect(cluster.dsn("court"), autocommit=True) as one,
            psycopg.connect(cluster.dsn("twin"), autocommit=True) as two,
        ):
            two.execute("CREATE TABLE burned (id serial PRIMARY KEY, t text); DROP TABLE burned")
            for database in (one, two):
                database.execute(DIFFERENCES["setup"])
            yield Court(one, two, facts.read(one))
    finally:
        for name in ("court", "twin"):
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
        connection.execute('DROP ROLE clerk, "Chief Judge", bailiff')


def _after(connection: psycopg.Connection, sql: str) -> Snapshot:
    """What the database holds after some statements, all of which are taken back."""
    with connection.transaction(force_rollback=True):
        connection.execute(sql.encode())
        return facts.read_within(connection)


def _place(difference: Difference) -> str:
    return f"{difference.object} · {difference.attribute}".strip()


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
def test_a_single_difference_is_named(court: Court, case: Case) -> None:
    if court.snapshot.major < case.since:
        with pytest.raises(psycopg.Error):
            _after(court.connection, f"{case.setup or ''};{case.change}")
        return
    with court.connection.transaction(force_rollback=True):
        before = court.snapshot
        if case.setup:
            court.connection.execute(case.setup.encode())
            before = facts.read_within(court.connection)
        court.connection.execute(case.change.encode())
        after = facts.read_within(court.connection)
    differences = {_place(d): d for d in compare(before, after)}
    expected = case.expected(before.major)
    assert (differences.keys() & expected if case.contains else differences.keys()) == expected
    named = differences[f"{case.object} · {case.attribute}".strip()]
    assert (case.left or named.left, case.right or named.right) == (named.left, named.right)


@pytest.mark.parametrize(
    "data", ["SELECT nextval('public.s')", "INSERT INTO public.a VALUES (1); ANALYZE public.a"]
)
def test_no_fact_is_about_data(connection: psycopg.Connection, data: str) -> None:
    schema = "CREATE SEQUENCE public.s; CREATE TABLE public.a (id integer)"
    assert compare(_after(connection, f"{schema}; {data}"), _after(connection, schema)) == ()


def test_no_case_is_told_twice() -> None:
    names = [case.name for case in CASES]
    assert len(names) == len(set(names))


def test_two_databases_with_other_oids_and_names_are_equal(court: Court) -> None:
    oids = [
        database.execute("SELECT 'public.rooms'::regclass::oid").fetchone()
        for database in (court.connection, court.twin)
    ]
    assert oids[0] != oids[1]
    assert compare(court.snapshot, facts.read(court.twin)) == ()
    assert court.snapshot.of(ObjectId("database", "database"))["encoding"] == "UTF8"


def test_a_restored_dump_shows_no_difference(
    cluster: Cluster, connection: psycopg.Connection, court: Court
) -> None:
    connection.execute("CREATE DATABASE restored TEMPLATE template0")
    try:
        dump = cluster.tool("pg_dump", "--format=custom", "--dbname=court")
        cluster.tool("pg_restore", "--dbname=restored", stdin=dump)
        with psycopg.connect(cluster.dsn("restored")) as restored:
            assert compare(court.snapshot, facts.read(restored)) == ()
    finally:
        connection.execute("DROP DATABASE restored WITH (FORCE)")


def test_no_fact_contains_an_oid(court: Court) -> None:
    catalogs = ("class", "constraint", "trigger", "proc", "type", "authid", "policy", "rewrite")
    union = " UNION ".join(f"SELECT oid::text FROM pg_{name}" for name in catalogs)
    rows = court.connection.execute(
        f"SELECT oid FROM ({union}) AS o WHERE length(oid) > 4".encode()
    )
    oids = {oid for (oid,) in rows if int(oid) >= 16384}
    assert oids
    numbers = {
        number
        for fact in court.snapshot.facts
        for text in (fact.object.identity, fact.attribute, fact.value)
        for number in re.findall(r"\d+", re.sub(r"\b[0-9a-f]{32}\b", "", text))
    }
    assert numbers & oids == set()


def test_every_fact_is_text_and_every_attribute_has_one_value(court: Court) -> None:
    snapshot = court.snapshot
    assert all(isinstance(fact.value, str) for fact in snapshot.facts)
    assert len({(fact.object, fact.attribute) for fact in snapshot.facts}) == len(snapshot.facts)


def test_a_reading_leaves_the_session_as_it_was(connection: psycopg.Connection) -> None:
    connection.execute("SET search_path = public; SET DateStyle = 'German'")
    first = facts.read(connection)
    assert connection.info.transaction_status is TransactionStatus.IDLE
    settings = connection.execute(
        "SELECT current_setting('search_path'), current_setting('DateStyle')"
    ).fetchone()
    assert settings == ("public", "German, DMY")
    connection.execute("SET quote_all_identifiers = on; RESET search_path")
    assert facts.read(connection) == first
    connection.execute("RESET ALL")


def test_a_reading_of_its_own_is_refused_inside_a_transaction(
    connection: psycopg.Connection,
) -> None:
    with connection.transaction(force_rollback=True):
        connection.execute("CREATE TABLE public.uncommitted ()")
        with pytest.raises(psycopg.errors.ActiveSqlTransaction):
            facts.read(connection)


def test_a_reading_within_sees_what_is_not_committed(connection: psycopg.Connection) -> None:
    table = ObjectId("table", "public.uncommitted")
    before = facts.read(connection)
    with connection.transaction(force_rollback=True):
        connection.execute("CREATE TABLE public.uncommitted ()")
        assert facts.read_within(connection).of(table)["exists"] == "table"
    assert before.of(table) == {}
