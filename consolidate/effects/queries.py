"""The columns that a query returns: their names, and their types where they can be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate.effects import naming, resolve
from consolidate.effects.references import strings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consolidate.effects.things import Tree, TypeUse
    from consolidate.effects.world import World


@dataclass(frozen=True, slots=True)
class Output:
    """One column of a result."""

    name: str
    type: TypeUse | None
    """None where only a server can infer it."""


Outputs = list[Output] | None
Sources = list[tuple[str, Outputs]]
"""What a FROM clause reads: each with its alias."""


def output_columns(
    world: World, query: Tree, with_queries: Mapping[str, Outputs] | None = None
) -> Outputs:
    """The result's columns; None where a star hides them.

    Args:
        world: Knows the columns of the tables that a star stands for.
        query: A SELECT, or a statement with RETURNING.
        with_queries: The columns of the WITH queries around it.
    """
    named = dict(with_queries or {})
    for item in query.withClause.ctes if getattr(query, "withClause", None) else ():
        own = output_columns(world, item.ctequery, named)
        given = strings(item.aliascolnames)
        named[item.ctename] = _renamed(own, given)
    if getattr(query, "larg", None):
        return output_columns(world, query.larg, named)
    if getattr(query, "valuesLists", None):
        return [Output(f"column{n}", None) for n in range(1, len(query.valuesLists[0]) + 1)]
    targets = getattr(query, "targetList", None)
    if type(query).__name__ != "SelectStmt":
        returning = getattr(query, "returningClause", None)
        targets = returning.exprs if returning else getattr(query, "returningList", None)
    columns: list[Output] = []
    sources = _sources(world, getattr(query, "fromClause", None) or (), named)
    for target in targets or ():
        star = _star(target)
        if star is None:
            use = _type(world, target.val, sources)
            columns.append(Output(naming.result_name(target), use))
            continue
        hidden = _expanded(star, sources)
        if hidden is None:
            return None
        columns += hidden
    return columns


def _type(world: World, value: Tree, sources: Sources) -> TypeUse | None:
    """The type of a plain column of one of the sources, or that of a cast."""
    match type(value).__name__:
        case "TypeCast":
            return resolve.type_use(world, value.typeName)
        case "ColumnRef":
            *qualifier, name = strings(value.fields)
            meant = (
                column.type
                for alias, columns in sources
                for column in columns or ()
                if column.name == name and (not qualifier or alias == qualifier[-1])
            )
            return next(meant, None)
        case _:
            return None


def _star(target: Tree) -> tuple[str, ...] | None:
    """The qualifier of `t.*`, or None for any other target."""
    value = target.val
    if type(value).__name__ != "ColumnRef" or type(value.fields[-1]).__name__ != "A_Star":
        return None
    return strings(value.fields)


def _expanded(qualifier: tuple[str, ...], sources: Sources) -> Outputs:
    found: list[Output] = []
    for alias, columns in sources:
        if qualifier and alias != qualifier[-1]:
            continue
        if columns is None:
            return None
        found += columns
    first: dict[str, Output] = {}
    for column in found:  # USING and NATURAL leave one of two columns
        first.setdefault(column.name, column)
    return list(first.values())


def _sources(world: World, items: tuple[Tree, ...], named: Mapping[str, Outputs]) -> Sources:
    found: Sources = []
    for item in items:
        alias = item.alias.aliasname if getattr(item, "alias", None) else ""
        given = strings(item.alias.colnames) if alias else ()
        match type(item).__name__:
            case "JoinExpr":
                found += _sources(world, (item.larg, item.rarg), named)
            case "RangeVar":
                columns = _relation_columns(world, item, named)
                found.append((alias or item.relname, _renamed(columns, given)))
            case "RangeSubselect":
                columns = output_columns(world, item.subquery, named)
                found.append((alias, _renamed(columns, given)))
            case _:
                found.append((alias, [Output(name, None) for name in given] or None))
    return found


def _relation_columns(world: World, var: Tree, named: Mapping[str, Outputs]) -> Outputs:
    if not var.schemaname and var.relname in named:
        return named[var.relname]
    relation = resolve.find(world, "relation", resolve.dotted(var))
    if relation is None or relation.assumed:
        return None
    return [Output(c.name, c.type) for c in world.columns(relation)]


def _renamed(columns: Outputs, given: tuple[str, ...]) -> Outputs:
    if columns is None:
        return None
    renamed = [Output(name, c.type) for name, c in zip(given, columns, strict=False)]
    return [*renamed, *columns[len(given) :]]


def listed(columns: Outputs, given: tuple[str, ...]) -> list[Output]:
    """The columns as CREATE VIEW and its like name them; where a star hides them, those named."""
    return _renamed(columns, given) or [Output(name, None) for name in given]
