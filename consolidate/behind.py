"""What the migrations behind the line ask of the baseline, which is applied before them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """The tail, as far as it says what the baseline has to be like."""

    path: str = ""
    """The migration with the lowest version; empty if none has one, or there is no tail."""
    version: str = ""
    """That, as `YYYYMMDD_HHMMSS`: a runner that goes by versions applies it after lower ones."""


NOTHING = Behind()
"""Without a tail."""
