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
from consolidate.errors import ConsolidateError, EnvironmentProblem, InputProblem
from consolidate.masking import masked_text
from consolidate.phrases import one_line, one_line_each
from consolidate.streams import to_nowhere

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_PATHS = frozenset({errno.ENAMETOOLONG, errno.ELOOP, errno.EACCES, errno.EPERM})
"""What the operating system says of a path that was named, or that a file names."""
_MACHINE = frozenset(
    {
        *(errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO),
        *(errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN),
    }
)
"""What the operating system says where the machine is at its end, whatever was asked of it."""


def guarded(command: Callable[[], object], arguments: Sequence[str]) -> int:
    """Runs a command and returns its exit code; never lets a traceback out."""
    shape = _shape(arguments)
    try:
        answer = command()
        code = answer if isinstance(answer, int) else 0
    except interrupts.Interrupted as end:
        code = _ended(end)
    except SystemExit as end:
        # It is typer's answer to fish, which takes 1 for leave to complete files; else to a pipe
        # that nobody reads, on `--help` and the like.
        completing = "_CONSOLIDATE_COMPLETE" in os.environ
        code = end.code if completing and isinstance(end.code, int) else 0
    except Exception as error:  # noqa: BLE001 - whatever is not known here is our bug
        number = interrupts.came()  # whatever went wrong since is due to it
        code = _ended(interrupts.Interrupted(number)) if number else _code(error, shape=shape)
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
        to_nowhere(sys.stdout)
        if code < EnvironmentProblem.exit_code and not isinstance(error, BrokenPipeError):
            code = _code(error, shape="")
    return code


def _shape(arguments: Sequence[str]) -> str:
    """The format that they ask for, or the environment, even where the rest makes no sense."""
    said = os.environ.get("CONSOLIDATE_FORMAT", "")
    for before, argument in pairwise(("", *arguments)):
        if before == "--format":
            said = argument
        elif argument.startswith("--format="):
            said = argument.removeprefix("--format=")
    return said


def _code(error: Exception, *, shape: str) -> int:
    """The exit code of an error, after it is told."""
    match error:
        case Exit():
            return error.exit_code
        case NoArgsIsHelpError():
            _say(error.format_message())
            return error.exit_code
        case _:
            problem = _problem(error)
            tell(problem, shape=shape)
            return problem.exit_code


def _problem(error: Exception) -> ConsolidateError:
    """The error as one that the user can act on."""
    match error:
        case ConsolidateError():
            return error
        case ClickException():
            return usage.problem(error)
        case OSError() if error.errno in _MACHINE:
            where = f": {error.filename}" if error.filename else ""
            return EnvironmentProblem(
                f"The machine can not go on: {error.strerror}{where}",
                hint="Give it what it lacks, and run the command again.",
            )
        case OSError() if error.errno in _PATHS and error.filename:
            return InputProblem(f"{error.filename} can not be used: {error.strerror}")
        case _:
            return _saved(error)


def tell(error: ConsolidateError, *, shape: str) -> None:
    """Says what happened, where, and what to do, all problems at once, and no password."""
    error.message, error.hint = masked_text(error.message), masked_text(error.hint)
    error.problems = tuple(map(masked_text, error.problems))
    if shape in {"json", "sarif"}:
        from consolidate.report import console, machine, sarif

        document = sarif.failure(error) if shape == "sarif" else machine.error_json(error)
        with suppress(OSError):  # what standard output is, may be what is wrong
            console.write(document)
    lines = [f"error: {one_line(error.message)}", *(f"  {one_line(p)}" for p in error.problems)]
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
    try:
        sys.stderr.write(f"{one_line_each(masked_text(text))}\n")
        sys.stderr.flush()
    except OSError:  # there is nobody left to tell, and Python is not to try it again at the end
        to_nowhere(sys.stderr)
