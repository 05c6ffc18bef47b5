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
            _default_acl(draft, node.action, kind, owner, where)
    _grantees(draft, node.action.grantees)


def _default_acl(draft: Draft, action: Tree, kind: str, owner: Thing, where: Thing | None) -> None:
    """An entry is there while its rights, its labels, differ from those that are built in.

    Those in a schema are only added to the others, so that an entry there begins with none.
    """
    inside = f" in schema {quote(where.name)}" if where else ""
    identity = f"for role {quote(owner.name)}{inside} on {kind}"
    found = draft.world.find("default acl", None, identity)
    built_in = frozenset[str]() if where else _built_in(draft, owner, kind)
    rights = _changed(draft, frozenset(found.labels) if found else built_in, action, kind)
    if rights == built_in:
        draft.drop([found] if found else [])
        return
    if found is not None:
        draft.alter(found, "rights")
    else:
        found = draft.create("default acl", identity, None)
    found.labels = tuple(sorted(rights))
    draft.need(found, owner, Reason.ROLE)
    if where is not None:
        draft.need(found, where, Reason.PART_OF)


_PRIVILEGES = {
    "tables": ("select", "insert", "update", "delete", "truncate", "references", "trigger"),
    "sequences": ("select", "update", "usage"),
    "functions": ("execute",),
    "types": ("usage",),
    "schemas": ("usage", "create"),
    "large objects": ("select", "update"),
}
_MAINTAIN_SINCE = 17
"""PostgreSQL 17 let the rights on tables include MAINTAIN."""

_PUBLIC = {"functions": ("execute",), "types": ("usage",)}
"""What everybody may do with a new object."""


def _privileges(draft: Draft, kind: str) -> tuple[str, ...]:
    """What ALL means."""
    newer = kind == "tables" and draft.world.scope.major >= _MAINTAIN_SINCE
    return (*_PRIVILEGES[kind], *(("maintain",) if newer else ()))


def _built_in(draft: Draft, owner: Thing, kind: str) -> frozenset[str]:
    """The rights on new objects where nobody says otherwise, as `acldefault()` gives them."""
    own = {f"{owner.name}={privilege}" for privilege in _privileges(draft, kind)}
    return frozenset(own | {f"={privilege}" for privilege in _PUBLIC.get(kind, ())})


def _changed(draft: Draft, held: frozenset[str], action: Tree, kind: str) -> frozenset[str]:
    """The rights after a GRANT or a REVOKE.

    Each is spelled `grantee=privilege`, with `*` behind it where it may be passed on; PUBLIC has
    no name.
    """
    named = [p.priv_name for p in action.privileges or ()] or _privileges(draft, kind)
    grantees = [
        "" if spec.roletype.name == "ROLESPEC_PUBLIC" else spec.rolename or draft.world.scope.role
        for spec in action.grantees
    ]
    rights = {f"{grantee}={privilege}" for grantee in grantees for privilege in named}
    passed_on = {f"{right}*" for right in rights}
    if action.is_grant:
        return held | rights | (passed_on if action.grant_option else set())
    return held - passed_on - (set() if action.grant_option else rights)


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
