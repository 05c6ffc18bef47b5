"""Tells reviewers what the down scripts of the legacy history do, those that do not lead back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from consolidate.report import cells

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from consolidate.downs.results import Result, Results
    from consolidate.report.budget import Section


def sections(found: Results | None, rest: str) -> Iterator[Section]:
    """The section, if the history has any.

    Args:
        found: What is known of them.
        rest: Where those stand for which there is no room.
    """
    if found is None:
        return
    rows = [(_script(one), one.outcome, _told(one.told)) for one in found.wanting]
    title = f"Down scripts of the legacy history: {found.sentence}"
    table = cells.table(title, ("Down script", "", "What"), rows, 7, rest)
    intro = _DOWNS.format(major=found.major) if found.major else f"Not tried: {found.why}."
    yield replace(table, intro=intro, head=table.head if rows else "")


def _script(one: Result) -> str:
    place = cells.name(f"{one.place.path}:{one.place.line}")
    return f"{place}, in a comment" if one.commented else place


def _told(lines: Sequence[str]) -> str:
    more = f"; and {len(lines) - _DIFFERENCES} more" if len(lines) > _DIFFERENCES else ""
    return "; ".join(map(cells.text, lines[:_DIFFERENCES])) + more


_DIFFERENCES = 4
"""Objects that are shown of what one down script leaves otherwise."""
_DOWNS = """\
What the authors wrote to take single migrations back was tried right after each, on \
PostgreSQL {major}: does it give back catalogs, rows and sequences? The rollbacks above \
do not rest on it."""
