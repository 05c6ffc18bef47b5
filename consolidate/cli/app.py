"""The program: its commands, and what it says without any."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from consolidate import __version__
from consolidate.cli import (
    audit,
    config,
    cutover,
    diff,
    doctor,
    drill,
    errors,
    explain,
    export,
    graph,
    init,
    new,
    plan,
    prelude,
    run,
    verify,
    version,
)
from consolidate.cli.help import PlainGroup

COMMANDS = (
    init.init,
    run.run,
    plan.plan,
    verify.verify,
    drill.drill,
    diff.diff,
    audit.audit,
    explain.explain,
    graph.graph,
    new.new,
    export.export,
    cutover.cutover,
    config.config,
    prelude.prelude,
    doctor.doctor,
    version.version,
)
"""In the order in which help lists them."""

app = typer.Typer(
    name="consolidate",
    cls=PlainGroup,
    help="Turn a messy PostgreSQL migration history into a short one, proven the same.",
    epilog="consolidate plan legacy_migrations\n"
    "consolidate run legacy_migrations --output output\n"
    "consolidate verify legacy_migrations --output output",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for declared in COMMANDS:
    declared.add_to(app)


def run_app() -> int:
    """Runs the command line and returns the exit code."""
    return errors.guarded(lambda: app(prog_name="consolidate", standalone_mode=False), sys.argv[1:])


def _show_version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"consolidate {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Show the version and exit.",
            callback=lambda value: _show_version(wanted=value),
        ),
    ] = False,
) -> None:
    del version
