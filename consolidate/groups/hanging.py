"""Which groups of tables everything else is about, and which groups use it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx

from consolidate.relations import FIRST, LAST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consolidate.groups.tables import Tables
    from consolidate.model import ObjectId
    from consolidate.relations import Relations

Numbers = frozenset[int]
"""Some groups of tables, by their numbers."""

_NONE: Numbers = frozenset()


class Hanging:
    """Looks through views, functions and types to the tables on either side of them."""

    def __init__(
        self,
        tables: Tables,
        group: Mapping[ObjectId, int],
        relations: Relations,
        among: nx.DiGraph[ObjectId],
    ) -> None:
        """Looks.

        Args:
            tables: Those that are grouped.
            group: The number of each one's group.
            relations: What all units are.
            among: Those that are looked at, with what they need of each other.
        """
        self._own = {name: group[table] for name in among if (table := tables.of(name)) is not None}
        needs = among.copy()
        needs.remove_nodes_from([n for n in needs if relations.units[n].type in FIRST | LAST])
        self._bound = self._spread(needs, {})
        needs.add_edges_from(
            (named, name)
            for name in list(needs)
            for named in sorted(relations.mentioned(name))
            if named in among
        )
        self._about = self._spread(needs, {})
        users: nx.DiGraph[ObjectId] = nx.DiGraph()
        users.add_nodes_from(needs)
        users.add_edges_from((user, needed) for needed, user in needs.edges)
        self._users = self._spread(users, self._about)

    def own(self, name: ObjectId) -> int | None:
        """The group whose table a unit makes or hangs on."""
        return self._own.get(name)

    def bound(self, name: ObjectId) -> Numbers:
        """The groups that something must come after."""
        return self._bound.get(name, _NONE)

    def about(self, name: ObjectId) -> Numbers:
        """The groups that something reads or writes, those included that its body names."""
        return self._about.get(name, _NONE)

    def users(self, name: ObjectId) -> Numbers:
        """The groups that use something, through whatever."""
        return self._users.get(name, _NONE)

    def _spread(
        self, graph: nx.DiGraph[ObjectId], instead: Mapping[ObjectId, Numbers]
    ) -> Mapping[ObjectId, Numbers]:
        """The groups that are reached against the edges from each node.

        Tables are the end of every path; so is what reaches none, which counts as `instead` says.
        """
        between: nx.DiGraph[ObjectId] = nx.DiGraph()  # a view of the graph would be slow
        between.add_nodes_from(name for name in graph if name not in self._own)
        between.add_edges_from(
            (one, other)
            for one, other in graph.edges
            if one not in self._own and other not in self._own
        )
        circles: nx.DiGraph[Any] = nx.condensation(between)
        found: dict[ObjectId, Numbers] = {}
        for circle in nx.topological_sort(circles):
            members = circles.nodes[circle]["members"]
            reached: set[int] = set()
            for near in {near for name in members for near in graph.predecessors(name)}:
                if near in self._own:
                    reached.add(self._own[near])
                elif near not in members:
                    reached |= found[near] or instead.get(near, _NONE)
            found.update(dict.fromkeys(members, frozenset(reached)))
        own = {
            name: frozenset(
                number
                for near in graph.predecessors(name)
                for number in ({self._own[near]} if near in self._own else found[near])
            )
            for name in graph
            if name in self._own
        }
        return {**own, **found}
