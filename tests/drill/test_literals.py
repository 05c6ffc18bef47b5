"""Values are looked for where a type and a condition speak of them."""

from __future__ import annotations

from consolidate.drill import literals
from consolidate.drill.literals import Kind


def test_a_condition_names_values_and_their_neighbours() -> None:
    assert literals.within("(capacity > 5) AND (kind = 'it''s')", textual=False) == (
        "it's",
        "5",
        "6",
        "4",
    )


def test_a_number_in_a_condition_on_text_is_a_length() -> None:
    assert literals.within("length(code) >= 3", textual=True) == ("sss", "ssss", "ss")


def test_an_array_holds_what_its_elements_may_be() -> None:
    mood = Kind(name="mood", shape="e", labels=('so "so"', "good"))
    assert literals.of(Kind(name="_mood", shape="a", element=mood)) == (
        "{}",
        '{"so \\"so\\""}',
        '{"good"}',
    )


def test_a_range_may_be_empty_so_that_it_overlaps_nothing() -> None:
    days = Kind(name="daterange", shape="r", element=Kind(name="date"))
    assert literals.of(days)[:2] == ("empty", '["2001-02-03","2001-02-03"]')


def test_a_composite_of_three_has_two_commas() -> None:
    assert literals.of(Kind(name="place", shape="c", parts=3)) == ("(,,)",)
