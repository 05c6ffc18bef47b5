"""What squashing tools once got wrong, we get right, and the proof sees their wrong outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conformance.suite import CASES, REFUSED, Suite, suite

if TYPE_CHECKING:
    from tests.cases.row_cases import Case

pytestmark = pytest.mark.pg


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    return suite(tmp_path_factory.mktemp("conformance"))


def test_our_output_is_proven(tried: Suite) -> None:
    assert [str(difference) for difference in tried.ours.differences] == []
    assert tried.ours.equivalent


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.folder.name)
def test_the_wrong_output_is_told(case: Case, tried: Suite) -> None:
    assert tried.is_told(case)


@pytest.mark.parametrize("name", sorted(REFUSED - {"transaction_of_a_file"}))
def test_the_history_of_a_refused_case_is_not_refused(name: str, tried: Suite) -> None:
    (case,) = (case for case in CASES if case.folder.name == name)
    assert not tried.refuses("\n".join(f.read_text(encoding="utf-8") for f in case.history))
