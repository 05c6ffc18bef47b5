"""The log file: what goes to stderr, without escapes and passwords."""

from __future__ import annotations

from contextlib import suppress
from typing import IO, TYPE_CHECKING

from consolidate.errors import EnvironmentProblem
from consolidate.masking import masked_text
from consolidate.phrases import one_line_each

if TYPE_CHECKING:
    from pathlib import Path


class _Log:
    """That of this process, which has one at most."""

    def __init__(self) -> None:
        self.file: IO[str] | None = None


_LOG = _Log()


def start(path: Path) -> None:
    """Writes to this file from now on, anew.

    Raises:
        EnvironmentProblem: It can not be written.
    """
    try:
        _LOG.file = path.open("w", encoding="utf-8", buffering=1)
    except OSError as error:
        raise EnvironmentProblem(
            f"The log file {path} can not be written: {error.strerror}",
            hint="Name another one with --log-file.",
        ) from error


def write(text: str) -> None:
    """Writes one or more lines, if there is a file; that it is full is no reason to stop."""
    if _LOG.file is not None:
        with suppress(OSError):
            _LOG.file.write(f"{one_line_each(masked_text(text))}\n")


def close() -> None:
    """Everything is told."""
    if _LOG.file is not None:
        with suppress(OSError):
            _LOG.file.close()
        _LOG.file = None
