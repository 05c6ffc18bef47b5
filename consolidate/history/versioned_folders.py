"""Migrations that are folders: which there are below a legacy folder, and which file counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from consolidate import findings
from consolidate.history import in_code
from consolidate.history.numbered import not_read
from consolidate.history.sources import Listing, Source, files, folders, place, relative, stop
from consolidate.model import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Layout(NamedTuple):
    """What a runner looks for in each folder."""

    up: str
    """The name of the file that is applied."""
    down: str
    """The name of the file that takes it back; empty if the runner knows none."""
    missing: str
    """What the runner does where the first one is missing, for the message."""


def first_with(folder: Path, name: str) -> str:
    """The first folder below that has a file of this name; empty if none has."""
    return next((f.name for f in folders(folder) if (f / name).is_file()), "")


def listing(
    home: Path,
    root: Path,
    layout: Layout,
    version: Callable[[str], str],
    transactional: Callable[[Path], bool] = lambda _: True,
) -> Listing:
    """One migration for each folder, in byte order of their names.

    Args:
        home: The folder that holds them.
        root: The legacy folder, to which paths are relative.
        layout: What is looked for in each.
        version: The version that the name of a folder has; empty if the runner passes it over.
        transactional: Whether a migration's folder asks for a transaction.
    """
    sources: list[Source] = []
    stops: list[Finding] = []
    passed_over: list[Finding | None] = [
        not_read(relative(root, file), "the runner reads one folder for each migration")
        for file in files(home)
    ]
    for entry in folders(home):
        up, down = entry / layout.up, entry / layout.down
        path = relative(root, up)
        if not version(entry.name):
            passed_over += [
                not_read(relative(root, file), f"{entry.name} has no version")
                for file in files(entry)
            ]
        elif not up.is_file() and any(file.suffix in in_code.LANGUAGES for file in files(entry)):
            passed_over.append(_in_code(relative(root, entry), layout.up))
        elif not up.is_file():
            stops.append(stop(relative(root, entry), f"no {layout.up} here; {layout.missing}"))
        else:
            known = down if layout.down and down.is_file() else None
            sources.append(Source(path, up, version(entry.name), transactional(entry), known))
    return Listing(tuple(sources), tuple(f for f in passed_over if f), tuple(stops))


def _in_code(path: str, up: str) -> Finding:
    return Finding(
        code=findings.NAME_NOT_READ,
        severity=Severity.WARNING,
        message=f"{path} is not read: its migration is in code, there is no {up}",
        span=place(path),
        help="Put SQL of the same effect there if it changes the database.",
    )
