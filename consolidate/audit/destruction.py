"""Rules about what does not come back: tables, columns, rows, and what CASCADE takes along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pglast import ast
from pglast.enums import BoolExprType

from consolidate import findings, names
from consolidate.audit import parts
from consolidate.audit.found import at
from consolidate.audit.makers import Makers
from consolidate.audit.subject import TEMPORARY
from consolidate.effects.references import strings
from consolidate.model import ObjectId, Severity
from consolidate.phrases import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.audit.found import Found
    from consolidate.audit.subject import Material, Spot

_MOST = 6
_TABLES = frozenset({"table", "foreign table"})


def tables(material: Material) -> Iterator[Found]:
    """Tables that a statement drops and that an earlier file made."""
    for spot in material.steps:
        gone = [
            name.identity
            for name in spot.effect.drops
            if name.kind == "table" and not material.is_own(spot, name)
        ]
        gone += _all_at_once(material, spot)
        if gone:
            yield at(spot, findings.TABLE_DROPPED, f"drops {listed(gone, _MOST)}")


def _all_at_once(material: Material, spot: Spot) -> list[str]:
    """What a statement drops with all tables in it, that no statement names."""
    tree: Any = spot.statement.tree
    if isinstance(tree, ast.DropdbStmt):
        name = ObjectId("database", names.quote(str(tree.dbname)))
        own = material.is_own(spot, name)
        return [] if own else [f"{name} with all that is in it"]
    if isinstance(tree, ast.DropOwnedStmt):
        roles = [need.on for need in spot.effect.needs if need.on.kind == "role"]
        owners = [role.identity for role in roles if not material.is_own(spot, role)]
        return [f"all that {listed(owners, _MOST)} owns here"] if owners else []
    return []


def columns(material: Material) -> Iterator[Found]:
    """Columns that ALTER TABLE drops and that an earlier file made, or may have made."""
    makers, unmade = Makers(material), parts.unmade(material)
    never = {what for what, spot in unmade.items() if not makers.unseen(what[0], spot)}
    for spot in material.steps:
        if not isinstance(spot.statement.tree, ast.AlterTableStmt):
            continue
        gone = [
            name.identity
            for name in spot.effect.drops
            if name.kind == "table column" and not material.is_own(spot, name)
            if (name, spot.statement.id) not in never
        ]
        if gone:
            yield at(spot, findings.COLUMN_DROPPED, f"drops {listed(gone, _MOST)}")


def rows(material: Material) -> Iterator[Found]:
    """TRUNCATE, and DELETE and UPDATE of all rows, on tables that an earlier file made.

    An UPDATE is told for the columns that an earlier file made: others hold no values yet.
    """
    for spot in material.steps:
        for tree in _with_queries(spot.statement.tree) if spot.effect.writes_rows else ():
            how = _of_all_rows(tree)
            written = [
                name.identity
                for name in (_written(spot, tree) if how else ())
                if name.kind in _TABLES and not material.is_own(spot, name)
            ]
            if not written:
                continue
            if isinstance(tree, ast.UpdateStmt):
                columns = _older_columns(material, spot, tree, written[0])
                if columns:
                    told = f"{how} overwrites {listed(columns, _MOST)} in all rows of {written[0]}"
                    yield at(spot, findings.ALL_ROWS_REMOVED, told, severity=Severity.INFO)
            else:
                told = f"{how} removes all rows of {listed(written, _MOST)}"
                yield at(spot, findings.ALL_ROWS_REMOVED, told)


def _with_queries(tree: Any) -> Iterator[Any]:  # noqa: ANN401 - pglast's trees are not typed
    """The queries of a statement's WITH, which may write rows only there, and the statement."""
    clause = getattr(tree, "withClause", None)
    yield from (query.ctequery for query in (clause.ctes if clause else ()))
    yield tree


def _written(spot: Spot, tree: Any) -> Iterator[ObjectId]:  # noqa: ANN401 - as above
    """The tables that a statement, or a query of its WITH, writes to."""
    if isinstance(tree, ast.TruncateStmt):
        yield from spot.effect.writes_rows
        return
    parts = (tree.relation.schemaname, tree.relation.relname)
    named = ".".join(names.quote(part) for part in parts if part)
    for name in spot.effect.writes_rows:
        if f".{name.identity}".endswith(f".{named}"):
            yield name
            return


def _of_all_rows(tree: Any) -> str:  # noqa: ANN401 - as above
    """What a statement is called that is about all rows of a table; empty if it is not."""
    match tree:
        case ast.TruncateStmt():
            return "TRUNCATE"
        case ast.DeleteStmt() if not tree.usingClause:
            verb = "DELETE"
        case ast.UpdateStmt() if not tree.fromClause:
            verb = "UPDATE"
        case _:
            return ""
    if tree.whereClause is None:
        return f"{verb} without WHERE"
    return f"{verb} with a WHERE that is always true" if _is_always(tree.whereClause) else ""


def _is_always(condition: Any) -> bool:  # noqa: ANN401 - as above
    """Whether a condition holds whatever the row is, such as `true` or `1 = 1`."""
    match condition:
        case ast.A_Const(val=ast.Boolean() as constant):
            return bool(constant.boolval)
        case ast.A_Expr(lexpr=ast.A_Const() as left, rexpr=ast.A_Const() as right):
            return strings(condition.name) == ("=",) and left == right and not left.isnull
        case ast.BoolExpr(boolop=BoolExprType.AND_EXPR):
            return all(map(_is_always, condition.args or ()))
        case ast.BoolExpr(boolop=BoolExprType.OR_EXPR):
            return any(map(_is_always, condition.args or ()))
        case _:
            return False


def _older_columns(material: Material, spot: Spot, tree: Any, table: str) -> list[str]:  # noqa: ANN401 - as above
    """The columns that an UPDATE sets and that its file has not made."""
    named = dict.fromkeys(names.quote(target.name) for target in tree.targetList)
    return [
        column
        for column in named
        if not material.is_own(spot, ObjectId("table column", f"{table}.{column}"))
    ]


def cascades(material: Material) -> Iterator[Found]:
    """What DROP … CASCADE takes along that would not go without it."""
    for spot in material.steps:
        along = [str(name) for name in spot.effect.cascaded if TEMPORARY not in name.identity]
        if along:
            told = f"CASCADE also drops {listed(along, _MOST)}"
            yield at(spot, findings.DROPPED_ALONG, told)


RULES = (tables, columns, rows, cascades)
