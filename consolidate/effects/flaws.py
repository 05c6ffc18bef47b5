"""What is wrong with a body that no parser takes, and where that stands in it.

libpg_query reads PL/pgSQL without a catalog and is therefore stricter than the server: it knows no
type of the user's, so that it refuses arrays of them, fields of records that it takes for texts,
and lists that a composite is part of. What it says of the grammar, the server says as well.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from consolidate.effects.declarations import tokens_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


class Flaw(NamedTuple):
    """Why a body can not be parsed."""

    said: str
    """What the parser says."""
    at: int | None
    """Where in the body; None if it does not tell."""
    refused: bool
    """Whether PostgreSQL refuses it, too."""


_OF_GRAMMAR = re.compile("syntax error|unterminated|mismatched parentheses")
_NEAR = re.compile(r' at or near "(.*)"\Z', re.DOTALL)


def flaw_of(body: str, said: Sequence[str], parse: Callable[[str], Sequence[str]]) -> Flaw:
    """What is wrong with a body of PL/pgSQL.

    Args:
        body: All of it.
        said: What the parser says of it, for each thing that it may return.
        parse: Tells what the parser says of another text.
    """
    grave = [one for one in said if _OF_GRAMMAR.match(one)]
    if not grave:
        return Flaw(said[-1], None, refused=False)
    near = _NEAR.search(grave[0])
    places = _places(body, near[1]) if near else ()
    alike = (at for at, end in places if grave[0] in parse(body[:end]))
    return Flaw(grave[0], next(alike, None), refused=True)


def _places(body: str, near: str) -> Iterator[tuple[int, int]]:
    """Where the parser may have stopped, each with the end of the PL/pgSQL statement around."""
    if near.startswith(("'", '"', "$", "/*")):
        yield body.find(near), len(body)
        return
    tokens = tokens_of(body)
    for number, token in enumerate(tokens):
        if body[token.start : token.end + 1].lower() == near.lower():
            behind = (one.end + 1 for one in tokens[number:] if one.name == "ASCII_59")
            yield token.start, next(behind, len(body))
