"""Which SET NOT NULL reads no row: where a CHECK that holds says so of the column.

Since version 12 PostgreSQL does not read the table for it if the constraints that are valid imply
that the column has no null.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pglast import ast
from pglast.enums import AlterTableType, BoolExprType, ConstrType, NullTestType

from consolidate import names
from consolidate.effects import Reason
from consolidate.effects.references import strings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from consolidate.audit.subject import Spot
    from consolidate.model import ObjectId, StatementId


@dataclass(slots=True)
class _Check:
    """A CHECK while the history is followed, whatever it and its columns are called meanwhile."""

    holds: bool
    """It is there, and all rows were found to keep it."""


def implied(spots: Iterable[Spot]) -> frozenset[tuple[StatementId, str]]:
    """The SET NOT NULL for which no row is read: the statement, and the column that it names."""
    checks: dict[ObjectId, _Check] = {}
    without_null: dict[ObjectId, list[_Check]] = {}
    found: set[tuple[StatementId, str]] = set()
    for spot in spots:
        effect = spot.effect
        if effect.renames:
            _rename(checks, effect.renames)
            _rename(without_null, effect.renames)
        for gone in effect.drops:  # before anything else that the same ALTER TABLE does
            if gone in checks:
                checks.pop(gone).holds = False
        for name, aspect in effect.alters:
            if aspect == "set not null" and any(one.holds for one in without_null.get(name, ())):
                found.add((spot.statement.id, names.split(name.identity)[-1]))
            elif aspect == "validated" and name in checks:
                checks[name].holds = True
        for name, node in _made(spot):
            checks[name] = check = _Check(not node.skip_validation)
            for column in _without_null(spot, name, node.raw_expr):
                without_null.setdefault(column, []).append(check)
    return frozenset(found)


def _rename(named: dict[ObjectId, Any], renames: Iterable[tuple[ObjectId, ObjectId]]) -> None:
    """Gives what has an old name its new one; all names of a statement change at once."""
    named.update([(new, named.pop(old)) for old, new in renames if old in named])


def _made(spot: Spot) -> Iterator[tuple[ObjectId, Any]]:
    """The CHECKs that a statement makes: each with its node."""
    nodes = [
        node
        for node in _constraints(spot.statement.tree)
        if node.contype == ConstrType.CONSTR_CHECK
    ]
    if not nodes:
        return
    needs = spot.effect.needs
    checking = {need.by for need in needs if need.by and need.why is Reason.CHECK}
    made = [name for name in spot.effect.creates if name in checking]
    named = {names.quote(node.conname): node for node in nodes if node.conname}
    unnamed = iter([node for node in nodes if not node.conname])
    for check in made:
        own = names.parted(check.identity, " on ")[0]
        node = named.get(own) or next(unnamed, None)
        if node is not None:
            yield check, node


def _constraints(tree: Any) -> Iterator[Any]:  # noqa: ANN401 - pglast's trees are not typed
    """The constraints of a CREATE TABLE or an ALTER TABLE, as they stand there."""
    elements: tuple[Any, ...] = ()
    if isinstance(tree, ast.CreateStmt):
        elements = tuple(tree.tableElts or ())
    elif isinstance(tree, ast.AlterTableStmt):
        adding = {AlterTableType.AT_AddColumn, AlterTableType.AT_AddConstraint}
        elements = tuple(one.def_ for one in tree.cmds or () if one.subtype in adding)
    for element in elements:
        if isinstance(element, ast.Constraint):
            yield element
        elif isinstance(element, ast.ColumnDef):
            yield from element.constraints or ()


def _without_null(spot: Spot, check: ObjectId, condition: Any) -> frozenset[ObjectId]:  # noqa: ANN401 - as above
    """The columns that have no null where a condition holds."""
    said = set(_said(condition))
    return frozenset(
        need.on
        for need in spot.effect.needs
        if need.by == check and names.split(need.on.identity)[-1] in said
    )


def _said(condition: Any) -> Iterator[str]:  # noqa: ANN401 - as above
    """The columns of which a condition says IS NOT NULL, whatever else it says."""
    if isinstance(condition, ast.BoolExpr) and condition.boolop == BoolExprType.AND_EXPR:
        for part in condition.args or ():
            yield from _said(part)
    elif (
        isinstance(condition, ast.NullTest)
        and condition.nulltesttype == NullTestType.IS_NOT_NULL
        and isinstance(condition.arg, ast.ColumnRef)
    ):
        yield strings(condition.arg.fields)[-1]
