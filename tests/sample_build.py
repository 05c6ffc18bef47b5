"""The sample consolidated once per test run, and databases that hold it, to be copied and spoiled.

`scheduling.py` keeps the tests that use it on one worker of pytest-xdist.
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
from typing import TYPE_CHECKING, LiteralString, cast

import pytest
from psycopg import sql

from consolidate import additions, pipeline
from consolidate import truth as truths
from consolidate.catalog import compare, dump, facts, rows
from consolidate.cli import reports
from consolidate.layout import in_order
from consolidate.replay import connect, execute, perturb, replay
from tests.engines import consolidated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import psycopg

    from consolidate.catalog.rows import MarkedRows, Rows
    from consolidate.model import Difference, Snapshot
    from consolidate.pipeline import Consolidated, Job
    from consolidate.report.summary import Summary
    from consolidate.servers.interface import Cluster, Server
    from consolidate.truth import State
    from consolidate.verdict import Verdict

ROOT = Path(__file__).parents[1]
MAJORS = (18, 16)
"""Those of `mappings.yaml`; the first one renders."""

_PLATFORM = "the_platform"
_NUMBERS = itertools.count(1)

_NOT_COPIED = """
UPDATE pg_catalog.pg_database
SET datacl = (SELECT datacl FROM pg_catalog.pg_database WHERE datname = {template})
WHERE datname = {name};
INSERT INTO pg_catalog.pg_db_role_setting (setdatabase, setrole, setconfig)
SELECT copy.oid, setting.setrole, setting.setconfig
FROM pg_catalog.pg_db_role_setting AS setting
JOIN pg_catalog.pg_database AS template
    ON template.oid = setting.setdatabase AND template.datname = {template}
JOIN pg_catalog.pg_database AS copy ON copy.datname = {name};
"""
"""What `CREATE DATABASE … TEMPLATE` leaves out: the database's own rights and settings."""

_RENDER = """
import json, sys
from pathlib import Path
from consolidate import pipeline
from tests.engines import consolidated
job = pipeline.prepare(pipeline.Request(config=Path(sys.argv[1])))
sys.stdout.write(json.dumps(dict(consolidated(job).tree)))
"""


@dataclass(frozen=True, slots=True)
class Copy:
    """A database that one test may do anything to, and a session in it."""

    cluster: Cluster
    name: str
    connection: psycopg.Connection

    def apply(self, text: str) -> None:
        """Applies a text in one transaction and in a session of its own, as the proof does."""
        try:
            execute(self.connection, text)
        finally:
            execute(self.connection, "DISCARD ALL")

    def answers(self, query: str) -> list[str]:
        """A query's one column, as text."""
        found = self.connection.execute(query.encode()).fetchall()
        return [str(value) for (value,) in found]

    def facts(self) -> Snapshot:
        """Its catalog."""
        return facts.read(self.connection)

    def rows(self) -> Rows:
        """Its rows and sequence positions."""
        return rows.read(self.connection)


class Built:
    """A cluster on which one history was applied to the platform; tests get copies of it."""

    def __init__(self, cluster: Cluster, stack: contextlib.ExitStack) -> None:
        self.cluster = cluster
        self._stack = stack

    @contextlib.contextmanager
    def copy(self, template: str = "postgres") -> Iterator[Copy]:
        """A copy of the built database. Roles are the cluster's: they are not copied."""
        name = f"copy_{next(_NUMBERS)}"
        self._create(name, template)
        try:
            with connect(self.cluster, name) as connection:
                yield Copy(self.cluster, name, connection)
        finally:
            self._command("DROP DATABASE {} WITH (FORCE)", name)

    @cached_property
    def standing(self) -> Copy:
        """A copy that nobody changes, for questions; nobody is connected to the original."""
        return self._stack.enter_context(self.copy())

    def platform(self) -> contextlib.AbstractContextManager[Copy]:
        """A copy of the database as it was before the history was applied."""
        return self.copy(_PLATFORM)

    def keep_platform(self) -> None:
        """Keeps what the database holds now as the platform's."""
        self._create(_PLATFORM, self.cluster.database)

    def _create(self, name: str, template: str) -> None:
        self._command("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, template)
        with connect(self.cluster, "template1") as connection:
            text = sql.SQL(_NOT_COPIED).format(
                name=sql.Literal(name), template=sql.Literal(template)
            )
            connection.execute(text)

    def _command(self, text: LiteralString, *names: str) -> None:
        with connect(self.cluster, "template1") as connection:
            connection.execute(sql.SQL(text).format(*map(sql.Identifier, names)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a copy of the legacy replay holds, to be compared with copies of what was built.

    The methods do what `prove` does, by the same functions. The truth itself is not used, since
    it is of the database `postgres`, which has a comment and, by its OID, no owner of its own.
    """

    state: State
    marked: MarkedRows

    def facts(self, built: Copy) -> tuple[Difference, ...]:
        """What differs in the catalog."""
        return compare.compare(self.state.facts, built.facts())

    def rows(self, built: Copy, again: Copy) -> tuple[Difference, ...]:
        """What differs in the rows; two builds tell what is volatile."""
        return rows.compare(self.marked, rows.mark(built.rows(), again.rows()))

    def dump(self, built: Copy) -> tuple[Difference, ...]:
        """What differs in the dump."""
        return dump.compare(self.state.dump, dump.schema_dump(built.cluster, built.name))


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
        return consolidated(self.job)

    @property
    def whole(self) -> Mapping[str, str]:
        """The files of the output, by path, the new migrations among them."""
        return self.consolidated.tree

    @cached_property
    def tree(self) -> Mapping[str, str]:
        """Those of the baseline."""
        return additions.part(self.whole).baseline

    @property
    def files(self) -> tuple[str, ...]:
        """The SQL files of the baseline, in the order in which they are applied."""
        return in_order(self.tree)

    def rendered_elsewhere(self) -> Mapping[str, str]:
        """The files again, rendered by another process, whose sets have another order."""
        done = subprocess.run(
            [sys.executable, "-c", _RENDER, str(ROOT / "mappings.yaml")],
            env={**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            check=True,
        )
        return cast("dict[str, str]", json.loads(done.stdout))

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The whole proof, on every server of the configuration, as `run` makes it."""
        truth = self.consolidated.truth
        further = (
            pipeline.reproducible(self.whole, self.whole, truth.final.facts.major),
            pipeline.manifest_check(self.job, self.whole),
        )
        known = {self.job.servers[0].url: truth}
        return pipeline.prove_everywhere(
            self.job, self.whole, known, lambda: further, lambda _: None
        )

    @cached_property
    def told(self) -> Summary:
        """What `run` tells of it."""
        told = pipeline.summary(self.job, self.consolidated).proven(
            self.verdicts, additions.part(self.whole).new
        )
        with pipeline.downs_tried(self.job, self.job.servers[0]) as downs:
            return told.with_downs(downs())

    @property
    def pages(self) -> Mapping[str, str]:
        """The reports in the output, by path."""
        return reports.pages(self.told)

    def wanted(self, major: int) -> Wanted:
        """What the legacy history builds on one major."""
        if major not in self._wanted:
            with self.legacy(major).copy() as copy:
                state = truths.observe(copy.connection, copy.cluster, copy.name)
            again = truths.perturbed_rows(
                self._server(major), self.job.prelude, self.job.files, self.job.history.manner
            )
            self._wanted[major] = Wanted(state, rows.mark(state.rows, again))
        return self._wanted[major]

    def legacy(self, major: int) -> Built:
        """The legacy history, replayed."""
        return self._build(major, "legacy", self._replay)

    def output(self, major: int) -> Built:
        """The output, applied."""
        return self._build(major, "output", self._apply)

    def second_output(self, major: int) -> Built:
        """The output, applied on another cluster, whose OIDs and transaction ids are others."""
        return self._build(major, "second output", self._apply_elsewhere)

    def _replay(self, connection: psycopg.Connection) -> None:
        replay(connection, self.job.files, manner=self.job.history.manner)

    def _apply(self, connection: psycopg.Connection) -> None:
        for path in self.files:
            execute(connection, self.tree[path])
            execute(connection, "DISCARD ALL")

    def _apply_elsewhere(self, connection: psycopg.Connection) -> None:
        perturb(connection)
        self._apply(connection)

    def _build(self, major: int, name: str, history: Callable[[psycopg.Connection], None]) -> Built:
        if (major, name) not in self._built:
            cluster = self._stack.enter_context(self._server(major).cluster())
            built = Built(cluster, self._stack)
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
    """A test that asks for the sample needs a server."""
    for item in items:
        if "sample" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.pg)
