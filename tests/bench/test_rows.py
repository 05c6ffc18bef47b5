"""The benchmark of many rows measures what it says."""

from __future__ import annotations

import pytest

from bench import rows


def test_it_tells_every_job_and_how_it_grows(capsys: pytest.CaptureFixture[str]) -> None:
    assert rows.main(["20", "80"]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split() == ["rows", "20", "80", "growth"]
    assert [line[:14].rstrip() for line in lines] == list(rows.JOBS)


@pytest.mark.parametrize(("last", "exponent"), [(4.0, 1), (16.0, 2)])
def test_growth_is_the_exponent_of_the_number_of_rows(last: float, exponent: float) -> None:
    assert rows.growth([100, 200, 400], [1.0, 9.9, last]) == pytest.approx(exponent)


def test_the_rows_that_are_compared_are_equal_but_for_their_keys() -> None:
    assert rows.JOBS["compare"](50)() == ()
