"""`consolidate verify`."""

from __future__ import annotations

from consolidate import again
from consolidate.cli.declaring import CONSOLIDATE, command
from consolidate.cli.options import (
    Answer,
    ClusterChanges,
    History,
    Project,
    Reports,
    Servers,
    Target,
    Waivers,
)


@command(
    panel=CONSOLIDATE,
    examples=["consolidate verify", "consolidate verify --output output --format json"],
)
def verify(  # noqa: PLR0913 - a group of options each
    *,
    history: History,
    servers: Servers,
    changes: ClusterChanges,
    project: Project,
    target: Target,
    waivers: Waivers,
    reports: Reports,
    answer: Answer,
) -> int:
    """Prove the output folder again, as it is on disk; nothing is written.

    Exit code 1, with the differences, when it does not build the same database or is stale.
    """
    with again.beside() as other:  # which imports all this, too
        from consolidate.cli import commands, requests

        request = requests.request(history, servers, changes, project, target, waivers)
        return commands.verify(request, other, answer, reports.junit)
