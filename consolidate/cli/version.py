"""`consolidate version`."""

from __future__ import annotations

from consolidate.cli.declaring import MACHINE, command
from consolidate.cli.options import Answer


@command(
    panel=MACHINE,
    examples=["consolidate version", "consolidate version --format json"],
)
def version(*, answer: Answer) -> None:
    """Show the versions of the program and of what it stands on, for a report of a bug."""
    import platform
    from importlib import metadata

    from consolidate import __version__, statements
    from consolidate.report import console, machine
    from consolidate.servers.connected import libpq

    versions = {
        "consolidate": __version__,
        "python": platform.python_version(),
        "pglast": metadata.version("pglast"),
        "postgresql_grammar": str(statements.grammar()),
        "psycopg": metadata.version("psycopg"),
        "libpq": str(libpq()),
    }
    if answer.as_json:
        console.write(machine.document("consolidate/version@1", versions))
    else:
        lines = (f"{name.replace('_', ' '):<18}  {told}\n" for name, told in versions.items())
        console.write("".join(lines))
