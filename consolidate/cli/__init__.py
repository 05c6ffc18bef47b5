"""The command line: parses, calls, prints, and turns errors into exit codes. No logic."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """The `consolidate` command."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]  # libpq would obey PGTZ, PGSERVICE … behind our backs
    from consolidate.cli.app import run_app  # noqa: PLC0415 - typer after the environment is clean

    sys.exit(run_app())
