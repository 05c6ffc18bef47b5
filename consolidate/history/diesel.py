"""diesel's conventions: one folder a migration, `<version>_<name>/up.sql` beside `down.sql`.

They are those of `diesel_migrations/migrations_internals/src/lib.rs`: the version is what stands
before the first `_`, its dashes taken out, and versions are sorted as text. Each migration is one
transaction unless its `metadata.toml` says otherwise; one connection applies them all.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from consolidate.history import versioned_folders
from consolidate.history.convention import Bookkeeping, Convention
from consolidate.history.sources import Listing, relative, stop, used_twice
from consolidate.history.versioned_folders import Layout

if TYPE_CHECKING:
    from pathlib import Path

_LAYOUT = Layout("up.sql", "down.sql", "diesel stops there")


def recognises(folder: Path) -> str:
    """By a folder below it that has an `up.sql`."""
    name = versioned_folders.first_with(folder, _LAYOUT.up)
    return f"{name}/{_LAYOUT.up} is where diesel wants it" if name else ""


def version(name: str) -> str:
    """The version of a migration's folder; empty if it has none."""
    digits = name.partition("_")[0].replace("-", "")
    return digits if digits.isdigit() else ""


def listing(folder: Path) -> Listing:
    """The migrations by version; of two with the same one, diesel silently forgets one."""
    read = versioned_folders.listing(folder, folder, _LAYOUT, version, _in_transaction)
    ordered = tuple(sorted(read.sources, key=lambda source: source.version))
    broken = tuple(
        stop(relative(folder, source.file.with_name("metadata.toml")), why)
        for source in ordered
        if (why := _why_not(source.file.parent))
    )
    return Listing(ordered, read.findings, (*read.stops, *broken, *used_twice(ordered)))


def _metadata(migration: Path) -> dict[str, object]:
    file = migration / "metadata.toml"
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}


def _in_transaction(migration: Path) -> bool:
    return not _why_not(migration) and _metadata(migration).get("run_in_transaction") is not False


def _why_not(migration: Path) -> str:
    try:
        _metadata(migration)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return f"not TOML: {error}"
    return ""


BOOKKEEPING = Bookkeeping(
    "__diesel_schema_migrations",
    """CREATE TABLE __diesel_schema_migrations (
    version VARCHAR(50) PRIMARY KEY NOT NULL,
    run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);""",
)
"""As `diesel/src/migration/setup_migration_table.sql` has it."""

CONVENTION = Convention(
    recognises=recognises,
    listing=listing,
    keeps_session=True,
    bookkeeping=BOOKKEEPING,
)
