"""Random histories and mappings, as `run` consolidates them: always proven, never an exception."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from consolidate import pipeline
from consolidate.wording.whole import MIGRATION
from tests.generative.histories import Change, History, changes
from tests.generative.mappings import mappings
from tests.generative.model import ROLES

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.pg

EXAMPLES = 12
"""How many histories are run; the first ones are the same."""
MAPPED = 6
"""How many more are run by a mapping."""
ALIKE: dict[str, Any] = {
    "derandomize": True,
    "deadline": None,
    "database": None,
    "suppress_health_check": [HealthCheck.too_slow],
}
A_FILE = 4
"""Statements of each migration."""
SERVER = "embedded://18"


def _written(history: History, folder: Path) -> Path:
    """The history as migrations, what makes its roles beside it."""
    (folder / "legacy").mkdir(parents=True)
    (folder / "prelude.sql").write_text("".join(f"CREATE ROLE {role};\n" for role in ROLES))
    for number, start in enumerate(range(0, len(history), A_FILE), 1):
        sql = "".join(f"{step.sql};\n" for step in history[start : start + A_FILE])
        (folder / "legacy" / f"{number:03}_step.sql").write_text(sql, encoding="utf-8")
    return folder / "legacy"


def _examined(history: History, folder: Path, data: st.DataObject | None = None) -> None:
    """Consolidates a history, by a mapping if there is somebody to draw one, and proves it."""
    note("\n".join(map(str, history)))
    legacy = _written(history, folder)
    asked = pipeline.Request(
        folder=legacy, no_config=True, prelude=legacy.parent / "prelude.sql", servers=(SERVER,)
    )
    job = pipeline.screened(pipeline.prepare(asked), lambda _: None)
    truth = pipeline.captured(job, job.servers[0], lambda _: None)
    if data is not None:
        made = truth.final.facts.objects - truth.platform.facts.objects
        files = [migration.path for migration in job.history.migrations]
        config = data.draw(mappings(sorted(made), files))
        job = replace(job, config=replace(job.config, phases=config.phases, groups=config.groups))
    built = pipeline.rendered(job, truth, job.servers[0], lambda _: None)
    known = {SERVER: built.truth}
    (verdict,) = pipeline.prove_everywhere(job, built.tree, known, tuple, lambda _: None)
    assert [str(difference) for difference in verdict.differences] == []
    assert [check.name for check in verdict.checks if check.status != "passed"] == []
    assert MIGRATION not in {step.unit.object.kind for step in built.plan.steps}


def test_random_histories_are_proven(tmp_path_factory: pytest.TempPathFactory) -> None:
    kinds: Counter[str] = Counter()

    @settings(max_examples=EXAMPLES, **ALIKE)
    @given(changes())
    def examine(change: Change) -> None:
        kinds.update(step.kind for step in change.history)
        _examined(change.history, tmp_path_factory.mktemp("history"))

    examine()
    assert len(kinds) >= 12


def test_random_mappings_of_random_histories_are_proven(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    @settings(max_examples=MAPPED, **ALIKE)
    @given(changes(), st.data())
    def examine(change: Change, data: st.DataObject) -> None:
        _examined(change.history, tmp_path_factory.mktemp("history"), data)

    examine()
