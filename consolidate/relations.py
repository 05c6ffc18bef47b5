"""Which unit needs which, by everything that the server and the authors' text know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from consolidate.wording import whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from consolidate.model import ObjectId
    from consolidate.truth import Truth
    from consolidate.wording.units import InlineKey, Unit

LAST = frozenset({"DEFAULT ACL", "EVENT TRIGGER"})
"""Kinds that act on what is created after them, and so come after everything."""

_ROUTINES = frozenset({"FUNCTION", "PROCEDURE", "AGGREGATE"})
_USABLE = _ROUTINES | {"TABLE", "FOREIGN TABLE", "VIEW", "SEQUENCE"}
"""Kinds that a function's body can use, and that no rows come before."""
_USED_BY_ROUTINES = _USABLE | {"TRIGGER"}
_RUNNING = frozenset({"ROWS", "MATERIALIZED VIEW"})
"""Kinds that run functions when they are made."""


class Relations:
    """The units of one round and what ties them to each other."""

    def __init__(self, truth: Truth, units: Sequence[Unit]) -> None:
        self._truth = truth
        self.units: Mapping[ObjectId, Unit] = {unit.object: unit for unit in units}
        self._home = {member: unit.object for unit in units for member in unit.members}
        self.keys: Mapping[ObjectId, tuple[Unit, InlineKey]] = {
            key.object: (unit, key) for unit in units for key in unit.keys
        }
        """The foreign keys that stand inside their tables."""
        self.key_needs: Mapping[ObjectId, set[ObjectId]] = {key: set() for key in self.keys}
        """What these keys need: they could be taken out of their tables for it."""
        self.lookups: dict[tuple[ObjectId, ObjectId], ObjectId] = {}
        """Rows, and what must follow them since functions that run for it read that table."""
        self.needs: nx.DiGraph[ObjectId] = self._needs()
        """An edge leads from what is needed to its user."""

    def home(self, target: ObjectId) -> ObjectId | None:
        """The unit that makes an object, or that makes what it belongs to."""
        return next((self._home[o] for o in self._upwards(target) if o in self._home), None)

    def mentioned(self, name: ObjectId) -> frozenset[ObjectId]:
        """The units that the body of a unit names, to be looked up when it runs."""
        graph = self._truth.graph
        found = {self.home(graph.whole(target)) for target in graph.mentions(name)}
        return frozenset(unit for unit in found if unit is not None and unit != name)

    def foreign_keys(self) -> Iterable[tuple[ObjectId, ObjectId]]:
        """Each foreign key, inside its table or apart: whose it is, and the unit it points at."""
        for key, needed in sorted(self.key_needs.items()):
            owner = self.keys[key][0].object
            yield from ((owner, target) for target in sorted(needed) if target != owner)
        for name, unit in sorted(self.units.items()):
            if unit.type == "FK CONSTRAINT":
                targets = set(self.needs.predecessors(name)) - {unit.family}
                yield from ((unit.family, target) for target in sorted(targets))

    def neighbours(self) -> nx.Graph[ObjectId]:
        """The dependencies without direction, foreign keys included."""
        neighbours: nx.Graph[ObjectId] = nx.Graph(self.needs.to_undirected())
        for unit in self.units.values():
            if unit.type in LAST:
                neighbours.remove_edges_from(list(neighbours.edges(unit.object)))
        for unit in self.units.values():
            if unit.family != unit.object and unit.family in self.units:
                neighbours.add_edge(unit.object, unit.family)
        neighbours.add_edges_from(self.foreign_keys())
        return neighbours

    def _upwards(self, target: ObjectId) -> Iterable[ObjectId]:
        """The object, what it belongs to, what that belongs to, and so on."""
        seen: set[ObjectId] = set()
        current: ObjectId | None = target
        while current is not None and current not in seen:
            yield current
            seen.add(current)
            current = self._truth.depend.parent.get(current)

    def _key_of(self, target: ObjectId) -> ObjectId | None:
        """The inline foreign key that an object is or belongs to."""
        return next((o for o in self._upwards(target) if o in self.keys), None)

    def _needs(self) -> nx.DiGraph[ObjectId]:
        graph: nx.DiGraph[ObjectId] = nx.DiGraph()
        graph.add_nodes_from(self.units)
        for member, targets in self._truth.depend.needs.items():
            user = self.home(member)
            if user is None or user.kind == whole.MIGRATION:  # these keep the legacy order
                continue
            key = self._key_of(member)
            for target in sorted(targets):
                needed = self.home(target)
                if needed is None or needed == user:
                    continue
                if key is not None:
                    self.key_needs[key].add(needed)
                else:
                    graph.add_edge(needed, user)
        for unit in self.units.values():
            self._add_own(graph, unit)
        for unit in self.units.values():
            if unit.type in _RUNNING:
                running = self._running(graph, unit) - {unit.object}
                graph.add_edges_from((name, unit.object) for name in sorted(running))
        self._add_lookups(graph)
        return graph

    def _add_lookups(self, graph: nx.DiGraph[ObjectId]) -> None:
        """Lets rows and filled views follow the rows that their functions looked up.

        The rows of one table already keep their order, so that the last ones before are enough.
        """
        filled: dict[ObjectId, Unit] = {}
        for unit in sorted(self.units.values(), key=lambda u: (u.ordinal, str(u.object))):
            if unit.type in _RUNNING:
                for table in sorted(set(graph.predecessors(unit.object)) & filled.keys()):
                    before = filled[table]
                    if before.ordinal < unit.ordinal and table != unit.family:
                        self._add_lookup(graph, before.object, unit.object, table)
            if unit.type == "ROWS":
                filled[unit.family] = unit

    def _add_lookup(
        self, graph: nx.DiGraph[ObjectId], before: ObjectId, name: ObjectId, table: ObjectId
    ) -> None:
        if not graph.has_edge(before, name) and not nx.has_path(graph, name, before):
            graph.add_edge(before, name)
            self.lookups[before, name] = table

    def _running(self, graph: nx.DiGraph[ObjectId], unit: Unit) -> set[ObjectId]:
        """What the functions use that run when rows are written or a view is filled.

        Triggers, defaults and checks call them; PostgreSQL looks up what their bodies name no
        sooner than that.
        """
        found: set[ObjectId] = set()
        pending = [unit.object]
        while pending:
            name = pending.pop()
            near = set(graph.predecessors(name))
            near |= self.mentioned(name) if self.units[name].type in _ROUTINES else set()
            new = {n for n in near if self.units[n].type in _USED_BY_ROUTINES} - found
            found |= new
            pending += new
        return {name for name in found if self.units[name].type in _USABLE}

    def _add_own(self, graph: nx.DiGraph[ObjectId], unit: Unit) -> None:
        for target in sorted(unit.needs):
            needed = self.home(target)
            if needed is not None and needed != unit.object:
                graph.add_edge(needed, unit.object)
        for target in sorted(unit.before):
            later = self.home(target)
            if later is not None and later != unit.object:
                graph.add_edge(unit.object, later)
        if unit.type in LAST:
            graph.add_edges_from(
                (other.object, unit.object)
                for other in self.units.values()
                if other.type not in {*LAST, "ROWS", "SEQUENCE SET"}
            )
