"""Where in the legacy history something comes from, in words that a reviewer can look up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from consolidate.model import Statement, StatementId
    from consolidate.plan import PlannedFile
    from consolidate.truth import Files, Truth

MOST_RANGES = 8
"""Line ranges of one legacy file that are spelled out; a header is no index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """The legacy history's statements, ready to be looked up by their ids."""

    files: Files
    statements: Mapping[StatementId, Statement]

    @classmethod
    def of(cls, truth: Truth) -> Provenance:
        """The provenance that a truth knows."""
        return cls(files=truth.files, statements=truth.statements)

    def places(self, ids: Iterable[StatementId]) -> tuple[str, ...]:
        """`file:line` of each statement, in apply order."""
        wanted = set(ids)
        return tuple(s.place for name, s in self.statements.items() if name in wanted)

    def paths(self, ids: Iterable[StatementId]) -> tuple[str, ...]:
        """The legacy files of some statements, sorted."""
        return tuple(sorted({self.statements[name].path for name in ids}))

    def lines(self, ids: Iterable[StatementId]) -> tuple[str, ...]:
        """The legacy files of some statements, sorted, each with the lines used: `a.sql:3-9, 14`.

        Statements that follow each other make one range. Files that others include are told by
        their own names.
        """
        wanted = set(ids)
        ranges: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for file in self.files:
            before = ""  # the file that the statement before stands in, if that is wanted, too
            for statement in file:
                if statement.id not in wanted:
                    before = ""
                    continue
                path = statement.span.path
                first = statement.span.line
                last = first + statement.sql.count("\n")
                known = ranges[path]
                if path == before or (known and known[-1][0] <= first <= known[-1][1]):
                    begun, ended = known.pop()
                    first, last = min(begun, first), max(ended, last)
                known.append((first, last))
                before = path
        return tuple(f"{path}:{_spelled(ranges[path])}" for path in sorted(ranges))


def sources(file: PlannedFile) -> frozenset[StatementId]:
    """Every legacy statement behind one file of the output."""
    return frozenset(name for step in file.steps for name in step.sources)


def _spelled(ranges: list[tuple[int, int]]) -> str:
    spelled = [f"{a}" if a == b else f"{a}-{b}" for a, b in ranges[:MOST_RANGES]]
    if len(ranges) > MOST_RANGES:
        spelled.append(f"and {len(ranges) - MOST_RANGES} more")
    return ", ".join(spelled)
