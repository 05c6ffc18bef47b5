"""How altered objects of many small histories are written, and that it is proven."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consolidate.wording.units import Rung
from tests.cases import row_cases
from tests.cases.table_cases import CASES, KINDS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cases.row_cases import Case, Together

pytestmark = pytest.mark.pg

THE_SERVERS = {
    "shapes/like_another",
    "shapes/made_from_a_query",
    "shapes/inherits",
    "shapes/partitions_attached_later",
    "surroundings/another_search_path",
}
"""Cases in which a table stays in the server's words."""


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Together:
    return row_cases.consolidate(CASES, tmp_path_factory.mktemp("tables"), KINDS)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_altered_object_is_written_as_if_it_had_been_right_the_first_time(
    case: Case, together: Together
) -> None:
    assert together.written(case) == case.expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_it_is_folded_unless_it_can_not_be(case: Case, together: Together) -> None:
    steps = together.steps(case)
    tables = {step.rung for step in steps if step.unit.type == "TABLE"}

    assert (Rung.SERVER in tables) == (str(case) in THE_SERVERS)
    assert Rung.FOLDED in {step.rung for step in steps} or str(case) in THE_SERVERS


def test_all_cases_are_proven(together: Together) -> None:
    assert row_cases.flaws(together.job, together.built) == []


def test_consolidating_the_output_again_changes_no_word(together: Together, tmp_path: Path) -> None:
    again = row_cases.consolidate_again(together, tmp_path)

    changed = {
        str(case)
        for case in CASES
        if sorted(again.written(case).split()) != sorted(together.written(case).split())
    }
    assert changed == set()
