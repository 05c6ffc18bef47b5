"""The embedded server: which one a URL chooses, and what its clusters promise."""

from __future__ import annotations

import contextlib
import hashlib
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from consolidate.errors import EnvironmentProblem, UsageProblem
from consolidate.servers import open_server
from consolidate.servers.embedded import MAJORS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from consolidate.servers.interface import Cluster

    Connect = Callable[[Cluster, str], psycopg.Connection[Any]]

FOLDERS = "consolidate-pg-*"


def test_a_url_names_the_server() -> None:
    assert [open_server(f"embedded://{major}").url for major in MAJORS] == [
        "embedded://18",
        "embedded://16",
    ]


@pytest.mark.parametrize(
    "url",
    [
        "embedded://17",
        "embedded://",
        "embedded://18x",
        "docker://",
        "local://",
        "local://x",
        "18",
        "",
    ],
)
def test_an_unknown_server_is_answered_with_those_there_are(url: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        open_server(url)
    assert repr(url) in caught.value.message
    for known in ("embedded://18", "embedded://16", "auto"):
        assert known in caught.value.hint


@pytest.mark.parametrize("major", MAJORS)
def test_all_clusters_are_alike(
    major: int, clusters: Callable[[int], Cluster], connect: Connect
) -> None:
    cluster = clusters(major)
    connection = connect(cluster, "postgres")
    expected = {
        "server_version": cluster.version,
        "server_encoding": "UTF8",
        "client_encoding": "UTF8",
        "TimeZone": "UTC",
        "log_timezone": "UTC",
        "password_encryption": "md5",
        "wal_level": "logical",
        "listen_addresses": "",
        "fsync": "off",
        "autovacuum": "off",
        "jit": "off",
        "lc_messages": "C.UTF-8",
        "is_superuser": "on",
        "session_authorization": "postgres",
    }
    found = {name: connection.execute(f"SHOW {name}").fetchone() for name in expected}
    assert found == {name: (value,) for name, value in expected.items()}
    locales = connection.execute(
        "SELECT DISTINCT datcollate, datctype, datlocprovider FROM pg_database"
    ).fetchall()
    assert locales == [("C.UTF-8", "C.UTF-8", "c")]
    assert cluster.major == major == int(cluster.version.split(".")[0])


@pytest.mark.parametrize("major", MAJORS)
def test_passwords_compare_and_publications_are_silent(
    major: int, database: Callable[..., tuple[Cluster, str]], connect: Connect
) -> None:
    connection = connect(*database(major))
    notices: list[str] = []
    connection.add_notice_handler(lambda diagnostic: notices.append(str(diagnostic)))
    connection.execute("CREATE ROLE clerk PASSWORD 'secret'")
    connection.execute("CREATE TABLE t (); CREATE PUBLICATION p FOR TABLE t")
    stored = connection.execute(
        "SELECT rolpassword FROM pg_authid WHERE rolname = 'clerk'"
    ).fetchone()
    assert stored == ("md5" + hashlib.md5(b"secretclerk").hexdigest(),)  # noqa: S324
    assert notices == []


@pytest.mark.pg
def test_clusters_stand_side_by_side(awkward_place: Path) -> None:
    with contextlib.ExitStack() as stack:
        running = [
            stack.enter_context(open_server(f"embedded://{major}").cluster())
            for major in (18, 18, 16)
        ]
        for number, cluster in enumerate(running):
            with psycopg.connect(cluster.dsn()) as connection:
                connection.execute(f"CREATE ROLE only_{number}")
        for number, cluster in enumerate(running):
            with psycopg.connect(cluster.dsn()) as connection:
                roles = connection.execute(
                    "SELECT rolname FROM pg_roles WHERE rolname ~ '^only_'"
                ).fetchall()
            assert roles == [(f"only_{number}",)]
        assert len(list(awkward_place.glob(FOLDERS))) == 3


@pytest.mark.parametrize("number", [1, 2])
def test_databases_of_tests_do_not_share_roles(
    number: int, database: Callable[..., tuple[Cluster, str]], connect: Connect
) -> None:
    cluster, name = database(18, prelude="CREATE ROLE anon; CREATE TABLE t AS SELECT 1 AS a")
    assert connect(cluster, name).execute("SELECT a * %s FROM t", [number]).fetchone() == (number,)


def test_variables_of_the_environment_change_nothing(
    clusters: Callable[[int], Cluster], monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = clusters(18)
    for name, value in {
        "PGHOST": "nowhere.invalid",
        "PGPORT": "1",
        "PGDATABASE": "nowhere",
        "PGUSER": "nobody",
        "PGOPTIONS": "-c no_such_setting=1",
        "PGCLIENTENCODING": "LATIN1",
    }.items():
        monkeypatch.setenv(name, value)
    with psycopg.connect(cluster.dsn()) as connection:
        assert connection.execute("SHOW client_encoding").fetchone() == ("UTF8",)
    assert cluster.tool("psql", "-Atc", "SHOW port") == b"5432\n"
    assert b"client_encoding = 'UTF8'" in cluster.tool("pg_dump", "-s", "postgres")


def test_a_database_may_have_any_name(clusters: Callable[[int], Cluster]) -> None:
    name = 'it\'s a \\ "name"'
    dsn = clusters(18).dsn(name)
    assert conninfo_to_dict(dsn)["dbname"] == name


@pytest.mark.parametrize("major", MAJORS)
def test_tools_come_from_the_same_version(
    major: int, database: Callable[..., tuple[Cluster, str]], connect: Connect
) -> None:
    cluster, name = database(major, prelude="CREATE ROLE clerk; CREATE TABLE keys (id integer)")
    dump = cluster.tool("pg_dump", "-s", name).decode()
    assert "CREATE TABLE public.keys (" in dump
    assert f"Dumped by pg_dump version {cluster.version}" in dump
    assert b"CREATE ROLE clerk;" in cluster.tool("pg_dumpall", "-g")
    archive = cluster.tool("pg_dump", "-s", "-Fc", name)
    as_text = cluster.tool("pg_restore", "-f", "-", stdin=archive).decode()
    assert "CREATE TABLE public.keys (" in as_text
    _, other = database(major)
    assert cluster.tool("pg_restore", "-d", other, stdin=archive) == b""
    assert connect(cluster, other).execute("SELECT count(*) FROM keys").fetchone() == (0,)


def test_a_tool_that_fails_says_so_itself(clusters: Callable[[int], Cluster]) -> None:
    with pytest.raises(EnvironmentProblem, match=r"pg_dump 18\.\d+ failed with exit code 1") as no:
        clusters(18).tool("pg_dump", "no_such_database")
    assert 'database "no_such_database" does not exist' in no.value.problems[-1]
    with pytest.raises(EnvironmentProblem, match="pg_nothing can not be run"):
        clusters(18).tool("pg_nothing")


@pytest.mark.parametrize("major", MAJORS)
def test_one_transaction_may_drop_all_that_a_long_history_made(
    major: int, database: Callable[..., tuple[Cluster, str]], connect: Connect
) -> None:
    cluster, name = database(major)
    connection = connect(cluster, name)
    each = "DO $$ BEGIN FOR i IN {}..{} LOOP EXECUTE format('{} t%s{}', i); END LOOP; END $$"
    for first in range(1, 1000, 100):
        created = each.format(first, first + 99, "CREATE TABLE", " (id serial PRIMARY KEY, a text)")
        connection.execute(created.encode())

    connection.execute(each.format(1, 1000, "DROP TABLE", "").encode())

    tables = b"SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = 'public'"
    assert connection.execute(tables).fetchone() == (0,)
