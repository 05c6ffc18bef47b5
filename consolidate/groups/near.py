"""The closest relative of what no group claims: what it is told to stand near to.

Nothing is drawn by a policy, a trigger or a function, though a group claims that: tables stand near
tables, types near what may need them, views with the last of the relations that they read, and all
else near a table or a type. What is in everybody's way, such as a schema, stays in the first phase.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.groups.mapped import FIRST_PHASE, TABLES, WITHOUT_NEEDS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import networkx as nx

    from consolidate.model import ObjectId
    from consolidate.relations import Relations
    from consolidate.wording.units import Unit

_GROUND = FIRST_PHASE | TABLES | {"SEQUENCE", "AS WAS"}
"""Kinds that others stand on."""
_VIEWS = frozenset({"VIEW", "MATERIALIZED VIEW"})


def near_relatives(
    pending: Sequence[Unit],
    mapped: Mapping[ObjectId, int],
    early: Collection[ObjectId],
    relations: Relations,
) -> dict[ObjectId, ObjectId]:
    """The closest relative of each unit that has one; of several, the one in the first place.

    To have a schema, an extension or a role in common makes no relatives.

    Args:
        pending: What is to be placed.
        mapped: What has a place, with the number of that.
        early: Those of it whose place is in the first phase.
        relations: What ties all of it together.
    """
    units, neighbours = relations.units, relations.neighbours()
    first = sorted(mapped, key=lambda one: (mapped[one], one))
    hubs = frozenset(name for name, unit in units.items() if unit.type in WITHOUT_NEEDS)

    def nearest(kinds: Collection[str]) -> Mapping[ObjectId, ObjectId]:
        starts = [one for one in first if one not in hubs and units[one].type in kinds]
        return _nearest(neighbours, starts, hubs)

    around_hubs = _nearest(neighbours, [one for one in first if one in early], frozenset())
    tables, ground = nearest(TABLES), nearest(_GROUND)

    def closest(unit: Unit) -> ObjectId | None:
        if unit.type in TABLES:
            return tables.get(unit.object)
        if unit.type in WITHOUT_NEEDS:
            return around_hubs.get(unit.object)
        read = [
            one
            for one in relations.needs.predecessors(unit.object)
            if one in mapped and unit.type in _VIEWS and units[one].type in TABLES | _VIEWS
        ]
        return max(read, key=lambda one: (mapped[one], one), default=ground.get(unit.object))

    found = {unit.object: closest(unit) for unit in pending}
    return {name: relative for name, relative in found.items() if relative is not None}


def _nearest(
    graph: nx.Graph[ObjectId], starts: Sequence[ObjectId], beyond: frozenset[ObjectId]
) -> Mapping[ObjectId, ObjectId]:
    """The closest of the starts for each node that is tied to one; of several, the first.

    No way leads through what is beyond.
    """
    rank = {one: number for number, one in enumerate(starts)}
    found = {one: one for one in starts}
    layer = list(starts)
    while layer:
        reached: dict[ObjectId, ObjectId] = {}
        for name in layer:
            start = found[name]
            for other in graph.adj[name]:
                if other not in found and other not in beyond:
                    before = reached.get(other)
                    if before is None or rank[start] < rank[before]:
                        reached[other] = start
        found |= reached
        layer = list(reached)
    return found
