"""Moves units between files until nothing needs anything later, as few and as little as can be.

Types and tables pull what they need to where they are, everything else is pushed to where its needs
are met. What a part of a table needs does not pull tables: that part leaves its table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from consolidate.circles import needs
from consolidate.groups.mapped import TABLES, WITHOUT_NEEDS
from consolidate.relations import FIRST

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from consolidate.model import ObjectId
    from consolidate.plan import Slot
    from consolidate.relations import Relations

    Slots = dict[ObjectId, Slot]

_EARLY = WITHOUT_NEEDS | FIRST
"""Kinds that come as early as anything asks for."""
_PULLERS = TABLES | WITHOUT_NEEDS | {"TYPE", "DOMAIN", "SEQUENCE", "SHELL TYPE", "COLLATION"}
_RELATIONS = TABLES | {"VIEW", "MATERIALIZED VIEW"}
"""Kinds that are not moved for a part of a table."""


class PartsFound(Exception):  # noqa: N818 - it is a question to the caller, not a failure
    """Parts of tables that need something later than their tables have to, and why."""

    def __init__(self, parts: Mapping[ObjectId, str]) -> None:
        super().__init__("; ".join(f"{part} {why}" for part, why in parts.items()))
        self.parts = parts


class Placement:
    """Units without circles, and the files that they are to stand in."""

    def __init__(
        self,
        relations: Relations,
        graph: nx.DiGraph[ObjectId],
        order: Callable[[ObjectId], tuple[int, str]],
    ) -> None:
        """Takes up what is to be placed.

        Args:
            relations: Tells what could stand apart.
            graph: Which unit needs which: from what is needed to its user.
            order: Sorts units by where they stand in the history.
        """
        self._relations = relations
        self._units = relations.units
        self._graph = graph
        self._order = list(nx.lexicographical_topological_sort(graph, key=order))

    def placed(self, slots: Mapping[ObjectId, Slot]) -> Slots:
        """Where the units can stand that would like to be in these files.

        Raises:
            PartsFound: Some tables would be moved for a part of them, or for a part of another.
        """
        self._seek_parts(slots)
        found = dict(slots)
        self._pull(self._graph, found)
        self._push(self._graph, found)
        for name in reversed(self._order):  # what was pulled goes back as far as it can
            if found[name] < slots[name]:
                users = (found[user] for user in self._graph.successors(name))
                found[name] = min((slots[name], *users))
        return found

    def _seek_parts(self, slots: Mapping[ObjectId, Slot]) -> None:
        """Looks for parts of tables that would take other tables out of the files asked for.

        Without its parts a table stands somewhere. A function or a type that a part needs goes
        there, too; a table or a view is not moved for it, and neither is what needs one.
        """
        parts = {
            edge: found
            for edge in self._graph.edges
            if self._units[edge[1]].type in TABLES and (found := self._relations.parts(edge))
        }
        if not parts:
            return
        bare = self._graph.copy()
        bare.remove_edges_from(parts)
        placed = dict(slots)
        self._pull(bare, placed)
        self._push(bare, placed)
        latest: dict[ObjectId, ObjectId] = {}
        for name in self._order:
            near = [latest[one] for one in bare.predecessors(name) if one in latest]
            own = [name] if self._units[name].type in _RELATIONS else []
            if near or own:
                latest[name] = max((*near, *own), key=lambda one: (placed[one], str(one)))
        late: dict[ObjectId, str] = {}
        for (needed, user), found in parts.items():
            target = latest.get(needed)
            if target is not None and placed[target] > placed[user]:
                way = nx.shortest_path(bare, target, needed)
                told = f"it {needs(way[::-1])}, which comes later, in {placed[target].path}"
                late |= dict.fromkeys(found, told)
        if late:
            raise PartsFound(late)

    def _pull(self, graph: nx.DiGraph[ObjectId], slots: Slots) -> None:
        """Brings what a table or a type needs, directly or through others, to where that is."""
        latest: Slots = {}
        for name in reversed(self._order):
            if self._units[name].type in _PULLERS:
                latest[name] = slots[name]
            for needed in graph.predecessors(name):
                kind = self._units[needed].type
                limit = latest.get(name) if kind != "ROWS" else None
                if limit is not None:
                    latest[needed] = min(latest.get(needed, limit), limit)
                if kind in _EARLY:
                    limit = min(limit or slots[name], slots[name])
                if limit is not None:
                    slots[needed] = min(slots[needed], limit)

    def _push(self, graph: nx.DiGraph[ObjectId], slots: Slots) -> None:
        """Brings everything to where what it needs is."""
        attached = [name for name in self._order if self._units[name].type == "INDEX ATTACH"]
        while True:
            for name in self._order:
                slots[name] = max((slots[name], *(slots[one] for one in graph.predecessors(name))))
            before = {
                index: slots[name]
                for name in attached  # nothing detaches an index: it goes with that of the parent
                for index in graph.predecessors(name)
                if self._units[index].type == "INDEX" and slots[index] < slots[name]
            }
            if not before:
                return
            slots.update(before)
