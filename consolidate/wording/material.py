"""What wording starts from, gathered once for all rounds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from consolidate.wording import verbatim
from consolidate.wording.entries import Pieces, pieces
from consolidate.wording.folding import fold
from consolidate.wording.rowwords import RowWorder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consolidate.model import ObjectId
    from consolidate.truth import Truth
    from consolidate.wording.entries import Piece
    from consolidate.wording.folding import Folded
    from consolidate.wording.verbatim import Verbatim


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A truth with its pieces named, its copyable statements found, its rows grouped."""

    truth: Truth
    pieces: Pieces
    copies: tuple[Verbatim, ...]
    rows: RowWorder
    _folded: dict[object, Folded | None] = field(default_factory=dict)

    def folded(
        self, table: Piece, own: Sequence[Piece], lowered: frozenset[ObjectId]
    ) -> Folded | None:
        """What `folding.fold` returns; it is asked again in every round."""
        key = (table, tuple(own), lowered)
        if key not in self._folded:
            copied = any(table.object == copy.primary.object for copy in self.copies)
            self._folded[key] = fold(self.truth, table, own, lowered, copied=copied)
        return self._folded[key]


def gather(truth: Truth) -> Material:
    """The material of a truth."""
    found = pieces(truth)
    return Material(
        truth=truth,
        pieces=found,
        copies=verbatim.candidates(truth, found.all),
        rows=RowWorder(truth, found),
    )
