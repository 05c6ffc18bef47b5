"""CREATE of the kinds that the grammar keeps as a list of options: DEFINE, by kind of object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.effects import operators, routines, search, types

if TYPE_CHECKING:
    from consolidate.effects.draft import Draft
    from consolidate.effects.things import Tree

DEFINES = {**operators.DEFINES, **routines.DEFINES, **search.DEFINES, **types.DEFINES}
"""By kind: a handler each."""


def define(draft: Draft, node: Tree) -> None:
    """Hands the definition to the family of its kind."""
    DEFINES[node.kind.name](draft, node)


HANDLERS = {"DefineStmt": define}
