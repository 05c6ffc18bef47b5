"""Tells which legacy files left nothing in the output, and why, as far as the trace knows."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from consolidate.phrases import listed
from consolidate.provenance import sources

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

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
    reasons = Reasons(truth.trace)
    return {path: reasons.of(ids) for path, ids in sorted(commands.items()) if not ids & used}


class Reasons:
    """What the trace knows of what became of statements."""

    def __init__(self, trace: Trace) -> None:
        self._rows = trace.rows
        self._surviving = _by_statement(trace.touches)
        self._vanished = _by_statement(trace.vanished)

    def of(self, ids: set[StatementId]) -> str:
        """Why nothing of some statements is left."""
        if not ids:
            return "it holds no statement"
        if replaced := _touched(ids, self._surviving):
            return f"superseded: later statements say what becomes of {_listed(replaced)}"
        if gone := _touched(ids, self._vanished):
            return f"superseded: {_listed(gone)} did not last"
        if tables := {table for name in ids for table in self._rows.get(name, {})}:
            return f"superseded: later statements say which rows {_listed(tables)} has"
        return "nothing in the result goes back to it"


def _by_statement(
    touches: Mapping[ObjectId, tuple[Touch, ...]],
) -> Mapping[StatementId, set[ObjectId]]:
    """What each statement touched; TOAST tables are named by their table's OID, so not these."""
    found: dict[StatementId, set[ObjectId]] = defaultdict(set)
    for name, known in touches.items():
        if "pg_toast." not in name.identity:
            for touch in known:
                found[touch.statement].add(name)
    return found


def _touched(
    ids: set[StatementId], touched: Mapping[StatementId, set[ObjectId]]
) -> Collection[ObjectId]:
    """The objects of the most telling kinds."""
    found = {name for identifier in ids for name in touched.get(identifier, ())}
    return next((some for kinds in _KINDS if (some := _of(found, kinds))), found)


def _of(objects: Iterable[ObjectId], kinds: set[str]) -> list[ObjectId]:
    return [name for name in objects if name.kind in kinds]


def _listed(objects: Iterable[ObjectId]) -> str:
    return listed([str(name) for name in sorted(objects)], _NAMED)
