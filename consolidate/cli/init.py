"""`consolidate init`."""

from __future__ import annotations

from typing import Annotated

import typer

from consolidate.cli.declaring import CONSOLIDATE, command
from consolidate.cli.extent import Extent
from consolidate.cli.options import Answer, ClusterChanges, History, Project, Servers, Target


@command(
    panel=CONSOLIDATE,
    examples=[
        "consolidate init path/to/migrations",
        "consolidate init path/to/migrations --print",
        "consolidate init",
    ],
)
def init(  # noqa: PLR0913 - a group of options each
    *,
    history: History,
    show: Annotated[
        bool, typer.Option("--print", help="Print what would be written, and write nothing.")
    ] = False,
    servers: Servers,
    changes: ClusterChanges,
    project: Project,
    target: Target,
    extent: Extent,
    answer: Answer,
) -> int:
    """Write a commented mappings.yaml that groups a history as `run` would by itself.

    Where there is one, what none of its groups claims is added to them, or in groups of its own.
    """
    from consolidate.cli import initial, requests

    request = requests.request(history, servers, changes, project, target, extent)
    return initial.init(request, answer, show=show)
