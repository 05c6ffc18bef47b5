"""The groups that a plan has without a mapping, as a mapping would ask for them.

Each lists what stands by itself, by exact names; what belongs to that follows it there. From such
a mapping comes the plan that it was made of.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from consolidate.drafts.reasons import Reasons
from consolidate.groups import stems
from consolidate.groups.automatic import Proposal, proposals
from consolidate.groups.clusters import LARGEST, SMALL
from consolidate.groups.remembered import count
from consolidate.groups.wishes import files
from consolidate.model import ObjectId
from consolidate.patterns import KINDS, ROUTINES, ROWS, object_of, spellings
from consolidate.plan import Folder, Slot, Way
from consolidate.relations import Relations
from consolidate.wording import whole

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from consolidate.config import Config
    from consolidate.plan import Plan
    from consolidate.truth import Truth
    from consolidate.wording.units import Unit

_VERSION = len("YYYYMMDD_HHMMSS")
_FIRST = ("table", "foreign table")
"""Kinds that a group names first: they are what it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedGroup:
    """One group as it would be written."""

    name: str
    phase: str
    version: str
    objects: tuple[str, ...]
    """As patterns that mean one object each."""
    reason: str
    """What its objects have in common, in a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Additions:
    """What none of a mapping's groups claims, as the mapping would claim it."""

    groups: tuple[DraftedGroup, ...] = ()
    """In apply order."""
    joining: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The patterns of what joins groups that are there, by the name of the group."""

    @property
    def objects(self) -> int:
        """How many patterns there are."""
        listed = [*(group.objects for group in self.groups), *self.joining.values()]
        return sum(map(len, listed))


def drafted(truth: Truth, plan: Plan) -> tuple[DraftedGroup, ...]:
    """A group for each file of a plan that no mapping has a say in, in apply order.

    Args:
        truth: What the history builds.
        plan: What would be written without a mapping.
    """
    return _Drafting(truth, plan).whole()


def added(truth: Truth, plan: Plan, config: Config) -> Additions:
    """What to add to a mapping for what none of its groups claims.

    A few tables that are tied to those of a group join it, as the plan lets them, and so does what
    has no tables of its own; all else gets groups of its own.

    Args:
        truth: What the history builds.
        plan: What would be written with the mapping.
        config: The mapping.

    Raises:
        InputProblem: The versions of its groups leave no room for more.
    """
    drafting = _Drafting(truth, plan)
    return drafting.unclaimed(config) if plan.groups else Additions(groups=drafting.whole())


class _Drafting:
    """What is known of a plan's units."""

    def __init__(self, truth: Truth, plan: Plan) -> None:
        self._truth = truth
        self._plan = plan
        self._slot = {
            step.unit.object: file.slot
            for file in plan.files
            for step in file.steps
            if step.unit.object in plan.placements and step.unit.object.kind != whole.MIGRATION
        }
        self._units = {
            step.unit.object: step.unit for step in plan.steps if step.unit.object in self._slot
        }
        self._relations = Relations(truth, list(self._units.values()))
        self._overloads: dict[ObjectId, set[ObjectId]] = defaultdict(set)
        for name, unit in self._units.items():
            for one in self._names(unit):
                self._overloads[_bare(one)].add(name)
        self._taken: set[ObjectId] = set()

    def whole(self) -> tuple[DraftedGroup, ...]:
        held: dict[Slot, list[ObjectId]] = defaultdict(list)
        for name, slot in self._slot.items():
            held[slot].append(name)
        return self._groups(held, [name for name in self._slot if self._is_named(name)])

    def unclaimed(self, config: Config) -> Additions:
        free = {step.unit.object for step, _, _ in self._plan.unclaimed()} & self._units.keys()
        alone = [name for name in self._units if self._stands_alone(name, free)]
        joined = self._joined(alone)
        apart = {name for name in alone if name not in joined}
        tied = {name for name in apart if self._plan.placements[name].way is Way.NEAR}
        found = [*self._proposed(tied), *self._proposed(apart - tied)]
        taken = {*self._plan.groups}
        unused = [Proposal(p.phase, stems.unused(p.name, taken), p.objects) for p in found]
        _, _, placed = files(self._truth, config, (), unused)
        held = {slot: list(one.objects) for one, slot in placed}
        return Additions(groups=self._groups(held, alone), joining=self._joining(alone, joined))

    def _proposed(self, homes: Container[ObjectId]) -> Iterable[Proposal]:
        """Files for some units with what belongs to them."""
        along = [unit for unit in self._units.values() if self._home(unit) in homes]
        return proposals(self._truth, along, self._relations)

    def _joining(
        self, alone: Sequence[ObjectId], joined: Mapping[ObjectId, Slot]
    ) -> dict[str, tuple[str, ...]]:
        """What joins each group that is there, as patterns."""
        found = {}
        for name, slot in self._plan.groups.items():
            own = [one for one in alone if joined.get(one) == slot]
            held = {*own, *(one for one, place in self._slot.items() if place == slot)}
            if patterns := tuple(self._written(own, held)):
                found[name] = patterns
        return found

    def _stands_alone(self, name: ObjectId, free: Container[ObjectId]) -> bool:
        """Whether nothing else that is to be named has it in its wake."""
        home = self._home(self._units[name])
        return name in free and (home == name or home not in free)

    def _joined(self, alone: Iterable[ObjectId]) -> dict[ObjectId, Slot]:
        """The file in which the plan has each of those that join a group.

        As where there is an output and no mapping, that stays reviewable: many tables that come at
        once around one that is there, or would make the file a large one, and what hangs on them,
        stay apart.
        """
        placed = {name: self._plan.placements[name] for name in alone}
        near = {name: one.slot for name, one in placed.items() if one.way is Way.NEAR}
        come: Counter[str] = Counter()
        held: Counter[Slot] = Counter()
        for name, slot in self._slot.items():
            held[slot] += count(self._units[name])
        for name in near:
            come[placed[name].about] += count(self._units[name])
        left = [
            name
            for name, slot in near.items()
            if count(self._units[name])
            and (come[placed[name].about] >= SMALL or held[slot] > LARGEST)
        ]
        neighbours = self._relations.neighbours()
        while left:
            near.pop(name := left.pop(), None)
            left += [
                other
                for other in neighbours.adj.get(name, ())
                if other in near and not count(self._units[other])
            ]
        return near | {n: one.slot for n, one in placed.items() if one.way is Way.KIND}

    def _groups(
        self, held: Mapping[Slot, Sequence[ObjectId]], named: Sequence[ObjectId]
    ) -> tuple[DraftedGroup, ...]:
        """The groups of some files, which name what is to be named of what they hold."""
        reasons = Reasons(self._truth, self._units, self._relations, held)
        found = []
        for slot in sorted(held):
            own = set(held[slot])
            objects = tuple(self._written([name for name in named if name in own], own))
            if objects and slot.folder is Folder.MIGRATIONS:
                found.append(
                    DraftedGroup(
                        name=slot.stem[_VERSION + 1 :],
                        phase=slot.phase,
                        version=slot.stem[:_VERSION],
                        objects=objects,
                        reason=reasons.of(slot),
                    )
                )
        return tuple(found)

    # -- which objects are named ----------------------------------------------------------------

    def _home(self, unit: Unit) -> ObjectId:
        """The unit that it belongs to; itself if it stands by itself."""
        return self._relations.home(unit.family) or unit.object

    def _is_named(self, name: ObjectId) -> bool:
        """Whether a unit would stand elsewhere, did nobody name it.

        What belongs to another one follows that, and then goes on to where all that it needs is.
        """
        home = self._home(self._units[name])
        if home == name:
            return True
        wanted = self._plan.placements[name].slot
        return self._slot[home] != self._slot[name] and self._slot[name] <= wanted

    def _written(self, named: Sequence[ObjectId], held: Container[ObjectId]) -> Iterator[str]:
        """The patterns for some units of a file, those of tables first, each once in the mapping.

        Args:
            named: The units.
            held: All units of the file.
        """
        names = [name for one in named for name in self._names(self._units[one])]
        kinds = [*_FIRST, *sorted({name.kind for name in names} - set(_FIRST))]
        for name in sorted(names, key=lambda name: kinds.index(name.kind)):
            bare = _bare(name)
            together = all(other in held for other in self._overloads[bare])
            written = bare if together else name
            if written not in self._taken:
                self._taken.add(written)
                yield str(written)

    def _names(self, unit: Unit) -> Iterable[ObjectId]:
        """The objects by which a unit can be claimed."""
        if unit.type == "AS WAS":
            family = self._truth.depend.family
            return sorted(m for m in unit.members if m.kind in KINDS and family(m) == m)
        if unit.type == "PLATFORM":
            return sorted(object_of(member.identity) for member in unit.members)
        if unit.type == "ROWS":
            return [ObjectId(ROWS, unit.family.identity)]
        return [unit.object if unit.object.kind in KINDS else unit.family]


def _bare(name: ObjectId) -> ObjectId:
    """A routine without its arguments, which tell it from others of its name."""
    if name.kind not in ROUTINES:
        return name
    return name._replace(identity=min(spellings(name), key=len))
