"""Files for what no mapping speaks of: connected tables with all that hangs on them.

What one group of tables uses alone stands with it. What several use comes before all of them if
it can exist without them, and after them otherwise.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx

from consolidate.groups import shared, stems
from consolidate.groups.bonds import bonds, named_columns
from consolidate.groups.clusters import clusters
from consolidate.groups.hanging import Hanging
from consolidate.groups.moves import moved
from consolidate.groups.order import ordered
from consolidate.groups.singles import Bundle, bundled
from consolidate.groups.tables import Tables, by_history
from consolidate.wording import whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from consolidate.model import ObjectId
    from consolidate.relations import Relations
    from consolidate.truth import Truth
    from consolidate.wording.units import Unit

_ROUTINES = frozenset({"FUNCTION", "PROCEDURE", "AGGREGATE"})
_VIEWS = frozenset({"VIEW", "MATERIALIZED VIEW"})
_FOREMOST = frozenset({"EXTENSION", "SCHEMA", "ROLE"})
"""Kinds that stand before all tables, whoever uses them."""
_BEHIND = {
    "PUBLICATION": "publications",
    "PUBLICATION TABLE": "publications",
    "PUBLICATION TABLES IN SCHEMA": "publications",
    "EVENT TRIGGER": "event_triggers",
    "RIGHTS": "access",
    "DEFAULT ACL": "access",
    "OWNER": "access",
}
"""Kinds that stand behind all tables, and in which file there."""
_SPANNING = {
    **dict.fromkeys(_ROUTINES, "functions"),
    "TRIGGER": "triggers",
    "RULE": "rules",
    "POLICY": "rls_policies",
    "ROW SECURITY": "rls_policies",
    **_BEHIND,
    **dict.fromkeys(_VIEWS, "views"),
}
"""In which file behind the tables a kind stands if it needs several groups; in this order."""
_BEFORE = {
    **dict.fromkeys(("TYPE", "DOMAIN", "SHELL TYPE", "COLLATION"), "types"),
    **dict.fromkeys(_ROUTINES, "shared_functions"),
}
"""In which file before the tables a kind stands if the first one would grow too large."""
_INITIAL = "initial_schema"

_KEY = 1.0
_HEAVY = 5.0
_WEIGHTS = {"TABLE": _HEAVY, "FOREIGN TABLE": _HEAVY, "AS WAS": _HEAVY, "ROWS": 1.0}
_OTHER = 0.25
"""What it weighs if a foreign key, a table, rows, or whatever else needs a later group."""

_FIRST = -1
"""The rank of what stands before all groups of tables."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One file and what it holds."""

    phase: int
    """0, 1 or 2: before, with or behind the tables."""
    name: str
    objects: tuple[ObjectId, ...]

    def among(self, phases: tuple[str, ...]) -> str:
        """Its phase, of those that there are; where these are fewer than three, the last."""
        return (*phases, *phases[-1:] * 2)[:3][self.phase]


def proposals(truth: Truth, pending: Sequence[Unit], relations: Relations) -> tuple[Proposal, ...]:
    """Files for the units that no mapping speaks of, in apply order; no two names are alike."""
    units = {unit.object: unit for unit in sorted(pending, key=by_history)}
    legacy = tuple(name for name in units if name.kind == whole.MIGRATION)
    together = [Proposal(0, "whole_history", legacy)] if legacy else []  # it goes back as a whole
    rest = {name: unit for name, unit in units.items() if name.kind != whole.MIGRATION}
    return _distinct([*together, *(_Placing(truth, rest, relations).proposals() if rest else ())])


def _distinct(found: Iterable[Proposal]) -> tuple[Proposal, ...]:
    taken: set[str] = set()
    return tuple(Proposal(p.phase, stems.unused(p.name, taken), p.objects) for p in found)


class _Placing:
    """One run; its fields fill up from top to bottom."""

    def __init__(self, truth: Truth, units: Mapping[ObjectId, Unit], relations: Relations) -> None:
        self._units = units
        self._relations = relations
        self._share = shared.SHARE * len(relations.units)
        self._most = max(self._share, shared.FEW)
        self._tables = Tables(units.values(), relations)
        self._bundles = self._bundled(truth)
        group = {table: n for n, one in enumerate(self._bundles) for table in one.tables}
        self._keys = [(group[one], group[other]) for one, other in self._tables.foreign_keys]
        self._names = self._named(truth, group)
        self._among = relations.among(units)
        self._hanging = Hanging(self._tables, group, relations, self._among)
        self._order = ordered(len(self._bundles), self._needs())
        self._rank = {number: rank for rank, number in enumerate(self._order)}
        self._last = len(self._order)
        self._placed = self._places()

    def proposals(self) -> Iterable[Proposal]:
        held: dict[int, list[ObjectId]] = defaultdict(list)
        for name in self._units:
            held[self._placed[name]].append(name)
        yield from self._shared(0, held[_FIRST], self._first_file(held[_FIRST]))
        for rank, number in enumerate(self._order):
            yield Proposal(1, self._names[number], tuple(held[rank]))
        behind = {
            name: _SPANNING.get(self._units[name].type, "access") for name in held[self._last]
        }
        yield from self._shared(2, held[self._last], behind)

    # -- tables ---------------------------------------------------------------------------

    def _bundled(self, truth: Truth) -> list[Bundle]:
        tables = self._tables
        strength = bonds(truth, tables, self._relations)
        found = clusters(tables.all, strength, tables.sizes)
        found = moved(found, tables.foreign_keys, strength, tables.sizes)
        objects = Counter(table for name in self._units if (table := tables.of(name)) is not None)
        return bundled(found, objects, self._share)

    def _named(self, truth: Truth, group: Mapping[ObjectId, int]) -> list[str]:
        references = {*self._tables.foreign_keys, *named_columns(truth, self._tables.all)}
        referred = Counter(other for one, other in references if group[one] == group[other])
        called = [bundle.schema for bundle in self._bundles]
        return stems.file_names([bundle.tables for bundle in self._bundles], called, referred)

    def _needs(self) -> Mapping[tuple[int, int], float]:
        """How much each group needs each other one to come before it."""
        needs: dict[tuple[int, int], float] = defaultdict(float)
        for one, other in self._keys:
            needs[one, other] += _KEY
        for name, unit in self._units.items():
            own = self._hanging.own(name)
            if own is not None and unit.type != "FK CONSTRAINT":
                weight = _WEIGHTS.get(unit.type, _OTHER)
                for other in self._hanging.bound(name):
                    needs[own, other] += weight
        return {pair: weight for pair, weight in needs.items() if pair[0] != pair[1]}

    # -- what hangs on them -----------------------------------------------------------------

    def _places(self) -> dict[ObjectId, int]:
        """The rank of each unit's group, `_FIRST`, or the one behind all groups."""
        placed: dict[ObjectId, int] = {}
        for name in nx.lexicographical_topological_sort(self._among, key=str):
            placed[name] = self._place(self._units[name], placed)
        return placed

    def _place(self, unit: Unit, placed: Mapping[ObjectId, int]) -> int:
        name = unit.object
        if unit.type in _FOREMOST:
            return _FIRST
        if unit.type in _BEHIND:
            return self._last
        needed = (placed.get(n, _FIRST) for n in self._among.predecessors(name))
        earliest = max(needed, default=_FIRST)
        wanted = self._wanted(unit, earliest, placed)
        if wanted >= earliest:
            return wanted
        if unit.type in _SPANNING:
            return self._last
        return wanted if self._hanging.own(name) is not None else earliest

    def _wanted(self, unit: Unit, earliest: int, placed: Mapping[ObjectId, int]) -> int:
        own = self._hanging.own(unit.object)
        if own is not None:
            return self._rank[own]
        if unit.family != unit.object and unit.family in placed:
            return placed[unit.family]
        users = self._ranks(self._hanging.users(unit.object))
        about = self._ranks(self._hanging.about(unit.object))
        if unit.type in _VIEWS:
            return self._only(about) if about else self._only(users)
        if len(users) == 1:
            return users[0]
        if unit.type not in _ROUTINES:
            return self._only(about) if about and not users else _FIRST
        return self._of_routine(users, about, earliest)

    def _of_routine(self, users: Sequence[int], about: Sequence[int], earliest: int) -> int:
        """Where a function stands that no single group uses alone."""
        if len(about) == 1 and (not users or about[0] <= users[0] or earliest >= about[0]):
            return about[0]
        return earliest if users else self._last

    def _only(self, ranks: Sequence[int]) -> int:
        return ranks[0] if len(ranks) == 1 else self._last

    def _ranks(self, numbers: Iterable[int]) -> list[int]:
        return sorted(self._rank[number] for number in numbers)

    # -- what several groups share ------------------------------------------------------------

    def _first_file(self, objects: Sequence[ObjectId]) -> Mapping[ObjectId, str]:
        """One file if it is small enough, else types and functions apart."""
        if len(objects) <= self._most:
            return dict.fromkeys(objects, _INITIAL)
        return {name: _BEFORE.get(self._units[name].type, _INITIAL) for name in objects}

    def _shared(
        self, phase: int, objects: Sequence[ObjectId], file: Mapping[ObjectId, str]
    ) -> Iterable[Proposal]:
        order = (_INITIAL, *_BEFORE.values(), *_SPANNING.values())
        for wanted in sorted(set(file.values()), key=order.index):
            own = [name for name in objects if file[name] == wanted]
            for name, part in shared.parts(wanted, own, self._most, self._topic):
                yield Proposal(phase, name, tuple(part))

    def _topic(self, name: ObjectId) -> str:
        """The stem of the group that an object hangs on, or of the last one that it is about."""
        own = self._hanging.own(name)
        ranks = self._ranks(self._hanging.about(name) if own is None else [own])
        if not ranks:
            return ""
        called = self._names[self._order[ranks[-1]]]
        return called.removesuffix("_tables").removesuffix("_table")
