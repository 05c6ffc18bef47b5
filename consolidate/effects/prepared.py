"""Queries that run later, or only seemingly: PREPARE, cursors, EXPLAIN."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.effects.effect import Reason
from consolidate.effects.references import references

if TYPE_CHECKING:
    from consolidate.effects.draft import Draft
    from consolidate.effects.things import Tree

_FALSE = frozenset({"false", "off", "0"})


def prepare(draft: Draft, node: Tree) -> None:
    """PREPARE: the statement is read now, and does its work at EXECUTE."""
    draft.world.prepared[node.name] = node.query
    draft.refer(references(node.argtypes, node.query), None, Reason.QUERY)


def execute(draft: Draft, node: Tree) -> None:
    """EXECUTE: what the prepared statement does, if the session has prepared it."""
    draft.refer(references(node.params), None, Reason.QUERY)
    query = draft.world.prepared.get(node.name)
    if query is None:
        draft.opaque = f"EXECUTE {node.name}: no statement before it prepares that"
        return
    draft.dispatch(query)


def deallocate(draft: Draft, node: Tree) -> None:
    """DEALLOCATE, which DISCARD ALL does too."""
    if node.isall or node.name is None:
        draft.world.prepared.clear()
    else:
        draft.world.prepared.pop(node.name, None)


def explain(draft: Draft, node: Tree) -> None:
    """EXPLAIN runs its statement only if told to ANALYZE."""
    analyze = [option.arg for option in node.options or () if option.defname == "analyze"]
    if analyze and _is_true(analyze[-1]):
        draft.dispatch(node.query)
    else:
        draft.refer(references(node.query), None, Reason.QUERY)


def _is_true(value: Tree | None) -> bool:
    """An option without a value is on (`defGetBoolean`)."""
    if value is None:
        return True
    if hasattr(value, "boolval"):
        return bool(value.boolval)
    text = value.sval if hasattr(value, "sval") else getattr(value, "ival", "")
    return str(text).lower() not in _FALSE


def declare(draft: Draft, node: Tree) -> None:
    """DECLARE: the query of a cursor runs as its rows are fetched."""
    draft.dispatch(node.query)


def nothing(draft: Draft, node: Tree) -> None:
    """FETCH, MOVE and CLOSE: what the cursor's query does is said where it is declared."""


HANDLERS = {
    "PrepareStmt": prepare,
    "ExecuteStmt": execute,
    "DeallocateStmt": deallocate,
    "ExplainStmt": explain,
    "DeclareCursorStmt": declare,
    "FetchStmt": nothing,
    "ClosePortalStmt": nothing,
}
