"""What one code of a finding means, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from consolidate.model import Severity


@dataclass(frozen=True, slots=True)
class Meaning:
    """All that is known of a code, whatever a single finding says besides."""

    code: str
    """Stable, such as `CON201`."""
    title: str
    """What it says, in one line without a full stop."""
    severity: Severity
    """The one that it has unless a finding or the configuration says otherwise."""
    why: str
    """Why it matters, in sentences."""
    remedy: str
    """What to do about it, in sentences."""

    @property
    def text(self) -> str:
        """The code in full, as `consolidate explain` prints it."""
        return (
            f"{self.code} ({self.severity}): {self.title}.\n\n{self.why}\n\n"
            f"What to do: {self.remedy}\n"
        )
