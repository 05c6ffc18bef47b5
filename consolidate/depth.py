"""How far a drill of the rollbacks goes; it imports nothing, so that help is quick."""

from __future__ import annotations

from enum import StrEnum


class Depth(StrEnum):
    """How much is tried."""

    QUICK = "quick"
    """Every rollback once, from the last file to the first; all at once; and up again."""
    FULL = "full"
    """Besides, each from every prefix of the files, and each with rows in every table."""
