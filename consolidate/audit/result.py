"""What an audit says, as values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from consolidate.model import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consolidate.model import Finding, Runner

WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.INFO)


class Reading(StrEnum):
    """How much of a file counts."""

    WHOLE = "whole"
    IN_PART = "in part"
    """What is wrong with the rest is told."""
    ASIDE = "set aside"
    """Nothing: it is not to be applied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAudit:
    """One legacy file."""

    path: str
    version: str
    """What the runner sorts by; empty where it sorts by path."""
    reading: Reading
    size: int
    """Bytes."""
    statements: int
    commands: Mapping[str, int]
    """How many statements there are of each kind, most first."""
    well_named: bool
    suggested: str
    """A name that would be right; empty where the name is, or none is known."""
    way_back: str
    """`script`, `comment` (for somebody to take out of it) or `none`."""
    findings: tuple[Finding, ...]
    """What is told of it, by place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """All that an audit of a history says."""

    runner: Runner
    platform: str
    naming: str
    """What names are to look like; empty where any is right that the runner reads."""
    files: tuple[FileAudit, ...]
    """In apply order."""
    beside: tuple[Finding, ...]
    """What is told of the whole history, and of files that are no migrations."""
    suppressed: int
    """Findings that comments ask not to tell."""
    ignored: Mapping[str, int]
    """Findings that the configuration asks not to tell, by code."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All of them: of the whole history first, then file by file."""
        return (*self.beside, *(found for file in self.files for found in file.findings))

    @property
    def statements(self) -> int:
        """How many there are in files that count."""
        return sum(file.statements for file in self.files if file.reading is not Reading.ASIDE)

    def count(self, severity: Severity) -> int:
        """How many findings of a severity there are."""
        return sum(found.severity is severity for found in self.findings)

    def by_code(self) -> tuple[tuple[str, Severity, int, int], ...]:
        """Code, worst severity, findings and files of each, the worst and most frequent first."""
        numbers = Counter(found.code for found in self.findings)
        worst: dict[str, Severity] = {}
        files: dict[str, set[str]] = {}
        for found in self.findings:
            known = worst.setdefault(found.code, found.severity)
            worst[found.code] = min(known, found.severity, key=WORST_FIRST.index)
            files.setdefault(found.code, set()).add(found.span.path if found.span else "")
        ordered = sorted(
            numbers, key=lambda code: (WORST_FIRST.index(worst[code]), -numbers[code], code)
        )
        return tuple((code, worst[code], numbers[code], len(files[code])) for code in ordered)

    def at_least(self, severity: Severity) -> int:
        """How many findings are of this severity or a worse one."""
        reached = WORST_FIRST[: WORST_FIRST.index(severity) + 1]
        return sum(map(self.count, reached))
