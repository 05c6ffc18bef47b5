"""Turns whatever goes wrong into one clear message and the documented exit code."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING

from typer import Exit
from typer._click.exceptions import ClickException, NoArgsIsHelpError

from consolidate import __version__, interrupts
from consolidate.cli import log, usage
from consolidate.errors import ConsolidateError, EnvironmentProblem
from consolidate.masking import masked_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_MACHINE = frozenset(
    {
        *(errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO),
        *(errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN),
    }
)
"""What the operating system says where the machine is at its end, whatever was asked of it."""


def guarded(command: Callable[[], object], arguments: Sequence[str]) -> int:
    """Runs a command and returns its exit code; never lets a traceback out."""
    as_json = _asks_for_json(arguments)
    try:
        answer = command()
        code = answer if isinstance(answer, int) else 0
    except interrupts.Interrupted as end:
        code = _ended(end)
    except SystemExit:  # typer's answer to a pipe that nobody reads, on `--help` and the like
        code = 0
    except Exception as error:  # noqa: BLE001 - whatever is not known here is our bug
        number = interrupts.came()  # whatever went wrong since is due to it
        code = _ended(interrupts.Interrupted(number)) if number else _code(error, as_json=as_json)
    code = _flushed(code)
    log.close()
    return code


def _ended(end: interrupts.Interrupted) -> int:
    _say(str(end))
    return 128 + end.number


def _flushed(code: int) -> int:
    """The exit code, once all that was printed is where it belongs."""
    try:
        sys.stdout.flush()
    except OSError as error:
        from consolidate.report import terminal

        terminal.to_nowhere(sys.stdout)
        if code < EnvironmentProblem.exit_code and not isinstance(error, BrokenPipeError):
            code = _code(error, as_json=False)
    return code


def _asks_for_json(arguments: Sequence[str]) -> bool:
    """Whether they do, or the environment, even where the rest of them makes no sense."""
    said = os.environ.get("CONSOLIDATE_FORMAT", "")
    for before, argument in pairwise(("", *arguments)):
        if before == "--format":
            said = argument
        elif argument.startswith("--format="):
            said = argument.removeprefix("--format=")
    return said == "json"


def _code(error: Exception, *, as_json: bool) -> int:
    """The exit code of an error, after it is told."""
    match error:
        case Exit():
            return error.exit_code
        case NoArgsIsHelpError():
            _say(error.format_message())
            return error.exit_code
        case ClickException():
            return _code(usage.problem(error), as_json=as_json)
        case ConsolidateError():
            tell(error, as_json=as_json)
            return error.exit_code
        case OSError() if error.errno in _MACHINE:
            where = f": {error.filename}" if error.filename else ""
            return _code(
                EnvironmentProblem(
                    f"The machine can not go on: {error.strerror}{where}",
                    hint="Give it what it lacks, and run the command again.",
                ),
                as_json=as_json,
            )
        case _:
            return _code(_saved(error), as_json=as_json)


def tell(error: ConsolidateError, *, as_json: bool) -> None:
    """Says what happened, where, and what to do, all problems at once, and no password."""
    error.message, error.hint = masked_text(error.message), masked_text(error.hint)
    error.problems = tuple(map(masked_text, error.problems))
    if as_json:
        from consolidate.report import machine, terminal

        with suppress(OSError):  # what standard output is, may be what is wrong
            terminal.write(machine.error_json(error))
    lines = [f"error: {error.message}", *(f"  {problem}" for problem in error.problems)]
    if error.hint:
        lines.append(f"hint: {error.hint}")
    _say("\n".join(lines))


def _saved(error: Exception) -> ConsolidateError:
    """The bug as an error, after its traceback is where the hint says."""
    import tempfile
    import traceback

    told = traceback.format_exception(error)
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="consolidate-", suffix=".txt", delete=False, encoding="utf-8"
        ) as file:
            file.write(masked_text("".join(told)))
    except OSError as full:
        where = f"the traceback can not be kept: {full.strerror}; please report what you ran"
    else:
        where = f"the traceback is in {file.name}; please report it with the command you ran"
    return ConsolidateError(
        f"this is a bug in consolidate {__version__}: {told[-1].strip()}", hint=where
    )


def _say(text: str) -> None:
    log.write(text)
    with suppress(OSError):  # there is nobody left to tell
        sys.stderr.write(f"{masked_text(text)}\n")
