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
from consolidate.circles import CirclesFound, circles, needs
from consolidate.departures import Departures, empty_groups, moved_keys, told
from consolidate.groups.parts import asked_parts, leaving, staying
from consolidate.groups.seeds import brought_along, departures, seeds
from consolidate.groups.titles import titled
from consolidate.groups.wishes import Wishes, wishes
from consolidate.model import Finding, ObjectId, Severity
from consolidate.placement import PartsFound, Placement
from consolidate.plan import Folder, Plan, PlannedFile, Slot, Step
from consolidate.relations import Relations
from consolidate.wording.rowwriters import place
from consolidate.wording.units import APART, Rung, Unit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from consolidate.config import Config
    from consolidate.truth import Truth

_CIRCLE = "the tables refer to each other, so that no order of rows fits all keys"


def arrange(
    truth: Truth, units: Sequence[Unit], config: Config, given_up: Collection[ObjectId] = ()
) -> Plan:
    """The plan for these units.

    Args:
        truth: What they are the wording of.
        units: What is to be placed.
        config: The team's wishes.
        given_up: Parts of tables that were asked to stand apart; what still holds them keeps them.

    Raises:
        CirclesFound: Some units need each other; the caller words them otherwise.
        PartsFound: Some tables need something later for a part of them, or the mapping wants the
            part in another file; the caller takes it out.
    """
    relations = Relations(truth, units, given_up)
    bound: dict[ObjectId, str] = {}
    while True:
        arrangement = _Arrangement(truth, relations, config, bound)
        plan = arrangement.plan(given_up)
        if not arrangement.torn:
            return plan
        bound |= arrangement.torn


class _Arrangement:
    """One run of the placement; its fields fill up from top to bottom."""

    def __init__(
        self, truth: Truth, relations: Relations, config: Config, bound: Mapping[ObjectId, str]
    ) -> None:
        self._truth = truth
        self._relations = relations
        self._units = dict(relations.units)
        self._config = config
        self._bound = bound
        self.torn: dict[ObjectId, str] = {}
        """Rows that must not go to `seed/` either, as it turned out, and why."""
        self._findings: list[Finding] = []
        self._graph = self._acyclic()
        self._wishes: Wishes = wishes(truth, [*self._units.values()], config, relations)
        self._parts = asked_parts(truth, config, relations, self._wishes.groups)
        self._slot: dict[ObjectId, Slot] = {
            name: one.slot for name, one in self._wishes.placements.items()
        }
        self._split: dict[ObjectId, str] = {}
        self._seeds: Mapping[ObjectId, Slot] = {}
        """The seed files that the mapping asks for, by the rows."""
        self._seeded: Collection[ObjectId] = ()
        """The tables of these rows."""

    def plan(self, given_up: Collection[ObjectId]) -> Plan:
        self._place_seeds()
        self._place_keys()
        placement = Placement(self._relations, self._graph, self._by_history)
        self._slot = placement.placed(self._slot)
        if apart := leaving(self._truth, self._relations, self._parts, self._slot, given_up):
            raise PartsFound(apart)
        here = self._departures()  # now: no foreign key inside its table has moved anything
        explained = [*here.repairs(), *here.moves()]
        placements = here.placements()
        split = self._split_keys()
        self._findings += explained
        self._findings += moved_keys(split, self._parts, self._relations.key_needs, self._slot)
        self._findings += [
            told(findings.PART_STAYS, said)
            for said in staying(self._parts, self._wishes.placements, self._slot, split)
        ]
        self._findings += departures(
            self._truth, self._config, self._relations, self._seeds, self._slot
        )
        self._findings += brought_along(self._truth, self._config, self._relations, self._seeds)
        return replace(self._files(split), placements=placements)

    def _departures(self) -> Departures:
        return Departures(
            units=dict(self._units),
            graph=self._graph,
            placed=self._slot,
            wishes=self._wishes,
            order=self._by_history,
        )

    def _acyclic(self) -> nx.DiGraph[ObjectId]:
        graph = self._relations.needs.copy()
        if found := circles(self._relations, graph, self._by_history):
            raise CirclesFound(found)
        return graph

    # -- placement ------------------------------------------------------------------------

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
            span = place(unit, self._truth)
            self._findings.append(replace(told(findings.SEED_STAYS, message), span=span))
        self._slot.update(found.slots)
        self._seeds = found.slots
        self._seeded = {self._units[rows].family for rows in found.slots}

    def _place_keys(self) -> None:
        """Lets rows that came before a foreign key in the history come before it again.

        Where it is added it looks at the rows of its table, and for what these point at. Rows in
        `seed/` come after all keys, in the order of these.
        """
        for name, key in sorted(self._units.items()):
            if key.type != "FK CONSTRAINT":
                continue
            older = [one for one in self._rows([key.family]) if one.ordinal < key.ordinal]
            if older:
                pointed = self._rows(self._graph.predecessors(name))
                later = nx.descendants(self._graph, name)
                self._graph.add_edges_from(
                    (one.object, name)
                    for one in (*older, *pointed)
                    if one.ordinal < key.ordinal and one.object not in later
                )

    def _split_keys(self) -> frozenset[ObjectId]:
        """Keeps every foreign key inside its table that can stay there; returns the others."""
        in_circle: set[ObjectId] = set()
        tied = self._tied_by_keys()
        for key in sorted(self._relations.keys, key=self._key_order):
            unit, _ = self._relations.keys[key]
            needed = sorted(self._relations.key_needs[key] - {unit.object}, key=self._by_history)
            late = [t for t in needed if self._slot[t] > self._slot[unit.object]]
            way = self._way(unit.object, needed, tied)
            wished = self._parts.get(key)
            if late or way:
                why = (
                    f"it needs {late[0]}, which comes later, in {self._slot[late[0]].path}"
                    if late
                    else f"it {needs([*reversed(way)])}"
                )
                self._split[key] = f"{APART}table: {why}"
            elif wished and wished.slot > self._slot[unit.object]:
                self._split[key] = f"{APART}table: {wished.why}"
            else:
                for target in needed:
                    self._graph.add_edge(target, unit.object)
                    if tied.has_node(target) and tied.has_node(unit.object):
                        tied.add_edge(target, unit.object)
            if way:
                in_circle.add(key)
        for key in sorted(self._split):
            self._add_split_key(key, in_circle=key in in_circle)
            if key not in self._parts or self._parts[key].slot != self._slot[key]:
                self._findings.append(told(findings.KEY_SPLIT, f"{key} stands {self._split[key]}"))
        return frozenset(self._split)

    def _tied_by_keys(self) -> nx.DiGraph[ObjectId]:
        """What is in a circle if all keys stand inside their tables, with its needs so far."""
        whole = self._graph.copy()
        whole.add_edges_from(
            (target, self._relations.keys[key][0].object)
            for key, targets in self._relations.key_needs.items()
            for target in targets
        )
        number = {
            name: place
            for place, part in enumerate(nx.strongly_connected_components(whole))
            if len(part) > 1
            for name in part
        }
        tied: nx.DiGraph[ObjectId] = nx.DiGraph()
        tied.add_nodes_from(name for name in whole if name in number)
        tied.add_edges_from(
            (one, other)
            for one, other in self._graph.edges
            if one in number and number[one] == number.get(other)
        )
        return tied

    def _way(
        self, table: ObjectId, needed: Iterable[ObjectId], tied: nx.DiGraph[ObjectId]
    ) -> list[ObjectId]:
        """The shortest way from a table to what its key needs, if that needs the table in turn."""
        for target in needed:
            if tied.has_node(table) and tied.has_node(target) and nx.has_path(tied, table, target):
                return nx.shortest_path(tied, table, target)
        return []

    def _key_order(self, key: ObjectId) -> tuple[bool, bool, int, str]:
        """Of a circle those stay inside whose table a seed fills: it comes after all keys.

        Then those that the history made with their tables.
        """
        table = self._relations.keys[key][0].object
        seeded = table in self._seeded
        made = self._truth.trace.created
        later = made.get(key) != made.get(table)
        return (not seeded, later, self._units[table].ordinal, str(key))

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
        if wished := self._parts.get(key):
            self._slot[key] = max(self._slot[key], wished.slot)
        self._graph.add_edges_from((name, key) for name in needed)
        if in_circle:
            for rows in self._rows([unit.object], in_seeds=True):
                self.torn[rows.object] = f"{key} must come after it: {_CIRCLE}"
        if self._rows([unit.object]):
            before = [rows.object for rows in self._rows(needed)]
            self._graph.add_edges_from((rows, key) for rows in before)
            self._slot[key] = max(self._slot[key], *(self._slot[rows] for rows in before))

    def _rows(self, tables: Iterable[ObjectId], *, in_seeds: bool = False) -> list[Unit]:
        """The rows of some tables and of their partitions that stand in migrations, or in seeds."""
        return [
            unit
            for table in tables
            for unit in self._relations.rows.get(table, ())
            if (self._slot[unit.object].folder is Folder.SEED) == in_seeds
        ]

    # -- result ---------------------------------------------------------------------------

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
            findings=(
                *self._truth.graph.findings(),
                *self._findings,
                *empty_groups(
                    self._wishes, self._parts.values(), {slot for slot in steps if steps[slot]}
                ),
                *notes,
                *self._made_up(),
            ),
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
        return slot if slot.title else titled(slot, steps)

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
