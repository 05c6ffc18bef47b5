"""`consolidate doctor`."""

from __future__ import annotations

from typing import Annotated

import typer

from consolidate.cli.declaring import MACHINE, command
from consolidate.cli.options import Answer, Project, Servers


@command(
    panel=MACHINE,
    examples=[
        "consolidate doctor",
        "consolidate doctor --server docker://postgres:17 --format json",
        "consolidate doctor --clean",
    ],
)
def doctor(
    *,
    clean: Annotated[
        bool, typer.Option("--clean", help="Remove what runs that were killed have left.")
    ] = False,
    servers: Servers,
    project: Project,
    answer: Answer,
) -> int:
    """Examine this machine and the servers: what works, what does not, and what to do.

    Exit code 4 when a server that is named or configured can not be used.
    """
    from consolidate.cli import commands, requests

    request = requests.request(servers, project)
    return commands.doctor(request, answer, clean=clean)
