"""The sample consolidated once per test run, and databases that hold it, to be copied and spoiled.

Tests that use these fixtures carry `xdist_group("sample")`, so that one worker does the work.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from psycopg import sql

from consolidate import pipeline
from consolidate import truth as truths
from consolidate.catalog import compare, dump, facts, rows
from consolidate.prove import in_order
from consolidate.replay import connect, execute, perturb, replay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import LiteralString

    import psycopg

    from consolidate.catalog.rows import MarkedRows, Rows
    from consolidate.model import Difference, Snapshot
    from consolidate.pipeline import Consolidated, Job
    from consolidate.servers.interface import Cluster, Server
    from consolidate.truth import State
    from consolidate.verdict import Verdict

ROOT = Path(__file__).parents[1]
MAJORS = (18, 16)
"""Those of `mappings.yaml`; the first one renders."""

_PLATFORM = "the_platform"
_NUMBERS = itertools.count(1)

_OF_ITS_OWN = """
UPDATE pg_catalog.pg_database SET datacl = (
    SELECT datacl FROM pg_catalog.pg_database WHERE datname = 'postgres')
WHERE datname = {name};
INSERT INTO pg_catalog.pg_db_role_setting (setdatabase, setrole, setconfig)
SELECT d.oid, s.setrole, s.setconfig
FROM pg_catalog.pg_db_role_setting s
JOIN pg_catalog.pg_database o ON o.oid = s.setdatabase AND o.datname = 'postgres'
JOIN pg_catalog.pg_database d ON d.datname = {name};
"""
"""Gives a copy the rights and settings of a database, which `TEMPLATE` does not copy."""

_RENDER = """
import json, sys
from pathlib import Path
from consolidate import pipeline
job = pipeline.prepare(pipeline.Request(config=Path(sys.argv[1])))
tree = pipeline.consolidate(job, job.servers[0], lambda _: None).tree
sys.stdout.write(json.dumps(dict(tree)))
"""
"""Renders the sample in a process of its own, whose sets have another order."""


class Copy:
    """A database that one test may do anything to, and a session in it."""

    def __init__(self, cluster: Cluster, name: str, connection: psycopg.Connection) -> None:
        self.cluster = cluster
        self.name = name
        self.connection = connection

    def apply(self, text: str) -> None:
        """Applies a text in one transaction and in a session of its own, as the proof does."""
        execute(self.connection, text)
        execute(self.connection, "DISCARD ALL")

    def answers(self, query: str) -> list[str]:
        """The one column of a query, as text."""
        session = "SET search_path = public; "
        execute(self.connection, session)
        found = self.connection.execute(cast("LiteralString", query)).fetchall()
        execute(self.connection, "DISCARD ALL")
        return [str(value) for (value,) in found]

    def facts(self) -> Snapshot:
        """Its catalog."""
        return facts.read(self.connection)

    def rows(self) -> Rows:
        """Its rows and sequence positions."""
        return rows.read(self.connection)


@dataclass(frozen=True, slots=True)
class Built:
    """A cluster on which one history was applied to the platform; tests use copies only."""

    cluster: Cluster

    @contextlib.contextmanager
    def copy(self, template: str = truths.DATABASE) -> Iterator[Copy]:
        """A copy of the built database. Roles are the cluster's and are not copied."""
        name = f"copy_{next(_NUMBERS)}"
        self._command("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, template)
        try:
            with connect(self.cluster, "template1") as connection:
                connection.execute(sql.SQL(_OF_ITS_OWN).format(name=sql.Literal(name)))
            with connect(self.cluster, name) as connection:
                yield Copy(self.cluster, name, connection)
        finally:
            self._command("DROP DATABASE {} WITH (FORCE)", name)

    @contextlib.contextmanager
    def platform(self) -> Iterator[Copy]:
        """A copy of the database as it was before the history; the history's roles are there."""
        with self.copy(_PLATFORM) as copy:
            yield copy

    def keep_platform(self) -> None:
        """Keeps what the database holds now as the platform's."""
        self._command("CREATE DATABASE {} TEMPLATE {}", _PLATFORM, truths.DATABASE)

    def _command(self, text: LiteralString, *names: str) -> None:
        with connect(self.cluster, "template1") as connection:
            connection.execute(sql.SQL(text).format(*map(sql.Identifier, names)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a copy of the legacy replay holds; a database is compared with others of its kind."""

    state: State
    marked: MarkedRows

    def facts_and_rows(self, first: Copy, second: Copy) -> tuple[Difference, ...]:
        """What `prove` would say of an output that builds these; the second tells what is volatile.
        """
        marked = rows.mark(first.rows(), second.rows())
        return (
            *compare.compare(self.state.facts, first.facts()),
            *rows.compare(self.marked, marked),
        )

    def dump(self, copy: Copy) -> tuple[Difference, ...]:
        """What `prove` would say of its dump."""
        return dump.compare(self.state.dump, dump.schema_dump(copy.cluster, copy.name))


class Sample:
    """The sample's consolidation, and everything that is made from it when it is asked for."""

    def __init__(self, job: Job, stack: contextlib.ExitStack) -> None:
        self.job = job
        self._stack = stack
        self._wanted: dict[int, Wanted] = {}
        self._built: dict[tuple[int, str], Built] = {}

    @cached_property
    def consolidated(self) -> Consolidated:
        """The plan and the files, rendered on the newest major."""
        return pipeline.consolidate(self.job, self.job.servers[0], lambda _: None)

    @cached_property
    def second_tree(self) -> Mapping[str, str]:
        """The files again, rendered by another process."""
        done = subprocess.run(
            [sys.executable, "-c", _RENDER, str(ROOT / "mappings.yaml")],
            env={**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            check=True,
        )
        return cast("dict[str, str]", json.loads(done.stdout))

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The whole proof, on every server of the configuration."""
        tree = self.consolidated.tree
        return pipeline.prove_everywhere(self.job, tree, self.consolidated, [], lambda _: None)

    @property
    def files(self) -> tuple[str, ...]:
        """The SQL files of the output, in the order in which they are applied."""
        return in_order(self.consolidated.tree)

    def wanted(self, major: int) -> Wanted:
        """What the legacy history builds on one major."""
        if major not in self._wanted:
            with self.legacy(major).copy() as copy:
                state = truths.observe(copy.connection, copy.cluster, copy.name)
            again = truths.perturbed_rows(
                self._server(major), self.job.prelude, self.job.files, self.job.wrapped
            )
            self._wanted[major] = Wanted(state=state, marked=rows.mark(state.rows, again))
        return self._wanted[major]

    def legacy(self, major: int) -> Built:
        """The legacy history, replayed."""
        return self._build(
            major,
            "legacy",
            lambda connection: replay(connection, self.job.files, wrapped=self.job.wrapped),
        )

    def output(self, major: int) -> Built:
        """The output, applied."""
        return self._build(major, "output", self._apply)

    def second_output(self, major: int) -> Built:
        """The output, applied on another cluster where OIDs and transaction ids are others."""

        def build(connection: psycopg.Connection) -> None:
            perturb(connection)
            self._apply(connection)

        return self._build(major, "second output", build)

    def _apply(self, connection: psycopg.Connection) -> None:
        for path in self.files:
            execute(connection, self.consolidated.tree[path])
            execute(connection, "DISCARD ALL")

    def _build(self, major: int, name: str, history: Callable[[psycopg.Connection], None]) -> Built:
        if (major, name) not in self._built:
            cluster = self._stack.enter_context(self._server(major).cluster())
            built = Built(cluster)
            with connect(cluster) as connection:
                execute(connection, self.job.prelude)
            built.keep_platform()
            with connect(cluster) as connection:
                history(connection)
            self._built[major, name] = built
        return self._built[major, name]

    def _server(self, major: int) -> Server:
        return next(s for s in self.job.servers if s.url == f"embedded://{major}")


@pytest.fixture(scope="session")
def sample() -> Iterator[Sample]:
    """The repository's own `legacy_migrations/` by its `mappings.yaml`."""
    job = pipeline.prepare(pipeline.Request(config=ROOT / "mappings.yaml"))
    with contextlib.ExitStack() as stack:
        yield Sample(job, stack)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Who asks for the sample needs a server and is on the worker that has it."""
    for item in items:
        if "sample" in cast("Any", item).fixturenames:
            item.add_marker(pytest.mark.pg)
            item.add_marker(pytest.mark.xdist_group("sample"))
