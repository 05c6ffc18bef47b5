"""`consolidate new`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from consolidate.cli.declaring import CONSOLIDATE, command
from consolidate.cli.options import Project, Target


class Template(StrEnum):
    """The templates there are."""

    MIGRATION = "migration"
    ROLLBACK = "rollback"


@command(
    panel=CONSOLIDATE,
    examples=[
        "consolidate new add_rooms_table",
        "consolidate new add_rooms_table --at 20260105_143000",
        "consolidate new --print-template migration",
    ],
)
def new(  # noqa: PLR0913 - one parameter per option
    *,
    name: Annotated[
        str | None, typer.Argument(help="In a few words, what it does: add_rooms_table.")
    ] = None,
    phase: Annotated[
        str | None, typer.Option("--phase", help="The folder it goes to; the last one by default.")
    ] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", help="Its version, YYYYMMDD_HHMMSS; the clock's by default."),
    ] = None,
    print_template: Annotated[
        Template | None,
        typer.Option("--print-template", help="Print the template in force, and do nothing else."),
    ] = None,
    project: Project,
    target: Target,
) -> int:
    """Begin a migration that follows the consolidated ones, and its rollback.

    Prints the paths of the two files. `run` keeps them, `verify` tries them.
    """
    from consolidate.cli import beginning, requests
    from consolidate.templates import Kind

    request = requests.request(project, target)
    if print_template is not None:
        return beginning.show(request, Kind(print_template.value))
    return beginning.begin(request, name, phase=phase, at=at)
