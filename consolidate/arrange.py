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
from consolidate.groups.seeds import departures, seeds
from consolidate.groups.titles import titled
from consolidate.groups.wishes import Wishes, wishes
from consolidate.model import Finding, ObjectId, Severity
from consolidate.plan import Folder, Plan, PlannedFile, Slot, Step
from consolidate.relations import Relations
from consolidate.wording.rowwriters import place
from consolidate.wording.units import Rung, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from consolidate.config import Config
    from consolidate.truth import Truth

_PULLERS = {"TABLE", "FOREIGN TABLE", "TYPE", "DOMAIN", "SEQUENCE", "SHELL TYPE", "SCHEMA"} | {
    "EXTENSION",
    "ROLE",
    "COLLATION",
}

_CIRCLE = "the tables refer to each other, so that no order of rows fits all keys"


def arrange(truth: Truth, units: Sequence[Unit], config: Config) -> Plan:
    """The plan for these units.

    Raises:
        CycleFound: The units need each other in a circle; the caller words them otherwise.
    """
    bound: dict[ObjectId, str] = {}
    while True:
        arrangement = _Arrangement(truth, units, config, bound)
        plan = arrangement.plan()
        if not arrangement.torn:
            return plan
        bound |= arrangement.torn


class CycleFound(Exception):  # noqa: N818 - it is a question to the caller, not a failure
    """Units that need each other in a circle."""

    def __init__(self, members: tuple[Unit, ...]) -> None:
        super().__init__(" → ".join(str(unit.object) for unit in members))
        self.members = members


class _Arrangement:
    """One run of the placement; its fields fill up from top to bottom."""

    def __init__(
        self, truth: Truth, units: Sequence[Unit], config: Config, bound: Mapping[ObjectId, str]
    ) -> None:
        self._truth = truth
        self._units = {unit.object: unit for unit in units}
        self._config = config
        self._bound = bound
        self.torn: dict[ObjectId, str] = {}
        """Rows that must not go to `seed/` either, as it turned out, and why."""
        self._relations = Relations(truth, units)
        self._findings: list[Finding] = []
        self._graph = self._acyclic()
        self._wishes: Wishes = wishes(truth, units, config, self._relations)
        self._slot: dict[ObjectId, Slot] = dict(self._wishes.slot)
        self._split: dict[ObjectId, str] = {}
        self._seeds: Mapping[ObjectId, Slot] = {}
        """The seed files that the mapping asks for, by the rows."""

    def plan(self) -> Plan:
        self._place_seeds()
        self._pull()
        self._push()
        split = self._split_keys()
        self._explain()
        self._findings += departures(
            self._truth, self._config, self._relations, self._seeds, self._slot
        )
        return self._files(split)

    def _acyclic(self) -> nx.DiGraph[ObjectId]:
        graph = self._relations.needs
        tied = [part for part in nx.strongly_connected_components(graph) if len(part) > 1]
        if tied:
            component = min(tied, key=min)
            edges = (edge for edge in graph.edges if component.issuperset(edge))
            cycle = nx.find_cycle(nx.DiGraph(sorted(edges)))  # a subgraph has a set's order
            raise CycleFound(tuple(self._units[edge[0]] for edge in cycle))
        return graph

    # -- placement ------------------------------------------------------------------------

    def _topological(self) -> list[ObjectId]:
        return list(nx.lexicographical_topological_sort(self._graph, key=self._by_history))

    def _by_history(self, name: ObjectId) -> tuple[int, str]:
        return (self._units[name].ordinal, str(name))

    def _place_seeds(self) -> None:
        """Sends rows to `seed/` where the mapping wants them and nothing else needs them."""
        found = seeds(self._truth, self._config, self._relations, self._bound)
        for name in (*found.slots, *found.stay):
            self._slot[name] = self._slot.get(self._units[name].family, self._slot[name])
        for name, why in found.stay.items():
            unit = self._units[name]
            message = f"rows of {unit.family.identity} stay in migrations/: {why}"
            self._note(findings.SEED_STAYS, message, unit)
        self._slot.update(found.slots)
        self._seeds = found.slots

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
        in_circle: set[ObjectId] = set()
        for key in sorted(self._relations.keys, key=self._key_order):
            unit, _ = self._relations.keys[key]
            needs = sorted(self._relations.key_needs[key], key=self._by_history)
            needed = [target for target in needs if target != unit.object]
            late = [t for t in needed if self._slot[t] > self._slot[unit.object]]
            circular = [t for t in needed if nx.has_path(self._graph, unit.object, t)]
            if late or circular:
                why = (
                    f"its target comes later, in {self._slot[late[0]].path}"
                    if late
                    else f"{circular[0]} needs this table in turn"
                )
                self._split[key] = f"apart from its table: {why}"
                self._note(findings.KEY_SPLIT, f"{key} stands {self._split[key]}")
            else:
                self._graph.add_edges_from((target, unit.object) for target in needed)
            if circular:
                in_circle.add(key)
        for key in sorted(self._split):
            self._add_split_key(key, in_circle=key in in_circle)
        return frozenset(self._split)

    def _key_order(self, key: ObjectId) -> tuple[int, str]:
        return (self._units[self._relations.keys[key][0].object].ordinal, str(key))

    def _add_split_key(self, key: ObjectId, *, in_circle: bool) -> None:
        """Adds the key behind all that it needs and the rows of its table.

        It never goes to `seed/`: rows that are there come after it, in the order of their keys.
        Where the tables refer to each other there may be no such order.
        """
        unit, inline = self._relations.keys[key]
        needed = {unit.object, *self._relations.key_needs[key]}
        self._units[key] = Unit(
            object=key,
            type="FK CONSTRAINT",
            sql=inline.alone,
            rung=Rung.SERVER,
            ordinal=max(self._units[name].ordinal for name in needed),
            sources=unit.sources,
            members=frozenset({key}),
            family=unit.family,
            because=self._split[key],
        )
        self._slot[key] = max(self._slot[name] for name in needed)
        self._graph.add_edges_from((name, key) for name in needed)
        for rows in list(self._units.values()):
            if rows.type == "ROWS" and rows.family == unit.family:
                if self._slot[rows.object].folder is Folder.SEED:
                    if in_circle:
                        self.torn[rows.object] = f"{key} must come after it: {_CIRCLE}"
                    continue
                self._graph.add_edge(rows.object, key)
                self._slot[key] = max(self._slot[key], self._slot[rows.object])

    # -- result ---------------------------------------------------------------------------

    def _explain(self) -> None:
        for name, wished in sorted(self._wishes.slot.items()):
            placed = self._slot[name]
            unit = self._units[name]
            if placed == wished or unit.type == "ROWS" or wished in self._wishes.proposed:
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

    def _note(self, code: str, message: str, unit: Unit | None = None) -> None:
        span = place(unit, self._truth) if unit else None
        self._findings.append(
            Finding(code=code, severity=Severity.INFO, message=message, span=span)
        )

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
                PlannedFile(slot=self._titled(slot, steps[slot]), steps=tuple(steps[slot]))
                for slot in sorted(steps)
                if steps[slot]
            ),
            groups=self._wishes.groups,
            findings=(*self._truth.graph.findings(), *self._findings, *notes, *self._made_up()),
        )

    def _made_up(self) -> Iterator[Finding]:
        """A warning for each column in which something else is drawn than its author did."""
        for unit in self._units.values():
            for column in unit.made_up:
                yield Finding(
                    code=findings.MADE_UP,
                    severity=Severity.WARNING,
                    message=f"{unit.family.identity}.{column}: what its author drew for it is not "
                    "known, so something else is drawn",
                    span=self._truth.statements[unit.sources[-1]].span if unit.sources else None,
                    help=f"Its rows stand as values: {unit.because}." if unit.because else None,
                )

    def _titled(self, slot: Slot, steps: Sequence[Step]) -> Slot:
        """A file that nobody gave a title to says what it holds."""
        return titled(slot, steps) if slot in self._wishes.proposed else slot

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
