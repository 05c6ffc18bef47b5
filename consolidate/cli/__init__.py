"""The command line: parses, calls, prints, and turns errors into exit codes. No logic."""

from __future__ import annotations

import os
import sys

from consolidate import garbage, interrupts, streams

_KEPT = {"PGPASSFILE", "PGPASSWORD", "PGSERVICEFILE"} | {
    f"PGSSL{name}" for name in ("MODE", "CERT", "KEY", "ROOTCERT", "CRL", "CRLDIR")
}
"""What says how to log in on a `postgresql://` server, and has no place in its URL."""


def main() -> None:
    """The `consolidate` command."""
    streams.open_all()  # before anything else opens a file
    interrupts.install()
    garbage.collect_seldom()
    for name in [name for name in os.environ if name.startswith("PG") and name not in _KEPT]:
        del os.environ[name]  # libpq would obey PGTZ, PGHOST … behind our backs
    try:
        from consolidate.cli.app import run_app  # after the environment is clean
    except interrupts.Interrupted as end:
        sys.stderr.write(f"{end}\n")
        raise
    code = run_app()
    interrupts.close()
    garbage.leave_the_rest()
    sys.exit(code)
