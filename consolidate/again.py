"""Renders a second time, from a replay of its own, in a process of its own while this one goes on.

Not only does that take the time of the longer of the two: another process has another seed for the
hashes of strings, so that an output which depends on the order of a set is found out.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from consolidate import interrupts, pipeline
from consolidate.servers import open_server

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import IO

    from consolidate.pipeline import Job
    from consolidate.report.summary import Summary
    from consolidate.servers.interface import Server

_COMMAND = (sys.executable, "-P", "-c", "from consolidate.again import main; main()")
"""Without this folder on the path: somebody else's `consolidate` may lie in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What came of it."""

    summary: Summary
    """Of a rendering that is not proven."""
    tree: Mapping[str, str]


class Rendering:
    """One rendering, which begins when it is told to and is waited for when it is asked for."""

    def __init__(self, server: Server, process: subprocess.Popen[bytes] | None) -> None:
        self._server = server
        self._process = process
        self._job: Job | None = None
        self._rendered: Rendered | None = None

    def begin(self, job: Job) -> None:
        """Says what to render."""
        self._job = job
        if self._process is not None:
            asked = (replace(job, servers=()), self._server.url)
            with suppress(BrokenPipeError):  # it is gone: `rendered` does without
                pickle.dump(asked, _pipe(self._process.stdin))
                _pipe(self._process.stdin).flush()

    def rendered(self) -> Rendered:
        """What was rendered, once it is there.

        Where no other process does it, or that one fails, it is done here, which tells why.
        """
        if self._job is None:
            raise RuntimeError("nothing was begun")
        if self._rendered is None:
            self._rendered = self._received() or _here(self._job, self._server)
        return self._rendered

    def _received(self) -> Rendered | None:
        if self._process is None:
            return None
        told = _pipe(self._process.stdout).read()
        if self._process.wait() != 0:
            return None
        rendered: Rendered = pickle.loads(told)  # noqa: S301 - our own process says it
        return rendered


@contextmanager
def beside(server: Server) -> Iterator[Rendering]:
    """A rendering on a server, which is over at the end, whether or not it was waited for.

    Clusters that may not be up beside others wait for their turn.
    """
    if not server.side_by_side:
        yield Rendering(server, None)
        return
    with interrupts.held():
        process = subprocess.Popen(  # noqa: S603 - this program itself
            _COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a terminal's signals are for us to pass on
        )
    try:
        yield Rendering(server, process)
    finally:
        with interrupts.held():
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Closes what it listens to, which ends it, and waits until its servers are gone."""
    with suppress(BrokenPipeError):
        _pipe(process.stdin).close()
    _pipe(process.stdout).close()
    process.wait()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise RuntimeError("the process was started without pipes")
    return pipe


def _here(job: Job, server: Server) -> Rendered:
    done = pipeline.consolidate(job, server, lambda _: None)
    return Rendered(summary=pipeline.summary(job, done), tree=done.tree)


def main() -> None:
    """The other process: reads what to render, renders it, and writes what came of it."""
    interrupts.install()
    try:
        job, url = pickle.load(sys.stdin.buffer)  # noqa: S301 - whoever started us says it
    except EOFError:
        return  # it came to nothing
    threading.Thread(target=_end_with_parent, daemon=True).start()
    pickle.dump(_here(job, open_server(url)), sys.stdout.buffer)
    sys.stdout.flush()


def _end_with_parent() -> None:
    """Ends this process as soon as the other one has closed the pipe, or is gone."""
    if not os.read(sys.stdin.fileno(), 1):
        os.kill(os.getpid(), signal.SIGTERM)
