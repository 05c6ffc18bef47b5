"""`consolidate cutover`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from consolidate.cli.declaring import PROJECT, command
from consolidate.cli.options import Project, Target


@command(
    panel=PROJECT,
    examples=[
        "consolidate cutover > cutover.sql",
        "consolidate cutover --undo > undo.sql",
        "consolidate cutover --applied versions.txt > cutover.sql",
    ],
)
def cutover(  # noqa: PLR0913 - one parameter per option
    *,
    runner: Annotated[
        str, typer.Option("--runner", help="Whose history table to cut over: supabase.")
    ] = "supabase",
    applied: Annotated[
        Path | None,
        typer.Option(
            "--applied",
            metavar="FILE",
            help="The versions that the table holds, as psql prints them; by default those of the"
            " legacy files.",
        ),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Print the way back.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only errors on stderr.")] = False,
    project: Project,
    target: Target,
) -> int:
    """Print the transaction that replaces the legacy rows of the history table; nothing is run."""
    from consolidate import cutover as cutovers
    from consolidate import files
    from consolidate.cli import requests
    from consolidate.report import console
    from consolidate.request import folders

    _, source = folders(requests.request(project, target))
    told = _read(applied) if applied else None
    found = cutovers.cutover(runner, files.read_tree(source), told)
    talk = console.make(stderr=True)
    for warning in () if undo or quiet else found.warnings:
        console.say(talk, f"warning: {warning}")
    console.write(found.undo() if undo else found.sql())
    return 0


def _read(path: Path) -> str:
    from consolidate.errors import InputProblem

    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputProblem(f"{path} can not be read: {error}") from error
