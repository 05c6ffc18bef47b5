"""Tells a server that can not go on from one that refuses a statement.

What a server refuses is a fact about the history or about a wording. A server that went away or
has no room says nothing about either, so it must never be taken for an answer.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from consolidate.errors import EnvironmentProblem
from consolidate.phrases import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import psycopg

_LACKS = {
    "53000": "lacks something",
    "53100": "has no room left on its disk",
    "53200": "has no memory left",
    "53300": "has no connections left",
    "58000": "is in trouble with its machine",
    "58030": "can not read or write its files",
}
"""SQLSTATEs that speak of the server's machine. 53400 does not: it is a limit that was set; nor do
58P01 and 58P02, which also speak of files that a statement names."""

_HINTS = {
    "53100": "Make room where the server keeps its data (one of ours: in the folder that TMPDIR"
    " names), or name a folder with more room in TMPDIR.",
    "53200": "Give it more memory, or more locks per transaction if it says so; --server names"
    " another server.",
}
_HINT = "Run it again; --server names another server."
_LOST = (
    "Run it again. If it goes away at the same place, that statement ends or crashes it:"
    " --quarantine sets its file aside, and --server names another server."
)
_WRAPPING = re.compile(r"^(?:.* failed: )?(?:FATAL: +)?")
"""What psycopg and libpq put in front of the server's words: the same for every error."""


class ServerTrouble(EnvironmentProblem):
    """A server that can not go on."""

    def __init__(self, what: str, said: str, hint: str) -> None:
        self._what = f"{what}: {said}" if said else what
        super().__init__(f"The server {self._what}", hint=hint)

    def at(self, place: str) -> None:
        """Says at which legacy statement it happened."""
        self.problems = (f"{place}: this statement ran", *self.problems)

    def on(self, url: str, log: Sequence[str]) -> None:
        """Says on which server it happened, and what that wrote last."""
        self.message = f"{url} {self._what}"
        self.args = (self.message,)
        self.problems += tuple(f"its log: {one_line(line)}" for line in log)

    def during(self, phase: str) -> None:
        """Says what the program was doing."""
        self.problems += (f"in phase: {phase}",)


def diagnose(connection: psycopg.Connection, error: psycopg.Error) -> ServerTrouble | None:
    """The trouble behind an error, if it is the server's.

    RAISE in PL/pgSQL can give any SQLSTATE, but it names itself as the function that raised, and
    it can not end the connection.
    """
    said = _said(error)
    state = error.sqlstate or ""
    if state in _LACKS and error.diag.source_function != "exec_stmt_raise":
        return ServerTrouble(_LACKS[state], said, _HINTS.get(state, _HINT))
    return ServerTrouble("went away", said, _LOST) if connection.closed else None


@contextmanager
def watched(connection: psycopg.Connection) -> Iterator[None]:
    """Turns an error that is the server's own trouble into that.

    Raises:
        ServerTrouble: It is.
    """
    import psycopg  # noqa: PLC0415 - a third of a second that `--help` must not pay

    try:
        yield
    except psycopg.Error as error:
        trouble = diagnose(connection, error)
        if trouble is None:
            raise
        raise trouble from error


def unreachable(error: psycopg.Error) -> ServerTrouble:
    """A server that takes no connection."""
    return ServerTrouble("can not be reached", _said(error), _HINT)


def _said(error: psycopg.Error) -> str:
    """The server's own words, or else the first line of libpq's."""
    diag = error.diag
    if diag.message_primary:
        parts = (diag.message_primary, diag.message_detail, diag.message_hint)
        return one_line(" ".join(part for part in parts if part))
    first = next(iter(str(error).strip().splitlines()), "")
    return one_line(_WRAPPING.sub("", first))
