"""What `consolidate verify --database` does: says after which file a database stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate import additions, files, manifest, pipeline
from consolidate.applying import Stuck
from consolidate.catalog.rows import Rows
from consolidate.cli.talk import Talk
from consolidate.comparison import looking
from consolidate.comparison.sides import Existing
from consolidate.errors import EnvironmentProblem, InputProblem
from consolidate.masking import masked
from consolidate.report import console, standings
from consolidate.standing import Height

if TYPE_CHECKING:
    from consolidate.cli.options import Answer
    from consolidate.job import Job
    from consolidate.request import Request
    from consolidate.servers.interface import Server

YES, NO = 0, 1
_TIMEOUT = 60
NO_ROWS = Rows(tables=(), sequences=())


def place(request: Request, url: str, answer: Answer) -> int:
    """Reads the database, builds the output up to each file, and finds the state that is alike.

    Raises:
        EnvironmentProblem: The database does not answer, or no server of its version is named.
        InputProblem: The output does not apply.
    """
    talk = Talk(answer)
    with talk.progress() as progress:
        prepared = pipeline.prepare(request)
        tree = files.read_tree(prepared.output)
        manifest.found_in(tree, str(prepared.output))
        job = pipeline.screened(pipeline.as_told(prepared, tree), progress)
        side = Existing(url=url)
        server = _alike(job, looking.major_of(side))
        progress(f"read {side.name}")
        seen = looking.read(side, timeout=_TIMEOUT, with_rows=True, with_dump=False)
        progress(f"apply the output, file by file, on {server.url}")
        try:
            height = Height(job.prelude, additions.part(tree).baseline, server)
        except Stuck as stuck:
            raise InputProblem("The output does not apply.", problems=(str(stuck),)) from None
        standing = height.of(seen.sight.facts, seen.rows or NO_ROWS, seen.unread)
    if answer.as_json:
        console.write(standings.as_json(standing, masked(url)))
    else:
        console.write(standings.as_text(standing, masked(url)))
    return YES if standing.after else NO


def _alike(job: Job, major: int) -> Server:
    """The server of a job that is of a database's version: only these can be compared.

    Raises:
        EnvironmentProblem: There is none.
    """
    for server in job.servers:
        if server.major == major:
            return server
    raise EnvironmentProblem(
        f"The database is on PostgreSQL {major}, and the output is built on"
        f" {', '.join(str(server.major) for server in job.servers)}.",
        hint=f"--server names one of {major}.",
    )
