"""`consolidate explain`."""

from __future__ import annotations

from typing import Annotated

import typer

from consolidate.cli.declaring import CONSOLIDATE, command
from consolidate.cli.options import Answer, History, Project, Target


@command(
    panel=CONSOLIDATE,
    examples=[
        "consolidate explain keys",
        "consolidate explain keys.room_id path/to/migrations",
        "consolidate explain public.assign_key(integer) --format json",
        "consolidate explain CON201",
    ],
)
def explain(
    *,
    what: Annotated[
        str,
        typer.Argument(
            metavar="OBJECT|CODE",
            help="public.keys, keys, keys.id, assign_key(integer), keys.keys_admin, role app, …; or"
            " the code of a finding.",
        ),
    ],
    history: History,
    project: Project,
    target: Target,
    answer: Answer,
) -> int:
    """Tell the life story of one object, or what a finding means; no server is needed.

    Every statement that touched the object, what it needs and what needs it, and where in the
    output it stands, if there is one.
    """
    from consolidate.cli import explaining, requests

    return explaining.explain(what, requests.request(history, project, target), answer)
