"""Renders a second time, from a replay of its own, in a process of its own beside this one.

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
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from consolidate import garbage, interrupts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import IO

    from consolidate.pipeline import Consolidated, Job
    from consolidate.report.summary import Summary
    from consolidate.servers.interface import Server
    from consolidate.truth import Truth

_COMMAND = (sys.executable, "-P", "-c", "from consolidate.again import main; main()")
"""Without this folder on the path: somebody else's `consolidate` may lie in it."""


class Rendering:
    """One rendering, which begins when it is told to and is waited for when it is asked for."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._asked: tuple[Job, Server, Truth] | None = None
        self._elsewhere = False
        """Whether the other process does it."""
        self._at_work = False
        """Whether that has servers, as far as we know."""

    def begin(self, job: Job, server: Server, truth: Truth) -> None:
        """Says what to render; clusters that may not be up beside others wait for their turn.

        Args:
            job: What to make the output of.
            server: Where.
            truth: What the history builds there, as it is known; it is replayed once more.
        """
        self._asked = job, server, truth
        self._elsewhere = self._at_work = server.side_by_side
        if self._elsewhere:
            asked = (replace(job, servers=()), server.url, truth)
            with suppress(BrokenPipeError):  # it is gone: what is asked for does without
                pickle.dump(asked, _pipe(self._process.stdin))
                _pipe(self._process.stdin).flush()

    @cached_property
    def tree(self) -> Mapping[str, str]:
        """The files, once they are rendered.

        Where no other process does it, or that one fails, it is done here, which tells why.
        """
        tree: Mapping[str, str] | None = self._received()
        self._at_work = False
        return self._here.tree if tree is None else tree

    @cached_property
    def summary(self) -> Summary:
        """What is told of that rendering, which is not proven."""
        from consolidate import pipeline  # noqa: PLC0415 - as in `_rendered`

        summary: Summary | None = self._received() if self.tree else None
        return pipeline.summary(self._begun[0], self._here) if summary is None else summary

    def _received(self) -> Any:  # noqa: ANN401 - what it is depends on when it is asked for
        """What the other process tells next; None if nothing."""
        if not self._elsewhere:
            return None
        try:
            return pickle.load(_pipe(self._process.stdout))  # noqa: S301 - our own process says it
        except (EOFError, pickle.UnpicklingError):
            self._elsewhere = False
            return None

    @cached_property
    def _here(self) -> Consolidated:
        return _rendered(*self._begun)

    @property
    def _begun(self) -> tuple[Job, Server, Truth]:
        if self._asked is None:
            raise RuntimeError("nothing was begun")
        return self._asked

    def end(self) -> None:
        """Ends the other process, once its servers are gone."""
        with interrupts.held():
            if not self._at_work:
                self._process.kill()
            with suppress(BrokenPipeError):
                _pipe(self._process.stdin).close()  # what it listens to: that ends it
            _pipe(self._process.stdout).close()
            self._process.wait()


@contextmanager
def beside() -> Iterator[Rendering]:
    """Another process, which gets ready at once and is over at the end, waited for or not."""
    with interrupts.held():
        process = subprocess.Popen(  # noqa: S603 - this program itself
            _COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a terminal's signals are for us to pass on
        )
    rendering = Rendering(process)
    try:
        yield rendering
    finally:
        rendering.end()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise RuntimeError("the process was started without pipes")
    return pipe


def _rendered(job: Job, server: Server, truth: Truth) -> Consolidated:
    # Not at the top: who starts the other process has not imported all that yet, and so both do.
    from consolidate import pipeline  # noqa: PLC0415
    from consolidate import truth as truths  # noqa: PLC0415

    return pipeline.rendered(job, truths.replayed(truth, server), server, _quietly)


def _quietly(_: str) -> None:
    """Tells nobody what begins: that is for the first rendering to do."""


def main() -> None:
    """The other process: reads what to render, renders it, and writes what came of it."""
    from consolidate import pipeline  # noqa: PLC0415
    from consolidate.servers import open_server  # noqa: PLC0415

    interrupts.install()
    garbage.collect_seldom()
    try:
        job, url, truth = pickle.load(sys.stdin.buffer)  # noqa: S301 - whoever started us says it
    except EOFError:
        return  # it came to nothing
    threading.Thread(target=_end_with_parent, daemon=True).start()
    done = _rendered(job, open_server(url), truth)
    for told in (done.tree, pipeline.summary(job, done)):
        pickle.dump(told, sys.stdout.buffer)
        sys.stdout.flush()


def _end_with_parent() -> None:
    """Ends this process as soon as the other one has closed the pipe, or is gone."""
    if not os.read(sys.stdin.fileno(), 1):
        os.kill(os.getpid(), signal.SIGTERM)
