"""Where the reports of a run go besides the output: a JUnit file, and the summary of a CI step."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from consolidate import manifest
from consolidate.errors import EnvironmentProblem, UsageProblem
from consolidate.report import checklist, junit, review

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from consolidate.report.summary import Summary

STEP_SUMMARY = "GITHUB_STEP_SUMMARY"
"""The variable that names the file whose Markdown GitHub shows below a step."""


def pages(told: Summary) -> Mapping[str, str]:
    """The reports that stand in the output, by path; the manifest does not hash them."""
    return {
        manifest.REPORT: review.report(told),
        manifest.CHECKLIST: checklist.checklist(told),
    }


def require_writable(target: Path | None, *folders: Path) -> None:
    """Finds out before the work whether `--junit` names a file that can be written.

    Args:
        target: The file, if one is asked for.
        folders: Where it may not be.

    Raises:
        UsageProblem: It is inside one of the folders.
        EnvironmentProblem: It can not be written.
    """
    if target is None:
        return
    for folder in folders:
        if target.resolve().is_relative_to(folder.resolve()):
            raise UsageProblem(
                f"--junit {target} is inside {folder}, which holds nothing but its own files"
            )
    with _writing(target):
        if target.exists():
            with target.open("ab"):
                pass
        else:
            with tempfile.TemporaryFile(dir=target.parent):
                pass


def send(told: Summary, target: Path | None) -> None:
    """Writes the JUnit file, if one is asked for, and appends to the step's summary, if any.

    A summary that can not be written is no failure of the run: it is said on standard error.

    Raises:
        EnvironmentProblem: The JUnit file can not be written.
    """
    if target is not None:
        with _writing(target):
            target.write_text(junit.junit(told.verdicts), encoding="utf-8")
    step = os.environ.get(STEP_SUMMARY)
    if not step:
        return
    try:
        with Path(step).open("a", encoding="utf-8") as file:
            file.write(review.report(told))
    except OSError as error:
        with suppress(OSError):
            sys.stderr.write(
                f"warning: the summary of this step ({STEP_SUMMARY}) can not be written: "
                f"{error.strerror or error}\n"
            )


@contextmanager
def _writing(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EnvironmentProblem(
            f"{target} can not be written: {error.strerror or error}",
            hint="--junit names another file.",
        ) from error
