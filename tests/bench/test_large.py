"""The benchmark of large tables measures what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench import large

if TYPE_CHECKING:
    from collections.abc import Callable

    from consolidate.servers.interface import Cluster


@pytest.mark.parametrize(
    ("case", "differences"), [("equal", 0), ("three rows differ", 3), ("three differ, clock", 3)]
)
def test_what_is_compared_differs_where_it_says(
    clusters: Callable[[int], Cluster], case: str, differences: int
) -> None:
    memory, _, found = large.measured(clusters(18), 50, case)
    assert memory > 0
    assert found == differences


@pytest.mark.pg
def test_every_case_has_a_line_with_its_memory_and_time(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert large.main(["20", "40"]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split()[-2:] == ["20", "40"]
    assert [line[:21].rstrip() for line in lines] == list(large.CASES)
    assert [line.count(" MB ") for line in lines] == [2] * len(lines)
