"""Says why an object stands in the server's words and not in its author's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pglast import ast

from consolidate.wording import verbatim

if TYPE_CHECKING:
    from consolidate.model import Statement
    from consolidate.truth import Truth
    from consolidate.wording.entries import Piece
    from consolidate.wording.units import Choices

_CODE = (ast.DoStmt, ast.CallStmt, ast.SelectStmt, ast.ExecuteStmt, ast.InsertStmt, ast.UpdateStmt)


def why(truth: Truth, piece: Piece, choices: Choices) -> str:
    """The reason in a few words, with `file:line` of the statement that it is about."""
    made = truth.trace.created.get(verbatim.bearer(piece.object))
    if seen := choices.because(piece.object):
        return seen
    if made is None:
        return "no statement is known to have made it"
    place = truth.statements[made].place
    if isinstance(truth.statements[made].tree, _CODE):
        return f"{place}: made by code that the statement runs"
    definer = verbatim.defined_by(truth, piece)
    if definer is None or not verbatim.can_write(truth.statements[definer], piece):
        return f"{place}: made along with something else"
    return _why_not_copied(truth, piece, truth.statements[definer])


def _why_not_copied(truth: Truth, piece: Piece, written: Statement) -> str:
    """Why the statement that made an entry does not stand for it."""
    if not verbatim.plain_session(truth, written.id):
        return f"{written.place}: written for a search path or a role that was set before"
    for touch in truth.trace.touches.get(piece.object, ()):
        later = truth.statements[touch.statement]
        if truth.order[later.id] > truth.order[written.id] and not verbatim.is_harmless(later):
            return f"{later.place}: what it changes can not be merged"
    return f"{written.place}: does not say all of it"
