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
    """One unit per role that the platform lacks, with the statements that are about it."""
    before = {f.object for f in truth.platform.facts.facts if f.object.kind == "role"}
    after = {f.object for f in truth.final.facts.facts if f.object.kind == "role"}
    units = []
    for role in sorted(after - before):
        statements = [
            (number, statement)
            for number, statement in enumerate(truth.statements.values())
            if role.identity in _roles(statement) or truth.trace.created.get(role) == statement.id
        ]
        if not statements:
            continue
        units.append(
            Unit(
                object=role,
                type="ROLE",
                sql="\n".join(f"{statement.sql};" for _, statement in statements),
                rung=Rung.VERBATIM if len(statements) == 1 else Rung.AS_WAS,
                ordinal=statements[0][0],
                sources=tuple(statement.id for _, statement in statements),
                members=frozenset({role}),
                family=role,
                needs=frozenset(ObjectId("role", r) for _, s in statements for r in _roles(s)),
            )
        )
    return tuple(units)


def _roles(statement: Statement) -> set[str]:
    """The roles that a statement is about, as `quote_ident` spells them."""
    match statement.tree:
        case ast.CreateRoleStmt(role=name):
            return {names.quote(name or "")}
        case ast.AlterRoleStmt(role=spec) | ast.AlterRoleSetStmt(role=spec):
            return {names.quote(spec.rolename)} if spec and spec.rolename else set()
        case ast.GrantRoleStmt(granted_roles=granted, grantee_roles=grantees):
            found = {names.quote(g.priv_name) for g in granted or ()}
            return found | {names.quote(g.rolename) for g in grantees or () if g.rolename}
        case _:
            return set()
