"""Which unit needs which, by everything that the server and the authors' text know."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import networkx as nx

from consolidate.model import ObjectId
from consolidate.wording import whole
from consolidate.wording.verbatim import query_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

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
_TABLES = frozenset({"TABLE", "FOREIGN TABLE"})
_ON_ROWS = frozenset({"DEFAULT", "CHECK CONSTRAINT", "CONSTRAINT"})
"""Parts of tables that work on the rows that are written."""
_BODIES = frozenset({"FUNCTION", "PROCEDURE"})
_TIED = {
    "table": "table attach",
    "foreign table": "table attach",
    "sequence": "sequence owned by",
}
"""The entry that ties an object of a kind to what holds it."""
_SEPARABLE = frozenset({"check", "exclude"})
"""Constraints that ALTER TABLE can add later; foreign keys are separated without being asked."""


Edge: TypeAlias = "tuple[ObjectId, ObjectId]"
"""What is needed, and its user."""


class Relations:
    """The units of one round and what ties them to each other."""

    def __init__(
        self, truth: Truth, units: Sequence[Unit], given_up: Collection[ObjectId] = ()
    ) -> None:
        """Works them out.

        Args:
            truth: What the server and the authors' text know.
            units: What is tied together.
            given_up: Parts of tables that can not stand apart.
        """
        self._truth = truth
        self._given_up = given_up
        self.units: Mapping[ObjectId, Unit] = {unit.object: unit for unit in units}
        self._home = {member: unit.object for unit in units for member in unit.members}
        self.keys: Mapping[ObjectId, tuple[Unit, InlineKey]] = {
            key.object: (unit, key) for unit in units for key in unit.keys
        }
        """The foreign keys that stand inside their tables."""
        self.key_needs: Mapping[ObjectId, set[ObjectId]] = {key: set() for key in self.keys}
        """What these keys need: they could be taken out of their tables for it."""
        self._parts: dict[Edge, set[ObjectId | None]] = {}
        """Why the server says that one unit needs another: a part of a table, or all of it."""
        self.lookups: dict[Edge, ObjectId] = {}
        """Rows, and what must follow them since functions that run for it read that table."""
        self.needs: nx.DiGraph[ObjectId] = self._needs()
        """An edge leads from what is needed to its user."""

    def home(self, target: ObjectId) -> ObjectId | None:
        """The unit that makes an object, or that makes what it belongs to."""
        if (unit := self._home.get(target)) is not None:  # as for most
            return unit
        return next((self._home[o] for o in self._upwards(target) if o in self._home), None)

    @cached_property
    def rows(self) -> Mapping[ObjectId, list[Unit]]:
        """The rows of each table, and of the partitions that it has."""
        found: dict[ObjectId, list[Unit]] = defaultdict(list)
        for unit in self.units.values():
            if unit.type == "ROWS":
                table: ObjectId | None = unit.family
                while table is not None:
                    found[table].append(unit)
                    parent = self._truth.final.facts.of(table).get("partition of")
                    table = ObjectId("table", parent) if parent else None
        return found

    def mentioned(self, name: ObjectId) -> frozenset[ObjectId]:
        """The units that the body of a unit names, to be looked up when it runs."""
        graph = self._truth.graph
        found = {self.home(graph.whole(target)) for target in graph.mentions(name)}
        return frozenset(unit for unit in found if unit is not None and unit != name)

    def parts(self, edge: Edge) -> frozenset[ObjectId]:
        """What could stand apart from its table or view so that one unit needs the other no more.

        That is a default, a CHECK, an exclusion or the query of the user, or a sequence that the
        needed table owns; nothing if there is more to it.
        """
        found = self._parts.get(edge, {None})
        if None in found or not found.isdisjoint(self._given_up):
            return frozenset()
        return frozenset(part for part in found if part is not None)

    def is_textual(self, edge: Edge) -> bool:
        """Whether only the text of a routine's body says that it needs something.

        PostgreSQL looks there when the routine is made if `check_function_bodies` is on, and
        records nothing.
        """
        return self.units[edge[1]].type in _BODIES and edge not in self._parts

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
        return self._neighbours

    @cached_property
    def _neighbours(self) -> nx.Graph[ObjectId]:
        neighbours: nx.Graph[ObjectId] = nx.Graph()
        neighbours.add_nodes_from(self.needs)
        neighbours.add_edges_from(self.needs.edges)
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
        """The inline foreign key that an object is, belongs to or was made for.

        A key of a partitioned table has one more in each of its partitions, and for each partition
        of the table that it points at.
        """
        constraint = next((o for o in self._upwards(target) if o.kind == "table constraint"), None)
        while constraint is not None and constraint not in self.keys:
            above = self._truth.depend.needs.get(constraint, frozenset())
            constraint = min((one for one in above if one.kind == constraint.kind), default=None)
        return constraint

    def _attached(self, member: ObjectId) -> ObjectId | None:
        """The unit that ties an object to what holds it, where another one makes the object."""
        tied = _TIED.get(member.kind)
        unit = self._home.get(ObjectId(tied, member.identity)) if tied else None
        return unit if unit != self._home.get(member) else None

    def _holds(self, target: ObjectId, member: ObjectId) -> bool:
        """Whether a table is partitioned into the other one, or owns the sequence."""
        parent = self._truth.final.facts.of(member).get("partition of")
        return target in {self._truth.depend.parent.get(member), ObjectId("table", parent or "")}

    def _needs(self) -> nx.DiGraph[ObjectId]:
        graph: nx.DiGraph[ObjectId] = nx.DiGraph()
        graph.add_nodes_from(self.units)
        for member, targets in self._truth.depend.needs.items():
            user = self.home(member)
            if user is not None and user.kind != whole.MIGRATION:  # these keep the legacy order
                self._add_depends(graph, member, user, targets)
        for unit in self.units.values():
            self._add_own(graph, unit)
        for unit in self.units.values():
            if unit.type in _RUNNING:
                running = self._running(graph, unit) - {unit.object}
                graph.add_edges_from((name, unit.object) for name in sorted(running))
        self._add_casts(graph)
        self._add_parts(graph)
        self._add_lookups(graph)
        return graph

    def _add_depends(
        self,
        graph: nx.DiGraph[ObjectId],
        member: ObjectId,
        user: ObjectId,
        targets: Iterable[ObjectId],
    ) -> None:
        """Adds what the server says that a member of a unit needs."""
        key = self._key_of(member)
        if key is not None and self.keys[key][0].object != user:
            return  # a partition has the key from its parent, whenever that gets it
        attached = self._attached(member)
        for target in sorted(targets):
            needed = self.home(target)
            if needed is None or needed == user:
                continue
            if attached is not None and self._holds(target, member):
                graph.add_edge(needed, attached)
            elif key is not None:
                self.key_needs[key].add(needed)
            else:
                graph.add_edge(needed, user)
                part = self._owned(target, needed) or self._part(member, user)
                self._parts.setdefault((needed, user), set()).add(part)

    def _part(self, member: ObjectId, user: ObjectId) -> ObjectId | None:
        """The default or constraint of a table that an object is or belongs to, if it can go.

        Of a view that is its query, which is a rule.
        """
        if self.units[user].type == "VIEW":
            return member if member.kind == "rule" and query_of(user) == member else None
        if self.units[user].type not in _TABLES:
            return None
        facts = self._truth.final.facts
        for name in self._upwards(member):
            if name.kind == "default value":
                column = ObjectId("table column", name.identity.removeprefix("for "))
                return None if "generated" in facts.of(column) else name
            if name.kind == "table constraint":
                told = facts.of(name)
                own = told.get("exists") in _SEPARABLE and "inherited" not in told
                return name if own else None
        return None

    def _owned(self, target: ObjectId, needed: ObjectId) -> ObjectId | None:
        """A sequence that is made with the table that owns it, but could be made before."""
        made_along = self.units[needed].type in _TABLES and target != needed
        return target if made_along and target.kind == "sequence" else None

    def _add_casts(self, graph: nx.DiGraph[ObjectId]) -> None:
        """Lets what was made after a cast find it.

        An expression that a cast turns into a call depends on the function alone. Where the cast is
        not there the values go by their text, and nothing fails.
        """
        for cast in [unit for unit in self.units.values() if unit.type == "CAST"]:
            before = nx.ancestors(graph, cast.object)
            users = {user for needed in graph.predecessors(cast.object) for user in graph[needed]}
            for user in users - before - {cast.object}:
                if self.units[user].ordinal > cast.ordinal:
                    graph.add_edge(cast.object, user)
                    self._parts.setdefault((cast.object, user), set()).add(None)

    def _add_parts(self, graph: nx.DiGraph[ObjectId]) -> None:
        """Lets the rows of a table find what stands apart from it and was there before them."""
        apart = [u for u in self.units.values() if u.type in _ON_ROWS and u.repair]
        families = {unit.family for unit in apart}
        rows = [u for u in self.units.values() if u.type == "ROWS" and u.family in families]
        graph.add_edges_from(
            (part.object, own.object)
            for part in apart
            for own in rows
            if own.family == part.family and part.ordinal < own.ordinal
        )

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
                if unit.type in _TABLES:
                    self._parts.setdefault((needed, unit.object), set()).add(None)
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
