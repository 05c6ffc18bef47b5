"""sqlx's conventions: `<digits>_<name>.sql`, or `.up.sql` with a `.down.sql` beside it.

They are those of `sqlx-core/src/migrate/source.rs`: one flat folder, numeric order, one
transaction a file unless it begins with `-- no-transaction`, one connection for all.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from consolidate.history import numbered
from consolidate.history.convention import Bookkeeping, Convention, Parts
from consolidate.history.sources import around, files, peek

if TYPE_CHECKING:
    from pathlib import Path

    from consolidate.history.sources import Listing

_NAME = re.compile(r"([0-9]+)_.*(?<!\.down)\.sql")
_NO_TRANSACTION = "-- no-transaction"


def recognises(folder: Path) -> str:
    """By what the crate leaves in the project, or by the first line that only sqlx obeys."""
    named = [file for file in files(folder) if _NAME.fullmatch(file.name)]
    if not named:
        return ""
    for home in around(folder):
        if (home / ".sqlx").is_dir() or (home / "sqlx.toml").is_file():
            return "the project has sqlx's own files"
        cargo = home / "Cargo.toml"
        if cargo.is_file() and "sqlx" in peek(cargo):
            return "its Cargo.toml names sqlx"
    return next(
        (
            f"{file.name} begins with {_NO_TRANSACTION}"
            for file in named
            if peek(file).startswith(_NO_TRANSACTION)
        ),
        "",
    )


def listing(folder: Path) -> Listing:
    """The files by number; a number that two have fails when the second is recorded."""
    return numbered.paired(folder, "sqlx", _NAME, "<digits>_<name>.sql")


def parts(text: str) -> Parts:
    """All of the file, with what its first bytes say of its transaction."""
    return Parts(up=text, transactional=not text.startswith(_NO_TRANSACTION))


BOOKKEEPING = Bookkeeping(
    "_sqlx_migrations",
    """CREATE TABLE _sqlx_migrations (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMPTZ NOT NULL DEFAULT now(),
    success BOOLEAN NOT NULL,
    checksum BYTEA NOT NULL,
    execution_time BIGINT NOT NULL
);""",
)
"""As `sqlx-postgres/src/migrate.rs` makes it."""

CONVENTION = Convention(
    recognises=recognises,
    listing=listing,
    parts=parts,
    keeps_session=True,
    bookkeeping=BOOKKEEPING,
)
