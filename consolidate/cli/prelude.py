"""`consolidate prelude`."""

from __future__ import annotations

from typing import Annotated

import typer

from consolidate.cli.declaring import PROJECT, command


@command(panel=PROJECT, examples=["consolidate prelude supabase > prelude.sql"])
def prelude(name: Annotated[str, typer.Argument(help="plain or supabase")]) -> None:
    """Print the SQL that stands in for a platform's empty database."""
    from consolidate import platforms
    from consolidate.report import console

    console.write(platforms.prelude(name))
