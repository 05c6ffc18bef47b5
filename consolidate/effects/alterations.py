"""ALTER TABLE, ALTER INDEX, ALTER VIEW and ALTER TYPE … ATTRIBUTE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.effects import columns, constraints, partitions, resolve, targets
from consolidate.effects.effect import Reason
from consolidate.effects.references import Source, references

if TYPE_CHECKING:
    from collections.abc import Callable

    from consolidate.effects.draft import Draft
    from consolidate.effects.things import Thing, Tree

_EARLY = {"AT_DropColumn": 0, "AT_DropConstraint": 0, "AT_AlterColumnType": 1, "AT_AddColumn": 2}
"""PostgreSQL works through the clauses of one ALTER TABLE in passes, drops first."""

_LATER = 3

_ASPECTS = {
    "AT_SetStatistics": "statistics",
    "AT_SetOptions": "options",
    "AT_ResetOptions": "options",
    "AT_SetStorage": "storage",
    "AT_SetCompression": "compression",
    "AT_ChangeOwner": "owner",
    "AT_DropCluster": "cluster",
    "AT_SetLogged": "persistence",
    "AT_SetUnLogged": "persistence",
    "AT_SetAccessMethod": "access method",
    "AT_SetTableSpace": "tablespace",
    "AT_SetRelOptions": "options",
    "AT_ResetRelOptions": "options",
    "AT_ReplaceRelOptions": "options",
    "AT_AlterColumnGenericOptions": "options",
    "AT_GenericOptions": "options",
    "AT_DropOf": "of",
    "AT_EnableTrigAll": "triggers",
    "AT_DisableTrigAll": "triggers",
    "AT_EnableTrigUser": "triggers",
    "AT_DisableTrigUser": "triggers",
    "AT_EnableRowSecurity": "rls",
    "AT_DisableRowSecurity": "rls",
    "AT_ForceRowSecurity": "rls",
    "AT_NoForceRowSecurity": "rls",
}
"""Clauses that change the table, or the column they name, and nothing else."""

_PARTS = {
    **dict.fromkeys(
        ("AT_EnableTrig", "AT_EnableAlwaysTrig", "AT_EnableReplicaTrig", "AT_DisableTrig"),
        ("trigger", "enabled"),
    ),
    **dict.fromkeys(
        ("AT_EnableRule", "AT_EnableAlwaysRule", "AT_EnableReplicaRule", "AT_DisableRule"),
        ("rule", "enabled"),
    ),
    "AT_ValidateConstraint": ("table constraint", "validated"),
}
"""Clauses that change a part of the table, which they name."""


def alter_table(draft: Draft, node: Tree) -> None:
    """ALTER of a relation, clause by clause."""
    world = draft.world
    name = resolve.dotted(node.relation)
    if node.missing_ok and resolve.find(world, "relation", name) is None:
        return
    kind = targets.RELATION_KINDS.get(node.objtype.name, "composite type")
    relation = resolve.relation(world, name, kind)
    for command in sorted(node.cmds, key=lambda c: _EARLY.get(c.subtype.name, _LATER)):
        _command(draft, relation, command)


def _command(draft: Draft, relation: Thing, command: Tree) -> None:
    subtype = command.subtype.name
    handler = _COMMANDS.get(subtype)
    if handler is not None:
        handler(draft, relation, command)
    elif subtype in _ASPECTS:
        aspect = _ASPECTS[subtype]
        thing = relation
        if command.name and aspect in {"statistics", "options", "storage", "compression"}:
            thing = resolve.column(draft.world, relation, command.name)
        draft.alter(thing, aspect)
        if command.newowner:
            draft.need(None, role(draft, command.newowner), Reason.ROLE)
    elif subtype in _PARTS:
        part, aspect = _PARTS[subtype]
        found = resolve.assume(draft.world, part, command.name, relation)
        draft.alter(found, aspect)
        found.labels = ()
        draft.alter(relation, part)
    else:
        draft.alter(relation, "unknown")
        draft.opaque = f"ALTER TABLE: {subtype.removeprefix('AT_')} is not understood"


def role(draft: Draft, node: Tree) -> Thing:
    """The role of a RoleSpec; the session's own for CURRENT_USER and its like."""
    name = node.rolename or draft.world.scope.role
    return resolve.assume(draft.world, "role", name)


def _add_column(draft: Draft, relation: Thing, command: Tree) -> None:
    node = command.def_
    if command.missing_ok and draft.spares("column", relation, node.colname):
        return
    is_type = relation.kind == "composite type"
    draft.alter(relation, "add attribute" if is_type else "add column")
    column = columns.add_column(draft, relation, node)
    _tell_type(draft, relation, "add attribute")
    constraints.implied_not_null(draft, node, column)
    for child in draft.world.children(relation):
        _inherit(draft, child, column)
    constraints.add_all(draft, relation, constraints.of_column(node, column))
    not_null = columns.not_null(draft, column)
    if not_null is not None:
        columns.spread_constraint(draft, not_null)


def _inherit(draft: Draft, child: Thing, column: Thing) -> None:
    draft.alter(child, "add column")
    made = columns.inherit_column(draft, child, column)
    for grandchild in draft.world.children(child):
        _inherit(draft, grandchild, made)


def _drop_column(draft: Draft, relation: Thing, command: Tree) -> None:
    world = draft.world
    column = world.find("column", relation, command.name)
    if column is None and command.missing_ok:
        return
    column = column or resolve.column(world, relation, command.name)
    is_type = relation.kind == "composite type"
    draft.alter(relation, "drop attribute" if is_type else "drop column")
    _tell_type(draft, relation, "drop attribute")
    gone = [column]
    for one in gone:
        for heir in world.children(one):
            if heir.inherited and heir not in gone and set(heir.parents) <= set(gone):
                gone.append(heir)
            else:  # its own table declares it, or another parent does
                heir.parents = tuple(p for p in heir.parents if p is not one)
    for child in gone[1:]:
        if child.within is not None:
            draft.alter(child.within, "drop column")
    draft.drop(gone, cascade=command.behavior.name == "DROP_CASCADE")


def _column_type(draft: Draft, relation: Thing, command: Tree) -> None:
    world = draft.world
    column = resolve.column(world, relation, command.name)
    is_type = relation.kind == "composite type"
    draft.alter(relation, "attribute type" if is_type else "column type")
    draft.alter(column, "type")
    _tell_type(draft, relation, "attribute type")
    for default in world.parts(column, "default value"):
        draft.alter(default, "type")
    column.needs = {n for n in column.needs if n.kind not in {"type", "composite type"}}
    node = command.def_
    column.type = resolve.type_use(world, node.typeName)
    draft.need_type(column, node.typeName)
    if node.raw_default is not None:
        frame = (Source(relation.name, relation),)
        draft.refer(references(node.raw_default, frame=frame), None, Reason.QUERY)
        draft.write(relation)
    for child in world.children(relation):
        _column_type(draft, child, command)


def _tell_type(draft: Draft, relation: Thing, aspect: str) -> None:
    """A composite type is a type and a relation; what changes one changes the other."""
    if relation.kind == "composite type" and relation.within is not None:
        own = draft.world.find("type", relation.within, relation.name)
        if own is not None:
            draft.alter(own, aspect)


def _default(draft: Draft, relation: Thing, command: Tree) -> None:
    column = resolve.column(draft.world, relation, command.name)
    if command.def_ is None and not relation.assumed and not columns.default(draft, column):
        return
    draft.alter(column, "default")
    draft.alter(relation, "default")
    if command.def_ is None:
        columns.drop_default(draft, column)
    else:
        columns.set_default(draft, column, command.def_)
    for child in draft.world.children(relation):
        _default(draft, child, command)


def _expression(draft: Draft, relation: Thing, command: Tree) -> None:
    column = resolve.column(draft.world, relation, command.name)
    draft.alter(column, "generated")
    draft.alter(relation, "generated")
    if command.subtype.name == "AT_DropExpression":
        columns.drop_default(draft, column)
    else:
        columns.set_default(draft, column, command.def_, Reason.GENERATED)


def _set_not_null(draft: Draft, relation: Thing, command: Tree) -> None:
    column = resolve.column(draft.world, relation, command.name)
    known = columns.not_null(draft, column)
    if known is not None and not known.labels:
        return
    draft.alter(column, "set not null")
    draft.alter(relation, "set not null")
    columns.set_not_null(draft, column)
    made = columns.not_null(draft, column)
    if made is not None:
        columns.spread_constraint(draft, made)


def _drop_not_null(draft: Draft, relation: Thing, command: Tree) -> None:
    column = resolve.column(draft.world, relation, command.name)
    made = columns.not_null(draft, column)
    if made is None and columns.are_named(draft) and not relation.assumed:
        return
    draft.alter(column, "drop not null")
    draft.alter(relation, "drop not null")
    if made is not None:
        draft.drop([made])
    for child in draft.world.children(relation):
        _drop_not_null(draft, child, command)


def _add_constraint(draft: Draft, relation: Thing, command: Tree) -> None:
    draft.alter(relation, "constraint")
    constraints.add(draft, relation, command.def_)


def _drop_constraint(draft: Draft, relation: Thing, command: Tree) -> None:
    found = draft.world.find("table constraint", relation, command.name)
    if found is None and command.missing_ok:
        return
    found = found or resolve.assume(draft.world, "table constraint", command.name, relation)
    draft.alter(relation, "drop constraint")
    draft.drop([found], cascade=command.behavior.name == "DROP_CASCADE")


def _alter_constraint(draft: Draft, relation: Thing, command: Tree) -> None:
    draft.alter(relation, "constraint")
    found = resolve.assume(draft.world, "table constraint", command.def_.conname, relation)
    draft.alter(found, "options")


def _add_identity(draft: Draft, relation: Thing, command: Tree) -> None:
    column = resolve.column(draft.world, relation, command.name)
    draft.alter(column, "identity")
    draft.alter(relation, "identity")
    columns.own_sequence(draft, relation, column, command.def_.options, form="identity")


def _set_identity(draft: Draft, relation: Thing, command: Tree) -> None:
    column = resolve.column(draft.world, relation, command.name)
    draft.alter(column, "identity")
    draft.alter(relation, "identity")
    asked = {option.defname for option in command.def_}
    for sequence in columns.owned_sequences(draft, column):
        if "restart" in asked:
            draft.alter(sequence, "value")
            draft.write(sequence)
        if asked - {"restart", "generated"}:
            draft.alter(sequence, "options")


def _drop_identity(draft: Draft, relation: Thing, command: Tree) -> None:
    column = resolve.column(draft.world, relation, command.name)
    if command.missing_ok and column.form != "identity":
        return
    draft.alter(column, "identity")
    draft.alter(relation, "identity")
    column.form = ""
    own = [s for s in columns.owned_sequences(draft, column) if s.form == "identity"]
    draft.drop(own)


def _add_of(draft: Draft, relation: Thing, command: Tree) -> None:
    draft.alter(relation, "of")
    draft.need_type(relation, command.def_, Reason.INHERITANCE)


def _cluster_on(draft: Draft, relation: Thing, command: Tree) -> None:
    draft.alter(relation, "cluster")
    _need_index(draft, relation, command.name)


def _replica_identity(draft: Draft, relation: Thing, command: Tree) -> None:
    draft.alter(relation, "replica identity")
    if command.def_.name:
        _need_index(draft, relation, command.def_.name)


def _need_index(draft: Draft, relation: Thing, name: str) -> None:
    """An index has to be there already; it stands in the schema of its table."""
    index = resolve.assume_relation(draft.world, "index", name, relation.schema)
    draft.need(None, index, Reason.TARGET)


def _nothing(draft: Draft, relation: Thing, command: Tree) -> None:
    """SET WITHOUT OIDS, which is how every table is since PostgreSQL 12."""


_COMMANDS: dict[str, Callable[[Draft, Thing, Tree], None]] = {
    "AT_AddColumn": _add_column,
    "AT_DropColumn": _drop_column,
    "AT_AlterColumnType": _column_type,
    "AT_ColumnDefault": _default,
    "AT_SetExpression": _expression,
    "AT_DropExpression": _expression,
    "AT_SetNotNull": _set_not_null,
    "AT_DropNotNull": _drop_not_null,
    "AT_AddConstraint": _add_constraint,
    "AT_DropConstraint": _drop_constraint,
    "AT_AlterConstraint": _alter_constraint,
    "AT_AddIdentity": _add_identity,
    "AT_SetIdentity": _set_identity,
    "AT_DropIdentity": _drop_identity,
    "AT_AddOf": _add_of,
    "AT_ClusterOn": _cluster_on,
    "AT_ReplicaIdentity": _replica_identity,
    "AT_DropOids": _nothing,
    "AT_AttachPartition": partitions.attach,
    "AT_DetachPartition": partitions.detach,
    "AT_DetachPartitionFinalize": partitions.detach,
    "AT_AddInherit": partitions.inherit,
    "AT_DropInherit": partitions.disinherit,
}
CLAUSES = frozenset({*_COMMANDS, *_ASPECTS, *_PARTS})
"""The clauses of ALTER TABLE (`AlterTableType`) that are understood."""

HANDLERS = {"AlterTableStmt": alter_table}
