"""What `mappings.yaml` asks for, object by object."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from consolidate.patterns import (
    FilePattern,
    ObjectPattern,
    PatternIndex,
    narrowest,
    object_of,
    table_name,
)
from consolidate.plan import Folder, Slot

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from consolidate.config import Config, Group, Seed
    from consolidate.model import ObjectId, StatementId
    from consolidate.truth import Truth
    from consolidate.wording.units import Unit

FIRST_PHASE = frozenset(
    {"EXTENSION", "SCHEMA", "ROLE", "DOMAIN", "TYPE", "SHELL TYPE", "COLLATION"}
)
"""Kinds that stand in the first phase by default."""
WITHOUT_NEEDS = frozenset({"SCHEMA", "EXTENSION", "ROLE"})
"""Kinds that can come as early as anything asks for, and that say little of what has them."""
TABLES = frozenset({"TABLE", "FOREIGN TABLE"})
"""Kinds that stand in the second phase by default."""


class Groups:
    """The groups of `mappings.yaml` and what they claim."""

    def __init__(self, truth: Truth, config: Config) -> None:
        self._truth = truth
        self._config = config
        self._paths = {s.id: s.path for file in truth.files for s in file}
        self._numbers = {group.name: number for number, group in enumerate(in_order(config))}
        self._objects = PatternIndex(
            (pattern, group) for group in config.groups for pattern in group.objects
        )
        self._files = [
            (FilePattern(text), group) for group in config.groups for text in group.files
        ]

    def number(self, group: Group) -> int:
        """Where a group's file comes among those of all groups, from 0."""
        return self._numbers[group.name]

    def is_first(self, group: Group) -> bool:
        """Whether its file stands in the first phase."""
        return group.phase == self._config.phases[0]

    def that_claims(self, statement: StatementId) -> Group | None:
        """The group that names the legacy file of a statement."""
        return self._of_file(self._paths[statement])

    def group(self, unit: Unit, made: Container[ObjectId]) -> Group | None:
        """The group whose claim on the unit is the most specific.

        Of what belongs to a table only its own name or its kind gets hold, no pattern that means
        any kind; and no file, if the table is `made`, one of all that the output makes.
        """
        belongs = unit.object != unit.family and unit.type != "AS WAS"
        claims = [
            (pattern, group)
            for member in self._names(unit)
            for pattern, group in self._objects.find(member)
            if pattern.means_parts or not (belongs or self._is_part(member))
        ]
        if claims or (belongs and unit.family in made):
            return _group(claims)
        return self._of_file(self._maker(unit))

    def named(self, name: ObjectId) -> Group | None:
        """The group that claims something by its name, whoever made it."""
        return _group(self._objects.find(name))

    def of_part(self, part: ObjectId) -> tuple[ObjectPattern, Group] | None:
        """The claim on a part of something else: its name has to be there, or its kind."""
        claims = self._objects.find(part)
        return _strongest([claim for claim in claims if claim[0].means_parts])

    def claimed_kinds(self) -> frozenset[str]:
        """The kinds whose parts of something else a claim can mean; empty for any kind."""
        patterns = (pattern for group in self._config.groups for pattern in group.objects)
        return frozenset(pattern.kind for pattern in patterns if pattern.means_parts)

    def default_group(self, unit: Unit) -> Group | None:
        """The first group of the first phase, for what stands there by its kind."""
        if unit.type not in FIRST_PHASE:
            return None
        return next((group for group in self._config.groups if self.is_first(group)), None)

    @staticmethod
    def _names(unit: Unit) -> Iterable[ObjectId]:
        """What a pattern can claim a unit by: its object, or all that stand in it together."""
        match unit.type:
            case "AS WAS":
                return sorted(unit.members)
            case "PLATFORM":
                return sorted(object_of(member.identity) for member in unit.members)
            case _:
                return (unit.object,)

    def _is_part(self, member: ObjectId) -> bool:
        return self._truth.depend.family(member) != member

    def _of_file(self, path: str) -> Group | None:
        return _group([claim for claim in self._files if claim[0].matches(path)])

    def _maker(self, unit: Unit) -> str:
        """The legacy file that made a unit; empty if none is known."""
        creator = self._truth.trace.created.get(unit.object)
        path = self._paths.get(creator, "") if creator else ""
        return path or (self._paths[unit.sources[0]] if unit.sources else "")


def in_order(config: Config) -> list[Group]:
    """The groups in the order in which their files apply."""
    return [group for phase in config.phases for group in config.groups if group.phase == phase]


_P = TypeVar("_P", ObjectPattern, FilePattern)


def _strongest(claims: Sequence[tuple[_P, Group]]) -> tuple[_P, Group] | None:
    """The claim that wins; of several, which only one component can bring, the first."""
    best = narrowest(pattern for pattern, _ in claims)
    return next((claim for claim in claims if claim[0] in best), None)


def _group(claims: Sequence[tuple[_P, Group]]) -> Group | None:
    strongest = _strongest(claims)
    return strongest[1] if strongest else None


def seed_slot(seed: Seed) -> Slot:
    """The file of a seed."""
    title = f"Seed rows ({seed.tag or 'seed'})"
    return Slot(Folder.SEED, "", seed.file.removesuffix(".sql"), title)


def seed_slots(config: Config) -> dict[str, Slot]:
    """The seed file of each table that the mapping names, by the table's identity."""
    return {table_name(table): seed_slot(seed) for seed in config.seeds for table in seed.tables}
