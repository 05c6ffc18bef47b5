"""The command `new`: begins a migration that follows the consolidated ones."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

ConfigFile = Annotated[
    Path | None, typer.Option("--config", "-c", help="By default mappings.yaml, if it is here.")
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="The consolidated history.")]


class Template(StrEnum):
    """The templates there are."""

    MIGRATION = "migration"
    ROLLBACK = "rollback"


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
    config: ConfigFile = None,
    output: Output = None,
    print_template: Annotated[
        Template | None,
        typer.Option("--print-template", help="Print the template in force, and do nothing else."),
    ] = None,
) -> None:
    """Begin a migration that follows the consolidated ones, and its rollback.

    Prints the paths of the two files. `run` keeps them, `verify` tries them.

    Example: consolidate new add_rooms_table
    """
    from consolidate import pipeline  # noqa: PLC0415 - `--help` must not pay for it
    from consolidate.cli import beginning  # noqa: PLC0415
    from consolidate.templates import Kind  # noqa: PLC0415

    request = pipeline.Request(config=config, output=output)
    if print_template is not None:
        raise typer.Exit(beginning.show(request, Kind(print_template.value)))
    raise typer.Exit(beginning.begin(request, name, phase=phase, at=at))
