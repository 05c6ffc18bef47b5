"""Schemas, extensions, roles and publications."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from consolidate.effects import resolve, targets
from consolidate.effects.alterations import role
from consolidate.effects.effect import Reason
from consolidate.effects.references import Source, references, strings

if TYPE_CHECKING:
    from consolidate.effects.draft import Draft
    from consolidate.effects.things import Thing, Tree


def create_schema(draft: Draft, node: Tree) -> None:
    """CREATE SCHEMA; the objects written inside it are made in it."""
    world = draft.world
    name = node.schemaname or (node.authrole.rolename if node.authrole else None)
    name = name or world.scope.role
    if not (node.if_not_exists and draft.spares("schema", None, name)):
        draft.create("schema", name)
    if node.authrole:
        draft.need(None, role(draft, node.authrole), Reason.ROLE)
    if node.schemaElts:
        outer = world.scope
        world.scope = replace(outer, search_path=(name, *outer.search_path))
        for element in node.schemaElts:
            draft.dispatch(element)
        world.scope = outer


def create_extension(draft: Draft, node: Tree) -> None:
    """CREATE EXTENSION: which objects it brings along, only a server knows."""
    world = draft.world
    if node.if_not_exists and draft.spares("extension", None, node.extname):
        return
    made = draft.create("extension", node.extname)
    options = {option.defname: option.arg for option in node.options or ()}
    where = (
        resolve.schema(world, options["schema"].sval)
        if "schema" in options
        else resolve.creation_schema(world)
    )
    draft.need(made, where, Reason.MEMBER)


def alter_extension(draft: Draft, node: Tree) -> None:
    """ALTER EXTENSION UPDATE: what its script does, only a server knows."""
    draft.alter(resolve.assume(draft.world, "extension", node.extname), "version")


def alter_members(draft: Draft, node: Tree) -> None:
    """ALTER EXTENSION … ADD or DROP: what is a member goes when the extension goes."""
    made = resolve.assume(draft.world, "extension", node.extname)
    draft.alter(made, "members")
    member = targets.target(draft.world, node.objtype.name, node.object)
    if member is None:
        return
    draft.alter(member, "extension")
    if node.action > 0:
        draft.need(member, made, Reason.MEMBER, tracked=False)
        member.auto.add(made)
    else:
        member.auto.discard(made)


def create_role(draft: Draft, node: Tree) -> None:
    """CREATE ROLE, USER or GROUP with the memberships it names."""
    made = draft.create("role", node.role)
    for option in node.options or ():
        if option.defname in {"addroleto", "rolemembers", "adminmembers"}:
            for spec in option.arg:
                draft.need(made, role(draft, spec), Reason.ROLE)


def alter_role(draft: Draft, node: Tree) -> None:
    """ALTER ROLE: attributes, or settings."""
    aspect = "attributes" if type(node).__name__ == "AlterRoleStmt" else "settings"
    if node.role is not None:
        draft.alter(role(draft, node.role), aspect)
    else:
        draft.opaque = "ALTER ROLE ALL changes settings of roles that nobody names"


def drop_role(draft: Draft, node: Tree) -> None:
    """DROP ROLE."""
    for spec in node.roles:
        found = draft.world.find("role", None, spec.rolename)
        if found is None and node.missing_ok:
            continue
        draft.drop([found or resolve.assume(draft.world, "role", spec.rolename)])


def create_publication(draft: Draft, node: Tree) -> None:
    """CREATE PUBLICATION with its tables and schemas."""
    made = draft.create("publication", node.pubname)
    _add_members(draft, made, node.pubobjects or ())


def alter_publication(draft: Draft, node: Tree) -> None:
    """ALTER PUBLICATION … ADD, DROP, SET."""
    made = resolve.assume(draft.world, "publication", node.pubname)
    if node.options:
        draft.alter(made, "options")
    if not node.pubobjects:
        return
    draft.alter(made, "members")
    match node.action.name:
        case "AP_AddObjects":
            _add_members(draft, made, node.pubobjects)
        case "AP_DropObjects":
            wanted = [_member(draft, made, spec) for spec in node.pubobjects]
            draft.drop([m for m in wanted if m is not None])
        case _:
            wanted = [_member(draft, made, spec) for spec in node.pubobjects]
            old = [t for t in draft.world.bearing(made) if made in t.auto and t not in wanted]
            draft.drop(old)
            new = [s for s, m in zip(node.pubobjects, wanted, strict=True) if m is None]
            _add_members(draft, made, tuple(new))


def _member_place(draft: Draft, spec: Tree) -> tuple[str, Thing]:
    if spec.pubtable:
        name = resolve.dotted(spec.pubtable.relation)
        return "publication relation", resolve.relation(draft.world, name)
    where = resolve.schema(draft.world, spec.name) if spec.name else None
    return "publication namespace", where or resolve.creation_schema(draft.world)


def _member(draft: Draft, publication: Thing, spec: Tree) -> Thing | None:
    kind, within = _member_place(draft, spec)
    return draft.world.find(kind, within, publication.name)


def _heirs(draft: Draft, table: Thing) -> list[Thing]:
    """The tables that inherit from a table; partitions are published through their parent."""
    found: list[Thing] = []
    for child in draft.world.children(table):
        if not child.form.startswith("partition"):
            found += [child, *_heirs(draft, child)]
    return found


def _add_members(draft: Draft, publication: Thing, specs: tuple[Tree, ...]) -> None:
    for spec in specs:
        kind, within = _member_place(draft, spec)
        if spec.pubtable and spec.pubtable.relation.inh:
            for child in _heirs(draft, within):
                member = draft.create(kind, publication.name, child, auto={publication})
                draft.need(member, publication, Reason.MEMBER, tracked=False)
        made = draft.create(kind, publication.name, within, auto={publication})
        draft.need(made, publication, Reason.MEMBER, tracked=False)
        if spec.pubtable:
            frame = (Source(within.name, within),)
            found = references(spec.pubtable.whereClause, frame=frame)
            draft.refer(found, made, Reason.CHECK)
            for name in strings(spec.pubtable.columns):
                draft.need(made, resolve.column(draft.world, within, name), Reason.MEMBER)


HANDLERS = {
    "CreateSchemaStmt": create_schema,
    "CreateExtensionStmt": create_extension,
    "AlterExtensionStmt": alter_extension,
    "AlterExtensionContentsStmt": alter_members,
    "CreateRoleStmt": create_role,
    "AlterRoleStmt": alter_role,
    "AlterRoleSetStmt": alter_role,
    "DropRoleStmt": drop_role,
    "CreatePublicationStmt": create_publication,
    "AlterPublicationStmt": alter_publication,
}
