"""Effects, edges and traces in lines that a person can state beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.cycles import cycles as needed
from consolidate.effects import Reason
from consolidate.graph import Incarnation, brought_by
from consolidate.model import ObjectId

if TYPE_CHECKING:
    from collections.abc import Iterable

    from consolidate.effects import Effect
    from consolidate.graph import DependencyGraph
    from consolidate.model import StatementId
    from consolidate.trace import Trace

_SELF_EVIDENT = frozenset({Reason.PART_OF, Reason.TARGET})
"""What every part needs, and every statement that changes something."""


def effect(found: Effect) -> list[str]:
    """All that a statement does, but what it needs."""
    return [
        *(f"creates {thing}" for thing in found.creates),
        *(f"replaces {thing}" for thing in found.replaces),
        *(f"alters {thing} ({aspect})" for thing, aspect in found.alters),
        *(f"drops {thing}" for thing in found.drops),
        *(f"renames {old} -> {new.identity}" for old, new in found.renames),
        *(f"{m.by or 'it'} mentions {m.on}" for m in found.mentions),
        *(f"writes {thing}" for thing in found.writes_rows),
        *(f"reads {thing}" for thing in found.reads_rows),
        *(f"sets {name} = {value}" for name, value in found.session),
        *([f"transaction: {found.transaction}"] if found.transaction else []),
        *(["outside of a transaction"] if found.outside_transaction else []),
        *([f"opaque: {found.opaque}"] if found.opaque else []),
    ]


def needs(found: Effect) -> list[str]:
    """What it needs, apart from wholes, schemas included, and from what it changes."""
    return sorted(
        f"{need.by or 'it'} -> {need.on} ({need.why})"
        for need in found.needs
        if need.why not in _SELF_EVIDENT
    )


def edges(found: DependencyGraph, label: str) -> list[str] | None:
    """What an object depends on in the final graph, apart from wholes, schemas included.

    None if no object bears the label: `table public.t`, or `table public.t #1` for the first of
    several objects of that name, one that is gone.
    """
    nodes = [n for n in found.digraph if isinstance(n, Incarnation)]
    start = next((node for node in nodes if _label(node) == label), None)
    if start is None:
        return None
    return sorted(
        f"{_label(on)} ({evidence.reason})"
        for on in found.digraph.successors(start)
        if isinstance(on, Incarnation)
        for evidence in found.digraph.edges[start, on]["evidence"]
        if evidence.reason not in _SELF_EVIDENT
    )


def cycles(found: DependencyGraph) -> list[str]:
    """The objects that need each other."""
    return [" <-> ".join(map(str, cycle.members)) for cycle in needed(found)]


def external(found: DependencyGraph) -> list[str]:
    """What is used and never created."""
    used = {node.first for node in found.incarnations if node.external}
    return [str(name) for name in sorted(used) if not brought_by(name, {})]


def _label(node: Incarnation) -> str:
    return str(node.final) if node.final else f"{node.first} #{node.number}"


def traced(seen: Trace, statement: StatementId) -> list[str]:
    """What the trace says that a statement did.

    Parts that are made and written together with their whole are left away, as are row types,
    array types and what PostgreSQL keeps for itself.
    """
    names = frozenset({*seen.created, *seen.written, *seen.touches, *seen.vanished})
    told = {name for name in names if not _own(name, names)}
    made = {name for name, by in seen.created.items() if by == statement}
    lines = [f"created {name}" for name in sorted(made & told)]
    lines += [
        f"last wrote {name}"
        for name, by in sorted(seen.written.items())
        if by == statement and name in told - made and not _within(name, made)
    ]
    lines += [
        f"{touch.tag}: {name}"
        for name, touches in sorted((*seen.touches.items(), *seen.vanished.items()), key=_name)
        for touch in touches
        if touch.statement == statement and name in told - made
    ]
    return lines + [
        f"rows of {name}: {count.inserted} inserted, {count.updated} updated, "
        f"{count.deleted} deleted"
        for name, count in sorted(seen.rows.get(statement, {}).items())
    ]


def _name(entry: tuple[ObjectId, object]) -> ObjectId:
    return entry[0]


def session(seen: Trace, statement: StatementId) -> str:
    """The role and the search path under which the statement ran."""
    found = seen.sessions[statement]
    return f"{found.role}, path {found.search_path}"


_WITH_ROW_TYPES = ("table", "view", "materialized view", "foreign table")


def _own(name: ObjectId, names: frozenset[ObjectId]) -> bool:
    """Whether PostgreSQL makes the object for itself, as a row type with each table."""
    match name.kind:
        case "type":
            rows = (ObjectId(kind, name.identity) for kind in _WITH_ROW_TYPES)
            return name.identity.endswith("[]") or not names.isdisjoint(rows)
        case "rule":
            return name.identity.startswith('"_RETURN" on ')
        case "trigger":
            return name.identity.startswith('"RI_ConstraintTrigger_')
        case "schema":
            return name.identity.startswith("pg_")
        case _:
            return name.identity.startswith("pg_toast.") or " on pg_toast." in name.identity


def _within(name: ObjectId, wholes: Iterable[ObjectId]) -> bool:
    """Whether it is a column of one of these."""
    return name.kind == "table column" and any(
        name.identity.startswith(f"{whole.identity}.") for whole in wholes if whole.kind == "table"
    )
