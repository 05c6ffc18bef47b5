"""Reads a history as far as that goes without a server: what its statements do, and its graph."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from typing import TYPE_CHECKING

from consolidate import graph, statements
from consolidate import request as asked
from consolidate.phrases import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from consolidate.graph import DependencyGraph
    from consolidate.model import ObjectId, Statement
    from consolidate.request import Reading, Request

_AUTO = "auto"


@dataclass(frozen=True, kw_only=True)
class Study:
    """What can be known of a history from its text alone."""

    reading: Reading
    files: tuple[tuple[Statement, ...], ...]
    """Of the migrations that are neither set aside nor impossible to parse, in apply order."""
    aside: tuple[str, ...]
    """Paths of the migrations that are set aside, sorted."""
    unread: tuple[str, ...]
    """Paths of those that can not be read or parsed, and are not set aside, sorted."""
    undecided: bool
    """Whether it takes a server to know what else is set aside."""
    major: int
    """The version of PostgreSQL whose names are used."""

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
        for path in self.unread:
            yield f"not read: {path}"
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
    refused = {one.path for one in (*got.history.refused, *got.unparsed)}
    return Study(
        reading=got,
        files=tuple(f for f in got.files if not (f and f[0].path in out)),
        aside=tuple(sorted(out)),
        unread=tuple(sorted(refused - out)),
        undecided=_AUTO in patterns and aside is None,
        major=major or got.history.server_major or statements.grammar(),
    )
