"""What a runner's convention yields: the files to read, in order, and what it passes over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from consolidate.model import Finding, SourceSpan

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Source:
    """One file to be read as a migration."""

    path: str
    """Relative to the legacy folder, with `/`."""
    file: Path
    version: str


class Listing(NamedTuple):
    """The files in apply order, and findings on the others."""

    sources: tuple[Source, ...]
    findings: tuple[Finding, ...] = ()


def relative(folder: Path, file: Path) -> str:
    """The file's path as the model spells it."""
    return file.relative_to(folder).as_posix()


def place(path: str) -> SourceSpan:
    """The beginning of a file."""
    return SourceSpan(path, 0, 0, 1, 1)
