"""Small histories, one behaviour each: consolidated with no mapping and proven.

A case is a folder `history/` and, where it needs one, a `case.yaml` with its platform. A case may
have a broken twin, which is refused: a folder `broken/`, and in `case.yaml` the `error`, which is
all that is told of it, line by line.
`as_was: false` says that nothing may be worded as the legacy files had it; `whole: false`, that not
the whole history may.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from ruamel.yaml import YAML

from consolidate import findings, pipeline
from consolidate.catalog import large
from consolidate.errors import InputProblem
from consolidate.model import Severity
from consolidate.wording.units import Rung
from consolidate.wording.whole import MIGRATION
from tests.engines import consolidated

if TYPE_CHECKING:
    from collections.abc import Mapping

CASES = Path(__file__).parent
NAMES = sorted(folder.name for folder in CASES.iterdir() if (folder / "history").is_dir())
BROKEN = sorted(folder.name for folder in CASES.iterdir() if (folder / "broken").is_dir())


def _settings(name: str) -> Mapping[str, Any]:
    path = CASES / name / "case.yaml"
    return YAML(typ="safe").load(path) if path.exists() else {}


def _consolidated(
    name: str, server: str, folder: str = "history"
) -> tuple[pipeline.Job, pipeline.Consolidated]:
    request = pipeline.Request(
        folder=CASES / name / folder,
        platform=_settings(name).get("platform", "plain"),
        servers=(server,),
    )
    job = pipeline.screened(pipeline.prepare(request), lambda _: None)
    return job, consolidated(job)


@pytest.fixture(scope="module", params=NAMES)
def case(request: pytest.FixtureRequest) -> Case:
    """A consolidated case, for the tests that only look at it; they follow each other."""
    return Case(request.param, *_consolidated(request.param, "embedded://18"))


class Case(NamedTuple):
    """What came of a case on the newest version."""

    name: str
    job: pipeline.Job
    built: pipeline.Consolidated


@pytest.mark.pg
def test_a_case_is_proven(case: Case) -> None:
    _prove(*case)


@pytest.mark.pg
@pytest.mark.parametrize("name", NAMES[::6])  # the version tells few cases apart
def test_so_are_some_on_an_older_version(name: str) -> None:
    _prove(name, *_consolidated(name, "embedded://16"))


def _prove(name: str, job: pipeline.Job, built: pipeline.Consolidated) -> None:
    known = {job.servers[0].url: built.truth}
    (verdict,) = pipeline.prove_everywhere(job, built.tree, known, tuple, lambda _: None)

    assert [str(difference) for difference in verdict.differences] == []
    assert [check.name for check in verdict.checks if check.status != "passed"] == []
    assert built.unsettled == ()
    if _settings(name).get("whole") is False:
        assert MIGRATION not in {step.unit.object.kind for step in built.plan.steps}
    if _settings(name).get("as_was") is False:
        assert Rung.AS_WAS not in {step.rung for step in built.plan.steps}


@pytest.mark.pg
@pytest.mark.parametrize(
    "name",
    [
        "circular_keys_over_rows",
        "partitions_and_their_indexes",
        "rows_of_odd_types",
        "stale_materialized_view",
        "the_day_of_the_replay",
        "trigger_writes_the_log",
    ],
)
def test_rows_need_not_be_held_in_memory(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "LARGE", 0)
    _prove(name, *_consolidated(name, "embedded://18"))


@pytest.mark.pg
def test_a_case_without_its_last_step_is_not_proven(case: Case) -> None:
    _, job, built = case
    last = built.plan.steps[-1]
    path = built.plan.files[-1].path
    broken = {**built.tree, path: built.tree[path].replace(last.sql, "")}

    known = {job.servers[0].url: built.truth}
    (verdict,) = pipeline.prove_everywhere(job, broken, known, tuple, lambda _: None)

    assert broken != dict(built.tree)
    assert not verdict.equivalent
    assert verdict.differences
    seen = {found for check in verdict.checks for found in check.differences}
    assert seen.issuperset(verdict.differences), "what is told was seen by a check"


@pytest.mark.pg
def test_roles_that_were_made_unless_they_are_there_are_made_so_again() -> None:
    """One server has many databases and one set of roles."""
    _, built = _consolidated("roles_made_in_one_block", "embedded://18")

    steps = [step for step in built.plan.steps if step.unit.type == "ROLE"]
    assert [step.rung for step in steps] == [Rung.SERVER, Rung.SERVER]
    for step, name in zip(steps, ("reader", "writer"), strict=True):
        assert (
            f"IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '{name}')" in step.sql
        )


@pytest.mark.pg
@pytest.mark.parametrize("name", BROKEN)
def test_the_broken_twin_of_a_case_is_refused_with_its_places(name: str) -> None:
    with pytest.raises(InputProblem) as caught:
        _consolidated(name, "embedded://18", "broken")

    assert caught.value.exit_code == 3
    assert list(caught.value.problems) == _settings(name)["error"]


@pytest.mark.pg
def test_that_nothing_was_consolidated_is_said_with_the_reason() -> None:
    _, built = _consolidated("view_older_than_its_row_type", "embedded://18")

    (found,) = [f for f in built.plan.findings if f.code == findings.WHOLE_HISTORY]
    assert found.severity is Severity.WARNING
    assert "what still differed: changed  policy own_row on public.users" in found.message
    assert "\n" not in found.message
