from __future__ import annotations

import re
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from consolidate.catalog import facts
from consolidate.catalog.compare import compare
from consolidate.model import ObjectId
from tests.mutations.court import court

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from consolidate.model import Snapshot
    from consolidate.servers.interface import Cluster
    from tests.mutations.court import Court

pytestmark = pytest.mark.pg


@pytest.fixture(scope="module", params=[18, 16], ids=["18", "16"])
def cluster(request: pytest.FixtureRequest, clusters: Callable[[int], Cluster]) -> Cluster:
    return clusters(request.param)


@pytest.fixture(scope="module")
def connection(cluster: Cluster) -> Iterator[psycopg.Connection]:
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def held(cluster: Cluster) -> Iterator[Court]:
    """Databases with objects of every kind."""
    with court(cluster) as held:
        yield held


def _after(connection: psycopg.Connection, sql: str) -> Snapshot:
    """What the database holds after some statements, all of which are taken back."""
    with connection.transaction(force_rollback=True):
        connection.execute(sql.encode())
        return facts.read_within(connection)


@pytest.mark.parametrize(
    "data", ["SELECT nextval('public.s')", "INSERT INTO public.a VALUES (1); ANALYZE public.a"]
)
def test_no_fact_is_about_data(connection: psycopg.Connection, data: str) -> None:
    schema = "CREATE SEQUENCE public.s; CREATE TABLE public.a (id integer)"
    assert compare(_after(connection, f"{schema}; {data}"), _after(connection, schema)) == ()


def test_the_database_itself_is_described(held: Court) -> None:
    assert held.snapshot.of(ObjectId("database", "database"))["encoding"] == "UTF8"


def test_a_restored_dump_shows_no_difference(
    cluster: Cluster, connection: psycopg.Connection, held: Court
) -> None:
    connection.execute("CREATE DATABASE restored TEMPLATE template0")
    try:
        dump = cluster.tool("pg_dump", "--format=custom", "--dbname=court")
        cluster.tool("pg_restore", "--dbname=restored", stdin=dump)
        with psycopg.connect(cluster.dsn("restored")) as restored:
            assert compare(held.snapshot, facts.read(restored)) == ()
    finally:
        connection.execute("DROP DATABASE restored WITH (FORCE)")


def test_no_fact_contains_an_oid(held: Court) -> None:
    catalogs = ("class", "constraint", "trigger", "proc", "type", "authid", "policy", "rewrite")
    union = " UNION ".join(f"SELECT oid::text FROM pg_{name}" for name in catalogs)
    rows = held.connection.execute(f"SELECT oid FROM ({union}) AS o WHERE length(oid) > 4".encode())
    oids = {oid for (oid,) in rows if int(oid) >= 16384}
    assert oids
    numbers = {
        number
        for fact in held.snapshot.facts
        for text in (fact.object.identity, fact.attribute, fact.value)
        for number in re.findall(r"\d+", re.sub(r"\b[0-9a-f]{32}\b", "", text))
    }
    assert numbers & oids == set()


def test_every_fact_is_text_and_every_attribute_has_one_value(held: Court) -> None:
    snapshot = held.snapshot
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
