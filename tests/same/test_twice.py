"""Real histories, built twice under other OIDs and transaction ids: every witness sees one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bench import projects
from consolidate import empty_database, pipeline
from consolidate import truth as truths
from consolidate.catalog import rows
from consolidate.replay import execute, replay
from tests import witnesses

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from consolidate.job import Job

    Asked = Callable[[pytest.FixtureRequest], pipeline.Request]

pytestmark = pytest.mark.pg

_ROOT = Path(__file__).parents[2]


def _sample(_: pytest.FixtureRequest) -> pipeline.Request:
    return pipeline.Request(config=_ROOT / "mappings.yaml")


def _procrastinate(request: pytest.FixtureRequest) -> pipeline.Request:
    folder: Path = request.getfixturevalue("procrastinate_sql")
    return pipeline.Request(folder=folder / "migrations")


def _synapse(request: pytest.FixtureRequest) -> pipeline.Request:
    schema: Path = request.getfixturevalue("synapse_sql")
    project: Path = request.getfixturevalue("tmp_path")
    return pipeline.Request(config=projects.synapse_project(schema, project))


def _built(job: Job, *, perturbed: bool = False) -> Mapping[str, Any]:
    server = job.servers[0]
    with empty_database.platform(server, job.prelude, perturbed=perturbed) as (cluster, connection):
        replay(connection, job.files, manner=job.history.manner)
        execute(connection, "DISCARD ALL")
        return witnesses.observe(connection, cluster)


@pytest.mark.parametrize("major", [18])
@pytest.mark.parametrize(
    "asked", [_sample, _procrastinate, _synapse], ids=["sample", "procrastinate", "synapse"]
)
def test_two_builds_of_one_history_are_the_same(
    request: pytest.FixtureRequest, asked: Asked, major: int
) -> None:
    job = pipeline.prepare(replace(asked(request), servers=(f"embedded://{major}",)))
    one, two = _built(job), _built(job, perturbed=True)
    assert witnesses.differences(one, two).keys() <= {"rows"}
    # What is volatile is told by a third build, or the two would only be asked about each other.
    third = truths.perturbed_rows(job.servers[0], job.prelude, job.files, job.history.manner)
    marked = [rows.mark(build["rows"], third) for build in (one, two)]
    assert rows.compare(*marked) == ()
    assert [entry for entry in marked[0].tables if entry.unaligned or entry.unstable] == []
