"""What wording starts from, gathered once for all rounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate.wording import verbatim
from consolidate.wording.entries import Pieces, pieces
from consolidate.wording.rowwords import RowWorder

if TYPE_CHECKING:
    from consolidate.truth import Truth
    from consolidate.wording.verbatim import Verbatim


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A truth with its pieces named, its copyable statements found, its rows grouped."""

    truth: Truth
    pieces: Pieces
    copies: tuple[Verbatim, ...]
    rows: RowWorder


def gather(truth: Truth) -> Material:
    """The material of a truth."""
    found = pieces(truth)
    return Material(
        truth=truth,
        pieces=found,
        copies=verbatim.candidates(truth, found.all),
        rows=RowWorder(truth, found),
    )
