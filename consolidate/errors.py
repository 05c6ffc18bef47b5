"""The errors a user can meet; each knows its exit code, and none is shown with a traceback."""

from __future__ import annotations

from typing import ClassVar


class ConsolidateError(Exception):
    """Something the user can act on.

    Args:
        message: What happened, with names and numbers.
        problems: The single problems behind it, one line each, each beginning with
            `file:line:col` where it has a place.
        hint: What to do next.
    """

    exit_code: ClassVar[int] = 5

    def __init__(self, message: str, *, problems: tuple[str, ...] = (), hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.problems = problems
        self.hint = hint


class UsageProblem(ConsolidateError):
    """The command line makes no sense."""

    exit_code = 2


class InputProblem(ConsolidateError):
    """The legacy history or the configuration can not be used."""

    exit_code = 3


class EnvironmentProblem(ConsolidateError):
    """No server, a server that lacks something, a folder that can not be written."""

    exit_code = 4
