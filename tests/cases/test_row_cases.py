"""What is written of the rows of many small histories, and that it is proven."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consolidate import pipeline
from consolidate.wording.whole import MIGRATION
from tests.cases import row_cases
from tests.cases.row_cases import CASES, Case, Together

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consolidate.verdict import Verdict

pytestmark = pytest.mark.pg


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Together:
    return row_cases.consolidate(CASES, tmp_path_factory.mktemp("rows"))


def _verdict(together: Together, tree: Mapping[str, str]) -> Verdict:
    known = {together.job.servers[0].url: together.built.truth}
    (verdict,) = pipeline.prove_everywhere(together.job, tree, known, tuple, lambda _: None)
    return verdict


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rows_of_a_case_are_written_as_one_would_like_to_read_them(
    case: Case, together: Together
) -> None:
    assert together.written(case) == case.expected.read_text(encoding="utf-8")


def test_all_cases_are_proven(together: Together) -> None:
    verdict = _verdict(together, together.built.tree)

    assert [str(difference) for difference in verdict.differences] == []
    assert [check.name for check in verdict.checks if check.status != "passed"] == []
    assert together.built.unsettled == ()
    assert MIGRATION not in {step.unit.object.kind for step in together.built.plan.steps}


def test_every_case_is_missed_that_lacks_its_last_rows(together: Together) -> None:
    differences = _verdict(together, together.without_the_last_rows()).differences

    missed = {
        case.schema
        for case in together.cases
        if any(d.object.identity.startswith(f"{case.schema}.") for d in differences)
    }
    assert missed == {case.schema for case in together.cases}


def test_there_are_many_cases_and_each_has_a_schema_of_its_own() -> None:
    assert len(CASES) >= 60
    assert len({case.schema for case in CASES}) == len(CASES)
