"""What came of a drill, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate.model import Check, CheckStatus
from consolidate.phrases import counted, listed

if TYPE_CHECKING:
    from consolidate.depth import Depth
    from consolidate.drill.filling import Coverage
    from consolidate.model import Difference

NAME = "drill"
"""What the check of a full drill is called."""

STEPS = ("up", "down", "again", "rows")
"""What is tried of each file, in the order in which it is told."""

_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """What came of one file; None where that was not tried."""

    path: str
    up: bool | None = None
    """Whether it applies."""
    down: bool | None = None
    """Whether its rollback leads back to the state before it, each time that it was run."""
    again: bool | None = None
    """Whether it gives the same once more, on what its rollback has left."""
    rows: bool | None = None
    """Whether its rollback takes care of rows in every table; None, too, where none was at risk."""
    refused: int | None = None
    """How many rows of others that rollback refused to lose, where there were any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drilled:
    """A drill on one server."""

    server: str
    version: str
    depth: Depth
    files: tuple[File, ...]
    differences: tuple[Difference, ...]
    deeper: int = 0
    """How many prefixes were taken back further than their last file, because that had not left
    the very catalogs that were there before."""
    coverage: Coverage | None = None
    """Which tables had rows, if any were put there."""

    @property
    def proven(self) -> bool:
        """Whether every step of every file was tried and is as it should be."""
        return not self.differences and all(
            getattr(file, step) or (step == "rows" and file.refused == 0)
            for file in self.files
            for step in self.tried
        )

    @property
    def tried(self) -> tuple[str, ...]:
        """The steps that a drill of this depth has."""
        return STEPS if self.coverage is not None else STEPS[:3]

    @property
    def check(self) -> Check:
        """The drill in one line of a verdict."""
        return Check(
            name=NAME,
            status=CheckStatus.PASSED if self.proven else CheckStatus.FAILED,
            reason=self._reason(),
            differences=self.differences,
        )

    def _reason(self) -> str:
        if self.differences:
            return counted(len(self.differences), "difference")
        told = f"{counted(len(self.files), 'rollback')} from the end, at once, and up again"
        if self.coverage is None:
            return told
        deeper = f" ({self.deeper} of them further down)" if self.deeper else ""
        return f"{told}; from every prefix{deeper}; {with_rows(self.coverage)}"


def with_rows(coverage: Coverage) -> str:
    """In how many tables there were rows, and in which there were none, and why."""
    every = len(coverage.filled) + len(coverage.empty)
    told = f"with rows in {len(coverage.filled)} of {counted(every, 'table')}"
    none = [f"{name} ({why})" for name, why in coverage.empty]
    return f"{told}, none in {listed(none, _SHOWN)}" if none else told
