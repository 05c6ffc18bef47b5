from __future__ import annotations

import pytest

from consolidate.catalog.compare import compare
from consolidate.model import Difference, DifferenceKind, Fact, ObjectId, Snapshot

KEYS = ObjectId("table", "public.keys")
IDENTITY = ObjectId("table column", "public.keys.id")
SLEEP = ObjectId("function", "pg_catalog.pg_sleep(double precision)")


def _snapshot(*facts: tuple[ObjectId, str, str], major: int = 18) -> Snapshot:
    return Snapshot(major=major, facts=frozenset(Fact(*fact) for fact in facts))


def test_equal_snapshots_have_no_difference() -> None:
    snapshot = _snapshot((KEYS, "exists", "table"), (KEYS, "owner", "postgres"))
    assert compare(snapshot, snapshot) == ()


def test_a_missing_object_is_one_difference_without_attribute() -> None:
    left = _snapshot((KEYS, "exists", "table"), (KEYS, "owner", "postgres"))
    assert compare(left, _snapshot()) == (
        Difference(
            kind=DifferenceKind.MISSING, object=KEYS, attribute="", left="table", right=None
        ),
    )


def test_an_extra_object_is_one_difference_without_attribute() -> None:
    right = _snapshot((KEYS, "exists", "table"), (KEYS, "owner", "postgres"))
    assert compare(_snapshot(), right) == (
        Difference(kind=DifferenceKind.EXTRA, object=KEYS, attribute="", left=None, right="table"),
    )


def test_a_changed_value_names_its_attribute_and_both_values() -> None:
    left = _snapshot((IDENTITY, "exists", "column"), (IDENTITY, "type", "integer"))
    right = _snapshot((IDENTITY, "exists", "column"), (IDENTITY, "type", "bigint"))
    assert [str(difference) for difference in compare(left, right)] == [
        "changed  table column public.keys.id · type: integer → bigint"
    ]


def test_an_attribute_of_one_side_is_missing_or_extra() -> None:
    bare = _snapshot((KEYS, "exists", "table"))
    described = _snapshot((KEYS, "exists", "table"), (KEYS, "comment", "who holds what"))
    assert [str(difference) for difference in compare(described, bare)] == [
        "missing  table public.keys · comment: who holds what"
    ]
    assert [str(difference) for difference in compare(bare, described)] == [
        "extra    table public.keys · comment: who holds what"
    ]


def test_an_object_that_is_only_ever_described_in_part_keeps_its_attributes() -> None:
    left = _snapshot((SLEEP, "grant EXECUTE to postgres by postgres", "plain"))
    (difference,) = compare(left, _snapshot())
    assert difference.attribute == "grant EXECUTE to postgres by postgres"


def test_differences_come_by_object_and_then_by_attribute() -> None:
    left = _snapshot(
        (IDENTITY, "exists", "column"),
        (IDENTITY, "type", "integer"),
        (IDENTITY, "default", "1"),
        (KEYS, "exists", "table"),
    )
    right = _snapshot(
        (IDENTITY, "exists", "column"), (IDENTITY, "type", "bigint"), (SLEEP, "owner", "clerk")
    )
    assert [(d.object, d.attribute) for d in compare(left, right)] == [
        (SLEEP, "owner"),
        (KEYS, ""),
        (IDENTITY, "default"),
        (IDENTITY, "type"),
    ]


def test_snapshots_of_different_majors_do_not_compare() -> None:
    with pytest.raises(ValueError, match="PostgreSQL 18 and 16 do not compare"):
        compare(_snapshot(), _snapshot(major=16))


def test_two_values_of_one_attribute_are_refused() -> None:
    ambiguous = _snapshot((KEYS, "owner", "clerk"), (KEYS, "owner", "postgres"))
    with pytest.raises(ValueError, match=r"table public\.keys has two values of owner"):
        compare(ambiguous, _snapshot((KEYS, "owner", "clerk")))
