"""sql-migrate's conventions: `-- +migrate Up` and `-- +migrate Down` in one file.

They are those of `sqlparse/sqlparse.go` and of `byId` in `migrate.go`: order of the number that a
name begins with, else of the names; one transaction unless `notransaction` stands behind `Up`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from consolidate.history import markers
from consolidate.history.convention import Bookkeeping, Convention, Parts
from consolidate.history.markers import Does
from consolidate.history.sources import Listing, Source, files, relative

if TYPE_CHECKING:
    from pathlib import Path

_LINE = re.compile(r"^--[ \t]*\+migrate\b([^\r\n]*)", re.MULTILINE)
_NUMBER = re.compile(r"[0-9]+")
_MEANING = {
    "Up": (Does.UP, True, ""),
    "Up notransaction": (Does.UP, False, ""),
    "Down": (Does.DOWN, True, ""),
    "Down notransaction": (Does.DOWN, False, ""),
    "StatementBegin": (Does.NOTHING, True, ""),
    "StatementEnd": (Does.NOTHING, True, ""),
}


def recognises(folder: Path) -> str:
    """By a command in one of its files."""
    name = markers.with_a_line(folder, _LINE)
    return f"{name} has a line -- +migrate" if name else ""


def listing(folder: Path) -> Listing:
    """Every SQL file, by number where both names have one."""
    found = [file for file in files(folder) if file.name.endswith(".sql")]
    ordered = sorted(found, key=lambda file: (_number(file.name), file.name))
    return Listing(tuple(Source(relative(folder, file), file, file.stem) for file in ordered))


def parts(text: str) -> Parts:
    """What stands behind `Up` and behind `Down`."""
    return markers.cut(text, list(markers.found(text, _LINE, _meaning)), up="-- +migrate Up")


def _number(name: str) -> int:
    match = _NUMBER.match(name)
    return int(match[0]) if match else -1


def _meaning(said: str) -> tuple[Does, bool, str]:
    known = _MEANING.get(" ".join(said.split()))
    return known or (Does.NOTHING, True, f"-- +migrate {said} is no command that sql-migrate knows")


BOOKKEEPING = Bookkeeping(
    "gorp_migrations",
    "CREATE TABLE gorp_migrations (id text NOT NULL PRIMARY KEY, applied_at timestamptz);",
)
"""As gorp makes it from `MigrationRecord` in `migrate.go`."""

CONVENTION = Convention(
    recognises=recognises,
    listing=listing,
    parts=parts,
    keeps_session=True,
    bookkeeping=BOOKKEEPING,
)
