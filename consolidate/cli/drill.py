"""`consolidate drill`."""

from __future__ import annotations

from consolidate.cli.declaring import CONSOLIDATE, command
from consolidate.cli.options import (
    Answer,
    ClusterChanges,
    History,
    OwnDrill,
    Project,
    Servers,
    Target,
    Waivers,
)


@command(
    panel=CONSOLIDATE,
    examples=["consolidate drill", "consolidate drill --server local://15 --format json"],
)
def drill(  # noqa: PLR0913 - a group of options each
    *,
    history: History,
    servers: Servers,
    changes: ClusterChanges,
    project: Project,
    target: Target,
    depth: OwnDrill,
    waivers: Waivers,
    answer: Answer,
) -> int:
    """Take the output back on throwaway servers, in every way that there is.

    File by file from the end, all at once, from every prefix, and with rows in every table. Exit
    code 1 when one rollback does not lead back, or would lose rows without a word.
    """
    from consolidate.cli import commands, requests

    request = requests.request(history, servers, changes, project, target, depth, waivers)
    return commands.drill(request, answer)
