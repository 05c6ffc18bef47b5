"""The section on comments that went with their statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.phrases import counted
from consolidate.report import cells

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.report.budget import Section
    from consolidate.report.summary import Summary

_WEIGHT = 4
_REST = "the legacy files have them all"


def sections(summary: Summary) -> Iterator[Section]:
    """One, if there is any such comment."""
    if summary.unsaid:
        rows = [(cells.name(one.place), cells.text(" ".join(one.lines))) for one in summary.unsaid]
        lines = sum(len(one.lines) for one in summary.unsaid)
        title = f"Comments that went with their statements: {counted(lines, 'line')}"
        yield cells.table(title, ("At", "Comment"), rows, _WEIGHT, _REST)
