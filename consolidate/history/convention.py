"""What is asked of a runner's convention, whichever runner it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from consolidate.history.sources import Listing

_NOT_BLANK = re.compile(r"[^\s]")


class Flaw(NamedTuple):
    """Something in a file that its runner would stop on, and where."""

    at: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What one file says forward and back; both texts are as long as the file's."""

    up: str
    down: str = ""
    """Empty if the file has no such part."""
    transactional: bool = True
    """False if the file asks to be applied without a transaction."""
    flaws: tuple[Flaw, ...] = ()


def whole(text: str) -> Parts:
    """All of the file is applied."""
    return Parts(up=text)


def only(text: str, kept: Iterable[tuple[int, int]]) -> str:
    """The text with blanks for all that is not in one of the pieces, which stand in order.

    Line ends stay, so that every place in the result is the same place in the file.
    """
    result = []
    done = 0
    for start, end in kept:
        result += [_NOT_BLANK.sub(" ", text[done:start]), text[start:end]]
        done = end
    return "".join([*result, _NOT_BLANK.sub(" ", text[done:])])


class Bookkeeping(NamedTuple):
    """The table in which a runner records what it has applied; it is there before the first file.

    Its rows are the runner's business: none is assumed.
    """

    table: str
    """Its name, without a schema: a history that speaks of it mentions this word."""
    sql: str
    """What makes it as the runner does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Convention:
    """How one runner finds, orders, reads and applies its files."""

    recognises: Callable[[Path], str]
    """What in a folder tells that it was made for this runner, in words; empty if nothing does."""
    listing: Callable[[Path], Listing]
    parts: Callable[[str], Parts] = field(default=whole)
    transactional: bool = True
    """Whether each file is one transaction unless it asks for none."""
    keeps_session: bool = False
    """Whether all files are applied in one session, so that a SET outlives its file."""
    bookkeeping: Bookkeeping | None = None
    """The runner's own table, if it keeps one in the same database."""
    server_major: Callable[[Path], int | None] = field(default=lambda _: None)
    """The major version of PostgreSQL that the project says it runs on."""
