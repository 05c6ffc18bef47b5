"""What came of trying the down scripts of a history, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from consolidate import findings
from consolidate.model import Finding, Severity
from consolidate.phrases import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.model import SourceSpan

_SHOWN = 4
"""Differences that a finding names."""


class Outcome(StrEnum):
    """What a down script is worth."""

    EXACT = "returns exactly"
    """Catalogs, rows and positions of sequences are those from before its migration."""
    DIFFERS = "returns but for"
    FAILS = "fails"
    EMPTY = "empty"
    """There is no command in it."""
    UNREADABLE = "can not be read"
    UNTRIED = "not tested"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One down script, and what came of it."""

    migration: str
    """The path of the migration that it takes back."""
    place: SourceSpan
    outcome: Outcome
    commented: bool = False
    """Whether it stands in a comment."""
    told: tuple[str, ...] = ()
    """What is not as before, a line for each object; or why it fails, or is not tested."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """All down scripts of a history."""

    migrations: int
    """How many migrations there are, with one or without."""
    major: int | None
    """The PostgreSQL on which they were tried; None if they were not."""
    why: str = ""
    """Why none was tried."""
    scripts: tuple[Result, ...]
    """In apply order of their migrations."""

    def count(self, outcome: Outcome) -> int:
        """How many of them came out so."""
        return sum(script.outcome is outcome for script in self.scripts)

    @property
    def wanting(self) -> tuple[Result, ...]:
        """Those that there is something to say of: all that were tried and do not return."""
        silent = {Outcome.EXACT} if self.major else {Outcome.EXACT, Outcome.UNTRIED}
        return tuple(one for one in self.scripts if one.outcome not in silent)

    @property
    def sentence(self) -> str:
        """How many there are, and how many of each sort."""
        parts = [f"{len(self.scripts):,} read"]
        parts += [
            f"{number:,} {_PLURAL[outcome] if number != 1 else _SINGULAR[outcome]}"
            for outcome in Outcome
            if (number := self.count(outcome))
        ]
        without = self.migrations - len(self.scripts)
        if without:
            parts.append(f"{counted(without, 'migration')} without one")
        return ", ".join(parts)


_SINGULAR = {
    Outcome.EXACT: "returns exactly",
    Outcome.DIFFERS: "returns but for something",
    Outcome.FAILS: "fails",
    Outcome.EMPTY: "is empty",
    Outcome.UNREADABLE: "can not be read",
    Outcome.UNTRIED: "is not tested",
}
_PLURAL = {
    Outcome.EXACT: "return exactly",
    Outcome.DIFFERS: "return but for something",
    Outcome.FAILS: "fail",
    Outcome.EMPTY: "are empty",
    Outcome.UNREADABLE: "can not be read",
    Outcome.UNTRIED: "are not tested",
}


def found(results: Results) -> Iterator[Finding]:
    """The findings on those that fail or lead elsewhere."""
    for one in results.scripts:
        if one.outcome is Outcome.FAILS or one.outcome is Outcome.DIFFERS:
            more = f"; and {len(one.told) - _SHOWN} more" if len(one.told) > _SHOWN else ""
            told = "; ".join(one.told[:_SHOWN]) + more
            yield Finding(
                code=findings.DOWN_LEADS_ELSEWHERE,
                severity=Severity.WARNING if one.outcome is Outcome.FAILS else Severity.INFO,
                message=f"what takes {one.migration} back {one.outcome}: {told}",
                span=one.place,
                help="The rollbacks of the output do not rest on it.",
            )
