"""node-pg-migrate's conventions for SQL: `-- Up Migration` and `-- Down Migration` in one file.

They are those of `src/sqlMigration.ts` and `src/utils/fileNameUtils.ts`: numeric prefixes first,
then names. All that is pending is one transaction by default, through one connection.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from consolidate.history import in_code, markers
from consolidate.history.convention import Bookkeeping, Convention, Parts
from consolidate.history.markers import Does
from consolidate.history.sources import Listing, Source, files, relative

if TYPE_CHECKING:
    from pathlib import Path

_LINE = re.compile(
    r"^[ \t]*--[ \t-]*((?:up|down)\s+migration)\b[^\r\n]*", re.IGNORECASE | re.MULTILINE
)
_UP = re.compile(r"^[ \t]*--[ \t-]*up\s+migration\b", re.IGNORECASE | re.MULTILINE)
_NUMBER = re.compile(r"([0-9]+)[_-]")


def recognises(folder: Path) -> str:
    """By a heading in one of its files; `-- Down Migration` alone may be anybody's comment."""
    name = markers.with_a_line(folder, _UP)
    return f"{name} has a line -- Up Migration" if name else ""


def listing(folder: Path) -> Listing:
    """Every SQL file, those with a number first, in its order."""
    every = [file for file in files(folder) if not file.name.startswith(".")]
    ordered = sorted((file for file in every if file.name.endswith(".sql")), key=_order)
    return Listing(
        tuple(Source(relative(folder, file), file, file.stem) for file in ordered),
        in_code.passed_over(folder, every),
    )


def parts(text: str) -> Parts:
    """What stands behind the headings; a file without any is all up."""
    found = list(markers.found(text, _LINE, lambda said: (Does(said.split()[0].lower()), True, "")))
    return markers.cut(text, found, up="-- Up Migration", anything_before=not found)


def _order(file: Path) -> tuple[bool, int, str, str]:
    match = _NUMBER.match(file.name)
    return (match is None, int(match[1]) if match else 0, file.name.casefold(), file.name)


BOOKKEEPING = Bookkeeping(
    "pgmigrations",
    """CREATE TABLE pgmigrations (
    id SERIAL PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL
);""",
)
"""As `src/runner.ts` makes it."""

CONVENTION = Convention(
    recognises=recognises,
    listing=listing,
    parts=parts,
    keeps_session=True,
    bookkeeping=BOOKKEEPING,
)
