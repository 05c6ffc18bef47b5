"""Puts the worded objects into files, in an order in which nothing needs anything later.

The mapping's wish is kept unless a dependency forbids it. Types and tables pull what they need
into their own file or an earlier one; everything else is pushed to where its needs are met; a
foreign key whose target comes later leaves its table and follows it. Every departure is a
finding.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import networkx as nx

from consolidate import findings
from consolidate.groups import Wishes, seed_slots, wishes
from consolidate.model import Finding, ObjectId, Severity
from consolidate.plan import Folder, Plan, PlannedFile, Slot, Step
from consolidate.wording import whole
from consolidate.wording.units import Rung, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from consolidate.config import Config
    from consolidate.truth import Truth
    from consolidate.wording.units import InlineKey

_PULLERS = {"TABLE", "FOREIGN TABLE", "TYPE", "DOMAIN", "SEQUENCE", "SHELL TYPE", "SCHEMA"} | {
    "EXTENSION",
    "ROLE",
    "COLLATION",
}
_LAST = {"DEFAULT ACL", "EVENT TRIGGER"}
"""Kinds that act on what is created after them, and so come after everything."""


def arrange(truth: Truth, units: Sequence[Unit], config: Config) -> Plan:
    """The plan for these units.

    Raises:
        CycleFound: The units need each other in a circle; the caller words them otherwise.
    """
    return _Arrangement(truth, units, config).plan()


class CycleFound(Exception):  # noqa: N818 - it is a question to the caller, not a failure
    """Units that need each other in a circle."""

    def __init__(self, members: tuple[Unit, ...]) -> None:
        super().__init__(" → ".join(str(unit.object) for unit in members))
        self.members = members


class _Arrangement:
    """One run of the placement; its fields fill up from top to bottom."""

    def __init__(self, truth: Truth, units: Sequence[Unit], config: Config) -> None:
        self._truth = truth
        self._units = {unit.object: unit for unit in units}
        self._config = config
        self._home = {member: unit.object for unit in units for member in unit.members}
        self._key_units: dict[ObjectId, tuple[Unit, InlineKey]] = {
            key.object: (unit, key) for unit in units for key in unit.keys
        }
        self._key_needs: dict[ObjectId, set[ObjectId]] = {k: set() for k in self._key_units}
        self._findings: list[Finding] = []
        self._graph = self._hard_graph()
        self._wishes: Wishes = wishes(truth, units, config, self._neighbours())
        self._slot: dict[ObjectId, Slot] = dict(self._wishes.slot)

    def plan(self) -> Plan:
        self._place_seeds()
        self._pull()
        self._push()
        split = self._split_keys()
        self._explain()
        return self._files(split)

    # -- dependencies ---------------------------------------------------------------------

    def home(self, target: ObjectId) -> ObjectId | None:
        """The unit that makes an object, or that makes what it belongs to."""
        seen: set[ObjectId] = set()
        current: ObjectId | None = target
        while current is not None and current not in seen:
            if current in self._home:
                return self._home[current]
            seen.add(current)
            current = self._truth.depend.parent.get(current)
        return None

    def _key_of(self, target: ObjectId) -> ObjectId | None:
        """The inline foreign key that an object is or belongs to."""
        seen: set[ObjectId] = set()
        current: ObjectId | None = target
        while current is not None and current not in seen:
            if current in self._key_units:
                return current
            seen.add(current)
            current = self._truth.depend.parent.get(current)
        return None

    def _hard_graph(self) -> nx.DiGraph[ObjectId]:
        graph: nx.DiGraph[ObjectId] = nx.DiGraph()
        graph.add_nodes_from(self._units)
        for member, targets in self._truth.depend.needs.items():
            user = self.home(member)
            if user is None or user.kind == whole.MIGRATION:  # these keep the legacy order
                continue
            key = self._key_of(member)
            for target in targets:
                needed = self.home(target)
                if needed is None or needed == user:
                    continue
                if key is not None:
                    self._key_needs[key].add(needed)
                else:
                    graph.add_edge(needed, user)
        for unit in self._units.values():
            self._add_own(graph, unit)
        return self._acyclic(graph)

    def _add_own(self, graph: nx.DiGraph[ObjectId], unit: Unit) -> None:
        for target in unit.needs:
            needed = self.home(target)
            if needed is not None and needed != unit.object:
                graph.add_edge(needed, unit.object)
        for target in unit.before:
            later = self.home(target)
            if later is not None and later != unit.object:
                graph.add_edge(unit.object, later)
        if unit.type in _LAST:
            graph.add_edges_from(
                (other.object, unit.object)
                for other in self._units.values()
                if other.type not in {*_LAST, "ROWS", "SEQUENCE SET"}
            )

    def _acyclic(self, graph: nx.DiGraph[ObjectId]) -> nx.DiGraph[ObjectId]:
        for component in nx.strongly_connected_components(graph):
            if len(component) > 1:
                cycle = nx.find_cycle(graph.subgraph(component))
                raise CycleFound(tuple(self._units[edge[0]] for edge in cycle))
        return graph

    def _neighbours(self) -> nx.Graph[ObjectId]:
        neighbours: nx.Graph[ObjectId] = nx.Graph(self._graph.to_undirected())
        for unit in self._units.values():
            if unit.type in _LAST:
                neighbours.remove_edges_from(list(neighbours.edges(unit.object)))
        for key, needed in self._key_needs.items():
            owner = self._key_units[key][0].object
            neighbours.add_edges_from((owner, target) for target in needed if target != owner)
        for unit in self._units.values():
            if unit.family != unit.object and unit.family in self._units:
                neighbours.add_edge(unit.object, unit.family)
            if unit.type == "FK CONSTRAINT":
                targets = set(self._graph.predecessors(unit.object)) - {unit.family}
                neighbours.add_edges_from((unit.family, target) for target in targets)
        return neighbours

    # -- placement ------------------------------------------------------------------------

    def _topological(self) -> list[ObjectId]:
        return list(nx.lexicographical_topological_sort(self._graph, key=self._by_history))

    def _by_history(self, name: ObjectId) -> tuple[int, str]:
        return (self._units[name].ordinal, str(name))

    def _place_seeds(self) -> None:
        """Sends rows to `seed/` where the mapping wants them and nothing else needs them."""
        wanted = seed_slots(self._config)
        seeds = {
            unit.object: wanted[unit.family.identity]
            for unit in self._units.values()
            if unit.type == "ROWS" and unit.family.identity in wanted
        }
        for name in seeds:
            self._slot[name] = self._slot.get(self._units[name].family, self._slot[name])
        while True:
            kept = {
                name: next((f for f in self._graph.successors(name) if f not in seeds), None)
                for name in seeds
            }
            if not any(kept.values()):
                break
            for name, follower in kept.items():
                if follower is not None:
                    del seeds[name]
                    self._note(
                        findings.SEED_STAYS,
                        f"{name} stays in migrations/: {follower} must come after it",
                    )
        self._slot.update(seeds)

    def _pull(self) -> None:
        pulled: set[ObjectId] = set()
        for name in reversed(self._topological()):
            unit = self._units[name]
            if unit.type not in _PULLERS and name not in pulled:
                continue
            for needed in self._graph.predecessors(name):
                if self._slot[needed] > self._slot[name] and self._units[needed].type != "ROWS":
                    self._slot[needed] = self._slot[name]
                    pulled.add(needed)

    def _push(self) -> None:
        for name in self._topological():
            latest = max(
                (self._slot[needed] for needed in self._graph.predecessors(name)),
                default=self._slot[name],
            )
            self._slot[name] = max(self._slot[name], latest)

    def _split_keys(self) -> frozenset[ObjectId]:
        """Keeps every foreign key inside its table that can stay there; returns the others."""
        split: set[ObjectId] = set()
        for key in sorted(self._key_units, key=self._key_order):
            unit, _ = self._key_units[key]
            needed = [target for target in self._key_needs[key] if target != unit.object]
            late = [t for t in needed if self._slot[t] > self._slot[unit.object]]
            circular = [t for t in needed if nx.has_path(self._graph, unit.object, t)]
            if late or circular:
                split.add(key)
                why = (
                    f"its target comes later, in {self._slot[late[0]].path}"
                    if late
                    else f"{circular[0]} needs this table in turn"
                )
                self._note(findings.KEY_SPLIT, f"{key} stands apart from its table: {why}")
            else:
                self._graph.add_edges_from((target, unit.object) for target in needed)
        for key in sorted(split):
            self._add_split_key(key)
        return frozenset(split)

    def _key_order(self, key: ObjectId) -> tuple[int, str]:
        return (self._units[self._key_units[key][0].object].ordinal, str(key))

    def _add_split_key(self, key: ObjectId) -> None:
        unit, inline = self._key_units[key]
        needed = {unit.object, *self._key_needs[key]}
        self._units[key] = Unit(
            object=key,
            type="FK CONSTRAINT",
            sql=inline.alone,
            rung=Rung.SERVER,
            ordinal=max(self._units[name].ordinal for name in needed),
            sources=unit.sources,
            members=frozenset({key}),
            family=unit.family,
        )
        self._slot[key] = max(self._slot[name] for name in needed)
        self._graph.add_edges_from((name, key) for name in needed)
        for rows in list(self._units.values()):
            if rows.type == "ROWS" and rows.family == unit.family:
                self._graph.add_edge(rows.object, key)
                self._slot[key] = max(self._slot[key], self._slot[rows.object])

    # -- result ---------------------------------------------------------------------------

    def _explain(self) -> None:
        for name, wished in sorted(self._wishes.slot.items()):
            placed = self._slot[name]
            unit = self._units[name]
            if placed == wished or unit.type == "ROWS":
                continue
            earlier = placed < wished
            neighbours = self._graph.successors(name) if earlier else self._graph.predecessors(name)
            because = next((n for n in sorted(neighbours) if self._slot[n] == placed), None)
            word = "hoisted" if earlier else "moved on"
            reason = f"{because} needs it" if earlier else f"it needs {because}"
            self._note(
                findings.HOISTED if earlier else findings.MOVED,
                f"{name} is {word} from {wished.path} to {placed.path}: {reason}",
            )

    def _note(self, code: str, message: str) -> None:
        self._findings.append(Finding(code=code, severity=Severity.INFO, message=message))

    def _files(self, split: frozenset[ObjectId]) -> Plan:
        order = nx.lexicographical_topological_sort(self._graph, key=self._by_place)
        steps: dict[Slot, list[Step]] = {slot: [] for slot in self._wishes.slots}
        for name in order:
            unit = self._units[name]
            own = frozenset(key.object for key in unit.keys) & split
            steps.setdefault(self._slot[name], []).append(
                Step(
                    unit=unit,
                    sql=unit.without_keys(own),
                    members=unit.members - own if name not in split else unit.members,
                )
            )
        notes = [
            Finding(code=findings.NOTE, severity=Severity.INFO, message=note)
            for unit in self._units.values()
            for note in unit.notes
        ]
        return Plan(
            files=tuple(
                PlannedFile(slot=slot, steps=tuple(steps[slot]))
                for slot in sorted(steps)
                if steps[slot]
            ),
            findings=(*self._truth.graph.findings(), *self._findings, *notes),
        )

    def _by_place(self, name: ObjectId) -> tuple[Slot, int, str]:
        return (self._slot[name], self._units[name].ordinal, str(name))


def with_steps(plan: Plan, extra: Mapping[Slot, Iterable[Unit]]) -> Plan:
    """The plan with units added at the end of some of its files."""
    known = {file.slot for file in plan.files}
    files = [
        *plan.files,
        *(PlannedFile(slot=slot, steps=()) for slot in extra if slot not in known),
    ]
    return replace(
        plan,
        files=tuple(
            replace(
                file,
                steps=(
                    *file.steps,
                    *(
                        Step(unit=unit, sql=unit.sql, members=unit.members)
                        for unit in extra.get(file.slot, ())
                    ),
                ),
            )
            for file in sorted(files, key=lambda f: f.slot)
        ),
    )


def last_migration(plan: Plan) -> Slot | None:
    """The last file under `migrations/`."""
    slots = [file.slot for file in plan.files if file.slot.folder is Folder.MIGRATIONS]
    return max(slots, default=None)
