"""An output in the layout of one runner, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One migration as its runner's history table holds it."""

    version: str
    name: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What is written for a runner."""

    runner: str
    files: Mapping[str, str]
    """Texts by path, relative to the folder that is written."""
    origins: Mapping[str, str]
    """The file of the output behind each of them."""
    migrations: tuple[Recorded, ...]
    """In apply order."""
    warnings: tuple[str, ...]
    """What the runner can not apply to a new database, a line each."""
    advice: str
    """What is left to do by hand; empty if nothing is."""
