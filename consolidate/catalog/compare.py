"""Compares two snapshots: what the one holds that the other does not, attribute by attribute."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from consolidate.model import Difference, DifferenceKind, ObjectId, Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_EXISTS = "exists"
"""The attribute that every object has which is described as a whole. Others (a built-in function,
an extension's member) appear in a snapshot only with what was changed on them."""


def compare(left: Snapshot, right: Snapshot) -> tuple[Difference, ...]:
    """All differences between the truth (left) and what was built (right), in a fixed order.

    An object that one side lacks altogether is one difference, whose attribute is empty and
    whose value says what it is; the columns, indexes, … of a missing table are objects of their
    own and are listed as such.

    Raises:
        ValueError: The snapshots come from different major versions, which word the same
            object differently, or one gives an attribute two values.
    """
    if left.major != right.major:
        message = f"PostgreSQL {left.major} and {right.major} do not compare"
        raise ValueError(message)
    ours, theirs = left.facts - right.facts, right.facts - left.facts
    if not ours and not theirs:
        return ()
    touched = {fact.object for fact in ours | theirs}
    before, after = _described(left, touched), _described(right, touched)
    return tuple(
        difference
        for named in sorted(touched)
        for difference in _of_object(named, before[named], after[named])
    )


def _described(snapshot: Snapshot, wanted: set[ObjectId]) -> Mapping[ObjectId, Mapping[str, str]]:
    described: dict[ObjectId, dict[str, str]] = defaultdict(dict)
    for fact in snapshot.facts:
        if fact.object not in wanted:
            continue
        attributes = described[fact.object]
        if fact.attribute in attributes:
            raise ValueError(f"{fact.object} has two values of {fact.attribute}")
        attributes[fact.attribute] = fact.value
    return described


def _of_object(
    named: ObjectId, left: Mapping[str, str], right: Mapping[str, str]
) -> Iterator[Difference]:
    if not right and _EXISTS in left:
        yield _difference(named, "", left[_EXISTS], None)
        return
    if not left and _EXISTS in right:
        yield _difference(named, "", None, right[_EXISTS])
        return
    for attribute in sorted(left.keys() | right.keys()):
        values = left.get(attribute), right.get(attribute)
        if values[0] != values[1]:
            yield _difference(named, attribute, *values)


def _difference(named: ObjectId, attribute: str, left: str | None, right: str | None) -> Difference:
    if right is None:
        kind = DifferenceKind.MISSING
    elif left is None:
        kind = DifferenceKind.EXTRA
    else:
        kind = DifferenceKind.CHANGED
    return Difference(kind=kind, object=named, attribute=attribute, left=left, right=right)
