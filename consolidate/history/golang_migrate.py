"""golang-migrate's conventions: `<digits>_<name>.up.sql` with a `.down.sql` beside it.

They are those of `Regex` in `source/parse.go` and of `source/iofs`: one flat folder, numeric
order. The whole file is sent at once, which makes it one transaction unless it has its own, and
all files are sent through one connection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.history import numbered
from consolidate.history.convention import Bookkeeping, Convention

if TYPE_CHECKING:
    from pathlib import Path

    from consolidate.history.sources import Listing


def recognises(folder: Path) -> str:
    """By the names of its files."""
    name = numbered.has_pairs(folder)
    return f"{name} is named as golang-migrate wants it" if name else ""


def listing(folder: Path) -> Listing:
    """The up files by number; the runner refuses a number that two files have."""
    return numbered.paired(folder, "golang-migrate")


BOOKKEEPING = Bookkeeping(
    "schema_migrations",
    "CREATE TABLE schema_migrations (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL);",
)
"""As `database/postgres/postgres.go` makes it."""

CONVENTION = Convention(
    recognises=recognises,
    listing=listing,
    keeps_session=True,
    bookkeeping=BOOKKEEPING,
)
