"""The connections of work that is done side by side, to be cut when it is no longer wanted."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg


class Lines:
    """Connections in several threads that end together.

    A thread can not be ended, but what it waits for can: with its line cut, a statement that runs
    for minutes fails at once, and the thread unwinds as for any lost connection.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: list[psycopg.Connection] = []
        self.over = False
        """Whether they were cut."""

    def hold(self, connection: psycopg.Connection) -> None:
        """Takes a new connection; it is cut at once if all is over already."""
        with self._lock:
            self._open.append(connection)
            over = self.over
        if over:
            _cut(connection)

    def cut(self) -> None:
        """Ends what runs on all of them, and on those that are still to come."""
        with self._lock:
            self.over = True
            lines = tuple(self._open)
        for connection in lines:
            _cut(connection)


@contextmanager
def cut_on_error() -> Iterator[Lines]:
    """Lines that are cut when the context ends by an exception, an interrupt among them."""
    lines = Lines()
    try:
        yield lines
    except BaseException:
        lines.cut()
        raise


def _cut(connection: psycopg.Connection) -> None:
    """Closes the connection's socket in both directions, which wakes whoever waits for it.

    Only the kernel is spoken to: libpq's own calls belong to the thread that uses the connection.
    """
    import psycopg  # noqa: PLC0415 - a third of a second that `--help` must not pay

    with (
        suppress(psycopg.Error, OSError),  # it is closed already
        # A copy of the descriptor; of which family it is, no one asks to shut it down.
        socket.fromfd(connection.fileno(), socket.AF_INET, socket.SOCK_STREAM) as line,
    ):
        line.shutdown(socket.SHUT_RDWR)
