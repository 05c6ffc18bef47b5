"""Prisma's conventions: one folder a migration, `<name>/migration.sql`, in order of the names.

They are those of `packages/migrate/src/utils/listMigrations.ts`, which compares names as a locale
does: letters before their case. The file is sent as one string, which makes it one transaction
unless it has its own; all are sent through one connection.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from consolidate.history import versioned_folders
from consolidate.history.convention import Bookkeeping, Convention
from consolidate.history.sources import Listing, peek, stop
from consolidate.history.versioned_folders import Layout

if TYPE_CHECKING:
    from pathlib import Path

    from consolidate.model import Finding

_LAYOUT = Layout("migration.sql", "", "Prisma stops there; put the file back")
_LOCK = "migration_lock.toml"
_PROVIDER = re.compile(r'^\s*provider\s*=\s*"([^"]*)"', re.MULTILINE)
_OURS = {"postgresql", "postgres", "cockroachdb"}


def recognises(folder: Path) -> str:
    """By Prisma's lock file, or by a folder below it that has a `migration.sql`."""
    if (folder / _LOCK).is_file():
        return f"it has Prisma's {_LOCK}"
    name = versioned_folders.first_with(folder, _LAYOUT.up)
    return f"{name}/{_LAYOUT.up} is where Prisma wants it" if name else ""


def listing(folder: Path) -> Listing:
    """The migrations in order of their folders' names."""
    read = versioned_folders.listing(folder, folder, _LAYOUT, lambda name: name)
    ordered = sorted(read.sources, key=lambda s: (s.version.casefold(), s.version))
    return Listing(tuple(ordered), read.findings, (*_other_database(folder), *read.stops))


def _other_database(folder: Path) -> tuple[Finding, ...]:
    lock = folder / _LOCK
    text = peek(lock) if lock.is_file() else ""
    match = _PROVIDER.search(text)
    if not match or match[1] in _OURS:
        return ()
    line = text.count("\n", 0, match.start(1)) + 1
    column = match.start(1) - text.rfind("\n", 0, match.start(1))
    said = f"the migrations are for {match[1]}, not for PostgreSQL"
    return (stop(_LOCK, said, line, column),)


BOOKKEEPING = Bookkeeping(
    "_prisma_migrations",
    """CREATE TABLE _prisma_migrations (
    id VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum VARCHAR(64) NOT NULL,
    finished_at TIMESTAMPTZ,
    migration_name VARCHAR(255) NOT NULL,
    logs TEXT,
    rolled_back_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
);""",
)
"""As the schema engine makes it for PostgreSQL (`sql_migration_persistence.rs`)."""

CONVENTION = Convention(
    recognises=recognises,
    listing=listing,
    keeps_session=True,
    bookkeeping=BOOKKEEPING,
)
