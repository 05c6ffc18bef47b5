"""Where in the legacy history something comes from, in words that a reviewer can look up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from consolidate.model import Statement, StatementId
    from consolidate.plan import PlannedFile
    from consolidate.truth import Truth

MOST_RANGES = 8
"""Line ranges of one legacy file that are spelled out; a header is no index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """The legacy history's statements, ready to be looked up by their ids."""

    statements: Mapping[StatementId, Statement]
    order: Mapping[StatementId, int]

    @classmethod
    def of(cls, truth: Truth) -> Provenance:
        """The provenance that a truth knows."""
        return cls(statements=truth.statements, order=truth.order)

    def places(self, ids: Iterable[StatementId]) -> tuple[str, ...]:
        """`file:line` of each statement, in apply order."""
        return tuple(self.statements[name].place for name in self._sorted(ids))

    def paths(self, ids: Iterable[StatementId]) -> tuple[str, ...]:
        """The legacy files of some statements, sorted."""
        return tuple(sorted({self.statements[name].path for name in ids}))

    def lines(self, ids: Iterable[StatementId]) -> tuple[str, ...]:
        """The legacy files of some statements in apply order, with the lines used: `a.sql:3-9, 14`.

        Statements that follow each other make one range. Files that others include are told by
        their own names.
        """
        ranges: dict[str, list[tuple[int, int]]] = defaultdict(list)
        before, beside = -1, ""
        for name in self._sorted(ids):
            statement, place = self.statements[name], self.order[name]
            path = statement.span.path
            first = statement.span.line
            last = first + statement.sql.count("\n")
            known = ranges[path]
            follows = place == before + 1 and path == beside
            if known and (follows or known[-1][0] <= first <= known[-1][1]):
                begun, ended = known.pop()
                first, last = min(begun, first), max(ended, last)
            known.append((first, last))
            before, beside = place, path
        return tuple(f"{path}:{_spelled(found)}" for path, found in ranges.items())

    def _sorted(self, ids: Iterable[StatementId]) -> list[StatementId]:
        return sorted(set(ids) & self.statements.keys(), key=self.order.__getitem__)


def sources(file: PlannedFile) -> frozenset[StatementId]:
    """Every legacy statement behind one file of the output."""
    return frozenset(name for step in file.steps for name in step.sources)


def _spelled(ranges: list[tuple[int, int]]) -> str:
    spelled = [f"{a}" if a == b else f"{a}-{b}" for a, b in ranges[:MOST_RANGES]]
    if len(ranges) > MOST_RANGES:
        spelled.append(f"and {len(ranges) - MOST_RANGES} more")
    return ", ".join(spelled)
