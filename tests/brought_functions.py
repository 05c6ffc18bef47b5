"""Writes what PostgreSQL brings of functions into the program: `python -m tests.brought_functions`.

It asks PostgreSQL 15 as Debian 12 installs it, which has contrib, and the embedded 16 and 18.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from consolidate.servers import open_server

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE = Path(__file__).parents[1] / "consolidate/functions.txt"
SERVERS = ("local://15", "embedded://16", "embedded://18")
_HEADING = "# Written by `python -m tests.brought_functions`; do not edit.\n"
_BUILT_IN = "SELECT DISTINCT proname FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace"
_AVAILABLE = "SELECT name FROM pg_available_extensions ORDER BY name"
_BROUGHT = """
    SELECT DISTINCT p.proname FROM pg_depend AS d JOIN pg_proc AS p ON p.oid = d.objid
    JOIN pg_extension AS e ON e.oid = d.refobjid AND d.refclassid = 'pg_extension'::regclass
    WHERE d.classid = 'pg_proc'::regclass AND e.extname <> 'plpgsql'
"""


def brought(url: str) -> Mapping[str, set[str]]:
    """The names of a server's functions by who brings them."""
    found: dict[str, set[str]] = defaultdict(set)
    with open_server(url).cluster() as cluster:
        with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
            found["pg_catalog"] = {name for (name,) in connection.execute(_BUILT_IN)}
            available = [name for (name,) in connection.execute(_AVAILABLE)]
        for name in available:
            with psycopg.connect(cluster.dsn()) as connection:  # which is never committed
                connection.execute(f'CREATE EXTENSION IF NOT EXISTS "{name}" CASCADE'.encode())
                found[name] = {function for (function,) in connection.execute(_BROUGHT)}
                connection.rollback()
    return found


def _wrapped(names: set[str]) -> str:
    """Indented lines of names; none for an extension that brings no function."""
    text = " ".join(sorted(names))
    lines = textwrap.wrap(text, 98, break_on_hyphens=False)
    return "".join(f"  {line}\n" for line in lines)


def main() -> None:
    """Asks all of them and writes the page."""
    every: dict[str, set[str]] = defaultdict(set)
    for url in SERVERS:
        for owner, names in brought(url).items():
            every[owner] |= names
    blocks = [f"{owner}\n{_wrapped(names)}" for owner, names in sorted(every.items())]
    PAGE.write_text(_HEADING + "".join(blocks), encoding="utf-8")


if __name__ == "__main__":
    main()
