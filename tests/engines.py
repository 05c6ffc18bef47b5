"""The servers that the shared tests of all engines run on."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import psycopg
import pytest

from consolidate import pipeline
from consolidate.servers import open_server

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from consolidate.job import Job
    from consolidate.verdict import Verdict


def consolidated(job: Job) -> pipeline.Consolidated:
    """A rendering on the first server of a job."""
    server = job.servers[0]
    truth = pipeline.captured(job, server, _quietly)
    return pipeline.rendered(job, truth, server, _quietly)


def _quietly(_: str) -> None:
    pass


IMAGE = "consolidate-test-postgres"


@dataclass(frozen=True, slots=True)
class Engine:
    """A server by its URL, and how to look at what is not its own."""

    url: str
    host: str | None = None
    """A connection string for the superuser of the server that a `postgresql://` URL names."""


@contextlib.contextmanager
def _given(role: str) -> Iterator[Engine]:
    """A server that somebody else runs, and the URL of a role on it."""
    with open_server("embedded://18").cluster() as cluster:
        with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
            connection.execute("CREATE ROLE clerk LOGIN CREATEDB")
            connection.execute("CREATE ROLE visitor LOGIN")
        where = psycopg.conninfo.conninfo_to_dict(cluster.dsn())
        url = f"postgresql://{role}@/postgres?host={where['host']}&port={where['port']}"
        yield Engine(url, cluster.dsn())


@contextlib.contextmanager
def _url(url: str) -> Iterator[Engine]:
    yield Engine(url)


def opened(name: str) -> contextlib.AbstractContextManager[Engine]:
    """The engine of one of the names below."""
    if name.startswith("postgresql"):
        return _given("postgres" if name == "postgresql" else "clerk")
    return _url(name)


DISPOSABLE = (
    pytest.param("embedded://18", marks=pytest.mark.pg),
    pytest.param("embedded://16", marks=pytest.mark.pg),
    pytest.param("local://15", marks=[pytest.mark.pg, pytest.mark.local]),
    pytest.param(f"docker://{IMAGE}:15", marks=[pytest.mark.pg, pytest.mark.docker]),
    pytest.param(f"docker://{IMAGE}:17", marks=[pytest.mark.pg, pytest.mark.docker]),
)
"""Servers that are thrown away."""

GUESTS = (
    pytest.param("postgresql", marks=pytest.mark.pg),
    pytest.param("postgresql as clerk", marks=pytest.mark.pg),
)
"""Databases on somebody else's server, as its superuser and as a role with CREATEDB only."""

ALL = (*DISPOSABLE, *GUESTS)

ONE_IMAGE = tuple(one for one in ALL if not str(one.values[0]).endswith(f"{IMAGE}:15"))
"""For what takes many containers, or long: PostgreSQL 15 is there on this machine, too."""


def verdict_on(engine: Engine, job: Job, tree: Mapping[str, str]) -> Verdict:
    """What the proof of an output says on a server that did not render it."""
    server = open_server(engine.url, allow_cluster_changes=True)
    there = replace(job, servers=(server,))
    (verdict,) = pipeline.prove_everywhere(there, tree, {}, tuple, lambda _: None)
    return verdict
