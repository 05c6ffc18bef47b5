"""The sections on what a history made, granted or filled and its final database does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.phrases import counted
from consolidate.report import cells

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.report.budget import Section
    from consolidate.report.summary import Summary
    from consolidate.revoked import Revoked
    from consolidate.vanished import Removed, RowsRemoved, Vanished


def sections(summary: Summary, rest: str) -> Iterator[Section]:
    """What is gone, and what is there under another name or with another definition.

    Args:
        summary: The run.
        rest: Where the lines are that are left out.
    """
    yield from _removed(summary.vanished, rest)
    yield from _otherwise(summary.vanished, rest)


def _removed(found: Vanished, rest: str) -> Iterator[Section]:
    rows = [
        (_gone(one), cells.name(one.by), cells.name(one.made) if one.made else "")
        for one in found.removed
    ]
    rows += [(_revoked(one), cells.name(one.by), cells.name(one.made)) for one in found.rights]
    rows += [(_emptied(one), cells.name(one.by), "") for one in found.rows]
    if rows:
        yield cells.table(
            f"What disappeared: {counted(len(rows), 'line')}",
            ("What", "Removed by", "Made by"),
            rows,
            11,
            rest,
        )


def _emptied(one: RowsRemoved) -> str:
    rows = "all rows" if one.rows is None else counted(one.rows, "row")
    return f"{rows} of {cells.name(one.table.identity)}"


def _revoked(one: Revoked) -> str:
    return f"{', '.join(one.rights)} of {cells.name(one.role)} on {cells.name(str(one.object))}"


def _gone(one: Removed) -> str:
    told = cells.name(str(one.object))
    if one.first is not None:
        told += f", once {cells.name(one.first.identity)}"
    if one.brought:
        told += ", which the platform brought"
    if one.along:
        told += f", and with it {_kinds(one)}"
    return told


def _kinds(one: Removed) -> str:
    kinds = [name.kind for name in one.along]
    return ", ".join(counted(kinds.count(kind), kind) for kind in sorted({*kinds}))


def _otherwise(found: Vanished, rest: str) -> Iterator[Section]:
    rows = [
        (cells.name(str(one.first)), f"now {cells.name(one.object.identity)}", cells.names(one.by))
        for one in found.renamed
    ]
    for one in found.superseded:
        if one.dropped:
            rows.append(
                (cells.name(str(one.object)), "dropped, and made again", cells.names(one.dropped))
            )
        if one.replaced:
            rows.append((cells.name(str(one.object)), "replaced", cells.names(one.replaced)))
    if rows:
        title = f"Renamed, replaced or made again: {counted(len(rows), 'line')}"
        yield cells.table(title, ("Object", "What became of it", "By"), rows, 5, rest)
