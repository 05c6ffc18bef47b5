"""The commands and their options."""

from __future__ import annotations

import shlex
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import consolidate
from consolidate.cli.cutover import cutover
from consolidate.cli.export import export
from consolidate.model import Runner

if TYPE_CHECKING:
    from consolidate.job import Request

app = typer.Typer(
    name="consolidate",
    help="Turn a messy PostgreSQL migration history into a short one, proven the same.",
    epilog="Exit codes: 0 yes, 1 the answer is no, 2 usage, 3 input, 4 environment, 5 our bug, "
    "130 interrupted.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Format(StrEnum):
    """How a command answers on standard output."""

    TEXT = "text"
    JSON = "json"


Folder = Annotated[
    Path | None,
    typer.Argument(help="The legacy migrations; by default those that the configuration names."),
]
ConfigFile = Annotated[
    Path | None, typer.Option("--config", "-c", help="By default mappings.yaml, if it is here.")
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="The consolidated history.")]
Servers = Annotated[
    list[str] | None,
    typer.Option(
        "--server",
        help="docker://IMAGE, local://MAJOR, embedded://18, embedded://16, postgresql://… or auto; "
        "may be repeated: rendered on the newest, proven on every one.",
    ),
]
ClusterChanges = Annotated[
    bool,
    typer.Option(
        "--allow-cluster-changes",
        help="Let the history make roles on a postgresql:// server; they are dropped again.",
    ),
]
Order = Annotated[
    Path | None, typer.Option("--order", help="A file that lists the migrations in apply order.")
]
RunnerName = Annotated[
    Runner | None,
    typer.Option("--runner", help="Whose conventions the folder follows; recognised by default."),
]
Prelude = Annotated[
    Path | None, typer.Option("--prelude", help="SQL that the empty database already holds.")
]
Platform = Annotated[
    str | None, typer.Option("--platform", help="What the database starts with: plain, supabase.")
]
Quarantine = Annotated[
    list[str] | None,
    typer.Option(
        "--quarantine",
        help="auto sets aside the files that do not apply; or a pattern of files. May be repeated.",
    ),
]
OutputFormat = Annotated[Format, typer.Option("--format", help="How to answer on stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")]


def run_app() -> int:
    """Runs the command line and returns the exit code."""
    from consolidate.cli import errors  # noqa: PLC0415

    return errors.guarded(lambda: app(standalone_mode=False), sys.argv[1:])


def _version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"consolidate {consolidate.__version__}")
        raise typer.Exit


@app.callback()
def _common(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=lambda value: _version(wanted=value))
    ] = False,
) -> None:
    """Turn a messy PostgreSQL migration history into a short one, proven the same."""
    del version


@app.command()
def run(  # noqa: PLR0913 - one parameter per option
    *,
    folder: Folder = None,
    config: ConfigFile = None,
    output: Output = None,
    server: Servers = None,
    allow_cluster_changes: ClusterChanges = False,
    order: Order = None,
    runner: RunnerName = None,
    prelude: Prelude = None,
    platform: Platform = None,
    quarantine: Quarantine = None,
    output_format: OutputFormat = Format.TEXT,
    quiet: Quiet = False,
) -> None:
    """Consolidate a history, prove the result, and write it.

    What is not proven changes nothing in the output folder: it goes to OUTPUT.unproven.

    Example: consolidate run legacy_migrations --platform supabase --output output
    """
    from consolidate.cli import commands  # noqa: PLC0415 - `--help` must not pay for it

    request = _request(
        folder=folder,
        config=config,
        output=output,
        servers=server,
        allow_cluster_changes=allow_cluster_changes,
        order=order,
        runner=runner,
        prelude=prelude,
        platform=platform,
        quarantine=quarantine,
    )
    raise typer.Exit(commands.run(request, as_json=output_format is Format.JSON, quiet=quiet))


@app.command()
def plan(  # noqa: PLR0913 - one parameter per option
    *,
    folder: Folder = None,
    config: ConfigFile = None,
    server: Servers = None,
    allow_cluster_changes: ClusterChanges = False,
    order: Order = None,
    runner: RunnerName = None,
    prelude: Prelude = None,
    platform: Platform = None,
    quarantine: Quarantine = None,
    output_format: OutputFormat = Format.TEXT,
    quiet: Quiet = False,
) -> None:
    """Show what `run` would write; nothing is written. The last line is the summary."""
    from consolidate.cli import commands  # noqa: PLC0415

    request = _request(
        folder=folder,
        config=config,
        servers=server,
        allow_cluster_changes=allow_cluster_changes,
        order=order,
        runner=runner,
        prelude=prelude,
        platform=platform,
        quarantine=quarantine,
    )
    raise typer.Exit(commands.plan(request, as_json=output_format is Format.JSON, quiet=quiet))


@app.command()
def verify(  # noqa: PLR0913 - one parameter per option
    *,
    folder: Folder = None,
    config: ConfigFile = None,
    output: Output = None,
    server: Servers = None,
    allow_cluster_changes: ClusterChanges = False,
    order: Order = None,
    runner: RunnerName = None,
    prelude: Prelude = None,
    platform: Platform = None,
    quarantine: Quarantine = None,
    output_format: OutputFormat = Format.TEXT,
    quiet: Quiet = False,
) -> None:
    """Prove the output folder again, as it is on disk; nothing is written.

    Exit code 1, with the differences, when it does not build the same database or is stale.
    """
    from consolidate.cli import commands  # noqa: PLC0415

    request = _request(
        folder=folder,
        config=config,
        output=output,
        servers=server,
        allow_cluster_changes=allow_cluster_changes,
        order=order,
        runner=runner,
        prelude=prelude,
        platform=platform,
        quarantine=quarantine,
    )
    raise typer.Exit(commands.verify(request, as_json=output_format is Format.JSON, quiet=quiet))


@app.command()
def doctor(
    *,
    config: ConfigFile = None,
    server: Servers = None,
    clean: Annotated[
        bool, typer.Option("--clean", help="Remove what runs that were killed have left.")
    ] = False,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Examine this machine and the servers: what works, what does not, and what to do.

    Exit code 4 when a server that is named or configured can not be used.
    """
    from consolidate.cli import commands  # noqa: PLC0415

    request = _request(servers=server, quarantine=None, config=config)
    as_json = output_format is Format.JSON
    raise typer.Exit(commands.doctor(request, clean=clean, as_json=as_json))


@app.command()
def prelude(name: Annotated[str, typer.Argument(help="plain or supabase")]) -> None:
    """Print the SQL that stands in for a platform's empty database."""
    from consolidate import platforms  # noqa: PLC0415
    from consolidate.report import terminal  # noqa: PLC0415

    terminal.write(platforms.prelude(name))


app.command()(export)
app.command()(cutover)


def _request(
    *,
    servers: list[str] | None,
    quarantine: list[str] | None,
    **said: Any,  # noqa: ANN401 - passed on
) -> Request:
    from consolidate.job import Request  # noqa: PLC0415

    return Request(
        servers=tuple(servers or ()),
        quarantine=tuple(quarantine or ()),
        command=_next_command(sys.argv),
        **said,
    )


def _next_command(arguments: list[str]) -> str:
    """What was typed, for hints; what `verify` finds is answered by another `run`."""
    program, *rest = arguments
    told = ["run" if argument == "verify" else argument for argument in rest[:1]]
    typed = "/" in program and not program.startswith("/")  # else a shell found it along PATH
    return shlex.join([program if typed else "consolidate", *told, *rest[1:]])
