"""The versions in the names of the files: they rise in the order in which the files apply."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from consolidate.errors import InputProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consolidate.truth import Truth

_SHAPE = "%Y%m%d_%H%M%S"
_FIRST = "00010101_000000"
DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_]?(0[1-9]|1[0-2])[-_]?([0-2]\d|3[01])")
"""Where the name of a legacy file has a date: its year, month and day."""
_TIME = re.compile(r"[-_]?([01]\d|2[0-3])([0-5]\d)([0-5]\d)(?!\d)")
"""The time of day that may follow."""
_APART = 60
"""Seconds from one version to the next, where nothing is in the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One file that needs a version."""

    name: str
    version: str | None = None
    """The one that the mapping gives it."""
    line: int = 0
    """Where the mapping names the file; 0 for an automatic group."""


def versions(files: Sequence[Wanted], base: str, below: str = "") -> list[str]:
    """A version for each file, in the order in which they apply.

    A file without one gets the minute after the file before it, at the beginning the one after
    `base`: between two of them is room for what comes later. Where a later file's own version
    leaves no room for minutes it gets the next second, and where there are none, an earlier one.

    Args:
        files: In the order in which they apply.
        base: The newest legacy version.
        below: The version of what follows them, which theirs are below if those that are given
            are; empty if nothing follows.

    Raises:
        InputProblem: There is no room between two versions that the mapping gives, or they do
            not rise.
    """
    if below:
        with suppress(InputProblem):
            return versions([*files, Wanted(name="what follows", version=below)], base)[:-1]
    found: list[str] = []
    last: Wanted | None = None
    run: list[Wanted] = []
    for file in files:
        run.append(file)
        if file.version is not None:
            found += _between(last, run, base)
            last, run = file, []
    return found + (_between(last, run, base) if run else [])


def dated(path: str) -> str:
    """The version in the name of a legacy file that has a date, and maybe a time; else empty."""
    found = DATE.search(path)
    if found is None:
        return ""
    time = _TIME.match(path, found.end())
    return f"{''.join(found.groups())}_{''.join(time.groups()) if time else '000000'}"


def base(truth: Truth) -> str:
    """The newest legacy version that begins with a date, as `YYYYMMDD_000000`."""
    dates = [
        "".join(match.groups())
        for file in truth.files
        for statement in file[:1]
        if (match := DATE.search(statement.path))
    ]
    return f"{max(dates, default='20000101')}_000000"


def _between(last: Wanted | None, run: Sequence[Wanted], base: str) -> list[str]:
    """Versions for some files, of which at most the last one has its own."""
    floor = (last.version if last else None) or _FIRST
    end = run[-1].version if run else None
    if end is None:
        start = base if last is None else floor
        return [later(start, _APART * number) for number in range(1, len(run) + 1)]
    ours = len(run) - 1
    start = max(base, floor) if last is None else floor
    step = _APART if later(start, _APART * ours) < end else 1
    if later(start, step * ours) >= end:
        start = max(floor, later(end, -ours - 1))
    given = [later(start, step * number) for number in range(1, ours + 1)]
    if [floor, *given, end] != sorted({floor, *given, end}):
        raise _no_room(last, run)
    return [*given, end]


def later(version: str, seconds: int) -> str:
    """The version some seconds later; where it is no time of day, one that counts on."""
    try:
        moment = datetime.strptime(version, _SHAPE) + timedelta(seconds=seconds)  # noqa: DTZ007 - a number in disguise
    except (ValueError, OverflowError):
        number = int(version.replace("_", "")) + seconds
        digits = f"{max(number, 0):014}"
        return f"{digits[:-6]}_{digits[-6:]}"
    return f"{moment:%Y%m%d_%H%M%S}".rjust(len("YYYYMMDD_HHMMSS"), "0")


def _no_room(last: Wanted | None, run: Sequence[Wanted]) -> InputProblem:
    end = run[-1]
    before = f"{last.version} of {last.name}" if last else "the first version there is"
    names = ", ".join(file.name for file in run[:-1])
    needed = f"{names} need versions between" if names else "there is nothing between"
    return InputProblem(
        "The versions of the files can not rise in the order in which they apply.",
        problems=(f"mappings.yaml:{end.line}: {needed} {before} and {end.version} of {end.name}",),
        hint="Give the group a later version, or those before it versions of their own.",
    )
