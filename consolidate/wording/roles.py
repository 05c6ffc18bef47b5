"""Words the roles that a history makes: the authors' statements, which alone know passwords."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pglast import ast
from pglast.enums import ObjectType

from consolidate import names
from consolidate.model import ObjectId, Statement
from consolidate.wording.units import Rung, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from consolidate.truth import Truth


_ATTRIBUTES = {
    "superuser": "SUPERUSER",
    "create role": "CREATEROLE",
    "create database": "CREATEDB",
    "login": "LOGIN",
    "replication": "REPLICATION",
    "bypass row security": "BYPASSRLS",
}
"""Attributes of a role that are facts only where they are set, and their words."""


def word(truth: Truth) -> tuple[Unit, ...]:
    """One unit per role that the platform lacks, with the statements that are about it.

    A membership stands with the member, which comes after the role that it is granted; one of two
    roles of the platform is a unit of its own.
    """
    before = {f.object for f in truth.platform.facts.facts if f.object.kind == "role"}
    after = {f.object for f in truth.final.facts.facts if f.object.kind == "role"}
    new = {role.identity for role in after - before}
    units = [*_joined(truth, {role.identity for role in before})]
    for role in sorted(after - before):
        statements = _about(truth, role, new)
        if not statements:
            continue
        named = {name for statement in statements for name in _roles(statement)}
        if any(isinstance(statement.tree, ast.DoStmt) for statement in statements):
            named |= {membership.group for membership in _memberships(truth, role)}
        spelled = [_spelled(truth, role, statement) for statement in statements]
        own = spelled == [f"{statement.sql};" for statement in statements]
        units.append(
            Unit(
                object=role,
                type="ROLE",
                sql="\n".join(spelled),
                rung=Rung.AS_WAS if len(statements) > 1 else Rung.VERBATIM if own else Rung.SERVER,
                ordinal=-1,  # before all that may belong or be granted to it
                sources=tuple(statement.id for statement in statements),
                members=frozenset({role}),
                family=role,
                needs=frozenset(ObjectId("role", name) for name in named),
                undo=(_dropped(truth, role),)
                if any(isinstance(statement.tree, ast.DoStmt) for statement in statements)
                else None,
            )
        )
    return tuple(units)


def _about(truth: Truth, role: ObjectId, new: set[str]) -> list[Statement]:
    """The statements about a role since it was last made, under all the names that it had."""
    name, found = role.identity, []
    for statement in reversed(tuple(truth.statements.values())):
        match statement.tree:
            case ast.RenameStmt(renameType=ObjectType.OBJECT_ROLE) as tree:
                if names.quote(tree.newname or "") == name:
                    name = names.quote(tree.subname or "")
                    found.append(statement)
                continue
            case ast.DropRoleStmt() as tree:
                if name in {names.quote(spec.rolename or "") for spec in tree.roles or ()}:
                    break
            case _:
                pass
        made = truth.trace.created.get(role) == statement.id
        if made or name in _owners(statement, new | {name}):
            found.append(statement)
        if made:
            break
    return found[::-1]


def _spelled(truth: Truth, role: ObjectId, statement: Statement) -> str:
    """The statement; where it did more than make this role, the role as the catalog has it.

    Only its author knows a password.
    """
    facts = truth.final.facts.of(role)
    if (
        not isinstance(statement.tree, ast.DoStmt)
        or "password" in facts
        or not _does_more(truth, statement)
    ):
        return f"{statement.sql};"
    words = [word for attribute, word in _ATTRIBUTES.items() if facts.get(attribute) == "true"]
    if facts.get("inherit") == "false":
        words.append("NOINHERIT")
    if limit := facts.get("connection limit"):
        words.append(f"CONNECTION LIMIT {limit}")
    if until := facts.get("valid until"):
        words.append(f"VALID UNTIL {names.literal(until)}")
    settings = (
        f"ALTER ROLE {role.identity} SET {attribute.removeprefix('setting ')} "
        f"TO {names.literal(value)}"
        for attribute, value in sorted(facts.items())
        if attribute.startswith("setting ") and " in database" not in attribute
    )
    made = " ".join([f"CREATE ROLE {role.identity}", *words])
    if _GUARD.search(statement.sql):
        made = _unless_there(role, made)
    granted = (membership.sql for membership in _memberships(truth, role))
    return "\n".join(f"{said};" for said in (made, *settings, *granted))


_GUARD = re.compile(r"\b(pg_roles|pg_authid|pg_user|pg_group|duplicate_object)\b", re.IGNORECASE)
"""How a block sees to it that it makes no role twice: one server has many databases, and one set of
roles."""


def _unless_there(role: ObjectId, made: str) -> str:
    (name,) = names.split(role.identity)
    return f"""\
DO $role$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = {names.literal(name)}) THEN
        {made};
    END IF;
END
$role$"""


def _dropped(truth: Truth, role: ObjectId) -> str:
    """Drops a role that a block made, which may have found it there.

    A role that is older than the database was there. So was, for all that can be known, one that
    is used elsewhere, or is not as the block makes it.
    """
    facts = truth.final.facts.of(role)
    members = sorted(_members(truth, role))
    settings = sorted(
        f"{attribute.removeprefix('setting ')}={value}"
        for attribute, value in facts.items()
        if attribute.startswith("setting ") and " in database" not in attribute
    )
    attributes = [str(attribute in facts).lower() for attribute in _ATTRIBUTES]
    attributes += [facts.get("inherit", "true"), facts.get("connection limit", "-1")]
    (name,) = names.split(role.identity)
    return _DROPPED.format(
        role=role.identity,
        name=names.literal(name),
        attributes=", ".join(attributes),
        settings=_array(settings),
        known=_array([name, *members]),
        password="" if "password" in facts else _LOOKED_UP,
    )


_DROPPED = """\
-- It was made unless it was there: one that is older than this database, that is used elsewhere, or
-- that is not as it was made, is left.
DO $role$
DECLARE
    found oid;
    has_password boolean := false;
BEGIN
    SELECT r.oid INTO found
    FROM pg_catalog.pg_roles AS r
    JOIN pg_catalog.pg_database AS here ON here.datname = current_database()
    WHERE r.rolname = {name} AND r.oid > here.oid
        AND (rolsuper, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls,
            rolinherit, rolconnlimit) = ({attributes})
        AND coalesce(rolconfig, '{{}}') <@ {settings}
        AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_auth_members AS m
            WHERE r.oid IN (m.roleid, m.member)
                AND (pg_catalog.pg_get_userbyid(m.roleid) <> ALL ({known})
                    OR pg_catalog.pg_get_userbyid(m.member) <> ALL (current_user || {known})))
        AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_shdepend AS d
            WHERE d.refclassid = 'pg_catalog.pg_authid'::regclass AND d.refobjid = r.oid
                AND d.classid <> 'pg_catalog.pg_auth_members'::regclass);
{password}    IF found IS NOT NULL AND NOT has_password THEN
        DROP ROLE {role};
    ELSIF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = {name}) THEN
        RAISE NOTICE 'role % is left: it was there before, is used, or was changed since',
            {name};
    END IF;
END
$role$;"""

_LOOKED_UP = """\
    IF has_table_privilege('pg_catalog.pg_authid', 'SELECT') THEN
        EXECUTE 'SELECT rolpassword IS NOT NULL FROM pg_catalog.pg_authid WHERE oid = $1'
            INTO has_password USING found;
    END IF;
"""
"""Only a superuser can see whether there is one."""


def _array(items: Iterable[str]) -> str:
    return f"ARRAY[{', '.join(map(names.literal, items))}]::text[]"


def _members(truth: Truth, role: ObjectId) -> Iterator[str]:
    """The roles that it belongs to, or that belong to it, as the history left them."""
    for name in truth.final.facts.objects:
        match = _MEMBER.fullmatch(name.identity)
        if name.kind == "role membership" and match and role.identity in match.groups():
            yield from (names.split(one)[0] for one in match.groups() if one != role.identity)


@dataclass(frozen=True, slots=True)
class _Membership:
    """A role that another one was given, and the statement that gives it."""

    group: str
    sql: str


_MEMBER = re.compile(r"membership of role (.+) in role (.+)")
_GRANT = re.compile(r"\bgrant\b", re.IGNORECASE)
_OPTIONS = re.compile(r"admin (\w+), inherit (\w+), set (\w+)")


def _memberships(truth: Truth, role: ObjectId) -> Iterator[_Membership]:
    """What the catalog says of the roles that a role was given."""
    inherits = truth.final.facts.of(role).get("inherit", "true")
    for fact in sorted(truth.final.facts.facts - truth.platform.facts.facts):
        match = _MEMBER.fullmatch(fact.object.identity)
        options = _OPTIONS.fullmatch(fact.value)
        if not match or not options or match[1] != role.identity:
            continue
        admin, inherit, may_set = options.groups()
        said = ["ADMIN OPTION"] if admin in {"t", "true"} else []
        said += [] if inherit[0] in {"d", inherits[0]} else [f"INHERIT {inherit.upper()}"]
        said += ["SET FALSE"] if may_set[0] == "f" else []
        tail = f" WITH {', '.join(said)}" if said else ""
        yield _Membership(match[2], f"GRANT {match[2]} TO {role.identity}{tail}")


def _joined(truth: Truth, brought: set[str]) -> Iterator[Unit]:
    """Memberships that became others, or no more, between roles that were there."""
    before, after = truth.platform.facts, truth.final.facts
    for name in sorted({fact.object for fact in before.facts ^ after.facts}):
        match = _MEMBER.fullmatch(name.identity)
        if name.kind != "role membership" or match is None or not {*match.groups()} <= brought:
            continue
        member, group = match.groups()
        sources = tuple(
            statement.id
            for statement in truth.statements.values()
            if isinstance(statement.tree, ast.GrantRoleStmt)
            and member in _grantees(statement.tree)
            and group in _granted(statement.tree)
        )
        yield Unit(
            object=name,
            type="MEMBERSHIP",
            sql=_joining(member, group, after.of(name)),
            rung=Rung.SERVER,
            ordinal=truth.order[sources[0]] if sources else len(truth.order),
            sources=sources,
            members=frozenset({name}),
            family=name,
            undo=(_joining(member, group, before.of(name)),),
        )


def _joining(member: str, group: str, facts: Mapping[str, str]) -> str:
    """The GRANT that gives a membership all its options, or the REVOKE where there is none."""
    options = next((m for value in facts.values() if (m := _OPTIONS.fullmatch(value))), None)
    if options is None:
        return f"REVOKE {group} FROM {member};"
    admin, inherit, may_set = options.groups()
    if inherit == "default":  # before 16 it had no options but the first
        return f"GRANT {group} TO {member}{' WITH ADMIN OPTION' if admin[0] == 't' else ''};"
    first = "TRUE" if admin[0] == "t" else "FALSE"
    said = f"ADMIN {first}, INHERIT {inherit.upper()}, SET {may_set.upper()}"
    return f"GRANT {group} TO {member} WITH {said};"


def _does_more(truth: Truth, statement: Statement) -> bool:
    """Whether a statement made more roles than one, or did anything to other objects.

    The trace does not see what is granted.
    """
    if _GRANT.search(statement.sql):
        return True
    trace = truth.trace
    made = {name for name, creator in trace.created.items() if creator == statement.id}
    if sum(name.kind == "role" for name in made) > 1:
        return True
    made |= {
        name
        for name, touches in trace.touches.items()
        if any(touch.statement == statement.id for touch in touches)
    }
    return any(not name.kind.startswith("role") for name in made)


def _owners(statement: Statement, new: set[str]) -> set[str]:
    """The new roles with which a statement stands."""
    if isinstance(statement.tree, ast.GrantRoleStmt):
        return _grantees(statement.tree) & new or _granted(statement.tree) & new
    return _roles(statement)


def _roles(statement: Statement) -> set[str]:
    """The roles that a statement is about, as `quote_ident` spells them."""
    match statement.tree:
        case ast.CreateRoleStmt(role=name):
            return {names.quote(name or "")}
        case ast.AlterRoleStmt(role=spec) | ast.AlterRoleSetStmt(role=spec):
            return {names.quote(spec.rolename)} if spec and spec.rolename else set()
        case ast.CommentStmt(objtype=ObjectType.OBJECT_ROLE) as tree:
            return {names.quote(getattr(tree.object, "sval", ""))}
        case ast.GrantRoleStmt() as tree:
            return _granted(tree) | _grantees(tree)
        case _:
            return set()


def _granted(tree: ast.GrantRoleStmt) -> set[str]:
    return {names.quote(role.priv_name or "") for role in tree.granted_roles or ()}


def _grantees(tree: ast.GrantRoleStmt) -> set[str]:
    return {names.quote(role.rolename) for role in tree.grantee_roles or () if role.rolename}
