"""The line up to which a history is consolidated, and the tail behind it, which stays as it is.

A database that has the baseline is taken to have all that the legacy migrations up to the line did.
So one that comes in at or below the line never gets there: no runner goes back.
"""

from __future__ import annotations

import difflib
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from consolidate import layout
from consolidate.errors import InputProblem
from consolidate.model import Check, CheckStatus
from consolidate.phrases import counted, listed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from consolidate.job import Job
    from consolidate.manifest import Manifest
    from consolidate.model import History, Migration

CHECK = "line"
"""What the check is called."""

_SHOWN = 5


def drawn(job: Job, last: str | None) -> Job:
    """The job that consolidates up to a migration, and keeps what follows.

    Args:
        job: What is to be consolidated as a whole.
        last: The path of the migration, or its name alone; None for all.

    Raises:
        InputProblem: There is no such migration, or several have that name.
    """
    if last is None:
        return job
    migrations = job.history.migrations
    path = named(job.history, job.legacy, last)
    end = 1 + next(number for number, one in enumerate(migrations) if one.path == path)
    behind = {one.path for one in migrations[end:]}
    files = tuple(file for file in job.files if file and file[0].path in behind)
    head = job.without_paths(behind)
    return replace(
        head,
        tail=migrations[end:],
        tail_files=files,
        needs=job.needs,
    )


def named(history: History, legacy: Path, last: str) -> str:
    """The path of the migration that is meant.

    Args:
        history: All of them.
        legacy: Their folder; it may stand in front, as a shell completes a path.
        last: The path below it, or a name.

    Raises:
        InputProblem: There is none, or several.
    """
    paths = [one.path for one in history.migrations]
    wanted = last if last in paths else _below(legacy, PurePosixPath(last))
    if wanted in paths:
        return wanted
    found = [path for path in paths if wanted in {*PurePosixPath(path).parts, _stem(path)}]
    if len(found) == 1:
        return found[0]
    if found:
        raise InputProblem(
            f"through: {last} is the name of several migrations: {listed(found, _SHOWN)}",
            hint="Give the whole path below the legacy folder.",
        )
    downs = {one.down.path: one.path for one in history.migrations if one.down}
    back = [path for path in downs if wanted in {path, PurePosixPath(path).name}]
    if len(back) == 1:
        up = downs[back[0]]
        raise InputProblem(
            f"through: {back[0]} takes {up} back, and is never applied itself",
            hint=f"Name {up} if the line is to be there.",
        )
    near = difflib.get_close_matches(wanted, paths, 1)
    guess = f"; did you mean {near[0]}?" if near else ""
    raise InputProblem(
        f"through: no legacy migration is called {last}{guess}",
        hint="It is the last migration that is consolidated, by its path below the legacy folder.",
    )


def _below(legacy: Path, given: PurePosixPath) -> str:
    """A path without the legacy folder, however much of that stands in front."""
    folder = legacy.absolute().parts
    for length in range(len(given.parts) - 1, 0, -1):
        if folder[-length:] == given.parts[:length]:
            return PurePosixPath(*given.parts[length:]).as_posix()
    return given.as_posix()


def _stem(path: str) -> str:
    return PurePosixPath(path).name.partition(".")[0]


def left(job: Job) -> str:
    """How much stays as it is, in words."""
    stay = "stays as it is" if len(job.tail) == 1 else "stay as they are"
    return f"{counted(len(job.tail), 'migration')} behind it {stay}"


def tail_tree(job: Job) -> Mapping[str, str]:
    """The migrations of the tail with what they include and what takes them back, byte for byte.

    Raises:
        InputProblem: One of them can not be read.
    """
    paths: dict[str, None] = {}
    for one in job.tail:
        more = [origin.path for origin in one.origins]
        more += [one.down.path] if one.down else []
        paths |= dict.fromkeys([one.path, *more])
    return {f"{layout.TAIL}{path}": job.set_aside(path, "").text for path in paths}


# -- the guard --------------------------------------------------------------------------------


def since(history: History, told: Manifest) -> Mapping[str, str]:
    """The SHA-256 of the migrations that were not there when an output was made, by path.

    One that has another name now, and the same text, was there.
    """
    known = {one.path for one in told.inputs}
    here = {one.path for one in history.migrations}
    renamed = {one.sha256 for one in told.inputs if one.path not in here}
    return {
        one.path: one.sha256
        for one in history.migrations
        if one.path not in known and one.sha256 not in renamed
    }


def as_of(job: Job, told: Manifest) -> Job:
    """The job as an output was made of it: up to its line, without the migrations that came since.

    Of another history altogether, or one whose line is gone, it is as it is.
    """
    came = since(job.history, told)
    then = job if len(came) == len(job.history.migrations) else job.without_paths(came)
    there = told.through in {one.path for one in then.history.migrations}
    return drawn(then, told.through) if there else then


def moved(job: Job, told: Manifest) -> str:
    """What to say where an output had its line elsewhere; empty where it stays."""
    if told.through == job.through or not told.line:
        return ""
    if not job.through:
        return f"the tail of the output is taken up: its line was {told.through}"
    return f"the line of the output was {told.line}"


def late(history: History, told: Manifest) -> tuple[str, ...]:
    """Of the migrations that came since, those that no database with the baseline ever gets."""
    line, end = _line(history, told)
    if line is None:
        return ()
    came = since(history, told)
    return tuple(
        one.path
        for number, one in enumerate(history.migrations)
        if one.path in came and (number < end or (one.version and one.version == line.version))
    )


def warning(history: History, told: Manifest) -> str:
    """What to say of those; empty if there are none."""
    line, _ = _line(history, told)
    found = late(history, told)
    if line is None or not found:
        return ""
    noun = "sorts" if len(found) == 1 else "sort"
    return (
        f"{listed(list(found), _SHOWN)} {noun} at or below {line.path}, up to which the output is"
        " consolidated: no database that has the baseline gets it; give it a later version"
    )


def _line(history: History, told: Manifest) -> tuple[Migration | None, int]:
    """The last migration that was consolidated, and its place; None if it is gone."""
    for number, one in enumerate(history.migrations):
        if one.path == told.line:
            return one, number
    return None, -1


def check(history: History, told: Manifest) -> Check | None:
    """Why the output does not stand for the legacy history as it is now; None if it does.

    Then the check of the manifest says so.

    Args:
        history: That.
        told: What the output says that it was made of.
    """
    line, _ = _line(history, told)
    came = list(since(history, told))
    if line is None:
        reason = (
            f"{told.line}, the last migration that was consolidated, is not in the legacy folder"
            " any more"
        )
    elif said := warning(history, told):
        reason = said
    elif came:
        reason = (
            f"{listed(came, _SHOWN)} came behind {line.path} and"
            f" {'is' if len(came) == 1 else 'are'} not in the output: `consolidate run` takes"
            f" {'it' if len(came) == 1 else 'them'} up"
        )
    else:
        return None
    return Check(name=CHECK, status=CheckStatus.FAILED, reason=reason)
