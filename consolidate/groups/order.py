"""The order between groups, in which as few references as can be point at a later one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import networkx as nx

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_EXACT = 8
"""Of circles of up to so many groups every order is weighed, by subsets."""
_TRIED = 60
"""Circles of more groups than this are not improved move by move."""


def ordered(number: int, needs: Mapping[tuple[int, int], float]) -> list[int]:
    """The groups, numbered from 0 in history order, in the order in which they shall apply.

    What must come first for all others comes first, then what the history made first. Groups
    that need each other in a circle stand so that little weight points backwards.

    Args:
        number: How many groups there are.
        needs: How much the first group of a pair needs the second.
    """
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(number))
    graph.add_weighted_edges_from((on, user, weight) for (user, on), weight in needs.items())
    circles = nx.condensation(graph)
    members = {node: sorted(circles.nodes[node]["members"]) for node in circles}
    found: list[int] = []
    for node in nx.lexicographical_topological_sort(circles, key=lambda node: members[node][0]):
        found += _untangled(members[node], needs)
    return found


def _untangled(circle: Sequence[int], needs: Mapping[tuple[int, int], float]) -> list[int]:
    return _best(circle, needs) if len(circle) <= _EXACT else _greedy(circle, needs)


def _best(circle: Sequence[int], needs: Mapping[tuple[int, int], float]) -> list[int]:
    """The order with the least weight backwards; of several, the one nearest to history."""
    found: dict[frozenset[int], tuple[float, tuple[int, ...]]] = {frozenset(): (0.0, ())}
    for _ in circle:
        longer: dict[frozenset[int], tuple[float, tuple[int, ...]]] = {}
        for placed, (cost, order) in found.items():
            left = [one for one in circle if one not in placed]
            for one in left:
                more = sum(needs.get((one, later), 0.0) for later in left)
                tried = (round(cost + more, 6), (*order, one))
                key = placed | {one}
                longer[key] = min(longer.get(key, tried), tried)
        found = longer
    ((_, order),) = found.values()
    return list(order)


def _greedy(circle: Sequence[int], needs: Mapping[tuple[int, int], float]) -> list[int]:
    inside = set(circle)
    unmet: dict[int, float] = defaultdict(float)
    wanted: dict[int, dict[int, float]] = defaultdict(dict)
    for (user, on), weight in sorted(needs.items()):
        if {user, on} <= inside:
            unmet[user] += weight
            wanted[on][user] = weight
    left = list(circle)
    found: list[int] = []
    while left:
        best = min(
            left,
            key=lambda one: (
                round(unmet[one] - sum(w for u, w in wanted[one].items() if u in inside), 6),
                one,
            ),
        )
        left.remove(best)
        inside.discard(best)
        found.append(best)
        for user, weight in wanted[best].items():
            unmet[user] -= weight
    return _improved(found, needs) if len(found) <= _TRIED else found


def _improved(found: list[int], needs: Mapping[tuple[int, int], float]) -> list[int]:
    """The order after every move of one group that makes less weight point backwards."""
    moved = True
    while moved:
        moved = False
        for one in tuple(found):
            rest = [other for other in found if other != one]
            costs = _costs(one, rest, needs)
            now = found.index(one)
            best = min(range(len(costs)), key=lambda place: (costs[place], abs(place - now), place))
            if costs[best] < costs[now]:
                found = [*rest[:best], one, *rest[best:]]
                moved = True
    return found


def _costs(one: int, rest: Sequence[int], needs: Mapping[tuple[int, int], float]) -> list[float]:
    """What would point backwards, were the group in front of each of the others or at the end."""
    cost = sum(needs.get((one, other), 0.0) for other in rest)
    costs = [round(cost, 6)]
    for other in rest:
        cost += needs.get((other, one), 0.0) - needs.get((one, other), 0.0)
        costs.append(round(cost, 6))
    return costs
