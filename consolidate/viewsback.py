"""Lets the materialized views that stay show again what they showed before a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.wording import brought

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from consolidate.catalog.rows import Rows, TableRows
    from consolidate.model import ObjectId
    from consolidate.truth import Truth

STALE = "it showed what its tables held before; refreshed, it shows what they hold now"
"""What is told of one that was not up to date: nothing but the past shows that."""


def asked(
    before: Rows, after: Rows, stale: tuple[Collection[ObjectId], Collection[ObjectId]]
) -> Sequence[ObjectId]:
    """The views of which a file, or what it did to their tables, changed what they show.

    Args:
        before: The rows before it.
        after: The rows after it.
        stale: Which views were not up to date before and after it.
    """
    then, now = _views(before), _views(after)
    return [
        name
        for name, held in then.items()
        if held.table.populated
        and (
            name not in now
            or not now[name].table.populated
            or now[name].rows != held.rows
            or (name in stale[0]) != (name in stale[1])
        )
    ]


def back(truth: Truth, views: Sequence[ObjectId]) -> Iterator[str]:
    """The statements that refresh them, one that shows another behind that."""
    for name in sorted(views, key=lambda name: (brought.position(truth, name), name)):
        yield f"REFRESH MATERIALIZED VIEW {name.identity};"


def _views(rows: Rows) -> Mapping[ObjectId, TableRows]:
    return {
        held.table.object: held
        for held in rows.tables
        if held.table.object.kind == "materialized view"
    }
