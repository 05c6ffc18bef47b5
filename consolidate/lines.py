"""The connections of work that is done side by side, to be cut when it is no longer wanted."""

from __future__ import annotations

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import psycopg

_T = TypeVar("_T")


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


@contextmanager
def alongside(work: Callable[[Lines | None], _T], *, really: bool) -> Iterator[Callable[[], _T]]:
    """Work that is done in a thread of its own while the context goes on.

    Args:
        work: Told by which lines to connect.
        really: Or else it is done when it is asked for, where two servers may not run at once.

    Yields:
        Waits for the work and returns or raises what that does. Work that nobody waited for is cut.
    """
    if not really:
        yield lambda: work(None)
        return
    with ThreadPoolExecutor(max_workers=1) as pool, cut_on_error() as lines:
        doing = pool.submit(work, lines)
        yield doing.result
        if not doing.done():
            lines.cut()


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
