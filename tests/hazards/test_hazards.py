"""At each hazard of the sample the output is right, and the proof would see the obvious wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psycopg
import pytest
from ruamel.yaml import YAML

from tests.sample_build import MAJORS

if TYPE_CHECKING:
    from tests.sample_build import Copy, Sample


class Case(NamedTuple):
    """One entry of `hazards.yaml`."""

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
    return [Case(**{**e, "expect": list(map(str, e["expect"]))}) for e in entries]


CASES = _cases()

majors = pytest.mark.parametrize("major", MAJORS)
cases = pytest.mark.parametrize("case", CASES, ids=str)


@majors
@cases
def test_the_output_is_right(case: Case, major: int, sample: Sample) -> None:
    with sample.output(major).copy() as copy:
        assert copy.answers(case.query) == case.expect


@majors
@cases
def test_the_wrong_would_be_seen(case: Case, major: int, sample: Sample) -> None:
    with sample.output(major).copy() as first, sample.second_output(major).copy() as second:
        import time

        t = time.time()
        for copy in (first, second):
            copy.apply(case.wrong)
        w=sample.wanted(major)
        found = w.facts_and_rows(first, second)
        d=w.dump(first)
        print("WIT", case.name, len(d), [str(x) for x in d][:2])
    assert case.names in {str(difference.object) for difference in found}

@majors
def test_untouched(major, sample):
    with sample.output(major).copy() as first, sample.second_output(major).copy() as second:
        w=sample.wanted(major)
        assert w.facts_and_rows(first, second)==()
        assert w.dump(first)==()
