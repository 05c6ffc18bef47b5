"""Tells the dependency graph, in lines for people and as versioned JSON."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from consolidate.names import as_typed
from consolidate.network import STATEMENT, distances
from consolidate.phrases import counted, listed, one_line
from consolidate.report import machine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from consolidate.cycles import Cycle
    from consolidate.graph import Evidence
    from consolidate.model import ObjectId
    from consolidate.network import Edge, Network
    from consolidate.report.console import Shown

FORMAT = "consolidate/graph@1"

MOST = 40
"""Lines of one section that are shown; the JSON has them all."""
_TOP = 10
"""Objects that are shown as the most connected."""
_FEW = 3
"""Places that are shown for one edge."""
_NAMES = 12
"""Names that are listed in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What was asked for."""

    typed: str
    centres: tuple[str, ...]
    """Ids of the nodes that bore the name."""
    distance: int


# -- for people -------------------------------------------------------------------------------


def summary(whole: Network, detailed: Network, cycles: Sequence[Cycle]) -> Iterator[Shown]:
    """What a history builds, in numbers.

    Args:
        whole: At the end of the history, parts as their wholes.
        detailed: All of it, every part and every statement a node.
        cycles: Those of the end.
    """
    objects = [n for n in detailed.nodes if n.kind != STATEMENT and not n.external]
    there = [node for node in objects if not node.ended]
    read = len(detailed.nodes) - sum(node.kind != STATEMENT for node in detailed.nodes)
    made_all = f"{counted(read, 'statement')} made {counted(len(objects), 'object')}"
    yield (f"{made_all}; there at the end: {len(there):,}",)
    made, end = Counter(n.kind for n in objects), Counter(n.kind for n in there)
    yield from _table(
        "Objects by kind (made, there at the end)",
        [(kind, f"{number:,}", f"{end[kind]:,}") for kind, number in _ranked(made)],
    )
    alive = {node.id for node in there} | {n.id for n in detailed.nodes if n.external}
    reasons = Counter(
        reason
        for edge in detailed.edges
        if edge.start in alive and edge.end in alive
        for reason in dict.fromkeys(one.reason for one in edge.because if not one.ended)
    )
    yield from _table(
        "Dependencies by reason, at the end",
        [(reason, f"{number:,}") for reason, number in _ranked(reasons)],
    )
    yield from _external(detailed)
    yield from _connected(whole)
    yield from _cycles(cycles)


def _ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _table(heading: str, rows: Sequence[tuple[str, ...]]) -> Iterator[Shown]:
    if not rows:
        return
    yield ()
    yield ((heading, "bold"),)
    first = max(len(row[0]) for row in rows)
    widths = [max(len(row[n]) for row in rows) for n in range(1, len(rows[0]))]
    for row in rows:
        numbers = (f"{cell:>{width}}" for cell, width in zip(row[1:], widths, strict=True))
        yield (f"  {row[0]:<{first}}  {'  '.join(numbers)}",)


def _external(detailed: Network) -> Iterator[Shown]:
    external = [node for node in detailed.nodes if node.external]
    extended = any(node.kind == "extension" for node in detailed.nodes)
    but = ", unless by an extension" if extended else ""
    for by in sorted({node.brought for node in external}, key=lambda by: (not by, by)):
        found = [node for node in external if node.brought == by]
        heading = f"Used, and brought by {by}" if by else f"Used, and never created{but}"
        yield ()
        yield ((f"{heading} ({len(found):,})", "bold"),)
        by_kind: dict[str, list[str]] = {}
        for node in found:
            by_kind.setdefault(node.kind, []).append(as_typed(node.name))
        for kind, names in sorted(by_kind.items()):
            yield (f"  {kind}: {listed(sorted(names), _NAMES)}",)


def _connected(whole: Network) -> Iterator[Shown]:
    into = Counter(edge.end for edge in whole.edges)
    out = Counter(edge.start for edge in whole.edges)
    ranked = sorted(whole.by_id, key=lambda one: (-into[one] - out[one], one))[:_TOP]
    yield from _table(
        "Most connected, at the end (needed by, needs)",
        [
            (whole.by_id[one].label, f"{into[one]:,}", f"{out[one]:,}")
            for one in ranked
            if into[one] + out[one]
        ],
    )


def _cycles(cycles: Sequence[Cycle]) -> Iterator[Shown]:
    yield ()
    if not cycles:
        yield (("Cycles: none", "bold"),)
    for cycle in cycles[:MOST]:
        yield (
            (f"Cycle: a smallest one among {counted(len(cycle.members), 'object')}", "bold yellow"),
        )
        following = [*cycle.steps[1:], cycle.steps[0]]
        for step, on in zip(cycle.steps, following, strict=True):
            yield (
                f"  {_said(step.object)} needs {_said(on.object)}: ",
                (_because(step.evidence), "cyan"),
            )
    if len(cycles) > MOST:
        yield ((f"… and {len(cycles) - MOST:,} more; --format json has them all", "dim"),)


def _said(name: ObjectId) -> str:
    return as_typed(one_line(str(name)))


def _because(evidence: Sequence[Evidence]) -> str:
    told = dict.fromkeys(f"{e.reason} {e.place.path}:{e.place.line}" for e in evidence)
    return listed(list(told), _FEW)


def around(network: Network, asked: Around) -> Iterator[Shown]:
    """The dependencies around an object, the nearest first."""
    away = distances(network, asked.centres, asked.distance)
    names = listed([network.by_id[one].label for one in asked.centres], _NAMES)
    near = len(network.nodes) - len(asked.centres)
    yield ((f"Around {names}", "bold"),)
    steps = "step" if asked.distance == 1 else "steps"
    neighbours = f"{counted(near, 'neighbour')} within {asked.distance} {steps}"
    yield (f"  {neighbours}; dependencies: {len(network.edges):,}",)

    def label(edge: Edge) -> str:
        return f"{network.by_id[edge.start].label} → {network.by_id[edge.end].label}"

    def ring(edge: Edge) -> tuple[int, int]:
        """How far its farther and its nearer end are away."""
        ends = away[edge.start], away[edge.end]
        return max(ends), min(ends)

    shown = sorted(network.edges, key=lambda edge: (ring(edge), label(edge)))
    for (far, close), edges in groupby(shown[:MOST], ring):
        rows = list(edges)
        yield ()
        yield ((f"{'Among those at' if far == close else 'At'} distance {far}", "bold"),)
        width = max(map(len, map(label, rows)))
        for edge in rows:
            places = listed(list(dict.fromkeys(map(str, edge.because))), _FEW)
            yield (f"  {label(edge):<{width}}  ", (places, "dim" if edge.late else "cyan"))
    if len(shown) > MOST:
        yield ()
        yield ((f"… and {len(shown) - MOST:,} more; --format json has them all", "dim"),)


# -- for programs -----------------------------------------------------------------------------


def as_json(
    network: Network,
    cycles: Sequence[Cycle],
    *,
    parts: bool,
    asked: Around | None,
    in_part: Sequence[str],
) -> str:
    """`consolidate/graph@1`: nodes, edges with all their reasons, and the cycles of the end.

    Args:
        network: What is shown.
        cycles: Those of the whole history.
        parts: Whether parts are nodes.
        asked: The object that was asked for, if any.
        in_part: The files of which something can not be read.
    """
    return machine.document(
        FORMAT,
        {
            "around": asked
            and {
                "typed": asked.typed,
                "centres": list(asked.centres),
                "distance": asked.distance,
            },
            "parts": parts,
            "read_in_part": list(in_part),
            "nodes": [
                {
                    "id": node.id,
                    "kind": node.kind,
                    "name": node.name,
                    "first": node.first,
                    "number": node.number,
                    "ended": node.ended,
                    "external": node.external,
                    "brought_by": node.brought or None,
                }
                for node in network.nodes
            ],
            "edges": [_edge_record(edge) for edge in network.edges],
            "cycles": [_cycle_record(cycle) for cycle in cycles],
        },
    )


def _edge_record(edge: Edge) -> dict[str, Any]:
    return {
        "from": edge.start,
        "to": edge.end,
        "late": edge.late,
        "because": [
            {
                "reason": one.reason,
                "path": one.place.path,
                "line": one.place.line,
                "column": one.place.column,
                "statement": one.statement,
                "by": one.by,
                "on": one.on,
                "ended": one.ended,
            }
            for one in edge.because
        ],
    }


def _cycle_record(cycle: Cycle) -> dict[str, Any]:
    return {
        "members": [_name(one) for one in cycle.members],
        "steps": [
            {
                "object": _name(step.object),
                "because": [
                    {
                        "reason": one.reason,
                        "path": one.place.path,
                        "line": one.place.line,
                        "column": one.place.column,
                        "statement": one.statement_id,
                    }
                    for one in step.evidence
                ],
            }
            for step in cycle.steps
        ],
    }


def _name(one: ObjectId) -> dict[str, str]:
    return {"kind": one.kind, "identity": one.identity}
