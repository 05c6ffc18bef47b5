"""RENAME TO and SET SCHEMA: the objects stay, their names change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.effects import columns, resolve, targets
from consolidate.effects.effect import Reason

if TYPE_CHECKING:
    from consolidate.effects.draft import Draft
    from consolidate.effects.things import Thing, Tree
    from consolidate.effects.world import World

_PARTS = {
    "OBJECT_COLUMN": "column",
    "OBJECT_ATTRIBUTE": "column",
    "OBJECT_TABCONSTRAINT": "table constraint",
    "OBJECT_TRIGGER": "trigger",
    "OBJECT_POLICY": "policy",
    "OBJECT_RULE": "rule",
}


def rename(draft: Draft, node: Tree) -> None:
    """ALTER … RENAME."""
    found = _renamed(draft, node)
    if found is None:
        if not node.missing_ok:
            word = node.renameType.name.removeprefix("OBJECT_").lower().replace("_", " ")
            draft.opaque = f"RENAME of a {word} is not understood"
        return
    draft.alter(found, "rename")
    whole = found.within
    if node.renameType.name in _PARTS and whole is not None:
        draft.alter(whole, "rename column" if "column" in found.kind else f"rename {found.kind}")
    draft.rename(_twins(draft.world, found), node.newname, None)


def _renamed(draft: Draft, node: Tree) -> Thing | None:
    """What a RENAME is about; None where IF EXISTS finds nothing or the kind is not covered."""
    world, kind = draft.world, node.renameType.name
    if kind in _PARTS:
        return _renamed_part(world, node)
    if kind == "OBJECT_DOMCONSTRAINT":
        domain = targets.target(world, "OBJECT_DOMAIN", node.object)
        return resolve.assume(world, "domain constraint", node.subname, domain)
    if kind in targets.PLAIN_KINDS and node.object is None:
        return resolve.assume(world, targets.PLAIN_KINDS[kind], node.subname)
    look = targets.known if node.missing_ok else targets.target
    return look(world, kind, node.relation or node.object)


def _renamed_part(world: World, node: Tree) -> Thing | None:
    name, which = resolve.dotted(node.relation), _PARTS[node.renameType.name]
    relation = resolve.find(world, "relation", name)
    found = world.find(which, relation, node.subname) if relation else None
    if found is not None or node.missing_ok:
        return found
    relation = resolve.relation(world, name)
    if which == "column":
        return resolve.column(world, relation, node.subname)
    return resolve.assume(world, which, node.subname, relation)


def _twins(world: World, thing: Thing) -> list[Thing]:
    """What PostgreSQL renames together with the thing, itself first."""
    found = [thing]
    match thing.kind:
        case "type":
            composite = targets.composite_relation(world, thing)
            found += [composite] if composite else []
        case "table constraint":
            found += [i for i in _indexes_of(world, thing) if i.name == thing.name]
            found += _inherited(world, thing)
        case "index":
            found += [c for c in thing.auto if c.kind == "table constraint"]
        case "publication":
            found += [t for t in world.bearing(thing) if thing in t.auto]
        case "trigger":
            kinds = {"trigger", "table constraint"}
            found += [t for t in world.bearing(thing) if t.kind in kinds and thing in t.auto]
        case kind if kind.endswith(" column"):
            for one in found:
                found += [c for c in world.children(one) if c.kind == kind]
        case _:
            pass
    return found


def _indexes_of(world: World, constraint: Thing) -> list[Thing]:
    return [i for i in world.bearing(constraint) if i.kind == "index" and constraint in i.auto]


def _inherited(world: World, constraint: Thing) -> list[Thing]:
    """CHECK and NOT NULL constraints of children follow; keys of partitions do not."""
    if constraint.form not in {"c", "n"}:
        return []
    heirs = [c for c in world.bearing(constraint) if c.kind == constraint.kind]
    own = [c for c in heirs if constraint in c.auto]
    return [*own, *(further for c in own for further in _inherited(world, c))]


def set_schema(draft: Draft, node: Tree) -> None:
    """ALTER … SET SCHEMA: a table takes its indexes and its own sequences along."""
    world, kind = draft.world, node.objectType.name
    item = node.relation or node.object
    found = targets.known(world, kind, item)
    if found is None and node.missing_ok:
        return
    found = found or targets.target(world, kind, item)
    if found is None:
        word = kind.removeprefix("OBJECT_").lower().replace("_", " ")
        draft.opaque = f"SET SCHEMA of a {word} is not understood"
        return
    where = resolve.schema(world, node.newschema)
    draft.need(None, where, Reason.PART_OF)
    draft.alter(found, "schema")
    if kind == "OBJECT_EXTENSION":
        draft.opaque = "SET SCHEMA of an extension: what moves with it only a server knows"
        return
    moved = [found, *world.indexes(found)]
    for column in world.columns(found):
        moved += columns.owned_sequences(draft, column)
    composite = targets.composite_relation(world, found)
    moved += [composite] if composite else []
    for thing in moved:
        draft.release(thing, thing.schema)
    draft.rename(moved, None, where)
    for thing in moved:
        draft.need(thing, where, Reason.PART_OF, tracked=False)


HANDLERS = {"RenameStmt": rename, "AlterObjectSchemaStmt": set_schema}
