"""Tells which constraints must come after another index over the same columns.

CREATE TABLE makes one index where two of its constraints are over the same columns. And a foreign
key rests on the unique index that it found when it was added: of several over the referenced
columns, the one with the lowest OID. So an index on which a key rests is made before its twins.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pglast import ast

from consolidate.wording.trees import parsed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consolidate.model import ObjectId
    from consolidate.truth import Truth
    from consolidate.wording.entries import Piece


def later_twins(
    truth: Truth, pieces: Mapping[ObjectId, Piece]
) -> Mapping[ObjectId, frozenset[ObjectId]]:
    """For each constraint that has such twins, the pieces that must stand before it."""
    columns = _columns(pieces)
    found = _once_each(truth, pieces, columns)
    alike: dict[tuple[ObjectId, frozenset[str]], list[ObjectId]] = defaultdict(list)
    for name, over in columns.items():
        alike[truth.depend.family(name), over].append(name)
    for key, piece in pieces.items():
        if piece.type != "FK CONSTRAINT":
            continue
        rested = {_owner(truth, target) for target in truth.depend.needs.get(key, ())}
        for first in sorted(rested & columns.keys()):
            for other in alike[truth.depend.family(first), columns[first]]:
                if other != first and pieces[other].type == "CONSTRAINT":
                    found[other].add(first)
                    found[first].discard(other)
    return {name: frozenset(earlier) for name, earlier in found.items() if earlier}


def _columns(pieces: Mapping[ObjectId, Piece]) -> Mapping[ObjectId, frozenset[str]]:
    """The columns of every index that a foreign key could rest on."""
    found = {}
    for name, piece in pieces.items():
        over = _unique_columns(piece) if piece.type in {"CONSTRAINT", "INDEX"} else frozenset()
        if over:
            found[name] = over
    return found


def _once_each(
    truth: Truth,
    pieces: Mapping[ObjectId, Piece],
    columns: Mapping[ObjectId, frozenset[str]],
) -> defaultdict[ObjectId, set[ObjectId]]:
    """Each constraint that repeats an older one, with that one."""
    found: defaultdict[ObjectId, set[ObjectId]] = defaultdict(set)
    last: dict[tuple[ObjectId, frozenset[str]], ObjectId] = {}
    constraints = [name for name in columns if pieces[name].type == "CONSTRAINT"]
    for name in sorted(constraints, key=lambda n: (_made(truth, n), n)):
        where = (truth.depend.family(name), columns[name])
        if where in last:
            found[name].add(last[where])
        last[where] = name
    return found


def _made(truth: Truth, name: ObjectId) -> int:
    creator = truth.trace.created.get(name)
    return truth.order[creator] if creator else -1


def _owner(truth: Truth, index: ObjectId) -> ObjectId:
    """The constraint of an index, if it belongs to one."""
    parent = truth.depend.parent.get(index)
    return parent if parent and parent.kind == "table constraint" else index


def _unique_columns(piece: Piece) -> frozenset[str]:
    """The columns of the piece's index, if it is unique, whole and over columns only."""
    match parsed(piece.statements[0]):
        case ast.IndexStmt(unique=True, whereClause=None, indexParams=elements):
            named = [element.name for element in elements or ()]
            return frozenset(named) if all(named) else frozenset()
        case ast.AlterTableStmt(cmds=(command, *_)):
            return frozenset(key.sval for key in getattr(command.def_, "keys", None) or ())
        case _:
            return frozenset()
