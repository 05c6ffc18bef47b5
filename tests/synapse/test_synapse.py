"""A real history whose order and placeholders only its own code knows, told in two lines.

Its full schema 72 and the deltas up to 94, of three databases in one.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from bench import projects
from consolidate import pipeline
from consolidate.plan import Folder
from tests import engines
from tests.engines import consolidated

if TYPE_CHECKING:
    from pathlib import Path

    from consolidate.pipeline import Consolidated, Job
    from consolidate.plan import PlannedFile

pytestmark = [pytest.mark.pg, pytest.mark.xdist_group("synapse")]


@pytest.fixture(scope="module")
def made(synapse_sql: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Job, Consolidated]:
    project = tmp_path_factory.mktemp("project")
    config = projects.synapse_project(synapse_sql, project)
    request = pipeline.Request(config=config, servers=("embedded://18", "embedded://16"))
    job = pipeline.prepare(request)
    return job, consolidated(job)


def test_it_is_proven_on_both_majors(made: tuple[Job, Consolidated]) -> None:
    job, built = made
    assert len(job.files) == 127
    assert built.unsettled == ()
    known = {job.servers[0].url: built.truth}
    verdicts = pipeline.prove_everywhere(job, built.tree, known, tuple, lambda _: None)
    assert [verdict.server for verdict in verdicts] == ["embedded://18", "embedded://16"]
    for verdict in verdicts:
        assert [str(difference) for difference in verdict.differences] == []
        assert [check.name for check in verdict.checks if check.status != "passed"] == []


@pytest.mark.parametrize("name", [*engines.ONE_IMAGE[2:-1]])
def test_the_same_bytes_are_proven_on_every_server(
    name: str, made: tuple[Job, Consolidated]
) -> None:
    job, built = made
    with engines.opened(name) as engine:
        verdict = engines.verdict_on(engine, job, built.tree)
    assert verdict.differences == ()
    assert verdict.equivalent


def test_without_one_of_its_indexes_it_is_not(made: tuple[Job, Consolidated]) -> None:
    job, built = made
    index = next(s for s in built.plan.steps if s.unit.type == "INDEX")
    (path,) = [path for path, text in built.tree.items() if path[0] == "m" and index.sql in text]
    broken = {**built.tree, path: built.tree[path].replace(index.sql, "")}
    known = {job.servers[0].url: built.truth}
    (verdict, *_) = pipeline.prove_everywhere(job, broken, known, tuple, lambda _: None)
    assert not verdict.equivalent
    assert index.unit.object in {difference.object for difference in verdict.differences}


def test_it_is_grouped_into_files_that_can_be_reviewed(made: tuple[Job, Consolidated]) -> None:
    built = made[1]
    files = [file for file in built.plan.files if file.slot.folder is Folder.MIGRATIONS]
    tables = Counter({file.path: _tables(file) for file in files})
    made_here = {name for name in built.truth.trace.created if name.kind == "table"}
    assert sum(tables.values()) == len(made_here)
    assert max(tables.values()) <= 25
    shared = [file for file in files if not tables[file.path]]
    total = sum(len(file.steps) for file in files)
    assert all(len(file.steps) <= total / 10 for file in shared)
    assert len(files) < 127 / 3


def _tables(file: PlannedFile) -> int:
    return sum(step.unit.type == "TABLE" for step in file.steps)
