"""The answer of a proof as a value: what was checked, what differs, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from consolidate.model import CheckStatus

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from consolidate.model import Check, Difference, SetAside


_OF_THE_BUILD = frozenset({"facts", "projection", "dump", "rows", "rollback"})
"""The checks of what was built; the others are about files, and about what came later."""


class Level(StrEnum):
    """How alike the two databases are."""

    IDENTICAL = "identical"
    """In everything that was looked at."""
    EQUIVALENT = "equivalent"
    """But for values that no two runs of the legacy history share, for what was waived, and for
    what could not be seen."""
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one server's proof said."""

    server: str
    """As the user writes it, such as `embedded://18`."""
    version: str
    """Its full version, such as `18.4`."""
    checks: tuple[Check, ...]
    differences: tuple[Difference, ...] = ()
    volatile: tuple[str, ...] = ()
    """Cells that differ between two replays of the legacy history, a line each."""
    waivers: tuple[str, ...] = ()
    """What the user asked not to be held to."""
    limits: tuple[str, ...] = ()
    """What could not be compared for want of rights on the server, a line each."""
    aside: tuple[SetAside, ...] = ()
    """Legacy files that have no effect here, because they were set aside."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """How much was compared, by name."""

    @property
    def equivalent(self) -> bool:
        """Whether every check passed. A check may be skipped only where a waiver is of its name."""
        return bool(self.checks) and not self.differences and not self.failed

    @property
    def builds(self) -> bool:
        """Whether whatever speaks against it is nothing of what was built."""
        passed = {check.name for check in self.checks if check.status is CheckStatus.PASSED}
        return passed >= _OF_THE_BUILD

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that stand against it: failed, or skipped without a waiver."""
        return tuple(check for check in self.checks if not self._holds(check))

    @property
    def level(self) -> Level:
        """How alike the two databases are."""
        if not self.equivalent:
            return Level.DIFFERENT
        less = self.volatile or self.waivers or self.limits
        return Level.EQUIVALENT if less else Level.IDENTICAL

    def _holds(self, check: Check) -> bool:
        match check.status:
            case CheckStatus.PASSED:
                return True
            case CheckStatus.SKIPPED:
                return check.name in self.waivers
            case CheckStatus.FAILED:
                return False


def overall(verdicts: Sequence[Verdict]) -> Level:
    """The worst level of several servers; without any, nothing is proven."""
    levels = {verdict.level for verdict in verdicts} or {Level.DIFFERENT}
    return max(levels, key=list(Level).index)
