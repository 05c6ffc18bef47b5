"""Units that need each other in a circle, and where each circle can be opened.

The legacy history has none: it made one object first and tied the knot later. Wording an object in
one statement makes them. `pg_dump_sort.c` opens them at the same places: a default or a CHECK
stands apart from its table, a view's query from its columns, a body is not checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from consolidate.model import ObjectId
    from consolidate.relations import Edge, Relations
    from consolidate.wording.units import Unit


class CirclesFound(Exception):  # noqa: N818 - it is a question to the caller, not a failure
    """Units that need each other in circles."""

    def __init__(self, circles: Sequence[Circle]) -> None:
        super().__init__("; ".join(circle.told for circle in circles))
        self.circles = circles


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """One way around, which begins with a need that something can be done about if any can."""

    units: tuple[Unit, ...]
    """Each needs the next one; the last one needs the first."""
    parts: frozenset[ObjectId] = frozenset()
    """What could stand apart from the first one's table, so that this needs the second no more."""
    is_textual: bool = False
    """Whether the first one needs the second only while its body is checked."""

    @property
    def told(self) -> str:
        """`table a needs function f(), which needs table a`."""
        first, *others = (unit.object for unit in self.units)
        return f"{first} {needs([*others, first])}"

    @property
    def why(self) -> str:
        """`it needs function f(), which needs table a`: what is to be said of the first one."""
        first, *others = (unit.object for unit in self.units)
        return f"it {needs([*others, first])}"


def needs(chain: Sequence[ObjectId]) -> str:
    """`needs table a, which needs type b`: each of these needs the next one."""
    return "needs " + ", which needs ".join(map(str, chain))


def circles(
    relations: Relations, graph: nx.DiGraph[ObjectId], order: Callable[[ObjectId], object]
) -> tuple[Circle, ...]:
    """What would leave no circle if it was done; no more than that, and the same every time.

    Args:
        relations: Tells where a need can be done away with.
        graph: Which unit needs which: from what is needed to its user.
        order: Sorts units by where they stand in the history.
    """
    tied = [part for part in nx.strongly_connected_components(graph) if len(part) > 1]
    return tuple(
        circle
        for part in sorted(tied, key=min)
        for circle in _opened(relations, _sorted(graph, part, order), order)
    )


def _sorted(
    graph: nx.DiGraph[ObjectId], part: set[ObjectId], order: Callable[[ObjectId], object]
) -> nx.DiGraph[ObjectId]:
    """A part of a graph that does not have the order of a set."""
    found: nx.DiGraph[ObjectId] = nx.DiGraph()
    for name in sorted(part, key=order):  # type: ignore[arg-type]
        found.add_node(name)
        found.add_edges_from((name, u) for u in sorted(graph.successors(name)) if u in part)
    return found


def _opened(
    relations: Relations, tied: nx.DiGraph[ObjectId], order: Callable[[ObjectId], object]
) -> Iterator[Circle]:
    """The needs of a knot that have to go; first of all a circle in which none can."""
    units = relations.units
    openable = [edge for edge in tied.edges if relations.parts(edge) or relations.is_textual(edge)]
    bound = tied.copy()
    bound.remove_edges_from(openable)
    if not nx.is_directed_acyclic_graph(bound):
        way = [edge[1] for edge in reversed(nx.find_cycle(bound))]
        yield Circle(units=tuple(units[name] for name in way))
        return

    def kept_first(edge: Edge) -> tuple[bool, bool, object, object]:
        is_query = any(part.kind == "rule" for part in relations.parts(edge))
        opens_easily = not (relations.is_textual(edge) or is_query)
        return (opens_easily, is_query, order(edge[1]), order(edge[0]))

    for needed, user in sorted(openable, key=kept_first):
        if not nx.has_path(bound, user, needed):
            bound.add_edge(needed, user)
            continue
        way = nx.shortest_path(bound, user, needed)
        yield Circle(
            units=(units[user], *(units[name] for name in reversed(way[1:]))),
            parts=relations.parts((needed, user)),
            is_textual=relations.is_textual((needed, user)),
        )
