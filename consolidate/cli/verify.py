"""`consolidate verify`."""

from __future__ import annotations

from consolidate import again
from consolidate.cli.declaring import CONSOLIDATE, command
from consolidate.cli.options import (
    Answer,
    ClusterChanges,
    Database,
    Drill,
    History,
    Project,
    Reports,
    Servers,
    Target,
    Waivers,
)


@command(
    panel=CONSOLIDATE,
    examples=[
        "consolidate verify",
        "consolidate verify --output output --format json",
        "consolidate verify --database postgresql://reader@host/app",
    ],
)
def verify(  # noqa: PLR0913 - a group of options each
    *,
    history: History,
    servers: Servers,
    changes: ClusterChanges,
    project: Project,
    target: Target,
    drill: Drill,
    waivers: Waivers,
    database: Database,
    reports: Reports,
    answer: Answer,
) -> int:
    """Prove the output folder again, as it is on disk; nothing is written.

    Exit code 1, with the differences, when it does not build the same database or is stale.
    """
    if database.database is not None:
        import typer

        from consolidate.cli import placing, requests
        from consolidate.depth import Depth

        if drill.drill is not Depth.QUICK:
            raise typer.BadParameter("'--drill' is for a proof, and '--database' proves nothing")
        if "=" not in database.database and "://" not in database.database:
            url = "postgresql://user@host:5432/database"
            raise typer.BadParameter(f"'--database' takes {url}, not {database.database!r}")

        request = requests.request(history, servers, changes, project, target)
        return placing.place(request, database.database, answer)
    with again.beside() as other:  # which imports all this, too
        from consolidate.cli import commands, requests

        request = requests.request(history, servers, changes, project, target, drill, waivers)
        return commands.verify(request, other, answer, reports.junit)
