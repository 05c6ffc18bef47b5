"""Rules about what does not come back: tables, columns, rows, and what CASCADE takes along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pglast import ast
from pglast.enums import DropBehavior

from consolidate import findings, names
from consolidate.audit import parts
from consolidate.audit.found import at
from consolidate.audit.makers import Makers
from consolidate.audit.subject import TEMPORARY
from consolidate.phrases import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.audit.found import Found
    from consolidate.audit.subject import Material, Spot
    from consolidate.model import ObjectId

_MOST = 6
_TABLES = frozenset({"table", "foreign table"})
_PARTS = frozenset({"default value", "index", "composite type", "sequence"})
"""What goes with an object as a part of it, without CASCADE as well."""
_ON = frozenset({"table constraint", "domain constraint", "trigger", "policy", "rule"})


def tables(material: Material) -> Iterator[Found]:
    """Tables that a statement drops and that an earlier file made."""
    for spot in material.spots:
        gone = [
            name.identity
            for name in spot.effect.drops
            if name.kind == "table" and not material.is_own(spot, name)
        ]
        if gone:
            yield at(spot, findings.TABLE_DROPPED, f"drops {listed(gone, _MOST)}")


def columns(material: Material) -> Iterator[Found]:
    """Columns that ALTER TABLE drops and that an earlier file made, or may have made."""
    makers, unmade = Makers(material), parts.unmade(material)
    never = {what for what, spot in unmade.items() if not makers.unseen(what[0], spot)}
    for spot in material.spots:
        if not isinstance(spot.statement.tree, ast.AlterTableStmt):
            continue
        gone = [
            name.identity
            for name in spot.effect.drops
            if name.kind == "table column" and not material.is_own(spot, name)
            if (name, spot.statement.id) not in never
        ]
        if gone:
            yield at(spot, findings.COLUMN_DROPPED, f"drops {listed(gone, _MOST)}")


def rows(material: Material) -> Iterator[Found]:
    """TRUNCATE, and DELETE without WHERE, on tables that an earlier file made."""
    for spot in material.spots:
        tree: Any = spot.statement.tree
        whole = isinstance(tree, ast.DeleteStmt) and not (tree.whereClause or tree.usingClause)
        if not (whole or isinstance(tree, ast.TruncateStmt)):
            continue
        emptied = [
            name.identity
            for name in spot.effect.writes_rows
            if name.kind in _TABLES and not material.is_own(spot, name)
        ]
        if emptied:
            how = "DELETE without WHERE" if whole else "TRUNCATE"
            told = f"{how} removes all rows of {listed(emptied, _MOST)}"
            yield at(spot, findings.ALL_ROWS_REMOVED, told)


def cascades(material: Material) -> Iterator[Found]:
    """What DROP … CASCADE takes along that is not named and no part of what is."""
    for spot in material.spots:
        tree: Any = spot.statement.tree
        if isinstance(tree, ast.DropStmt) and tree.behavior == DropBehavior.DROP_CASCADE:
            along = _along(spot.effect.drops, len(tree.objects or ()))
        elif isinstance(tree, ast.AlterTableStmt) and any(
            command.behavior == DropBehavior.DROP_CASCADE for command in tree.cmds or ()
        ):
            along = _beside(spot)
        else:
            continue
        if along:
            told = f"CASCADE also drops {listed([str(name) for name in along], _MOST)}"
            yield at(spot, findings.DROPPED_ALONG, told)


def _along(drops: tuple[ObjectId, ...], named: int) -> list[ObjectId]:
    """Of what a DROP removes, what is neither named nor a part; the named ones come first."""
    gone = {name.identity for name in drops}
    return [name for name in drops[named:] if not _is_part(name, gone)]


def _beside(spot: Spot) -> list[ObjectId]:
    """What ALTER TABLE … DROP … CASCADE removes of other objects."""
    gone = {name.identity for name, _ in spot.effect.alters}
    gone |= {name.identity for name in spot.effect.drops}
    return [name for name in spot.effect.drops if not _is_part(name, gone - {name.identity})]


def _is_part(name: ObjectId, gone: set[str]) -> bool:
    """Whether an object belongs to one of those, or is no object of its own."""
    if name.kind in _PARTS or TEMPORARY in name.identity:
        return True
    if name.kind in _ON:
        return names.parted(name.identity, " on ")[1] in gone
    if name.kind.endswith(" column"):
        owner = names.parted(name.identity, ".")[0]
        return owner in gone
    return False


RULES = (tables, columns, rows, cascades)
