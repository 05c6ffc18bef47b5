"""From which severity on an audit answers no; it imports nothing, so that help is quick."""

from __future__ import annotations

from enum import StrEnum


class FailOn(StrEnum):
    """The mildest finding that makes the answer no."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"
