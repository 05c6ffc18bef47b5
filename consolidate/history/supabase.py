"""The Supabase CLI's conventions: one flat folder of `<digits>_<name>.sql` files.

They are those of `ListLocalMigrations` in the CLI (`pkg/migration/list.go`).
"""

from __future__ import annotations

import os
import re
import tomllib
from typing import TYPE_CHECKING

from consolidate import findings
from consolidate.history.convention import Convention
from consolidate.history.sources import Listing, Source, peek, place, relative
from consolidate.model import Finding, Severity

if TYPE_CHECKING:
    from pathlib import Path

_NAME = re.compile(r"([0-9]+)_.*\.sql")
_OLD_INIT = re.compile(r"([0-9]{14})_init\.sql")
_SETTING = re.compile(r"^\s*(?:project_id\s*=|\[(?:api|auth|db|storage|studio)[.\]])", re.MULTILINE)
_FIRST_INIT_APPLIED = "20211209000000"


def recognises(folder: Path) -> str:
    """By the layout of a Supabase project, given its `migrations/` or the folder that holds it."""
    resolved = folder.resolve()
    if _config(folder) is not None:
        return "it has the Supabase CLI's config.toml"
    in_place = resolved.parts[-2:] == ("supabase", "migrations")
    return "it is called supabase/migrations" if in_place else ""


def server_major(folder: Path) -> int | None:
    """The major version that the project runs on, by `[db] major_version` of its `config.toml`."""
    config = _config(folder)
    if config is None:
        return None
    try:
        database = tomllib.loads(config.read_text("utf-8")).get("db")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return None
    major = database.get("major_version") if isinstance(database, dict) else None
    return major if isinstance(major, int) else None


def version(path: str) -> str:
    """The version that the CLI records for a file; empty if it would not read the file."""
    match = _NAME.fullmatch(path.rpartition("/")[2])
    return match[1] if match else ""


def listing(folder: Path) -> Listing:
    """The files that `supabase db push` applies, in the order in which it does."""
    home = folder / "migrations" if _holds_migrations(folder) else folder
    sources = []
    passed_over = []
    for number, entry in enumerate(sorted(home.iterdir(), key=os.fsencode)):
        path = relative(folder, entry)
        if finding := why_not_read(path, is_folder=entry.is_dir(), is_first=number == 0):
            passed_over.append(finding)
        else:
            sources.append(Source(path, entry, version(path)))
    return Listing(tuple(sources), tuple(passed_over))


def _holds_migrations(folder: Path) -> bool:
    return (folder / "migrations").is_dir() and _config(folder) is not None


def _config(folder: Path) -> Path | None:
    """The project's configuration; many tools have a `config.toml`, so it is looked into."""
    resolved = folder.resolve()
    above = resolved.parent if resolved.name == "migrations" else None
    home = folder if (folder / "migrations").is_dir() else above
    config = home / "config.toml" if home else None
    if config is None or not config.is_file():
        return None
    return config if _SETTING.search(peek(config)) else None


def why_not_read(path: str, *, is_folder: bool, is_first: bool) -> Finding | None:
    """Why the CLI passes over an entry of its folder; None if it is a migration.

    Args:
        path: The entry, relative to the legacy folder.
        is_folder: Whether it is a folder.
        is_first: Whether it is the first entry in byte order.
    """
    old_init = _OLD_INIT.search(path) if is_first else None
    if is_folder:
        code, reason = findings.FOLDER_NOT_READ, "the Supabase CLI does not look into folders"
    elif old_init and old_init[1] < _FIRST_INIT_APPLIED:
        code, reason = findings.OLD_INIT_NOT_READ, "the Supabase CLI skips an old first init file"
    elif not version(path):
        code = findings.NAME_NOT_READ
        reason = "the Supabase CLI reads only names like <digits>_<name>.sql"
    else:
        return None
    # A README or a .gitkeep is no migration, so that it is passed over needs no attention.
    matters = is_folder or path.lower().endswith(".sql")
    return Finding(
        code=code,
        severity=Severity.WARNING if matters else Severity.INFO,
        message=f"{path} is not read: {reason}",
        span=place(path),
        help="Name it in an order file if it was applied all the same." if matters else None,
    )


CONVENTION = Convention(recognises=recognises, listing=listing, server_major=server_major)
