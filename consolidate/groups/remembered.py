"""Keeps what no mapping speaks of in the files in which the last consolidation put it.

What is new joins a file that is there where a reader would look for it, as long as that stays
reviewable: the shared file of its kind, or the tables that it is tied to the most. Else it gets a
file of its own.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from consolidate.groups import stems
from consolidate.groups.automatic import Proposal
from consolidate.groups.clusters import LARGEST, SMALL
from consolidate.groups.tables import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import networkx as nx

    from consolidate.config import Config
    from consolidate.kept import KeptFile
    from consolidate.model import ObjectId
    from consolidate.relations import Relations
    from consolidate.wording.units import Unit


class Homes:
    """The kept file of each unit that has one; it grows as new files join.

    Args:
        config: Its kept files count whose phase is still there, but for those of its groups.
        units: What is to be placed, and what no group is found for.
        relations: What ties the units to each other.
    """

    def __init__(self, config: Config, units: Sequence[Unit], relations: Relations) -> None:
        asked = {(group.phase, group.name) for group in config.groups}
        self._phases = config.phases
        self._files = [
            file
            for file in config.kept
            if file.phase in config.phases and (file.phase, file.name) not in asked
        ]
        self._taken = {group.name for group in config.groups}
        self._relations = relations
        self._tables: Counter[str] = Counter()
        named = {name: file for file in self._files for name in file.units}
        found = {unit.object: _first(named, _names(unit)) for unit in units}
        self.of: dict[ObjectId, KeptFile] = {}
        """By the unit's object."""
        for unit in units:
            file = found[unit.object] or found.get(unit.family)
            if file is not None:
                self._take(unit, file)

    def files(self) -> tuple[KeptFile, ...]:
        """Those in which anything stands, in apply order."""
        held = {file.path for file in self.of.values()}
        return tuple(file for file in self._files if file.path in held)

    def join(self, proposed: Iterable[Proposal], units: Mapping[ObjectId, Unit]) -> list[Proposal]:
        """Lets proposed files join those that are there; returns the others, under free names."""
        taken = self._taken | {file.name for file in self._files}
        apart = []
        for one in proposed:
            own = [units[name] for name in one.objects]
            file = self._joined(one, own)
            if file is None:
                apart.append(Proposal(one.phase, stems.unused(one.name, taken), one.objects))
                continue
            for unit in own:
                self._take(unit, file)
        return apart

    def _take(self, unit: Unit, file: KeptFile) -> None:
        self.of[unit.object] = file
        self._tables[file.path] += count(unit)

    def _joined(self, one: Proposal, own: Sequence[Unit]) -> KeptFile | None:
        more = sum(map(count, own))
        phase = one.among(self._phases)
        there = [
            file
            for file in self._files
            if file.phase == phase and (not more or self._tables[file.path] + more <= LARGEST)
        ]
        if not more:
            return next((file for file in there if file.name == one.name), None)
        ties = self._ties(own)
        near = max(there, key=lambda file: ties[file.path], default=None)
        return near if near is not None and ties[near.path] and more < SMALL else None

    def _ties(self, own: Sequence[Unit]) -> Counter[str]:
        """How many needs tie units to what stands in each file."""
        return Counter(
            self.of[other].path
            for unit in own
            for other in self._neighbours.adj.get(unit.object, ())
            if other in self.of
        )

    @cached_property
    def _neighbours(self) -> nx.Graph[ObjectId]:
        return self._relations.neighbours()


def _names(unit: Unit) -> Iterable[str]:
    """What a unit can be known by: a component once stood for some objects, or they for it."""
    return map(str, (unit.object, *sorted(unit.members)))


def _first(named: Mapping[str, KeptFile], names: Iterable[str]) -> KeptFile | None:
    return next((named[name] for name in names if name in named), None)


def count(unit: Unit) -> int:
    """How many tables a unit makes."""
    return sum(member.kind in KINDS for member in unit.members)
