"""No runner at all: every `*.sql` file below the folder, applied by `psql -f` in path order."""

from __future__ import annotations

import os
from pathlib import Path

from consolidate import findings
from consolidate.history.sources import Listing, Source, place, relative
from consolidate.model import Finding, Severity


def listing(folder: Path) -> Listing:
    """All SQL files below the folder, in byte order of their relative paths."""
    sources = tuple(Source(relative(folder, f), f, "") for f in files(folder))
    missed = tuple(
        Finding(
            code=findings.NAME_NOT_READ,
            severity=Severity.WARNING,
            message=f"{path} is not read: only names that end in .sql are",
            span=place(path),
        )
        for path in (relative(folder, f) for f in _walk(folder))
        if path.lower().endswith(".sql") and not path.endswith(".sql")
    )
    return Listing(sources, missed)


def files(folder: Path) -> tuple[Path, ...]:
    """The SQL files below the folder, in byte order of their relative paths."""
    return tuple(file for file in _walk(folder) if file.name.endswith(".sql"))


def _walk(folder: Path) -> list[Path]:
    # os.walk does not follow links to folders, so a link to a parent can not make it endless.
    found = [Path(root, name) for root, _, names in os.walk(folder) for name in names]
    return sorted(found, key=lambda file: os.fsencode(relative(folder, file)))
