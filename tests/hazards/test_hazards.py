"""At each hazard of the sample the output is right, and the proof would see the obvious wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psycopg
import pytest
from ruamel.yaml import YAML

from tests.sample_build import MAJORS, Witnesses

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
        t=time.time()
        for copy in (first, second):
            copy.apply(case.wrong)
        found = Witnesses.of(sample.truth(major), first, second)
        print(time.time()-t)
        named = lambda ds: case.names in {str(d.object) for d in ds}
        print("WIT", "F" if named(found.facts) else "-", "R" if named(found.rows) else "-", "D" if found.dump else "-")
        for d in found.all: print("  ", str(d)[:250])
        try: print("ANS", first.answers(case.query) != case.expect)
        except psycopg.Error as e: print("ANS err")
    assert case.names in {str(difference.object) for difference in found.all}
