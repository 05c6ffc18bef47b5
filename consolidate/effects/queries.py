"""The column names that a query returns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.effects import naming, resolve
from consolidate.effects.references import strings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consolidate.effects.things import Tree
    from consolidate.effects.world import World

Names = list[str] | None


def output_columns(
    world: World, query: Tree, with_queries: Mapping[str, Names] | None = None
) -> Names:
    """The names of the result's columns; None where a star hides them.

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
        return [f"column{n}" for n in range(1, len(query.valuesLists[0]) + 1)]
    targets = getattr(query, "targetList", None)
    if type(query).__name__ != "SelectStmt":
        returning = getattr(query, "returningClause", None)
        targets = returning.exprs if returning else getattr(query, "returningList", None)
    names: list[str] = []
    for target in targets or ():
        star = _star(target)
        if star is None:
            names.append(naming.result_name(target))
            continue
        hidden = _expanded(world, query, star, named)
        if hidden is None:
            return None
        names += hidden
    return list(dict.fromkeys(names))


def _star(target: Tree) -> tuple[str, ...] | None:
    """The qualifier of `t.*`, or None for any other target."""
    value = target.val
    if type(value).__name__ != "ColumnRef" or type(value.fields[-1]).__name__ != "A_Star":
        return None
    return strings(value.fields)


def _expanded(
    world: World, query: Tree, qualifier: tuple[str, ...], named: Mapping[str, Names]
) -> Names:
    names: list[str] = []
    for alias, columns in _sources(world, getattr(query, "fromClause", None) or (), named):
        if qualifier and alias != qualifier[-1]:
            continue
        if columns is None:
            return None
        names += columns
    return names


def _sources(
    world: World, items: tuple[Tree, ...], named: Mapping[str, Names]
) -> list[tuple[str, Names]]:
    found: list[tuple[str, Names]] = []
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
                found.append((alias, list(given) or None))
    return found


def _relation_columns(world: World, var: Tree, named: Mapping[str, Names]) -> Names:
    if not var.schemaname and var.relname in named:
        return named[var.relname]
    relation = resolve.find(world, "relation", resolve.dotted(var))
    if relation is None or relation.assumed:
        return None
    return [c.name for c in world.columns(relation)]


def _renamed(columns: Names, given: tuple[str, ...]) -> Names:
    if columns is None:
        return None
    return [*given, *columns[len(given) :]]
