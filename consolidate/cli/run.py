"""`consolidate run`."""

from __future__ import annotations

from consolidate import again
from consolidate.cli.declaring import CONSOLIDATE, command
from consolidate.cli.extent import Extent
from consolidate.cli.options import (
    Answer,
    ClusterChanges,
    Drill,
    History,
    Project,
    Reports,
    Servers,
    Target,
    Waivers,
    WayBack,
)


@command(
    panel=CONSOLIDATE,
    examples=[
        "consolidate run",
        "consolidate run legacy_migrations --platform supabase --output output",
        "consolidate run --server docker://postgres:17 --server embedded://18",
    ],
)
def run(  # noqa: PLR0913 - a group of options each
    *,
    history: History,
    servers: Servers,
    changes: ClusterChanges,
    project: Project,
    target: Target,
    extent: Extent,
    drill: Drill,
    waivers: Waivers,
    way_back: WayBack,
    reports: Reports,
    answer: Answer,
) -> int:
    """Consolidate a history, prove the result, and write it.

    What is not proven changes nothing in the output folder: it goes to OUTPUT.unproven, and the
    exit code is 1.
    """
    with again.beside() as other:  # which imports all this, too
        from consolidate.cli import commands, requests

        request = requests.request(
            history, servers, changes, project, target, extent, drill, waivers, way_back
        )
        return commands.run(request, other, answer, reports.junit)
