"""Words the roles that a history makes: the authors' statements, which alone know passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pglast import ast

from consolidate import names
from consolidate.model import ObjectId, Statement
from consolidate.wording.units import Rung, Unit

if TYPE_CHECKING:
    from consolidate.truth import Truth


def word(truth: Truth) -> tuple[Unit, ...]:
    """One unit per role that the platform lacks, with the statements that are about it.

    A membership stands with the member, which comes after the role that it is granted.
    """
    before = {f.object for f in truth.platform.facts.facts if f.object.kind == "role"}
    after = {f.object for f in truth.final.facts.facts if f.object.kind == "role"}
    new = {role.identity for role in after - before}
    units = []
    for role in sorted(after - before):
        statements = [
            statement
            for statement in truth.statements.values()
            if role.identity in _owners(statement, new)
            or truth.trace.created.get(role) == statement.id
        ]
        if not statements:
            continue
        named = {name for statement in statements for name in _roles(statement)}
        units.append(
            Unit(
                object=role,
                type="ROLE",
                sql="\n".join(f"{statement.sql};" for statement in statements),
                rung=Rung.VERBATIM if len(statements) == 1 else Rung.AS_WAS,
                ordinal=-1,  # before all that may belong or be granted to it
                sources=tuple(statement.id for statement in statements),
                members=frozenset({role}),
                family=role,
                needs=frozenset(ObjectId("role", name) for name in named),
            )
        )
    return tuple(units)


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
        case ast.GrantRoleStmt() as tree:
            return _granted(tree) | _grantees(tree)
        case _:
            return set()


def _granted(tree: ast.GrantRoleStmt) -> set[str]:
    return {names.quote(role.priv_name or "") for role in tree.granted_roles or ()}


def _grantees(tree: ast.GrantRoleStmt) -> set[str]:
    return {names.quote(role.rolename) for role in tree.grantee_roles or () if role.rolename}
