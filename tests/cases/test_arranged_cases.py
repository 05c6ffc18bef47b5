"""What the mapping wants and no order allows: how each shape is arranged, and that it is proven."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from consolidate.wording.whole import MIGRATION
from tests.cases import arranged_cases, row_cases
from tests.cases.arranged_cases import CASES

if TYPE_CHECKING:
    from tests.cases.arranged_cases import Together
    from tests.cases.row_cases import Case

pytestmark = pytest.mark.pg


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Together:
    return arranged_cases.consolidate(CASES, tmp_path_factory.mktemp("arranged"))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_shape_is_arranged_with_as_little_as_it_takes(case: Case, together: Together) -> None:
    expected = case.folder / "expected.txt"
    assert together.arranged(case) == expected.read_text(encoding="utf-8")


def test_all_shapes_are_proven(together: Together) -> None:
    assert row_cases.flaws(together.job, together.built) == []
    assert MIGRATION not in {step.unit.object.kind for step in together.built.plan.steps}


def test_what_is_opened_names_its_circle_or_what_comes_later(together: Together) -> None:
    """A chain of needs ends with what it began with, or with the table that it is a part of."""
    opened = [f for f in together.built.plan.findings if f.code in {"CON303", "CON305"}]
    for finding in opened:
        own, chain = finding.message.split(" stands ", 1)
        first = chain.rpartition(": ")[2].partition(" needs ")[0]
        last = re.split(" needs ", chain)[-1].rpartition(" ")[2]
        begun = own if first == "it" else first
        assert last in begun or ", which comes later, in migrations/" in chain, finding.message
    assert len(opened) >= 15
