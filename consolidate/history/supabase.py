"""The Supabase CLI's conventions: one flat folder of `<digits>_<name>.sql` files.

They are those of `ListLocalMigrations` in the CLI (`pkg/migration/list.go`).
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from consolidate import findings
from consolidate.history.sources import Listing, Source, place, relative
from consolidate.model import Finding, Severity

if TYPE_CHECKING:
    from pathlib import Path

_NAME = re.compile(r"([0-9]+)_.*\.sql")
_OLD_INIT = re.compile(r"([0-9]{14})_init\.sql")
_FIRST_INIT_APPLIED = "20211209000000"


def recognises(folder: Path) -> bool:
    """Whether the folder is a Supabase project's `migrations/`, or the folder that holds it."""
    resolved = folder.resolve()
    beside = resolved.name == "migrations" and (resolved.parent / "config.toml").is_file()
    return beside or _holds_migrations(folder)


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
        if finding := _why_not(path, is_folder=entry.is_dir(), is_first=number == 0):
            passed_over.append(finding)
        else:
            sources.append(Source(path, entry, version(path)))
    return Listing(tuple(sources), tuple(passed_over))


def _holds_migrations(folder: Path) -> bool:
    return (folder / "migrations").is_dir() and (folder / "config.toml").is_file()


def _why_not(path: str, *, is_folder: bool, is_first: bool) -> Finding | None:
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
