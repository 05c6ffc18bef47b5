"""Turns whatever goes wrong into one clear message and the documented exit code."""

from __future__ import annotations

import sys
import tempfile
import traceback
from itertools import pairwise
from typing import TYPE_CHECKING

from typer import Exit
from typer._click.exceptions import ClickException

from consolidate import __version__
from consolidate.errors import ConsolidateError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

INTERRUPTED = 130
BUG = 5


def guarded(command: Callable[[], object], arguments: Sequence[str]) -> int:
    """Runs a command and returns its exit code; never lets a traceback out."""
    try:
        answer = command()
    except Exception as error:  # noqa: BLE001 - whatever is not known here is our bug
        return _code(error, as_json=_asks_for_json(arguments))
    except KeyboardInterrupt:
        answer = INTERRUPTED
    except SystemExit:  # typer's answer to a pipe that nobody reads, on `--help` and the like
        return 0
    if answer == INTERRUPTED:  # typer's answer to Ctrl-C
        _say("interrupted; the throwaway servers are gone and nothing was written")
    return answer if isinstance(answer, int) else 0


def _asks_for_json(arguments: Sequence[str]) -> bool:
    pairs = pairwise(arguments)
    return "--format=json" in arguments or ("--format", "json") in pairs


def _code(error: Exception, *, as_json: bool) -> int:
    """The exit code of an error, after it is told."""
    match error:
        case Exit():
            return error.exit_code
        case ClickException():
            error.show()
            return error.exit_code
        case ConsolidateError():
            tell(error, as_json=as_json)
            return error.exit_code
        case _:
            _say(_saved(error))
            return BUG


def tell(error: ConsolidateError, *, as_json: bool) -> None:
    """Says what happened, where, and what to do, all problems at once."""
    if as_json:
        from consolidate.report import machine, terminal  # noqa: PLC0415

        terminal.write(machine.error_json(error))
    lines = [f"error: {error.message}", *(f"  {problem}" for problem in error.problems)]
    if error.hint:
        lines.append(f"hint: {error.hint}")
    _say("\n".join(lines))


def _saved(error: Exception) -> str:
    told = traceback.format_exception(error)
    with tempfile.NamedTemporaryFile(
        "w", prefix="consolidate-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        file.write("".join(told))
    return (
        f"error: this is a bug in consolidate {__version__}: {told[-1].strip()}\n"
        f"hint: the traceback is in {file.name}; please report it with the command you ran"
    )


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
