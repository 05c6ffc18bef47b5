"""What is said of rows that do not hold as their authors wrote them."""

from __future__ import annotations

import pytest

from consolidate.judge import otherwise, steady, without_parts
from consolidate.model import Difference, DifferenceKind, ObjectId
from consolidate.wording.units import FOLDED, Choices


@pytest.mark.parametrize(
    ("kind", "attribute", "told"),
    [
        (DifferenceKind.MISSING, "row id=1", "rows of public.t would be missing"),
        (DifferenceKind.EXTRA, "row id=1", "public.t would hold more rows"),
        (
            DifferenceKind.CHANGED,
            "row id=1 · name",
            "public.t would hold other values, such as in name",
        ),
    ],
)
def test_a_difference_is_told_without_the_values(
    kind: DifferenceKind, attribute: str, told: str
) -> None:
    found = Difference(
        kind=kind,
        object=ObjectId("table", "public.t"),
        attribute=attribute,
        left="secret",
        right="other",
    )
    assert otherwise(found) == told


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ('column "a" does not exist', 'column "a" does not exist'),
        ("no 0f8fad5b-d9cb-469f-a165-70867728950e\nhere", "no …\\nhere"),
        ("out of range: 2025-01-01 10:00:00.123+00 and 2025-01-01", "out of range: … and …"),
    ],
)
def test_a_message_is_told_without_what_the_next_replay_would_say_otherwise(
    message: str, told: str
) -> None:
    assert steady(message) == told


def test_the_parts_of_a_table_begin_anew_and_nothing_else_does() -> None:
    table = ObjectId("table", "public.t")
    parts = (
        ObjectId("table column", "public.t.a"),
        ObjectId("table constraint", "t_check on public.t"),
    )
    others = (
        table,
        ObjectId("index", "public.t.a"),
        ObjectId("table column", "public.t2.a"),
        ObjectId("table constraint", "t_check on s.public"),
    )
    choices = Choices(levels=dict.fromkeys((*parts, *others), FOLDED))
    assert {*without_parts(choices, table).levels} == {*others}
