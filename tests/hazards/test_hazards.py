"""At each hazard of the sample the output is right, and the proof would see the obvious wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from ruamel.yaml import YAML

from tests.sample_build import MAJORS

if TYPE_CHECKING:
    from tests.sample_build import Sample


class Case(NamedTuple):
    """One entry of `hazards.yaml`, which says what the fields are."""

    hazard: str
    name: str
    query: str
    expect: list[str]
    wrong: str
    names: str

    def __str__(self) -> str:
        return self.name


def _cases() -> list[Case]:
    entries = YAML(typ="safe").load(Path(__file__).with_name("hazards.yaml"))
    return [Case(**entry) for entry in entries]


CASES = _cases()

UNSEEN_BY_DUMP = {"the parent's later column stands behind the child's own one"}
"""`pg_dump` prints only a child's own columns, so it is blind to where an inherited one stands."""

majors = pytest.mark.parametrize("major", MAJORS)
cases = pytest.mark.parametrize("case", CASES, ids=str)


@majors
@cases
def test_the_legacy_history_gives_the_expected_answer(
    case: Case, major: int, sample: Sample
) -> None:
    assert sample.legacy(major).standing.answers(case.query) == case.expect


@majors
@cases
def test_the_output_gives_the_expected_answer(case: Case, major: int, sample: Sample) -> None:
    assert sample.output(major).standing.answers(case.query) == case.expect


@pytest.mark.parametrize(
    ("major", "case"),
    [
        pytest.param(major, case, id=f"{case}-{major}")
        for major, some in zip(
            MAJORS, (CASES, CASES[::3]), strict=True
        )  # the version tells few apart
        for case in some
    ],
)
def test_the_proof_sees_the_obvious_wrong_output(case: Case, major: int, sample: Sample) -> None:
    """Spoils two builds of the output alike, as a wrong output would be built twice.

    The dump is asked as well, on the newest major: it sees what is wrong in the catalog.
    """
    wanted = sample.wanted(major)
    with sample.output(major).copy() as first, sample.second_output(major).copy() as second:
        for copy in (first, second):
            copy.apply(case.wrong)
        assert first.answers(case.query) != case.expect
        in_facts, in_rows = wanted.facts(first), wanted.rows(first, second)
        if major == max(MAJORS):
            expected = bool(in_facts) and case.name not in UNSEEN_BY_DUMP
            assert bool(wanted.dump(first)) == expected
    assert case.names in {str(difference.object) for difference in (*in_facts, *in_rows)}


@majors
def test_the_proof_sees_nothing_where_nothing_is_wrong(major: int, sample: Sample) -> None:
    """Last in the file: nothing of all that was spoiled before has come to other databases."""
    wanted = sample.wanted(major)
    with sample.output(major).copy() as first, sample.second_output(major).copy() as second:
        assert wanted.facts(first) == ()
        assert wanted.rows(first, second) == ()
        assert wanted.dump(first) == ()


def test_every_exception_is_a_case() -> None:
    assert {case.name for case in CASES} >= UNSEEN_BY_DUMP
