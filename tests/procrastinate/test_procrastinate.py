"""A real history that nobody here wrote, consolidated without a mapping, on both majors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consolidate import drill, empty_database, layout, pipeline, prove
from consolidate import truth as truths
from consolidate.catalog import compare, dump, rows
from consolidate.model import CheckStatus
from consolidate.replay import execute
from consolidate.servers import open_server
from tests import engines

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from consolidate.model import Difference
    from consolidate.pipeline import Consolidated, Job

    Made = Callable[[int], tuple[Job, Consolidated]]

pytestmark = [pytest.mark.pg, pytest.mark.xdist_group("procrastinate")]

FILES = ("migrations/01_core_tables/20000101_000100_procrastinate_tables.sql",)
"""Four tables that refer to each other, and nothing that is about anything else."""

COLUMNS = [
    *(
        (f"table column public.procrastinate_jobs.{name}", "position", left, right)
        for name, left, right in (
            ("args", "5", "7"),
            ("attempts", "8", "10"),
            ("lock", "4", "5"),
            ("priority", "10", "4"),
            ("queueing_lock", "9", "6"),
            ("scheduled_at", "7", "9"),
            ("status", "6", "8"),
        )
    ),
    (
        "dump TABLE public.procrastinate_jobs",
        "text",
        "queueing_lock text, ⏎ priority integer DEFAULT 0 NOT NULL,",
        "priority integer DEFAULT 0 NOT NULL, ⏎ queueing_lock text,",
    ),
]
"""How the maintainers' schema differs: they put three columns where they read best."""

MAJORS = pytest.mark.parametrize("major", [18, 16])


@pytest.fixture(scope="module")
def made(procrastinate_sql: Path) -> Made:
    """`made(18)` is the history as it is read and what was made of it on that major."""
    known: dict[int, tuple[Job, Consolidated]] = {}

    def make(major: int) -> tuple[Job, Consolidated]:
        if major not in known:
            request = pipeline.Request(
                folder=procrastinate_sql / "migrations", servers=(f"embedded://{major}",)
            )
            job = pipeline.prepare(request)
            assert job.config_file is None
            known[major] = job, engines.consolidated(job)
        return known[major]

    return make


@MAJORS
def test_it_is_grouped_without_a_mapping_and_proven(major: int, made: Made) -> None:
    job, first = made(major)
    statements = [statement for file in job.files for statement in file if statement.sql]
    assert (len(job.history.migrations), len(statements)) == (38, 180)
    assert first.unsettled == ()
    assert layout.in_order(first.tree) == FILES
    verdict = prove.prove(first.truth, first.tree, job.servers[0])
    assert verdict.differences == ()
    assert {check.status for check in verdict.checks} == {CheckStatus.PASSED}
    assert verdict.equivalent


@pytest.mark.parametrize("name", engines.ONE_IMAGE)
def test_the_same_bytes_are_proven_on_every_server(name: str, made: Made) -> None:
    job, first = made(18)
    with engines.opened(name) as engine:
        verdict = engines.verdict_on(engine, job, first.tree)
    assert verdict.differences == ()
    assert verdict.equivalent
    assert bool(verdict.limits) == ("clerk" in name)


@pytest.mark.local
def test_its_rollbacks_are_drilled_on_an_older_server(made: Made) -> None:
    job, first = made(18)
    drilled = drill.drill(job.prelude, first.tree, open_server("local://15"))
    assert drilled.differences == ()
    assert drilled.proven
    assert drilled.coverage is not None
    assert drilled.coverage.empty == ()


@MAJORS
def test_rendered_again_it_is_the_same_bytes(major: int, made: Made) -> None:
    job, first = made(major)
    second = engines.consolidated(job)
    assert second.tree == first.tree
    assert pipeline.reproducible(first.tree, second.tree, major).status is CheckStatus.PASSED


def _against(job: Job, made: Consolidated, sql: str) -> list[Difference]:
    """How the database that one file builds differs from the truth."""
    with empty_database.platform(job.servers[0], job.prelude) as (cluster, connection):
        execute(connection, sql)
        built = truths.observe(connection, cluster)
    marked = rows.mark(made.truth.final.rows, made.truth.final.rows)
    return [
        *compare.compare(made.truth.final.facts, built.facts),
        *dump.compare(made.truth.final.dump, built.dump),
        *rows.compare(marked, rows.mark(built.rows, built.rows)),
    ]


@MAJORS
def test_its_maintainers_own_schema_differs_in_the_order_of_one_tables_columns(
    major: int, made: Made, procrastinate_sql: Path
) -> None:
    sql = (procrastinate_sql / "schema.sql").read_text(encoding="utf-8")
    found = _against(*made(major), sql)
    assert [(str(f.object), f.attribute, f.left, f.right) for f in found] == COLUMNS


def test_another_word_in_the_maintainers_schema_would_be_told(
    made: Made, procrastinate_sql: Path
) -> None:
    sql = (procrastinate_sql / "schema.sql").read_text(encoding="utf-8")
    changed = sql.replace("priority integer DEFAULT 0", "priority integer DEFAULT 1", 1)
    assert changed != sql
    more = [(str(f.object), f.attribute) for f in _against(*made(18), changed)]
    assert len(more) == len(COLUMNS) + 1
    assert ("table column public.procrastinate_jobs.priority", "default") in more
