"""The benchmark of arranging measures what it says."""

from __future__ import annotations

import pytest

from bench import plans


def test_it_tells_every_job_and_how_it_grows(capsys: pytest.CaptureFixture[str]) -> None:
    assert plans.main(["60", "240", "--rounds", "1"]) in {0, 1}  # so few say little of growth
    head, edges, *lines = capsys.readouterr().out.splitlines()
    assert head.split() == ["objects", "60", "240", "growth"]
    assert edges.split()[0] == "edges"
    assert [line[:14].rstrip() for line in lines[: len(plans.JOBS)]] == list(plans.JOBS)


def test_an_object_needs_about_eight_others() -> None:
    found = plans.made(2_000)
    assert len(found.units) == 2_000
    assert 7 <= found.edges / len(found.units) <= 9


def test_the_mapping_asks_for_what_can_not_be() -> None:
    found = plans.made(400)
    plan = plans.JOBS["by a mapping"](400)()
    made = {name for step in plan.steps for name in step.members}
    assert made == {name for unit in found.units for name in unit.members}
    codes = {finding.code for finding in plan.findings}
    assert {"CON301", "CON302", "CON303"} <= codes


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ([0.5, 1.0], 0),
        ([1.5, 3.0], 1),
        ([0.5, 1.5], 1),
        ([0.7, 3.0], 2),
    ],
)
def test_it_fails_where_it_takes_too_long_or_grows_too_fast(
    times: list[float], expected: int
) -> None:
    assert len(plans.failures("x", [2_500, plans.JUDGED], times)) == expected
