"""Reads a history as far as that goes without a server: what its statements do, and its graph."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from typing import TYPE_CHECKING

from consolidate import graph, partial, statements
from consolidate import request as asked
from consolidate.phrases import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from consolidate.graph import DependencyGraph
    from consolidate.model import ObjectId, Statement
    from consolidate.partial import Read
    from consolidate.request import Reading, Request

_AUTO = "auto"


@dataclass(frozen=True, kw_only=True)
class Study:
    """What can be known of a history from its text alone."""

    reading: Reading
    read: tuple[Read, ...]
    """The migrations that are not set aside, as far as they can be read, in apply order."""
    aside: tuple[str, ...]
    """Paths of the migrations that are set aside, sorted."""
    undecided: bool
    """Whether it takes a server to know what else is set aside."""
    major: int
    """The version of PostgreSQL whose names are used."""

    @property
    def files(self) -> tuple[tuple[Statement, ...], ...]:
        """The statements of each."""
        return tuple(one.statements for one in self.read)

    @property
    def in_part(self) -> tuple[str, ...]:
        """Paths of those of which something can not be read, in apply order."""
        return tuple(one.migration.path for one in self.read if one.wrong)

    @cached_property
    def graph(self) -> DependencyGraph:
        """Which object depends on which."""
        return graph.read(self.files, self.reading.prelude, self.major, self.reading.history.manner)

    @cached_property
    def brought(self) -> Mapping[ObjectId, str]:
        """What makes each object that is there before the history."""
        return graph.made_by(self.reading.brings)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All statements in order."""
        return tuple(statement for file in self.files for statement in file)

    def talk(self) -> Iterator[str]:
        """What was read and what was not, a line each."""
        got = self.reading
        sign = f" ({got.history.recognised})" if got.history.recognised else ""
        yield f"history: {counted(len(self.files), 'file')}, runner {got.history.runner}{sign}"
        config = got.config_path.as_posix() if got.config_path else "none"
        yield f"configuration: {config}; platform: {got.platform}{got.why}"
        if self.aside:
            yield f"set aside: {counted(len(self.aside), 'file')}"
        for stop in got.history.stops:
            yield f"the runner stops: {stop.span}: {stop.message}"
        for one in self.read:
            if one.wrong:
                place, message = one.wrong[0]
                more = f", and {len(one.wrong) - 1} more" if one.wrong[1:] else ""
                yield f"read in part: {one.migration.path} ({place}: {message}{more})"
        if self.undecided:
            yield "quarantine auto: only a server tells what does not apply; nothing is set aside"


def study(request: Request, *, aside: Collection[str] | None = None, major: int = 0) -> Study:
    """Reads what the request speaks of.

    Args:
        request: As for a run; its servers are not looked at.
        aside: What an earlier run has set aside; None if there was none.
        major: The version of PostgreSQL whose names are wanted; by default that which the project
            says it runs on, or else that of the parser.

    Raises:
        UsageProblem: An unknown platform.
        InputProblem: The configuration or the history can not be used; all problems at once.
    """
    got = asked.read(request)
    patterns = {*got.config.quarantine, *request.quarantine}
    named = patterns - {_AUTO}
    paths = {m.path for m in got.history.migrations} | {one.path for one in got.history.refused}
    out = {path for path in paths if any(fnmatchcase(path, one) for one in named)}
    out |= paths & {*(aside or ())}
    read = partial.reads(got.history, got.files)
    return Study(
        reading=got,
        read=tuple(one for one in read if one.migration.path not in out),
        aside=tuple(sorted(out)),
        undecided=_AUTO in patterns and aside is None,
        major=major or got.history.server_major or statements.grammar(),
    )
