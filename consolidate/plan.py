"""The plan: which files the output has, and which steps each file takes, in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from consolidate import layout

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from consolidate.model import Finding, ObjectId, StatementId
    from consolidate.wording.units import Rung, Unit


class Folder(StrEnum):
    """The two folders that are applied, one after the other."""

    MIGRATIONS = "migrations"
    SEED = "seed"


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A place for a file, in path order."""

    folder: Folder
    phase: str
    """Empty for a seed."""
    stem: str
    """The file's name without `.sql`."""
    title: str = field(default="", compare=False)

    @property
    def path(self) -> str:
        """Below the output folder, with `/`."""
        parts = [self.folder.value, self.phase, f"{self.stem}.sql"]
        return "/".join(part for part in parts if part)

    @property
    def rollback_path(self) -> str:
        """Where the file's rollback stands."""
        return layout.rollback_of(self.path)


class Way(StrEnum):
    """How it was found out where something would like to be, in the order of the questions."""

    GROUP = "group"
    """A group of the mapping claims it."""
    FOLLOWS = "follows"
    """It belongs to something that has a place."""
    NEAR = "near"
    """Its closest relative has one."""
    KIND = "kind"
    """Things of its kind go there."""
    KEPT = "kept"
    """The last consolidation put it there."""
    AUTOMATIC = "automatic"
    """No mapping speaks of it or of anything near it."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a unit would like to be, and why; dependencies may send it elsewhere."""

    slot: Slot
    way: Way
    about: str = ""
    """The group, the object or the phase that decided it."""
    forced: str = ""
    """Why it stands elsewhere all the same."""

    @property
    def reason(self) -> str:
        """Why, in words."""
        but = f", but {self.forced}" if self.forced else ""
        match self.way:
            case Way.KIND:
                return f"by its kind, in {self.about}{but}"
            case Way.KEPT:
                return f"where the last consolidation put it{but}"
            case Way.AUTOMATIC:
                return f"by its relatives and kind{but}"
            case _:
                return f"{self.way} {self.about}{but}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One unit in its place, with the foreign keys that it holds and those it had to give up."""

    unit: Unit
    sql: str
    members: frozenset[ObjectId]
    """What this step makes: the unit's members less the keys that were split off."""

    @property
    def rung(self) -> Rung:
        """How far down the ladder the unit stands."""
        return self.unit.rung

    @property
    def sources(self) -> tuple[StatementId, ...]:
        """The legacy statements behind it."""
        return self.unit.sources


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFile:
    """One file of the output before it is rendered."""

    slot: Slot
    steps: tuple[Step, ...]
    once: tuple[str, ...] = ()
    """Why a seed that is meant to be loaded again can not be, a line each."""

    @property
    def path(self) -> str:
        """Below the output folder, with `/`."""
        return self.slot.path


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The consolidated history as a value; applying its files in order builds the database."""

    files: tuple[PlannedFile, ...]
    findings: tuple[Finding, ...]
    groups: Mapping[str, Slot] = field(default_factory=dict)
    """The file of every group of the mapping, by the group's name; it may hold nothing yet."""
    placements: Mapping[ObjectId, Placement] = field(default_factory=dict)
    """Where each unit was to be, by its object; what was added to complete the files has none."""
    inverse: tuple[Step, ...] = ()
    """What is taken back, last first, in place of the first file's own steps, if anything is."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps in apply order."""
        return tuple(step for file in self.files for step in file.steps)

    def unclaimed(self) -> Iterator[tuple[Step, Slot, Placement]]:
        """What the mapping has no group for and what follows nothing; none if it has no group."""
        for file in self.files if self.groups else ():
            for step in file.steps:
                placement = self.placements.get(step.unit.object)
                if placement is None or placement.way in {Way.GROUP, Way.FOLLOWS}:
                    continue
                table = self.placements.get(step.unit.family)
                if step.unit.family == step.unit.object or table is None:
                    yield step, file.slot, placement
