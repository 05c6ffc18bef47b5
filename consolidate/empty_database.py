"""Brings up throwaway clusters whose database holds what a platform starts with, and no more."""

from __future__ import annotations

import re
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from consolidate.errors import EnvironmentProblem, InputProblem
from consolidate.interrupts import left_whole
from consolidate.replay import connect, execute, perturb
from consolidate.trouble import ServerTrouble, watched

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from consolidate.lines import Lines
    from consolidate.servers.interface import Cluster, Server


@contextmanager
def platform(
    server: Server, prelude: str, *, perturbed: bool = False, lines: Lines | None = None
) -> Iterator[tuple[Cluster, psycopg.Connection]]:
    """A fresh cluster whose database holds what the platform starts with.

    The connection is opened after the prelude, which may have set defaults for new sessions.

    Raises:
        ServerTrouble: The server can not go on, whatever was asked of it; with its last words.
    """
    with left_whole(server.cluster()) as cluster, _named(server, cluster, lines):
        with connect(cluster) as connection:
            _hold(connection, lines)
            if perturbed:
                perturb(connection)
                connect(cluster).close()  # where containers number processes alike
            _lay(connection, prelude)
        with connect(cluster) as connection:
            _hold(connection, lines)
            with _alive(connection):
                yield cluster, connection


def _hold(connection: psycopg.Connection, lines: Lines | None) -> None:
    if lines is not None:
        lines.hold(connection)


@contextmanager
def _named(server: Server, cluster: Cluster, lines: Lines | None) -> Iterator[None]:
    """Says of trouble on which server it is, and what that wrote last."""
    try:
        yield
    except ServerTrouble as trouble:
        if lines is None or not lines.over:  # else it is we who made it
            trouble.on(server.url, _last_words(cluster))
        raise


def _last_words(cluster: Cluster) -> tuple[str, ...]:
    """What a server wrote last, once it has had time to write down what happened to it.

    A session's end is seen here before it is seen there. The first that is written then tells most;
    what follows is about the recovery.
    """
    before = cluster.log()
    deadline = time.monotonic() + _LAST_WORDS_SECONDS
    while time.monotonic() < deadline:
        now = cluster.log()
        if now != before:
            return now
        time.sleep(_POLL_SECONDS)
    return before


_LAST_WORDS_SECONDS = 0.5
_POLL_SECONDS = 0.005


@contextmanager
def _alive(connection: psycopg.Connection) -> Iterator[None]:
    """Finds out whether a server went away where what was done on it did not notice.

    A tool that can not connect fails by itself, and an error may have been passed over.
    """
    try:
        with watched(connection):
            yield
    except ServerTrouble:
        raise
    except EnvironmentProblem:
        _ask(connection)
        raise
    if connection.closed:
        _ask(connection)


def _ask(connection: psycopg.Connection) -> None:
    """Asks for nothing, which only a server that went away does not answer.

    Raises:
        ServerTrouble: It did.
    """
    import psycopg  # noqa: PLC0415 - as in `_lay`

    with suppress(psycopg.Error):  # a transaction that failed is an answer, too
        execute(connection, "SELECT")


_PIECE = re.compile(r"^-- consolidate: ([^\n]+)\n", re.MULTILINE)


def piece(name: str, sql: str) -> str:
    """What to append to a prelude for one file of its own, so that errors in it have its name."""
    return f"\n-- consolidate: {name}\n{sql}"


def _place(prelude: str, at: int) -> str:
    """`file:line:col` of an offset; `(platform)` stands for the built-in part."""
    before = [match for match in _PIECE.finditer(prelude) if match.end() <= at]
    name, start = (before[-1][1], before[-1].end()) if before else ("(platform)", 0)
    line = prelude.count("\n", start, at) + 1
    column = at - max(prelude.rfind("\n", start, at), start - 1)
    return f"{name}:{line}:{column}"


def _lay(connection: psycopg.Connection, prelude: str) -> None:
    """Makes the platform's empty database.

    Raises:
        InputProblem: The SQL fails; the message is the server's, with the line.
    """
    import psycopg  # noqa: PLC0415 - a third of a second that `--help` must not pay

    try:
        execute(connection, prelude)
    except psycopg.Error as error:
        place = _place(prelude, int(error.diag.statement_position or 1) - 1)
        raise InputProblem(
            "The platform's empty database can not be made.",
            problems=(f"{place}: {error.diag.message_primary or error}",),
            hint="`consolidate prelude NAME` prints the built-in part; --prelude FILE follows it.",
        ) from None
