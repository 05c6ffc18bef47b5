"""Where the last consolidation put things, which the next one keeps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

_PATH = re.compile(r"migrations/(?P<phase>[^/]+)/(?P<version>\d{8}_\d{6})_(?P<name>[^/]+)\.sql")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """One migration of an output that was there before, and what stood in it."""

    phase: str
    version: str
    """As `YYYYMMDD_HHMMSS`."""
    name: str
    units: frozenset[str]
    """What it made, statement by statement: the objects as text, such as `table public.keys`."""

    @classmethod
    def of(cls, path: str, units: frozenset[str]) -> Self | None:
        """The file of a path below the output; None if that is none of the baseline's."""
        found = _PATH.fullmatch(path)
        return cls(units=units, **found.groupdict()) if found else None

    @property
    def path(self) -> str:
        """Below the output folder, with `/`."""
        return f"migrations/{self.phase}/{self.version}_{self.name}.sql"
