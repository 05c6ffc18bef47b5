"""Throwaway clusters and databases for the tests that need a server."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import signal
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql

from bench import projects
from consolidate import garbage
from consolidate.servers import open_server
from consolidate.servers.places import data_places
from consolidate.servers.processes import server_account
from tests import scratch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from consolidate.servers.interface import Cluster

pytest_plugins = ["tests.needs", "tests.sample_build", "tests.scheduling"]

_NUMBERS = itertools.count(1)

garbage.collect_seldom()  # as the processes of the program that the tests do the work of


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for a cluster needs a server, whether or not its author marked it."""
    for item in items:
        if "clusters" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.pg)


@pytest.fixture(autouse=True)
def without_docker(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not about Docker does not see it: `auto` would take an image of this machine's."""
    if not request.node.get_closest_marker("docker"):
        monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")


@pytest.fixture(autouse=True)
def heeded_signals() -> Iterator[None]:
    """What a test starts heeds signals that the tests were started to ignore.

    A shell without job control, as continuous integration has, lets a job in the background ignore
    SIGINT (POSIX, Shell Command Language, 2.11), and so does `nohup` with SIGHUP: a program
    inherits that.
    """
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    ignored = [number for number in numbers if signal.getsignal(number) is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, signal.default_int_handler)
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)


@pytest.fixture(scope="session")
def clusters() -> Iterator[Callable[[int], Cluster]]:
    """`clusters(18)` is this test run's shared cluster of that major version, booted when asked."""
    with contextlib.ExitStack() as stack:
        running: dict[int, Cluster] = {}

        def cluster(major: int) -> Cluster:
            if major not in running:
                server = open_server(f"embedded://{major}")
                running[major] = stack.enter_context(server.cluster())
            return running[major]

        yield cluster


@pytest.fixture
def database(
    clusters: Callable[[int], Cluster],
) -> Iterator[Callable[..., tuple[Cluster, str]]]:
    """`database(18, prelude="…")` is a cluster and the name of a fresh database in it.

    At the end of the test the database is dropped, and with it the roles made meanwhile.
    """
    with contextlib.ExitStack() as stack:
        cleaned: set[int] = set()

        def create(major: int, *, prelude: str = "") -> tuple[Cluster, str]:
            cluster = clusters(major)
            if major not in cleaned:
                cleaned.add(major)
                stack.callback(_drop_roles, cluster, keep=_roles(cluster))
            name = f"test_{next(_NUMBERS)}"
            identifier = sql.Identifier(name)
            with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(identifier)
                )
            stack.callback(_drop_database, cluster, identifier)
            if prelude:
                with psycopg.connect(cluster.dsn(name), autocommit=True) as connection:
                    connection.execute(prelude.encode())
            return cluster, name

        yield create


@pytest.fixture
def connect() -> Iterator[Callable[[Cluster, str], psycopg.Connection[Any]]]:
    """`connect(cluster, name)` is an autocommit connection that is closed after the test."""
    with contextlib.ExitStack() as stack:

        def open_connection(
            cluster: Cluster, name: str = "postgres"
        ) -> psycopg.Connection[tuple[Any, ...]]:
            connection = psycopg.connect(cluster.dsn(name), autocommit=True)
            stack.callback(connection.close)
            return connection

        yield open_connection


@pytest.fixture
def awkward_place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A temporary folder that every account can enter.

    It has blanks and non-ASCII letters in its path, and it is too long for a socket.
    """
    where = next(
        found
        for found in data_places(server_account())
        if not os.statvfs(found).f_flag & os.ST_NOEXEC
    )
    base = Path(tempfile.mkdtemp(prefix="test-embedded-", dir=where))
    base.chmod(0o755)
    folder = base / ("größer, als ein „Socket“ erlaubt " + "x" * 60)
    folder.mkdir(mode=0o755)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    yield folder
    shutil.rmtree(base)


@pytest.fixture(scope="session")
def procrastinate_sql(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder `sql` of procrastinate 3.10.0, a real history that is fetched, not kept here."""
    return projects.procrastinate(tmp_path_factory.mktemp("procrastinate"))


@pytest.fixture(scope="session")
def synapse_sql(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder `schema` of matrix-synapse 1.163.2, likewise."""
    return projects.synapse(tmp_path_factory.mktemp("synapse"))


def _drop_database(cluster: Cluster, name: sql.Identifier) -> None:
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def _roles(cluster: Cluster) -> frozenset[str]:
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        return scratch.roles(connection)


def _drop_roles(cluster: Cluster, *, keep: frozenset[str]) -> None:
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        scratch.drop_roles(connection, scratch.roles(connection) - keep)
