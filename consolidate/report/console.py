"""Where what people read is put: a console that takes text as it is, and plain data on stdout.

Lines are never wrapped and names are never cut, so that a pipe to `grep` works.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, TypeAlias

from rich.console import Console
from rich.text import Text

from consolidate.phrases import one_line
from consolidate.streams import to_nowhere

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

Progress: TypeAlias = "Callable[[str], None]"
"""Told of each phase as it begins."""

Shown: TypeAlias = "tuple[str | tuple[str, str], ...]"
"""The parts of a line, some of them with a style."""

_ASCII = str.maketrans({"✓": "+", "✗": "x", "→": "->", "·": ":", "…": "...", "—": "-"})


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Goes on in silence: whoever closed the pipe has read enough, and the exit code holds."""
        self.quiet = True
        to_nowhere(self.file)


def write(text: str) -> None:
    """Puts data on stdout as they are, all at once; a pipe that nobody reads is no error.

    They are UTF-8 whatever the locale says, and paths in them the bytes that the system knows.
    """
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode(errors="surrogateescape"))
        sys.stdout.flush()
    except BrokenPipeError:
        to_nowhere(sys.stdout)


def make(*, stderr: bool = False, color: bool | None = None) -> Console:
    """A console that takes text as it is and survives a closed pipe.

    Args:
        stderr: Whether it is on stderr.
        color: Whether to colour; None where the terminal and the environment decide.
    """
    colored = wants_color(sys.stderr if stderr else sys.stdout, os.environ)
    if color is not None:
        colored = color
    return _Console(
        stderr=stderr,
        markup=False,
        emoji=False,
        highlight=False,
        soft_wrap=True,
        color_system="standard" if colored else None,
        no_color=not colored,
    )


def wants_color(stream: IO[str], environment: Mapping[str, str]) -> bool:
    """Whether what goes there is to be coloured, where no option says it.

    `NO_COLOR` comes before `FORCE_COLOR` and `CLICOLOR_FORCE`, and these before what the terminal
    can do; each counts unless it is empty, and those that force also unless they are 0.
    """
    if environment.get("NO_COLOR"):
        return False
    if any(
        environment.get(name, "0") not in {"", "0"} for name in ("FORCE_COLOR", "CLICOLOR_FORCE")
    ):
        return True
    return environment.get("TERM", "dumb") not in {"", "dumb"} and stream.isatty()


def say(out: Console, *parts: str | tuple[str, str]) -> None:
    """Prints one line; characters that the console's encoding lacks are replaced."""
    line = Text()
    for part in parts:
        text, style = (part, "") if isinstance(part, str) else part
        text = one_line(text)
        if out.options.ascii_only:
            text = text.translate(_ASCII).encode("ascii", "replace").decode()
        line.append(text, style)
    line.rstrip()
    out.print(line, soft_wrap=True, markup=False, highlight=False)


def lines_view(lines: Iterable[Sequence[str | tuple[str, str]]], out: Console) -> None:
    """Shows lines that are ready to be shown, each of parts that may have a style."""
    for line in lines:
        say(out, *line)


@contextmanager
def progress(out: Console, *, quiet: bool = False, lines: bool = False) -> Iterator[Progress]:
    """What to call at the beginning of each phase: a spinner on a terminal, else a line each.

    Args:
        out: A console on stderr.
        quiet: Say nothing.
        lines: A line each on a terminal too.
    """
    if quiet:
        yield _silence
    elif not lines and out.is_interactive and out.file.isatty():
        with out.status("") as status:
            yield lambda phase: status.update(
                Text(one_line(phase), no_wrap=True, overflow="ellipsis")
            )
    else:
        started = time.monotonic()
        yield lambda phase: say(out, f"[{time.monotonic() - started:6.1f} s] {phase}")


def _silence(_phase: str) -> None:
    pass
