"""What a command says on stderr while it works: what was chosen, what is being done."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from consolidate.cli import log
from consolidate.masking import masked_text
from consolidate.report import console

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.cli.options import Talking
    from consolidate.report.console import Progress


class Talk:
    """As loud as the options ask for; the log file gets all of it."""

    def __init__(self, answer: Talking) -> None:
        self._answer = answer
        self._out = console.make(stderr=True, color=answer.colored)

    def say(self, line: str) -> None:
        """Says one line, unless quiet."""
        if not self._answer.quiet:
            console.say(self._out, masked_text(line))
        log.write(line)

    def detail(self, line: str) -> None:
        """Says one line where more is asked for."""
        if self._answer.verbose:
            self.say(line)

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """What to call at the beginning of each phase.

        On a terminal it is one line that goes away again. Elsewhere, for continuous integration
        (`CI` is set) and with `--verbose` each phase has a line that stays.
        """
        answer = self._answer
        silent = answer.quiet or answer.no_progress
        lines = answer.verbose or bool(os.environ.get("CI"))
        began = last = time.monotonic()
        with console.progress(self._out, quiet=silent, lines=lines) as show:

            def begin(phase: str) -> None:
                nonlocal last
                now = time.monotonic()
                if last > began:
                    self.detail(f"           it took {now - last:.1f} s")
                last = now
                log.write(f"[{now - began:6.1f} s] {masked_text(phase)}")
                show(phase)

            yield begin
