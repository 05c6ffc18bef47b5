"""The command `cutover`."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import Annotated

import typer


def cutover(
    *,
    runner: Annotated[
        str, typer.Option("--runner", help="Whose history table to cut over: supabase.")
    ] = "supabase",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The consolidated history.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", "-c", help="By default mappings.yaml, if it is here.")
    ] = None,
    applied: Annotated[
        Path | None,
        typer.Option("--applied", help="The versions that the table holds, as psql prints them."),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Print the way back.")] = False,
) -> None:
    """Print the transaction that replaces the legacy rows of the history table; nothing is run.

    Example: consolidate cutover > cutover.sql
    """
    from consolidate import cutover as cutovers  # noqa: PLC0415 - `--help` must not pay for it
    from consolidate import files  # noqa: PLC0415
    from consolidate.job import Request, folders  # noqa: PLC0415
    from consolidate.report import terminal  # noqa: PLC0415

    _, source = folders(Request(config=config, output=output))
    told = _read(applied) if applied else None
    found = cutovers.cutover(runner, files.read_tree(source), told)
    talk = terminal.console(stderr=True)
    for warning in () if undo else found.warnings:
        talk.print(f"warning: {warning}")
    terminal.write(found.undo() if undo else found.sql())


def _read(path: Path) -> str:
    from consolidate.errors import InputProblem  # noqa: PLC0415

    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputProblem(f"{path} can not be read: {error}") from error
