"""The closest relative of what no group claims: what it is told to stand near to.

Tables stand near tables, whatever else a group claims of theirs. Types and the like are drawn by
what may need them. All else prefers what it needs, so that nothing has to move it on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.groups.mapped import FIRST_PHASE, TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import networkx as nx

    from consolidate.model import ObjectId
    from consolidate.relations import Relations
    from consolidate.wording.units import Unit

_HUBS = frozenset({"SCHEMA", "EXTENSION", "ROLE"})
"""Kinds that much has in common which has nothing else to do with each other."""
_GROUND = FIRST_PHASE | TABLES | {"SEQUENCE", "AS WAS"}
"""Kinds that others stand on."""


def near_relatives(
    pending: Sequence[Unit], mapped: Mapping[ObjectId, int], relations: Relations
) -> dict[ObjectId, ObjectId]:
    """The closest relative of each unit that has one; of several, the one in the first place.

    To have a schema, an extension or a role in common makes no relatives.

    Args:
        pending: What is to be placed.
        mapped: What has a place, with the number of that.
        relations: What ties all of it together.
    """
    units, neighbours = relations.units, relations.neighbours()
    first = sorted(mapped, key=lambda one: (mapped[one], one))
    hubs = frozenset(name for name, unit in units.items() if unit.type in _HUBS)

    def nearest(
        is_meant: Callable[[str], bool], beyond: frozenset[ObjectId] = hubs
    ) -> Mapping[ObjectId, ObjectId]:
        starts = [one for one in first if one not in beyond and is_meant(units[one].type)]
        return _nearest(neighbours, starts, beyond)

    around_hubs = {
        **nearest(lambda _: True, frozenset()),
        **nearest(_GROUND.__contains__, frozenset()),
    }
    tables = nearest(TABLES.__contains__)
    ground = nearest(_GROUND.__contains__)
    others = {**nearest(lambda _: True), **nearest(lambda kind: kind not in FIRST_PHASE)}

    def closest(unit: Unit) -> ObjectId | None:
        if unit.type in TABLES:
            return tables.get(unit.object)
        if unit.type in _HUBS:
            return around_hubs.get(unit.object)
        if unit.type in _GROUND:
            return ground.get(unit.object)
        needed = [
            one
            for one in relations.needs.predecessors(unit.object)
            if one in mapped and units[one].type not in FIRST_PHASE
        ]
        return max(needed, key=lambda one: (mapped[one], one), default=others.get(unit.object))

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
