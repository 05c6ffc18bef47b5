"""What one trial of a plan saw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consolidate.catalog.depend import Dependencies
    from consolidate.catalog.rows import Rows
    from consolidate.model import ObjectId, Snapshot
    from consolidate.wording.rights import RightsChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one trial saw."""

    failed: Mapping[ObjectId, str]
    """Units whose own text failed, with the server's message; not those that only miss them."""
    facts: Snapshot
    """Read when the owners were right, before any right was granted or revoked."""
    rows: Rows
    again: Rows
    depend: Dependencies
    made: Mapping[ObjectId, ObjectId]
    """Which unit made an object of the built database."""
    owners: tuple[RightsChange, ...]
