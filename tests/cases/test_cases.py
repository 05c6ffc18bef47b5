"""Small histories, one behaviour each: consolidated with no mapping and proven.

A case is a folder `history/` and, where it needs one, a `case.yaml` with its platform. A case may
have a broken twin, which is refused: a folder `broken/`, and in `case.yaml` the `error`, which is
all that is told of it, line by line.
`as_was: false` says that nothing may be worded as the legacy files had it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from consolidate import pipeline
from consolidate.errors import InputProblem
from consolidate.wording.units import Rung
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


@pytest.mark.pg
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("server", ["embedded://18", "embedded://16"])
def test_a_case_is_proven(name: str, server: str) -> None:
    job, built = _consolidated(name, server)

    known = {job.servers[0].url: built.truth}
    (verdict,) = pipeline.prove_everywhere(job, built.tree, known, tuple, lambda _: None)

    assert [str(difference) for difference in verdict.differences] == []
    assert [check.name for check in verdict.checks if check.status != "passed"] == []
    assert built.unsettled == ()
    if _settings(name).get("as_was") is False:
        assert Rung.AS_WAS not in {step.rung for step in built.plan.steps}


@pytest.mark.pg
@pytest.mark.parametrize("name", NAMES)
def test_a_case_without_its_last_step_is_not_proven(name: str) -> None:
    job, built = _consolidated(name, "embedded://18")
    last = built.plan.steps[-1]
    path = built.plan.files[-1].path
    broken = {**built.tree, path: built.tree[path].replace(last.sql, "")}

    known = {job.servers[0].url: built.truth}
    (verdict,) = pipeline.prove_everywhere(job, broken, known, tuple, lambda _: None)

    assert broken != dict(built.tree)
    assert not verdict.equivalent
    assert verdict.differences
    assert verdict.differences == tuple(d for check in verdict.checks for d in check.differences)


@pytest.mark.pg
@pytest.mark.parametrize("name", BROKEN)
def test_the_broken_twin_of_a_case_is_refused_with_its_places(name: str) -> None:
    with pytest.raises(InputProblem) as caught:
        _consolidated(name, "embedded://18", "broken")

    assert caught.value.exit_code == 3
    assert list(caught.value.problems) == _settings(name)["error"]
