"""The command `export`."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import Annotated

import typer


def export(
    *,
    runner: Annotated[str, typer.Option("--runner", help="Whose layout to write: supabase.")],
    to: Annotated[Path, typer.Option("--to", help="The folder to write.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The consolidated history.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", "-c", help="By default mappings.yaml, if it is here.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only errors on stderr.")] = False,
) -> None:
    """Write the output in the layout of the runner that is to apply it.

    Example: consolidate export --runner supabase --to export
    """
    from consolidate import export as exports  # noqa: PLC0415 - `--help` must not pay for it
    from consolidate import files  # noqa: PLC0415
    from consolidate.export import mark  # noqa: PLC0415
    from consolidate.job import Request, folders  # noqa: PLC0415
    from consolidate.report import terminal  # noqa: PLC0415

    exports.require_runner(runner)
    legacy, source = folders(Request(config=config, output=output))
    ours = files.Mark(path=mark.PATH, listed=mark.listed, strangers=frozenset(), option="--to")
    files.keep_off(to, source, f"the output {source.resolve()}", ours)
    exported = exports.export(runner, files.read_tree(source))
    tree = {**exported.files, mark.PATH: mark.text(exported)}
    files.write_tree(to, tree, legacy=legacy, mark=ours)
    if not quiet:
        talk = terminal.console(stderr=True)
        for warning in exported.warnings:
            talk.print(f"warning: {warning}")
        talk.print(f"{len(exported.migrations)} migrations in {to}")
    terminal.write(exported.advice)
