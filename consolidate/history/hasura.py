"""Hasura's conventions: `<version>_<name>/up.sql` beside `down.sql`, in a folder per database.

They are those of the Hasura CLI (`cli/migrate`, `cli/source/file`): numeric order, each migration
one request and so one transaction.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from consolidate.history import versioned_folders
from consolidate.history.convention import Convention
from consolidate.history.numbered import used_twice_as_number
from consolidate.history.sources import Listing, around, files, folders, peek, relative, stop
from consolidate.history.versioned_folders import Layout

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from consolidate.model import Finding

_NAME = re.compile(r"([0-9]+)_.*")
_MILLISECONDS = re.compile(r"1[0-9]{12}_.*")
"""The CLI names its migrations by the time in milliseconds."""
_LAYOUT = Layout("up.sql", "down.sql", "the Hasura CLI reads no other SQL there")


def recognises(folder: Path) -> str:
    """By the CLI's `config.yaml`, or by versions that are times in milliseconds."""
    home = _home(folder)
    if not versioned_folders.first_with(home, _LAYOUT.up):
        return ""
    for above in around(folder):
        config = above / "config.yaml"
        if config.is_file() and "metadata_directory" in peek(config):
            return "the project has the Hasura CLI's config.yaml"
    first = versioned_folders.first_with(home, _LAYOUT.up)
    return f"{first} is named as the Hasura CLI does" if _MILLISECONDS.fullmatch(first) else ""


def version(name: str) -> str:
    """The version of a migration's folder; empty if it has none."""
    match = _NAME.fullmatch(name)
    return match[1] if match else ""


def listing(folder: Path) -> Listing:
    """The migrations by number."""
    home = _home(folder)
    read = versioned_folders.listing(home, folder, _LAYOUT, version)
    ordered = tuple(sorted(read.sources, key=lambda source: int(source.version)))
    stops = (*read.stops, *_more_databases(folder, home), *_in_yaml(home, folder))
    return Listing(ordered, read.findings, (*stops, *used_twice_as_number(ordered)))


def _home(folder: Path) -> Path:
    """The first database's folder, where the migrations stand one level further down."""
    if versioned_folders.first_with(folder, _LAYOUT.up):
        return folder
    databases = _databases(folder)
    return databases[0] if databases else folder


def _databases(folder: Path) -> list[Path]:
    return [f for f in folders(folder) if versioned_folders.first_with(f, _LAYOUT.up)]


def _more_databases(folder: Path, home: Path) -> Iterator[Finding]:
    for other in _databases(folder):
        if home not in (other, folder):
            yield stop(
                relative(folder, other),
                f"the migrations of another database than {home.name}; name the folder of one of"
                " them",
            )


def _in_yaml(home: Path, root: Path) -> Iterator[Finding]:
    for migration in folders(home):
        for file in files(migration):
            if file.name == "up.yaml":
                yield stop(
                    relative(root, file),
                    "a migration in YAML, which is not read; put its SQL into an up.sql beside it",
                )


CONVENTION = Convention(recognises=recognises, listing=listing)
