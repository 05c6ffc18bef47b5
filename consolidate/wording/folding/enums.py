"""The author's CREATE TYPE … AS ENUM with the values that were added or renamed later."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pglast import ast

from consolidate import names
from consolidate.wording import renamed, verbatim
from consolidate.wording.folding.captions import remark
from consolidate.wording.folding.listing import taken_apart
from consolidate.wording.trees import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.model import Statement
    from consolidate.truth import Truth
    from consolidate.wording.entries import Piece
    from consolidate.wording.folding.listing import Listing


def fold(truth: Truth, piece: Piece, statement: Statement) -> str | None:
    """The author's statement with today's name and values; None where it is something else.

    Values that no statement tells of, as they were added in a DO block, stand where the truth has
    them.

    Args:
        truth: Where the later statements are found.
        piece: The type's entry.
        statement: The one that made it.
    """
    server = parsed(piece.statements[0])
    named = renamed.word(truth, piece.type, piece.object, statement) or statement.sql
    listing = taken_apart(named)
    if (
        listing is None
        or not isinstance(statement.tree, ast.CreateEnumStmt)
        or not isinstance(server, ast.CreateEnumStmt)
        or not verbatim.plain_session(truth, statement.id)
    ):
        return None
    remarks = {}
    for later, tree in _changes(truth, piece, statement):
        if tree.oldVal:
            listing = _with_value(listing, tree.oldVal, tree.newVal or "")
        words = verbatim.own_words(later, truth.previous.get(later.id))
        remarks[tree.newVal] = remark(words, later)
    if any(remarks.values()) and "\n" not in listing.sql:
        listing = listing.broken()
    wanted = [value.sval or "" for value in server.vals or ()]
    for place, value in enumerate(wanted):
        if value not in _values(listing):
            listing = listing.inserted(place, names.literal(value), remarks.get(value, ""))
    return listing.legible().sql if _values(listing) == wanted else None


def _changes(
    truth: Truth, piece: Piece, made: Statement
) -> Iterator[tuple[Statement, ast.AlterEnumStmt]]:
    """The statements that added or renamed a value later, in order."""
    for touch in truth.trace.touches.get(piece.object, ()):
        later = truth.statements[touch.statement]
        tree = later.tree
        if truth.order[later.id] > truth.order[made.id] and isinstance(tree, ast.AlterEnumStmt):
            yield later, tree


def _values(listing: Listing) -> list[str]:
    return [parsed(f"SELECT {e.text}").targetList[0].val.val.sval for e in listing.elements]


def _with_value(listing: Listing, old: str, new: str) -> Listing:
    return listing.with_elements(
        [
            replace(element, text=names.literal(new)) if value == old else element
            for element, value in zip(listing.elements, _values(listing), strict=True)
        ]
    )
