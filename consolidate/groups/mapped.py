"""What `mappings.yaml` asks for, object by object."""

from __future__ import annotations

from collections import defaultdict
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

import networkx as nx

from consolidate.mapping_rules import table_name
from consolidate.patterns import spellings
from consolidate.plan import Folder, Slot

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from consolidate.config import Config, Group, Seed
    from consolidate.model import ObjectId, StatementId
    from consolidate.patterns import ObjectPattern
    from consolidate.truth import Truth
    from consolidate.wording.units import Unit

FIRST_PHASE = frozenset(
    {"EXTENSION", "SCHEMA", "ROLE", "DOMAIN", "TYPE", "SHELL TYPE", "COLLATION"}
)
"""Kinds that stand in the first phase by default."""
TABLES = frozenset({"TABLE", "FOREIGN TABLE"})
"""Kinds that stand in the second phase by default."""


class _Claim(NamedTuple):
    """A pattern of a group."""

    pattern: ObjectPattern
    place: int
    """The higher, the earlier the group stands in the mapping."""
    group: Group


class Groups:
    """The groups of `mappings.yaml` and what they claim."""

    def __init__(self, truth: Truth, config: Config) -> None:
        self._truth = truth
        self._config = config
        self._paths = {s.id: s.path for file in truth.files for s in file}
        self._named: dict[str, list[_Claim]] = defaultdict(list)
        """The patterns that name one object, by that name."""
        self._wild: list[_Claim] = []
        for number, group in enumerate(config.groups):
            for pattern in group.objects:
                claim = _Claim(pattern, -number, group)
                (self._named[pattern.name] if pattern.is_exact else self._wild).append(claim)

    def that_claims(self, statement: StatementId) -> Group | None:
        """The group that names the legacy file of a statement."""
        path = self._paths[statement]
        groups = (g for g in self._config.groups if any(fnmatchcase(path, f) for f in g.files))
        return next(groups, None)

    def group(self, unit: Unit, made: Container[ObjectId]) -> Group | None:
        """The group whose claim on the unit is the most specific.

        A file claims what it made, less what belongs to a table: that follows its table, if
        `made`, all that the output makes, has it.
        """
        claims = [
            (claim.pattern.specificity, claim.place, claim.group)
            for member in self._names(unit)
            for claim in (*self._that_name(member), *self._wild)
            if claim.pattern.matches(member)
        ]
        if unit.object == unit.family or unit.family not in made:
            claims += [
                (0, -number, group)
                for number, group in enumerate(self._config.groups)
                if group.files and self._made_by(unit, group.files)
            ]
        return max(claims, key=lambda claim: claim[:2])[2] if claims else None

    def _that_name(self, member: ObjectId) -> Iterable[_Claim]:
        return (claim for name in spellings(member) for claim in self._named.get(name, ()))

    def default_group(self, unit: Unit) -> Group | None:
        """The first group of the phase where a kind goes by default."""
        number = 0 if unit.type in FIRST_PHASE else 1 if unit.type in TABLES else 2
        phase = self._config.phases[min(number, len(self._config.phases) - 1)]
        return next((group for group in self._config.groups if group.phase == phase), None)

    @staticmethod
    def _names(unit: Unit) -> Iterable[ObjectId]:
        """What a pattern can claim a unit by: its object, or all that a component makes."""
        return sorted(unit.members) if unit.type == "AS WAS" else (unit.object,)

    def _made_by(self, unit: Unit, globs: Sequence[str]) -> bool:
        creator = self._truth.trace.created.get(unit.object)
        path = self._paths.get(creator, "") if creator else ""
        if not path and unit.sources:
            path = self._paths[unit.sources[0]]
        return any(fnmatchcase(path, glob) for glob in globs)


def seed_slot(seed: Seed) -> Slot:
    """The file of a seed."""
    title = f"Seed rows ({seed.tag or 'seed'})"
    return Slot(Folder.SEED, "", seed.file.removesuffix(".sql"), title)


def seed_slots(config: Config) -> dict[str, Slot]:
    """The seed file of each table that the mapping names, by the table's identity."""
    return {table_name(table): seed_slot(seed) for seed in config.seeds for table in seed.tables}


def near_relatives(
    pending: Sequence[Unit], mapped: Mapping[ObjectId, int], neighbours: nx.Graph[ObjectId]
) -> dict[ObjectId, ObjectId]:
    """The closest mapped relative of each unmapped unit; of several, the one in the first place."""
    found: dict[ObjectId, ObjectId] = {}
    for unit in pending:
        for layer in nx.bfs_layers(neighbours, unit.object):
            near = [relative for relative in layer if relative in mapped]
            if near:
                found[unit.object] = min(near, key=lambda one: (mapped[one], one))
                break
    return found
