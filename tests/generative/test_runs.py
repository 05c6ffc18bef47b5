"""Random histories, as `run` consolidates them: always proven, and never an exception."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, note, settings

from consolidate import pipeline
from consolidate.wording.whole import MIGRATION
from tests.engines import consolidated
from tests.generative.histories import Change, History, changes
from tests.generative.model import ROLES

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.pg

EXAMPLES = 12
"""How many histories are run; the first ones are the same."""
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


def test_random_histories_are_proven(tmp_path_factory: pytest.TempPathFactory) -> None:
    kinds: Counter[str] = Counter()

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(changes())
    def examine(change: Change) -> None:
        note("\n".join(map(str, change.history)))
        kinds.update(step.kind for step in change.history)
        legacy = _written(change.history, tmp_path_factory.mktemp("history"))
        asked = pipeline.Request(
            folder=legacy,
            no_config=True,
            prelude=legacy.parent / "prelude.sql",
            servers=(SERVER,),
        )
        job = pipeline.screened(pipeline.prepare(asked), lambda _: None)
        built = consolidated(job)
        known = {SERVER: built.truth}
        (verdict,) = pipeline.prove_everywhere(job, built.tree, known, tuple, lambda _: None)
        assert [str(difference) for difference in verdict.differences] == []
        assert [check.name for check in verdict.checks if check.status != "passed"] == []
        assert MIGRATION not in {step.unit.object.kind for step in built.plan.steps}

    examine()
    assert len(kinds) >= 12
