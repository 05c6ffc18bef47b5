"""The line up to which a history is consolidated, and the tail behind it, which stays as it is.

A database that has the baseline is taken to have all that the legacy migrations up to the line did.
So one that comes in at or below the line never gets there: no runner goes back.
"""

from __future__ import annotations

import difflib
from dataclasses import replace
from itertools import chain
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING

from consolidate import findings, layout, statements, tailrows
from consolidate.behind import Behind
from consolidate.changes import changes
from consolidate.errors import InputProblem
from consolidate.groups.versions import dated
from consolidate.model import Check, CheckStatus, Finding, Migration, Severity, SourceSpan
from consolidate.phrases import counted, listed
from consolidate.plan import Folder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from consolidate.changes import Changes
    from consolidate.job import Job
    from consolidate.manifest import Manifest
    from consolidate.model import History, Statement
    from consolidate.plan import Plan

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
    apart = {one.path: f"can not be read: {one.problems[0]}" for one in job.refused}
    apart |= {one.path: f"is set aside: {one.reason}" for one in job.aside}
    path = named(job.history, job.legacy, last, apart)
    end = 1 + next(number for number, one in enumerate(migrations) if one.path == path)
    behind = {one.path for one in migrations[end:]}
    files = tuple(file for file in job.files if file and file[0].path in behind)
    head = job.without_paths(behind)
    version, first = _first_version(migrations[end - 1], migrations[end:])
    rows = _rows(job, head.files, files) if job.config.seeds else {}
    return replace(
        head,
        config=replace(job.config, behind=Behind(path=first, version=version, rows=rows)),
        tail=migrations[end:],
        tail_files=files,
        needs=job.needs,
    )


def _first_version(line: Migration, behind: Sequence[Migration]) -> tuple[str, str]:
    """The lowest version behind the line, and whose it is; empty where the dates in names are none.

    A date that is before that of the line is no version: the order goes by something else.
    """
    dates = [(version, one.path) for one in behind if (version := dated(one.path))]
    version, path = min(dates, default=("", ""))
    return (version, path) if version >= dated(line.path) else ("", "")


def _rows(job: Job, *files: Sequence[Sequence[Statement]]) -> Mapping[str, str]:
    """Why the tail needs rows of the baseline in front of it, by their table.

    Args:
        job: The whole history.
        files: Those up to the line, and those behind it.
    """
    platform = Migration(number=0, path="(platform)", version="", text=job.prelude, sha256="")
    head, behind = (tuple(chain.from_iterable(one)) for one in files)
    return tailrows.needed(statements.parse(platform), head, behind, job.history.manner)


def named(
    history: History, legacy: Path, last: str, apart: Mapping[str, str] = MappingProxyType({})
) -> str:
    """The path of the migration that is meant.

    Args:
        history: All of them.
        legacy: Their folder; it may stand in front, as a shell completes a path.
        last: The path below it, or a name.
        apart: What is wrong with files that are none of these migrations, by path.

    Raises:
        InputProblem: There is none, or several.
    """
    paths = [one.path for one in history.migrations]
    wanted = last if last in paths else _below(legacy, PurePosixPath(last))
    if wanted in paths:
        return wanted
    found = [o.path for o in history.migrations if wanted in {*_names(o.path), o.version}]
    if len(found) == 1:
        return found[0]
    if found:
        raise InputProblem(
            f"through: {last} is the name of several migrations: {listed(found, _SHOWN)}",
            hint="Give the whole path below the legacy folder.",
        )
    if not_read := [path for path in apart if wanted in {path, *_names(path)}]:
        raise InputProblem(
            f"through: {not_read[0]} {apart[not_read[0]]}",
            hint="Name the migration before it, or see to it that this one is read.",
        )
    downs = {one.down.path: one.path for one in history.migrations if one.down}
    back = [path for path in downs if wanted in {path, PurePosixPath(path).name}]
    if len(back) == 1:
        up = downs[back[0]]
        raise InputProblem(
            f"through: {back[0]} takes {up} back, and is never applied itself",
            hint=f"Name {up} if the line is to be there.",
        )
    near = [path for path in paths if wanted in path] or difflib.get_close_matches(wanted, paths, 1)
    guess = f"; did you mean {near[0]}?" if near and last else ""
    raise InputProblem(
        f"through: no legacy migration is called {last or _EMPTY}{guess}",
        hint="It is the last migration that is consolidated, by its path below the legacy folder.",
    )


_EMPTY = "''"


def _below(legacy: Path, given: PurePosixPath) -> str:
    """A path without the legacy folder, however much of that stands in front."""
    folder = legacy.absolute().parts
    for length in range(len(given.parts) - 1, 0, -1):
        if folder[-length:] == given.parts[:length]:
            return PurePosixPath(*given.parts[length:]).as_posix()
    return given.as_posix()


def _names(path: str) -> tuple[str, ...]:
    """What a path is called by: its folders, its name, and that without what is behind the dot."""
    return (*PurePosixPath(path).parts, PurePosixPath(path).name.partition(".")[0])


def left(job: Job) -> str:
    """How much stays as it is, in words."""
    stay = "stays as it is" if len(job.tail) == 1 else "stay as they are"
    return f"{counted(len(job.tail), 'migration')} behind it {stay}"


def overtaken(plan: Plan, behind: Behind) -> Iterator[Finding]:
    """A warning where a version in the baseline is not below those of the tail.

    Where nothing gives the baseline versions they are below by themselves.
    """
    names = [file.slot.stem for file in plan.files if file.slot.folder is Folder.MIGRATIONS]
    last = max(names, default="")
    if behind.version and last[: len(behind.version)] >= behind.version:
        yield Finding(
            code=findings.OVERTAKEN,
            severity=Severity.WARNING,
            message=f"its version is not later than that of {last}.sql, which is applied before it",
            span=SourceSpan(behind.path, 0, 0, 1, 1),
            help="A runner that goes by versions does not apply it there, and `consolidate export`"
            " refuses it.",
        )


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
    came = {*_changes(history, told).new}
    return {one.path: one.sha256 for one in history.migrations if one.path in came}


def _changes(history: History, told: Manifest) -> Changes:
    """What became of the files that an output was made of; its configuration counts as gone."""
    return changes(
        {one.path: one.sha256 for one in told.inputs},
        {one.path: one.sha256 for one in history.migrations},
    )


def as_of(job: Job, told: Manifest) -> Job:
    """The job as an output was made of it: up to its line, without the migrations that came since.

    Of another history altogether, or one whose line is gone, it is as it is.
    """
    came = since(job.history, told)
    then = job if len(came) == len(job.history.migrations) else _without(job, came)
    last, _ = _line(then.history, told)
    return drawn(then, last.path) if last and told.through else then


def _without(job: Job, came: Collection[str]) -> Job:
    """The job before some migrations came, numbers and all: rows are told by these."""
    then = job.without_paths(came)
    gone = [one.number for one in job.history.migrations if one.path in came]
    migrations = {
        one.path: replace(one, number=one.number - sum(left < one.number for left in gone))
        for one in then.history.migrations
    }

    def known(statement: Statement) -> Statement:
        _, _, place = statement.id.partition("#")
        found = statements.id_of(migrations[statement.path], int(place))
        return replace(statement, id=found)

    return replace(
        then,
        history=replace(then.history, migrations=tuple(migrations.values())),
        files=tuple(tuple(map(known, file)) for file in then.files),
    )


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


def warnings(history: History, told: Manifest, aside: Collection[str] = ()) -> Iterator[str]:
    """What to say of a legacy history that is to be consolidated again, where it is no longer so.

    Args:
        history: That, as a whole.
        told: What the output says that it was made of.
        aside: The paths of the legacy files that are set aside.
    """
    yield from _of_the_line(history, told, aside)
    yield from _of_what_is_gone(history, told, aside)
    line, _ = _line(history, told)
    if line is not None and (found := late(history, told)):
        noun = "sorts" if len(found) == 1 else "sort"
        yield (
            f"{listed(found, _SHOWN)} {noun} at or below {line.path}, up to which the output is"
            f" consolidated: no database that has the baseline gets {_them(found)}; give"
            f" {_them(found)} a later version"
        )


def _line(history: History, told: Manifest) -> tuple[Migration | None, int]:
    """The last migration that was consolidated, whatever its name is now, and its place.

    None if it is gone.
    """
    path = dict(_changes(history, told).renamed).get(told.line, told.line)
    for number, one in enumerate(history.migrations):
        if one.path == path:
            return one, number
    return None, -1


def check(history: History, told: Manifest, aside: Collection[str] = ()) -> Check | None:
    """Why the output does not stand for the legacy history as it is now; None if it does.

    Then the check of the manifest says so; the arguments are those of `warnings`.
    """
    reasons = [*warnings(history, told, aside), *_news(history, told)]
    if not reasons:
        return None
    return Check(name=CHECK, status=CheckStatus.FAILED, reason="; ".join(reasons))


def _of_the_line(history: History, told: Manifest, aside: Collection[str]) -> Iterator[str]:
    line, _ = _line(history, told)
    last = f"{told.line}, the last migration that was consolidated,"
    if line is None and told.line in aside:
        yield f"{last} is set aside now"
    elif line is None:
        yield f"{last} is not in the legacy folder any more: {_take_back('it')}"
    elif line.path != told.line:
        yield f"{last} is called {line.path} now: give it its name back"


def _of_what_is_gone(history: History, told: Manifest, aside: Collection[str]) -> Iterator[str]:
    gone = [p for p in _changes(history, told).gone if p != told.line and p not in aside]
    tail = {one.path for one in told.outputs}
    stays = [path for path in gone if f"{layout.TAIL}{path}" in tail]
    made = {path for one in told.outputs for path in one.sources}
    made |= {one.path for one in told.files_without_trace}
    if went := [path for path in gone if path in made]:
        yield f"{listed(went, _SHOWN)} went into the output and {_are_gone(went)}"
    if stays:
        stay = "stays" if len(stays) == 1 else "stay"
        yield (
            f"{listed(stays, _SHOWN)} {stay} behind the line and {_are_gone(stays)}, or"
            f" `consolidate run` leaves {_them(stays)} out, if no database has applied"
            f" {_them(stays)}"
        )


def _are_gone(paths: Collection[str]) -> str:
    are = "is" if len(paths) == 1 else "are"
    return f"{are} not in the legacy folder any more: {_take_back(_them(paths))}"


def _take_back(them: str) -> str:
    return f"take {them} back from version control"


def _them(paths: Collection[str]) -> str:
    return "it" if len(paths) == 1 else "them"


def _news(history: History, told: Manifest) -> Iterator[str]:
    line, _ = _line(history, told)
    came = [path for path in since(history, told) if path not in late(history, told)]
    if line is not None and came:
        are = "is" if len(came) == 1 else "are"
        yield (
            f"{listed(came, _SHOWN)} came behind {line.path} and {are} not in the output:"
            f" `consolidate run` takes {_them(came)} up"
        )
