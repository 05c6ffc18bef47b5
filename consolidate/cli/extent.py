"""The options that say how far a consolidation goes, and what it keeps of the one before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from consolidate.cli.options import PROJECT


@dataclass(frozen=True, kw_only=True)
class Extent:
    """What of the history is consolidated, and how much of the output that is there stays."""

    through: Annotated[
        str | None,
        typer.Option(
            "--through",
            metavar="FILE",
            help="The last migration that is consolidated; those behind it stay as they are."
            " By default what the configuration names, else all are consolidated.",
            rich_help_panel=PROJECT,
        ),
    ] = None
    regroup: Annotated[
        bool,
        typer.Option(
            "--regroup",
            help="Keep neither the files nor the versions of the output that is there.",
            rich_help_panel=PROJECT,
        ),
    ] = False
