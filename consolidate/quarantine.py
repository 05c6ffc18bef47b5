"""What to do about legacy files that do not apply: tell why, or set them aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate import causes, clusterwide, effects, requirements, statements
from consolidate.errors import EnvironmentProblem, InputProblem
from consolidate.history import refusal
from consolidate.model import Migration
from consolidate.phrases import counted, one_line
from consolidate.survey import survey

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from consolidate.causes import Cause
    from consolidate.job import Job
    from consolidate.model import SetAside
    from consolidate.replay import Failure
    from consolidate.servers.interface import Server

FOLDER = "quarantine/"
"""Where the output keeps what is set aside."""


def screened(job: Job, progress: Callable[[str], None]) -> Job:
    """The job without the files that do not apply, if these are to be set aside.

    Raises:
        EnvironmentProblem: A server lacks what the history asks for, or is not ours to change.
        InputProblem: Files can not be read, and are not to be set aside; it tells of all that do
            not apply.
    """
    clusterwide.require((statements.parse(_platform(job)), *job.files), job.servers)
    if job.sets_aside:
        for server in job.servers:
            progress(f"look for files that do not apply on {server.url}")
            job = job.without(_aside(job, _examined(job, server)[0]))
        if not job.files:
            raise InputProblem(
                "No file of the legacy history applies.",
                problems=tuple(dict.fromkeys(one.reason for one in job.aside)),
                hint=_PRELUDE,
            )
        return job
    try:
        requirements.require(job.needs, job.servers)
    except EnvironmentProblem as problem:
        also = tuple(line for one in job.refused for line in one.problems)
        raise EnvironmentProblem(
            problem.message, problems=(*problem.problems, *also), hint=problem.hint
        ) from None
    if job.refused:
        progress(f"look for what else does not apply on {job.servers[0].url}")
        try:
            raise page(job, job.servers[0])
        except EnvironmentProblem:
            raise refusal(job.refused, len(job.refused) + len(job.files)) from None
    return job


def page(job: Job, server: Server) -> InputProblem:
    """All that keeps the history from applying, by root cause, and what to do next."""
    found, failures = _examined(job, server)
    unread = len(job.refused)
    failing = len({file for cause in found for file in cause.files}) - unread
    told = [f"{counted(unread, 'file')} can not be read"] if unread else []
    told += [f"{counted(failing, 'file')} can not be applied"] if failing else []
    reasons = "for one reason" if len(found) == 1 else f"for {len(found)} reasons"
    return InputProblem(
        f"The legacy history does not replay: of {len(job.files) + unread},"
        f" {' and '.join(told)}, {reasons}.",
        problems=tuple(line for cause in found for line in (str(cause), *cause.more)),
        hint=_next(job, found) + _too_old(failures, server),
    )


def tree(aside: Sequence[SetAside]) -> Mapping[str, str]:
    """The files that are set aside, and a page that says why, by path in the output."""
    if not aside:
        return {}
    files = {f"{FOLDER}{one.path.replace(chr(92), '_')}": one.text for one in aside}
    rows = [f"| `{one.path}` | {_cell(one.reason)} |" for one in aside]
    return files | {f"{FOLDER}README.md": _README.format(rows="\n".join(rows))}


def _examined(job: Job, server: Server) -> tuple[tuple[Cause, ...], tuple[Failure, ...]]:
    """Why files do not apply on a server, those that can not be read included, and what failed."""
    failures = survey(server, job.prelude, job.files, job.history.manner)
    if not failures and not job.refused:
        return (), ()
    read = effects.run(
        (statement for file in job.files for statement in file),
        before=statements.parse(_platform(job)),
        manner=job.history.manner,
    )
    return causes.find(job.refused, failures, read), failures


_SYNTAX_ERROR = "42601"
_RUNS_TEXT = frozenset({"DoStmt", "CallStmt", "SelectStmt"})
"""Statements whose syntax error may stand in a text that they run."""


def _too_old(failures: Sequence[Failure], server: Server) -> str:
    """A line more where a server calls wrong what the grammar of PostgreSQL 18 has let through."""
    newer = [
        failure
        for failure in failures
        if failure.sqlstate == _SYNTAX_ERROR and failure.statement.kind not in _RUNS_TEXT
    ]
    if not newer:
        return ""
    return (
        f"\nPostgreSQL {server.major} does not know the syntax at {newer[0].place}, which is of a"
        " newer version: name a newer server with --server."
    )


def _platform(job: Job) -> Migration:
    return Migration(number=0, path="(platform)", version="", text=job.prelude, sha256="")


def _aside(job: Job, found: Sequence[Cause]) -> list[SetAside]:
    return [
        job.set_aside(path, f"{cause.place}: {cause.what}")
        for cause in found
        for path in cause.files
    ]


_PRELUDE = "--prelude FILE supplies what the history lacks."


def _next(job: Job, found: Sequence[Cause]) -> str:
    """The next commands, as they are to be typed."""
    lacking = list(causes.listed(found))
    lines = ["Correct the files, or go on with one of these:"]
    lines += [f"  {job.command} --quarantine auto", "    sets the files aside: they have no effect"]
    if lacking:
        made = ", ".join(lacking)
        if "--prelude" in job.command:
            lines += ["  the same once more", f"    after your prelude makes {made}, too"]
        else:
            lines += [
                f"  {job.command} --prelude base.sql",
                f"    after you have written base.sql, which makes {made}",
            ]
    if "--order" not in job.command:
        lines += [
            f"  {job.command} --order order.txt",
            "    where order.txt names the files that were applied, one a line, in their order",
        ]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return one_line(text).replace("|", "\\|")


_README = """\
# Quarantine

These legacy files do not apply, and were set aside: they have no effect, neither in the history
that the output is compared with nor in the output. They are here as they were, byte for byte.

| File | Why |
|---|---|
{rows}

A file comes back when it applies: correct it in the legacy folder, or supply what it lacks with
`--prelude FILE`, and run `consolidate` again.
"""
