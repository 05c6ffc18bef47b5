"""GRANT, REVOKE, default privileges and role membership."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.effects import resolve, targets
from consolidate.effects.alterations import role
from consolidate.effects.effect import Reason
from consolidate.effects.references import strings
from consolidate.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from consolidate.effects.draft import Draft
    from consolidate.effects.things import Thing, Tree

_IN_SCHEMA = {
    "OBJECT_TABLE": frozenset({"table", "view", "materialized view", "foreign table"}),
    "OBJECT_SEQUENCE": frozenset({"sequence"}),
    "OBJECT_FUNCTION": frozenset({"function", "aggregate"}),
    "OBJECT_PROCEDURE": frozenset({"procedure"}),
    "OBJECT_ROUTINE": frozenset({"function", "aggregate", "procedure"}),
}
"""What ALL … IN SCHEMA covers; only objects that exist at that moment."""

_DEFAULTS = {
    "OBJECT_TABLE": "tables",
    "OBJECT_SEQUENCE": "sequences",
    "OBJECT_FUNCTION": "functions",
    "OBJECT_ROUTINE": "functions",
    "OBJECT_TYPE": "types",
    "OBJECT_SCHEMA": "schemas",
    "OBJECT_LARGEOBJECT": "large objects",
}


def grant(draft: Draft, node: Tree) -> None:
    """GRANT or REVOKE on objects."""
    aspect = "rights"
    columns = {name for p in node.privileges or () for name in strings(p.cols)}
    whole = not node.privileges or any(not p.cols for p in node.privileges)
    for thing in _objects(draft, node):
        if whole:
            draft.alter(thing, aspect)
        for name in sorted(columns):
            draft.alter(resolve.column(draft.world, thing, name), aspect)
    _grantees(draft, node.grantees)


def _objects(draft: Draft, node: Tree) -> Iterable[Thing]:
    world = draft.world
    if node.targtype.name == "ACL_TARGET_ALL_IN_SCHEMA":
        kinds = _IN_SCHEMA.get(node.objtype.name, frozenset())
        for item in node.objects:
            where = resolve.schema(world, item.sval)
            draft.need(None, where, Reason.TARGET)
            yield from (t for t in world.parts(where) if t.kind in kinds and not t.assumed)
        return
    for item in node.objects or ():
        if node.objtype.name == "OBJECT_PARAMETER_ACL":
            yield from _parameter(draft, item.sval.lower(), makes=node.is_grant)
        elif (found := targets.target(world, node.objtype.name, item)) is not None:
            yield found


def _parameter(draft: Draft, name: str, *, makes: bool) -> Iterable[Thing]:
    """Rights on a setting are an object of their own, which the first GRANT makes."""
    found = draft.world.find("parameter ACL", None, name)
    if found is not None:
        yield found
    elif makes:
        draft.create("parameter ACL", name)


def _grantees(draft: Draft, specs: tuple[Tree, ...] | None) -> None:
    for spec in specs or ():
        if spec.roletype.name != "ROLESPEC_PUBLIC":
            draft.need(None, role(draft, spec), Reason.ROLE)


def default_privileges(draft: Draft, node: Tree) -> None:
    """ALTER DEFAULT PRIVILEGES: one `default acl` for each role, schema and kind of object."""
    world = draft.world
    options = {option.defname: option.arg for option in node.options or ()}
    owners = [role(draft, spec) for spec in options.get("roles", ())]
    owners = owners or [resolve.assume(world, "role", world.scope.role)]
    schemas: list[Thing | None] = [
        resolve.schema(world, item.sval) for item in options.get("schemas", ())
    ]
    kind = _DEFAULTS.get(node.action.objtype.name, "tables")
    for owner in owners:
        for where in schemas or [None]:
            inside = f" in schema {quote(where.name)}" if where else ""
            identity = f"for role {quote(owner.name)}{inside} on {kind}"
            _default_acl(draft, identity, owner, where, makes=node.action.is_grant or not where)
    _grantees(draft, node.action.grantees)


def _default_acl(
    draft: Draft, identity: str, owner: Thing, where: Thing | None, *, makes: bool
) -> None:
    """A REVOKE in a schema takes away only what was granted there, so it makes no entry."""
    found = draft.world.find("default acl", None, identity)
    if found is not None:
        draft.alter(found, "rights")
    elif makes:
        found = draft.create("default acl", identity, None)
    else:
        return
    draft.need(found, owner, Reason.ROLE)
    if where is not None:
        draft.need(found, where, Reason.PART_OF)


def grant_role(draft: Draft, node: Tree) -> None:
    """GRANT or REVOKE of membership."""
    for spec in node.grantee_roles or ():
        member = role(draft, spec)
        draft.alter(member, "membership")
        for granted in node.granted_roles or ():
            group = resolve.assume(draft.world, "role", granted.priv_name)
            draft.need(None, group, Reason.ROLE)


HANDLERS = {
    "GrantStmt": grant,
    "AlterDefaultPrivilegesStmt": default_privileges,
    "GrantRoleStmt": grant_role,
}
