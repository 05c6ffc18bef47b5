"""Words the new names of what the platform brought: before all else, so that all else can use them.

Every other wording speaks of the platform's objects as the history calls them in the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pglast import ast

from consolidate.model import ObjectId
from consolidate.wording.units import Rung, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.model import StatementId
    from consolidate.truth import Truth

RENAMING = (ast.RenameStmt, ast.AlterObjectSchemaStmt)
"""Statements that change nothing but a name or the schema that it is in."""

TYPE = "PLATFORM NAMES"
"""The type of this unit: what it does is done first, and taken back last."""


def word(truth: Truth) -> Iterator[Unit]:
    """One unit, if anything of the platform's was renamed."""
    renames = truth.renames
    if not renames.there:
        return
    name = ObjectId("platform", "names")
    sources = sorted(_sources(truth), key=truth.order.__getitem__)
    yield Unit(
        object=name,
        type=TYPE,
        sql="\n".join(renames.there),
        rung=Rung.AS_WAS,
        ordinal=-2,  # before the roles, which may be given what has a new name
        sources=tuple(sources),
        members=frozenset({name}),
        family=name,
        undo=renames.back,
        irreversible=tuple(_lost(truth)),
    )


def _sources(truth: Truth) -> Iterator[StatementId]:
    """The statements of the history that say so."""
    renamed = truth.renames.objects
    touched = {
        touch.statement for name in renamed for touch in truth.trace.touches.get(name, ())
    } | {touch.statement_id for name in renamed for touch in truth.graph.life(name)}
    yield from (s for s in touched if s in truth.statements and _renames(truth, s))


def _renames(truth: Truth, statement: StatementId) -> bool:
    return isinstance(truth.statements[statement].tree, RENAMING)


def _lost(truth: Truth) -> Iterator[str]:
    """Roles whose password went with their name, as one of MD5 does, which is salted with it."""
    for role in sorted(truth.renames.cleared):
        yield f"{role}: its password went with its name, and only its author knows it"
