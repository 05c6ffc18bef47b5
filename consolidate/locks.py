"""The strongest lock that a statement takes on a table, by PostgreSQL's documentation.

The names and their order are those of the page "Explicit Locking"; which command takes which lock
stands there and on the page of each command, for ALTER TABLE action by action. What no statement
of a rollback does is not listed. A DO block is known by the tables that it names as its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pglast import ast
from pglast.enums import AlterTableType, ConstrType, ObjectType

from consolidate import names

if TYPE_CHECKING:
    from collections.abc import Iterator

ROW_EXCLUSIVE = "ROW EXCLUSIVE"
SHARE_UPDATE_EXCLUSIVE = "SHARE UPDATE EXCLUSIVE"
SHARE = "SHARE"
SHARE_ROW_EXCLUSIVE = "SHARE ROW EXCLUSIVE"
EXCLUSIVE = "EXCLUSIVE"
ACCESS_EXCLUSIVE = "ACCESS EXCLUSIVE"

STRENGTH = (
    ROW_EXCLUSIVE,
    SHARE_UPDATE_EXCLUSIVE,
    SHARE,
    SHARE_ROW_EXCLUSIVE,
    EXCLUSIVE,
    ACCESS_EXCLUSIVE,
)
"""From the weakest to the strongest. Readers wait for the last alone, writers from SHARE on."""

_GENTLE = {
    AlterTableType.AT_SetStatistics: SHARE_UPDATE_EXCLUSIVE,
    AlterTableType.AT_SetOptions: SHARE_UPDATE_EXCLUSIVE,
    AlterTableType.AT_ResetOptions: SHARE_UPDATE_EXCLUSIVE,
    AlterTableType.AT_ClusterOn: SHARE_UPDATE_EXCLUSIVE,
    AlterTableType.AT_DropCluster: SHARE_UPDATE_EXCLUSIVE,
    AlterTableType.AT_AttachPartition: SHARE_UPDATE_EXCLUSIVE,
    AlterTableType.AT_EnableTrig: SHARE_ROW_EXCLUSIVE,
    AlterTableType.AT_EnableAlwaysTrig: SHARE_ROW_EXCLUSIVE,
    AlterTableType.AT_EnableReplicaTrig: SHARE_ROW_EXCLUSIVE,
    AlterTableType.AT_DisableTrig: SHARE_ROW_EXCLUSIVE,
}
"""Actions of ALTER TABLE that do not take ACCESS EXCLUSIVE, as all others do."""

_RELATIONS = {
    *(ObjectType.OBJECT_TABLE, ObjectType.OBJECT_FOREIGN_TABLE, ObjectType.OBJECT_VIEW),
    *(ObjectType.OBJECT_MATVIEW,),
}
_ON_TABLE = {ObjectType.OBJECT_TRIGGER, ObjectType.OBJECT_POLICY, ObjectType.OBJECT_RULE}

_ON_RELATION: dict[type[ast.Node], str] = {
    ast.CreateTrigStmt: SHARE_ROW_EXCLUSIVE,
    ast.IndexStmt: SHARE,
    ast.RuleStmt: ACCESS_EXCLUSIVE,
    ast.ViewStmt: ACCESS_EXCLUSIVE,
    ast.RefreshMatViewStmt: ACCESS_EXCLUSIVE,
    ast.InsertStmt: ROW_EXCLUSIVE,
    ast.DeleteStmt: ROW_EXCLUSIVE,
}
"""Statements with a relation of theirs."""

_SILENCED = re.compile(r"ANY \(ARRAY\[(.*?)\]::regclass\[\]\)")
_LITERAL = re.compile(r"E?'((?:[^']|'')*)'")


def taken(tree: ast.Node | None) -> Iterator[tuple[str, str]]:
    """The tables that a statement names, each with the lock; others lock none.

    A table is named as the statement names it, each part in quotes where it needs them.
    """
    match tree:
        case ast.DropStmt(removeType=kind) if kind in _RELATIONS:
            yield from ((_dotted(name), ACCESS_EXCLUSIVE) for name in tree.objects or ())
        case ast.DropStmt(removeType=kind) if kind in _ON_TABLE:
            yield from ((_dotted(name[:-1]), ACCESS_EXCLUSIVE) for name in _parts(tree))
        case ast.AlterTableStmt() if tree.objtype in _RELATIONS:
            yield from _altered(tree)
        case ast.RenameStmt() | ast.AlterOwnerStmt() if getattr(tree, "relation", None):
            yield _ranged(tree.relation), ACCESS_EXCLUSIVE
        case ast.CreatePolicyStmt():
            yield _ranged(tree.table), ACCESS_EXCLUSIVE
        case ast.DoStmt():
            yield from ((table, EXCLUSIVE) for table in silenced(tree))
        case _:
            lock = _ON_RELATION.get(type(tree)) if tree is not None else None
            relation = getattr(tree, "relation", None) or getattr(tree, "view", None)
            if lock and relation is not None:
                yield _ranged(relation), lock


def _altered(tree: ast.AlterTableStmt) -> Iterator[tuple[str, str]]:
    locks = [_GENTLE.get(command.subtype, ACCESS_EXCLUSIVE) for command in tree.cmds or ()]
    for command in tree.cmds or ():
        added = command.def_
        if isinstance(added, ast.Constraint) and added.contype == ConstrType.CONSTR_FOREIGN:
            locks = [SHARE_ROW_EXCLUSIVE]
            yield _ranged(added.pktable), SHARE_ROW_EXCLUSIVE
        elif isinstance(added, ast.PartitionCmd):
            yield _ranged(added.name), ACCESS_EXCLUSIVE
    yield _ranged(tree.relation), max(locks, key=STRENGTH.index, default=ACCESS_EXCLUSIVE)


def silenced(tree: ast.DoStmt) -> tuple[str, ...]:
    """The tables whose rows a block of ours restores."""
    body = next((arg.arg.sval for arg in tree.args or () if arg.defname == "as"), "")
    match = _SILENCED.search(body)
    listed = _LITERAL.findall(match[1]) if match else ()
    return tuple(name.replace("''", "'") for name in listed)


def _parts(tree: ast.DropStmt) -> Iterator[Any]:
    yield from tree.objects or ()


def _dotted(name: Any) -> str:  # noqa: ANN401 - pglast's trees are not typed
    return ".".join(names.quote(part.sval) for part in name)


def _ranged(relation: Any) -> str:  # noqa: ANN401 - as above
    parts = (relation.schemaname, relation.relname)
    return ".".join(names.quote(part) for part in parts if part)
