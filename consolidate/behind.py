"""What the migrations behind the line ask of the baseline, which is applied before them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """The tail, as far as it says what the baseline has to be like."""

    path: str = ""
    """The migration with the lowest version; empty if none has one, or there is no tail."""
    version: str = ""
    """That, as `YYYYMMDD_HHMMSS`: a runner that goes by versions applies it after lower ones."""
    rows: Mapping[str, str] = field(default_factory=dict)
    """Why the rows of a table have to be there before, by the table's identity."""


NOTHING = Behind()
"""Without a tail."""
