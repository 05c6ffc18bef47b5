"""The authors' CREATE POLICY with what ALTER POLICY says later in its place."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from pglast import ast

from consolidate.wording import renamed, verbatim
from consolidate.wording.folding.captions import remark
from consolidate.wording.text import Span, replaced, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from consolidate.model import Statement
    from consolidate.truth import Truth
    from consolidate.wording.entries import Piece

_LINE = re.compile(r"\n[ \t]*(?=\S)")
_CLAUSES = ("TO", "USING", "WITH")
"""What ALTER POLICY can change, by its first token, in the order in which CREATE POLICY has it."""


def fold(truth: Truth, piece: Piece, statement: Statement) -> str | None:
    """The author's statement with today's names and clauses; None if it needs no change.

    Args:
        truth: Where the later statements are found.
        piece: The policy's entry.
        statement: The one that made it.
    """
    words = renamed.word(truth, piece.type, piece.object, statement)
    remarks = []
    for later in _changes(truth, piece, statement):
        if not verbatim.plain_session(truth, later.id):
            return None
        words = _merged(words or statement.sql, later.sql)
        remarks.append(remark(verbatim.own_words(later, truth.previous.get(later.id)), later))
    if words is None:
        return None
    return "\n".join([*filter(None, remarks), words])


def _changes(truth: Truth, piece: Piece, made: Statement) -> Iterator[Statement]:
    for touch in truth.trace.touches.get(piece.object, ()):
        later = truth.statements[touch.statement]
        if truth.order[later.id] > truth.order[made.id] and isinstance(
            later.tree, ast.AlterPolicyStmt
        ):
            yield later


def _merged(create: str, alter: str) -> str:
    """The CREATE POLICY with the clauses of an ALTER POLICY in place of its own."""
    given = _clauses(alter)
    for number, name in enumerate(_CLAUSES):
        if name not in given:
            continue
        text = given[name].of(alter)
        there = _clauses(create)
        if name in there:
            create = replaced(create, [(there[name], text)])
            continue
        behind = [there[other] for other in _CLAUSES[number + 1 :] if other in there]
        broken = _LINE.search(create)
        apart = broken[0] if broken else " "
        if behind:
            create = replaced(create, [(Span(behind[0].start, behind[0].start), f"{text}{apart}")])
        else:
            create = f"{create}{apart}{text}"
    return create


def _clauses(sql: str) -> Mapping[str, Span]:
    """Where each clause stands, behind the table's name."""
    listed = tokens(sql)
    depth, start, name = 0, 0, ""
    found: dict[str, Span] = {}
    table = next(number for number, token in enumerate(listed) if token.name == "ON")
    for before, token in pairwise(listed[table:]):
        depth += (token.name == "ASCII_40") - (token.name == "ASCII_41")
        if depth == 0 and token.name in _CLAUSES:
            if name:
                found[name] = Span(start, before.end + 1)
            start, name = token.start, token.name
    if name:
        found[name] = Span(start, listed[-1].end + 1)
    return found
