"""What the signals that end a program do here: the first unwinds it, the second ends it at once.

Python can raise an exception between any two instructions of the main thread, and nowhere else.
What must not be cut in two there is `held` together.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from types import FrameType

_T = TypeVar("_T")

_ENDING = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP")
    if hasattr(signal, name)  # Windows has no SIGHUP
)
_UNSEEN = 0.1
"""Seconds that a signal may go unseen at most, about."""

_SHOW_CURSOR = b"\x1b[?25h"


class Interrupted(SystemExit):
    """Somebody wants the program to end.

    It unwinds as `sys.exit` does, so that it never ends in a traceback, wherever it comes up; and
    psycopg cancels the statement that runs.
    """

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.number = number
        self.written = ""
        """What was written before it came; nothing, mostly."""

    def __str__(self) -> str:
        how = "interrupted" if self.number == signal.SIGINT else f"ended by {_name(self.number)}"
        gone = "the throwaway servers are gone and " if _SIGNALS.servers else ""
        what = f"{self.written} is written" if self.written else "nothing was written"
        return f"{how}; {gone}{what}"


class _Signals:
    """The signals of this process, of which there is one."""

    def __init__(self) -> None:
        self.came = 0
        """The number of the first that came."""
        self.closing = False
        """Whether the next one ends the program at once."""
        self.waiting = False
        """Whether one came that is still to be raised."""
        self.holds = 0
        self.servers = False
        """Whether there have been servers, so that a word on them is due."""

    def receive(self, number: int, _frame: FrameType | None) -> None:
        """What Python calls for a signal, in the main thread."""
        if self.closing:
            _end(number)
        self.closing = True
        self.came = number
        if self.holds:
            self.waiting = True
        else:
            raise Interrupted(number)

    def release(self) -> None:
        """Raises what came while it was held."""
        self.holds -= 1
        if self.waiting and not self.holds:
            self.waiting = False
            raise Interrupted(self.came)


_SIGNALS = _Signals()


def install() -> None:
    """Has the signals that end a program come here; those that a parent had us ignore stay so."""
    for number in _ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _SIGNALS.receive)
    if hasattr(signal, "pthread_kill"):  # Windows has none
        _never_asleep()


def _never_asleep() -> None:
    """Wakes the main thread, once a signal has come, from whatever it waits for.

    CPython looks for signals between instructions, and a signal ends the wait that it falls into.
    One that falls between the last look and a wait, as when the thread has to get the interpreter's
    lock first, would be seen when the wait is over: in minutes, where that is for a statement. So
    from then on another thread sends a signal that nobody minds, again and again.
    """
    read, write = os.pipe()
    os.set_blocking(write, False)  # or Python would not write to it from where signals arrive
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    signal.signal(signal.SIGURG, lambda *_: None)

    def wake() -> None:
        while os.read(read, 1)[0] not in _ENDING:
            pass
        while True:
            time.sleep(_UNSEEN)
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGURG)

    threading.Thread(target=wake, daemon=True).start()


def came() -> int:
    """The number of the signal that ends the program; 0 if none came."""
    return _SIGNALS.came


def servers_begin() -> None:
    """From here on what is said of the end tells what became of the servers, too."""
    _SIGNALS.servers = True


def close() -> None:
    """Everything is done: a signal that still comes would only change the exit code."""
    for number in _ENDING:
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def held() -> Iterator[None]:
    """The first signal that comes meanwhile is raised at the end; a second still ends it all.

    Does nothing in other threads than the main one, where none is raised.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _SIGNALS.holds += 1
    try:
        yield
    finally:
        _SIGNALS.release()


@contextmanager
def left_whole(context: AbstractContextManager[_T]) -> Iterator[_T]:
    """The context, whose end no first signal cuts short."""
    entered = context.__enter__()
    try:
        yield entered
    except BaseException:
        with held():
            if not context.__exit__(*sys.exc_info()):
                raise
    else:
        with held():
            context.__exit__(None, None, None)


def _end(number: int) -> NoReturn:
    """Ends this very process: the watchers of its servers see that, and remove them."""
    cursor = _SHOW_CURSOR if os.isatty(2) else b""
    left = b"; what is left of the throwaway servers goes by itself" if _SIGNALS.servers else b""
    os.write(2, cursor + b"ended at once" + left + b"\n")
    os._exit(128 + number)


def _name(number: int) -> str:
    return signal.Signals(number).name
