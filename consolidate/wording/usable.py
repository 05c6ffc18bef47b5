"""Which of the authors' statements still stand, and what their tables take in."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from consolidate.wording import verbatim
from consolidate.wording.units import FOLDED

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from consolidate.model import ObjectId
    from consolidate.truth import Truth
    from consolidate.wording.entries import Piece, Pieces
    from consolidate.wording.folding import Folded
    from consolidate.wording.material import Material
    from consolidate.wording.units import Choices
    from consolidate.wording.verbatim import Verbatim

_TABLES = {"TABLE", "FOREIGN TABLE"}
_BELONGINGS = {"SEQUENCE", "SEQUENCE OWNED BY", "DEFAULT", "CONSTRAINT", "FK CONSTRAINT"}
_INLINED = {"CONSTRAINT", "FK CONSTRAINT"}


def tables(
    truth: Truth, left: Mapping[ObjectId, Piece], alone: Collection[ObjectId]
) -> list[tuple[Piece, list[Piece]]]:
    """The tables among some entries, each with those that can stand inside it.

    Args:
        truth: Tells what belongs to which table.
        left: The entries.
        alone: Those that stand by themselves whatever they belong to.
    """
    belongings: dict[ObjectId, list[Piece]] = {
        name: [] for name, piece in left.items() if piece.type in _TABLES
    }
    for piece in left.values():
        family = truth.depend.family(verbatim.bearer(piece.object))
        if (
            piece.type in _BELONGINGS
            and family in belongings
            and piece.object not in alone
            and "NOT VALID" not in piece.sql  # rows may have to come in between
        ):
            belongings[family].append(piece)
    return [(left[name], own) for name, own in belongings.items()]


def folded(
    material: Material, found: Pieces, choices: Choices, alone: Collection[ObjectId]
) -> list[tuple[Piece, Folded]]:
    """The tables whose authors' words can be brought up to date, as far as the choices allow."""
    lowered = defaultdict(set)
    for name in choices.levels:
        if name.kind == "table column":
            lowered[name.identity.rpartition(".")[0]].add(name)
        elif name.kind == "table constraint":
            lowered[name.identity.rpartition(" on ")[2]].add(name)
    words = []
    for table, own in tables(material.truth, found.all, alone):
        if choices.level(table.object) <= FOLDED:
            low = frozenset(lowered[table.object.identity])
            words.append((table, material.folded(table, own, low)))
    return [(table, one) for table, one in words if one is not None]


def copies(
    material: Material, found: Pieces, choices: Choices, merged: frozenset[ObjectId]
) -> list[Verbatim]:
    """The candidates that the choices still allow, and that fit together.

    What is `merged` into a table stands there.
    """
    truth = material.truth
    kept = [
        candidate
        for candidate in material.copies
        if choices.level(candidate.primary.object) == 0
        and not _holds_a_part(candidate, truth, choices)
        and candidate.members <= found.all.keys() - merged
    ]
    authored = merged | {c.primary.object for c in kept if c.primary.type in _TABLES}
    kept = [
        candidate
        for candidate in kept
        if candidate.primary.type not in _INLINED
        or truth.depend.family(candidate.primary.object) in authored
    ]
    parents = {  # of each index of a partition, the index of the partitioned table
        name: frozenset(
            need
            for need in truth.depend.needs.get(verbatim.bearer(name), ())
            if need.kind == "index"
        )
        for name, piece in found.all.items()
        if piece.type == "INDEX ATTACH"
    }
    indexes = frozenset(name for name, piece in found.all.items() if piece.type == "INDEX")
    while True:  # an index on a partitioned table is copied with all its children or not at all
        claimed = frozenset().union(*(candidate.members for candidate in kept))
        loose = frozenset().union(*(of for name, of in parents.items() if name not in claimed))
        worded = indexes - claimed  # by the server: these come when all partitions are there
        fitting = [
            c
            for c in kept
            if not c.members & loose
            and not any(parents[name] & worded for name in c.members & parents.keys())
        ]
        if len(fitting) == len(kept):
            return kept
        kept = fitting


def _holds_a_part(candidate: Verbatim, truth: Truth, choices: Choices) -> bool:
    """Whether the statement that makes a table or a view makes a part that is to stand apart."""
    made = candidate.primary
    if made.type == "VIEW":
        return verbatim.query_of(made.object) in choices.apart
    return made.type in _TABLES and any(
        truth.depend.family(part) == made.object
        and truth.trace.created.get(part) in {None, candidate.statement.id}
        for part in choices.apart
    )
