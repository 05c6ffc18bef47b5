"""`consolidate plan`."""

from __future__ import annotations

from consolidate.cli.declaring import CONSOLIDATE, command
from consolidate.cli.extent import Extent
from consolidate.cli.options import ClusterChanges, Document, History, Project, Servers, Target


@command(
    panel=CONSOLIDATE,
    examples=[
        "consolidate plan",
        "consolidate plan path/to/migrations --quarantine auto",
        "consolidate plan --format markdown > comment.md",
    ],
)
def plan(  # noqa: PLR0913 - a group of options each
    *,
    history: History,
    servers: Servers,
    changes: ClusterChanges,
    project: Project,
    target: Target,
    extent: Extent,
    answer: Document,
) -> int:
    """Show what `run` would write; nothing is written.

    The last line is the summary.
    """
    from consolidate.cli import commands, requests

    request = requests.request(history, servers, changes, project, target, extent)
    return commands.plan(request, answer)
