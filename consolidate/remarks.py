"""The comments of a legacy history that its output does not have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate import credentials, lexer
from consolidate.wording.folding.captions import without_captions, without_header

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.plan import Plan
    from consolidate.truth import Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What a legacy statement is commented with, as far as no file of the output says it."""

    place: str
    """`file:line` of the statement that it stands above or in."""
    lines: tuple[str, ...]
    """The lines of the comments; a line that may hold a secret is left out."""


def unsaid(plan: Plan, truth: Truth) -> tuple[Remark, ...]:
    """The comments that went with their statements, in legacy order.

    A line counts as said if it stands anywhere in the output. Captions of migration tools, which
    only repeat what kind of statement stands below, are no comments.
    """
    written = "\n".join(step.sql for file in plan.files for step in file.steps)
    found = []
    for file in truth.files:
        for statement in file:
            lines = tuple(line for line in _lines(statement.text) if line not in written)
            if lines:
                found.append(Remark(place=statement.place, lines=lines))
    return tuple(found)


def _lines(words: str) -> Iterator[str]:
    text = without_header(words)
    for token in lexer.tokens(text):
        if token.kind == "comment":
            for line in text[token.start : token.end].splitlines():
                told = line.strip()
                if re.search(r"\w", without_captions(told)) and not any(credentials.secrets(told)):
                    yield told
