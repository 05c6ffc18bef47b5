"""Finds the objects at the end of a history that can not be without each other."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate.effects import Reason
from consolidate.graph import Evidence, Incarnation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from consolidate.graph import DependencyGraph
    from consolidate.model import ObjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One object of a cycle, and why it needs the next one."""

    object: ObjectId
    evidence: tuple[Evidence, ...]
    """In the order in which the history came to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """A smallest way around in a group of objects that all need each other."""

    members: tuple[ObjectId, ...]
    """The whole group, sorted."""
    steps: tuple[Step, ...]
    """It begins with the first of its objects by name; the last one needs the first."""


def cycles(graph: DependencyGraph) -> tuple[Cycle, ...]:
    """One cycle for each group of surviving objects that need each other, their parts counted in.

    The history itself has none: it made one object first and tied the knot later. What is only
    mentioned is looked up when it is used, and ties no knot. What needs itself is no cycle, since
    PostgreSQL makes it in one statement.
    """
    import networkx as nx  # noqa: PLC0415 - a quarter of a second, for some commands only

    needed = _needs(graph)
    whole: nx.DiGraph[ObjectId] = nx.DiGraph()
    whole.add_edges_from((name, on) for name, all_on in needed.items() for on in all_on)
    groups = (sorted(one) for one in nx.strongly_connected_components(whole) if len(one) > 1)
    return tuple(
        Cycle(
            members=tuple(group),
            steps=tuple(
                Step(object=name, evidence=needed[name][on])
                for name, on in _around(_shortest(group, needed))
            ),
        )
        for group in sorted(groups)
    )


def _needs(
    graph: DependencyGraph,
) -> dict[ObjectId, dict[ObjectId, tuple[Evidence, ...]]]:
    """What each surviving object needs, parts as their wholes, both sides sorted."""
    found: dict[ObjectId, dict[ObjectId, list[Evidence]]] = {}
    order = {effect.statement: number for number, effect in enumerate(graph.effects)}
    for by, on in graph.digraph.edges:
        if not (isinstance(by, Incarnation) and isinstance(on, Incarnation)):
            continue
        if by.final is None or on.final is None:
            continue
        start, end = graph.whole(by.final), graph.whole(on.final)
        evidence: tuple[Evidence, ...] = graph.digraph.edges[by, on]["evidence"]
        hard = [one for one in evidence if one.reason is not Reason.MENTION]
        if start != end and hard:
            found.setdefault(start, {}).setdefault(end, []).extend(hard)
    return {
        name: {
            on: tuple(dict.fromkeys(sorted(found[name][on], key=lambda e: order[e.statement_id])))
            for on in sorted(found[name])
        }
        for name in sorted(found)
    }


def _shortest(
    group: Iterable[ObjectId], needed: Mapping[ObjectId, Iterable[ObjectId]]
) -> list[ObjectId]:
    """A cycle than which none is shorter; of several that which comes first by its names."""
    inside = set(group)
    found: list[ObjectId] = []
    for start in group:
        before: dict[ObjectId, ObjectId] = {}
        queue = deque([start])
        while queue and start not in before:
            name = queue.popleft()
            for on in needed[name]:
                if on in inside and on not in before:
                    before[on] = name
                    queue.append(on)
        way = [start]
        while (name := before[way[-1]]) != start:
            way.append(name)
        if not found or len(way) < len(found):
            found = [start, *reversed(way[1:])]
    first = found.index(min(found))
    return [*found[first:], *found[:first]]


def _around(way: list[ObjectId]) -> Iterable[tuple[ObjectId, ObjectId]]:
    return zip(way, [*way[1:], way[0]], strict=True)
