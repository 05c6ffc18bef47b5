"""What is written of the rows of many small histories, and that it is proven."""

from __future__ import annotations

import pytest

from consolidate.wording.whole import MIGRATION
from tests.cases import row_cases
from tests.cases.row_cases import CASES, Case, Together

pytestmark = pytest.mark.pg


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Together:
    return row_cases.consolidate(CASES, tmp_path_factory.mktemp("rows"))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rows_of_a_case_are_written_as_one_would_like_to_read_them(
    case: Case, together: Together
) -> None:
    assert together.written(case) == case.expected.read_text(encoding="utf-8")


def test_all_cases_are_proven(together: Together) -> None:
    assert row_cases.flaws(together.job, together.built) == []
    assert MIGRATION not in {step.unit.object.kind for step in together.built.plan.steps}


def test_every_case_is_missed_that_lacks_its_last_rows(together: Together) -> None:
    differences = row_cases.verdict(
        together.job, together.built, together.without_the_last_rows()
    ).differences

    missed = {
        case.schema
        for case in together.cases
        if any(d.object.identity.startswith(f"{case.schema}.") for d in differences)
    }
    assert missed == {case.schema for case in together.cases}


def test_there_are_many_cases_and_each_has_a_schema_of_its_own() -> None:
    assert len(CASES) >= 60
    assert len({case.schema for case in CASES}) == len(CASES)
