"""What the instruments' numbers mean."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from consolidate.trace import Windows


def test_a_number_belongs_to_what_was_entered_last_before_it() -> None:
    windows = Windows(["a", "b", "c"], [10, 20, 25])
    found = [windows.find(number) for number in (9, 10, 19, 20, 24, 25, 1000)]
    assert found == [None, "a", "a", "b", "b", "c", "c"]


def test_where_nothing_was_entered_nobody_is_found() -> None:
    assert Windows([], []).find(1) is None


@given(st.lists(st.integers(0, 50), min_size=1, unique=True).map(sorted), st.integers(0, 60))
def test_it_is_what_looking_at_all_of_them_would_find(starts: list[int], number: int) -> None:
    before = [start for start in starts if start <= number]
    assert Windows(starts, starts).find(number) == (before[-1] if before else None)
