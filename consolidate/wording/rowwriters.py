"""Tells which tables a unit of rows writes, and where in the history it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.wording.units import Rung

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from consolidate.model import ObjectId, SourceSpan
    from consolidate.truth import Truth
    from consolidate.wording.units import Unit


def written(units: Iterable[Unit], truth: Truth) -> Mapping[ObjectId, frozenset[ObjectId]]:
    """The tables that each unit of rows writes, by the unit.

    A statement of an author writes what its triggers and the parts of its WITH write, too, but for
    tables whose rows stand somewhere as values: there, no trigger fires for them.
    """
    every = [unit for unit in units if unit.type == "ROWS"]
    as_values = {unit.family for unit in every if unit.rung is Rung.SERVER}
    found: dict[ObjectId, frozenset[ObjectId]] = {}
    for unit in every:
        first = unit.sources[:1] if unit.rung is not Rung.SERVER else ()
        along = {table for source in first for table in truth.trace.rows.get(source, {})}
        found[unit.object] = frozenset({unit.family} | (along - as_values))
    return found


def told(unit: Unit, truth: Truth) -> str:
    """What a unit is called in a sentence, with the place of its first statement."""
    if unit.type == "SEQUENCE SET":
        return f"the position of {unit.family}"
    if unit.type != "ROWS":
        return str(unit.object)
    statement = truth.statements.get(unit.sources[0]) if unit.sources else None
    return f"rows of {unit.family.identity}" + (f" ({statement.place})" if statement else "")


def place(unit: Unit, truth: Truth) -> SourceSpan | None:
    """Where the first statement of a unit stands, if any is behind it."""
    statement = truth.statements.get(unit.sources[0]) if unit.sources else None
    return statement.span if statement else None
