"""Tells rows apart that were paired: cell by cell, and those without a counterpart as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from consolidate.catalog.row_labels import excerpts, row_label, shown, shown_row
from consolidate.model import Difference, DifferenceKind, ObjectId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from consolidate.catalog.row_pairs import Leftover, Pairing

_AT_MOST: Final = 20

Texts: TypeAlias = "tuple[str, str] | None"
"""How two cells differ, in words; None if they do not."""


def told(
    leftover: Leftover, pairing: Pairing, texts: Callable[[Leftover, int, int, int], Texts]
) -> Iterator[Difference]:
    """The cells and rows behind a leftover.

    Args:
        leftover: Rows that each side has and the other has not.
        pairing: How they belong together.
        texts: Tells the cells of a left and a right row in a column apart, all by position.
    """
    left, right = leftover.left, leftover.right
    for label, one, two in pairing.pairs:
        for position, column in enumerate(left.table.columns):
            if found := texts(leftover, one, two, position):
                yield changed(leftover.object, f"{label} · {column.quoted}", *found)
    for one in pairing.left:
        yield Difference(
            kind=DifferenceKind.MISSING,
            object=leftover.object,
            attribute=row_label(left, left.rows[one]),
            left=shown_row(left.table, left.rows[one]),
            right=None,
        )
    for two in pairing.right:
        yield Difference(
            kind=DifferenceKind.EXTRA,
            object=leftover.object,
            attribute=row_label(right, right.rows[two]),
            left=None,
            right=shown_row(left.table, right.rows[two]),
        )


def visibly(leftover: Leftover, one: int, two: int, column: int) -> Texts:
    """How two cells differ that do not read alike."""
    left = shown(leftover.left.rows[one][column])
    right = shown(leftover.right.rows[two][column])
    return excerpts(left, right) if left != right else None


def changed(where: ObjectId, attribute: str, left: str, right: str) -> Difference:
    """A difference that both sides have an answer to."""
    return Difference(
        kind=DifferenceKind.CHANGED, object=where, attribute=attribute, left=left, right=right
    )


def shortened(differences: Sequence[Difference], unseen: str = "") -> Iterator[Difference]:
    """The first of one table's differences, and how many more there are.

    Args:
        differences: All of them that were found.
        unseen: What was not looked at any more, in words.
    """
    yield from differences[:_AT_MOST]
    rest = differences[_AT_MOST:]
    more = [f"{len(rest)} more differences"] if rest else []
    if more or unseen:
        told = " and ".join([*more, *([unseen] if unseen else [])])
        yield changed(differences[0].object, "more rows", told, "not listed")
