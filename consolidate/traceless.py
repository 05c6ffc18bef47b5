"""Tells which legacy files left nothing in the output, and why, as far as the trace knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.phrases import listed
from consolidate.provenance import sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from consolidate.model import History, ObjectId, StatementId
    from consolidate.plan import Plan
    from consolidate.trace import Touch, Trace
    from consolidate.truth import Truth

_KINDS = (
    {"table", "foreign table", "view", "materialized view"},
    {"function", "procedure", "aggregate"},
    {"schema", "type", "sequence", "index", "trigger", "policy", "table column"},
)
"""What to name first: what goes away with a table need not be listed next to it."""

_NAMED = 3


def without_trace(plan: Plan, truth: Truth, history: History) -> Mapping[str, str]:
    """The reason for each legacy file none of whose statements is behind the output, by path."""
    used = {name for file in plan.files for name in sources(file)}
    commands: dict[str, set[StatementId]] = {m.path: set() for m in history.migrations}
    for name, statement in truth.statements.items():
        if statement.sql:
            commands[statement.path].add(name)
    return {
        path: _reason(ids, truth.trace) for path, ids in sorted(commands.items()) if not ids & used
    }


def _reason(ids: set[StatementId], trace: Trace) -> str:
    if not ids:
        return "it holds no statement"
    if replaced := _touched(ids, trace.touches):
        return f"superseded: later statements say what becomes of {_listed(replaced)}"
    if gone := _touched(ids, trace.vanished):
        return f"superseded: {_listed(gone)} did not last"
    if tables := {table for name in ids for table in trace.rows.get(name, {})}:
        return f"superseded: later statements say which rows {_listed(tables)} has"
    return "nothing in the result goes back to it"


def _touched(
    ids: set[StatementId], touches: Mapping[ObjectId, tuple[Touch, ...]]
) -> list[ObjectId]:
    """The objects of the most telling kinds; TOAST tables are named by their table's OID."""
    found = [
        name
        for name, known in touches.items()
        if any(touch.statement in ids for touch in known) and "pg_toast." not in name.identity
    ]
    return next((some for kinds in _KINDS if (some := _of(found, kinds))), found)


def _of(objects: Iterable[ObjectId], kinds: set[str]) -> list[ObjectId]:
    return [name for name in objects if name.kind in kinds]


def _listed(objects: Iterable[ObjectId]) -> str:
    return listed([str(name) for name in sorted(objects)], _NAMED)
