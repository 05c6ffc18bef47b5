"""`consolidate export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from consolidate.cli.declaring import PROJECT, command
from consolidate.cli.options import Project, Target


@command(panel=PROJECT, examples=["consolidate export --runner supabase --to export"])
def export(
    *,
    runner: Annotated[str, typer.Option("--runner", help="Whose layout to write: supabase.")],
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="The folder to write.")],
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only errors on stderr.")] = False,
    project: Project,
    target: Target,
) -> int:
    """Write the output in the layout of the runner that is to apply it.

    What the runner has to be told besides, such as where the seeds are, goes to standard output.
    """
    from consolidate import export as exports
    from consolidate import files
    from consolidate.cli import requests
    from consolidate.export import mark
    from consolidate.marks import Mark
    from consolidate.report import console
    from consolidate.request import folders

    exports.require_runner(runner)
    legacy, source = folders(requests.request(project, target))
    ours = Mark(path=mark.PATH, listed=mark.listed, strangers=frozenset(), option="--to")
    files.keep_off(to, source, f"the output {source.resolve()}", ours)
    exported = exports.export(runner, files.read_tree(source))
    tree = {**exported.files, mark.PATH: mark.text(exported)}
    files.write_tree(to, tree, legacy=legacy, mark=ours)
    if not quiet:
        talk = console.make(stderr=True)
        for warning in exported.warnings:
            console.say(talk, f"warning: {warning}")
        console.say(talk, f"{len(exported.migrations)} migrations in {to}")
    console.write(exported.advice)
    return 0
