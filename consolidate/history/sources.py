"""What a runner's convention yields: the files to read, in order, and what it passes over."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from consolidate import findings
from consolidate.history import dialects
from consolidate.model import Finding, Severity, SourceSpan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Source:
    """One file to be read as a migration."""

    path: str
    """Relative to the legacy folder, with `/`."""
    file: Path
    version: str
    transactional: bool = True
    """Whether the runner wraps it in one transaction, as far as its name and neighbours tell."""
    down: Path | None = None
    """The file that takes it back, where that is one of its own."""


class Listing(NamedTuple):
    """The files in apply order, findings on the others, and what keeps them from being applied."""

    sources: tuple[Source, ...]
    findings: tuple[Finding, ...] = ()
    stops: tuple[Finding, ...] = ()
    """What the runner itself would stop on; each has its place."""


def relative(folder: Path, file: Path) -> str:
    """The file's path as the model spells it."""
    return file.relative_to(folder).as_posix()


def place(path: str) -> SourceSpan:
    """The beginning of a file."""
    return SourceSpan(path, 0, 0, 1, 1)


def entries(folder: Path) -> list[Path]:
    """What a folder holds, in byte order of the names."""
    return [folder / entry.name for entry in _scanned(folder)]


def files(folder: Path) -> list[Path]:
    """The files right in a folder, in byte order of their names, less those for other databases."""
    return dialects.ours(folder / entry.name for entry in _scanned(folder) if is_so(entry.is_file))


def folders(folder: Path) -> list[Path]:
    """The folders right in a folder, less the hidden ones, in byte order of their names."""
    return [
        folder / entry.name
        for entry in _scanned(folder)
        if is_so(entry.is_dir) and not entry.name.startswith(".")
    ]


def is_so(asked: Callable[[], bool]) -> bool:
    """What a path is, as far as that can be told: not of a link to itself, or a name too long."""
    try:
        return asked()
    except OSError:
        return False


def _scanned(folder: Path) -> list[os.DirEntry[str]]:
    """The entries of a folder: what the folder itself says of each is not asked for again."""
    if not folder.is_dir():
        return []
    with os.scandir(folder) as found:
        return sorted(found, key=lambda entry: os.fsencode(entry.name))


def peek(file: Path) -> str:
    """What a file seems to say, to recognise it by; empty if it can not be read."""
    try:
        return file.read_text("utf-8", errors="replace") if file.is_file() else ""
    except OSError:
        return ""


def around(folder: Path) -> Iterator[Path]:
    """The folder and those that hold it, up to the repository's root, or three levels up."""
    current = folder.resolve()
    for _ in range(4):
        yield current
        if (current / ".git").exists() or current.parent == current:
            return
        current = current.parent


def stop(
    path: str, message: str, line: int = 1, column: int = 1, *, code: str = findings.RUNNER_STOPS
) -> Finding:
    """Something that the runner would stop on before it applies anything."""
    span = SourceSpan(path, 0, 0, line, column)
    return Finding(code=code, severity=Severity.ERROR, message=message, span=span)


def used_twice(sources: Iterable[Source]) -> tuple[Finding, ...]:
    """One for each file whose version an earlier one has."""
    first: dict[str, str] = {}
    found = []
    for source in sources:
        known = first.setdefault(source.version, source.path)
        if known != source.path:
            message = (
                f"version {source.version} is that of {known} too, and the"
                " runner refuses both; leave one of them out with an order file"
            )
            found.append(stop(source.path, message, code=findings.VERSION_TWICE))
    return tuple(found)
