"""Where each object would like to be: the mapping's wish, or a sensible group of its own."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import networkx as nx

from consolidate import names
from consolidate.plan import Folder, Slot

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence

    from consolidate.config import Config, Group
    from consolidate.model import ObjectId, StatementId
    from consolidate.truth import Truth
    from consolidate.wording.units import Unit

LARGEST = 25
"""How many tables a file may hold that the tool proposes by itself."""

_FIRST_PHASE = {"EXTENSION", "SCHEMA", "ROLE", "DOMAIN", "TYPE", "SHELL TYPE", "COLLATION"}
_TABLES = {"TABLE", "FOREIGN TABLE"}
_WITH_THEIR_TABLE = {"INDEX", "CONSTRAINT", "CHECK CONSTRAINT", "FK CONSTRAINT", "DEFAULT"} | {
    "INDEX ATTACH",
    "TABLE ATTACH",
    "SEQUENCE OWNED BY",
    "STATISTICS",
    "RULE",
    "ROWS",
    "COMMENT",
}
_GUARDS = {"TRIGGER", "POLICY", "ROW SECURITY", "PUBLICATION", "PUBLICATION TABLE", "RIGHTS"} | {
    "DEFAULT ACL",
    "OWNER",
}
_VIEWS = {"VIEW", "MATERIALIZED VIEW"}
_ROUTINES = {"FUNCTION", "PROCEDURE", "AGGREGATE"}


@dataclass(frozen=True, slots=True)
class Wishes:
    """Where each unit would like to be, and why."""

    slots: tuple[Slot, ...]
    """Every file there may be, in path order."""
    slot: Mapping[ObjectId, Slot]
    reason: Mapping[ObjectId, str]


def wishes(
    truth: Truth, units: Sequence[Unit], config: Config, neighbours: nx.Graph[ObjectId]
) -> Wishes:
    """Asks the mapping first, then the table, then the closest relative, then the kind.

    Args:
        truth: Tells which legacy file made an object.
        units: What is to be placed.
        config: The team's wishes.
        neighbours: The units' dependencies without direction.
    """
    asked = Groups(truth, config)
    found: dict[ObjectId, Slot] = {}
    reason: dict[ObjectId, str] = {}
    made = {unit.object for unit in units}
    for unit in units:
        if group := asked.group(unit, made):
            found[unit.object] = asked.slot(group)
            reason[unit.object] = f"group {group.name}"
    pending = [unit for unit in units if unit.object not in found]
    if config.groups:
        for unit in list(pending):
            if unit.family != unit.object and unit.family in found:
                found[unit.object] = found[unit.family]
                reason[unit.object] = f"follows {unit.family}"
        _follow_relatives(pending, found, reason, neighbours)
        pending = [unit for unit in pending if unit.object not in found]
    for unit in pending:
        if (near := asked.default_group(unit)) is not None:
            found[unit.object] = asked.slot(near)
            reason[unit.object] = f"by its kind, in {near.phase}"
    pending = [unit for unit in pending if unit.object not in found]
    proposed = _proposed(truth, pending, config, neighbours)
    found.update(proposed)
    reason.update(dict.fromkeys(proposed, "by its kind"))
    for seed in config.seeds:
        asked.seed_slot(seed.file, seed.tag)
    return Wishes(tuple(sorted({*found.values(), *asked.seeds(config)})), found, reason)


class Groups:
    """The groups of `mappings.yaml`, asked object by object."""

    def __init__(self, truth: Truth, config: Config) -> None:
        self._truth = truth
        self._config = config
        self._paths = {s.id: s.path for file in truth.files for s in file}
        self._versions = _versions(config, truth)

    def that_claims(self, statement: StatementId) -> Slot | None:
        """The file of the group that names the legacy file of a statement."""
        path = self._paths[statement]
        groups = (g for g in self._config.groups if any(fnmatchcase(path, f) for f in g.files))
        return next((self.slot(group) for group in groups), None)

    def group(self, unit: Unit, made: Container[ObjectId]) -> Group | None:
        """The group whose claim on the unit is the most specific.

        A file claims what it made, less what belongs to a table: that follows its table, if
        `made`, all that the output makes, has it.
        """
        claims: list[tuple[int, int, Group]] = []
        for number, group in enumerate(self._config.groups):
            claims += [
                (pattern.specificity, -number, group)
                for pattern in group.objects
                for member in self._names(unit)
                if pattern.matches(member)
            ]
            whole = unit.object == unit.family or unit.family not in made
            if whole and self._made_by(unit, group.files):
                claims.append((0, -number, group))
        return max(claims, key=lambda claim: claim[:2])[2] if claims else None

    def default_group(self, unit: Unit) -> Group | None:
        """The first group of the phase where a kind goes by default."""
        number = 0 if unit.type in _FIRST_PHASE else 1 if unit.type in _TABLES else 2
        phase = self._config.phases[min(number, len(self._config.phases) - 1)]
        return next((group for group in self._config.groups if group.phase == phase), None)

    def slot(self, group: Group) -> Slot:
        """The file of a group."""
        stem = f"{self._versions[group.name]}_{group.name}"
        return Slot(Folder.MIGRATIONS, group.phase, stem, group.title or "")

    def seed_slot(self, file: str, tag: str | None) -> Slot:
        """The file of a seed."""
        return Slot(Folder.SEED, "", file.removesuffix(".sql"), f"Seed rows ({tag or 'seed'})")

    def seeds(self, config: Config) -> list[Slot]:
        """The files of all seeds."""
        return [self.seed_slot(seed.file, seed.tag) for seed in config.seeds]

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


def seed_slots(config: Config) -> dict[str, Slot]:
    """The seed file of each table that the mapping names, by the table's identity."""
    found = {}
    for seed in config.seeds:
        slot = Slot(
            Folder.SEED, "", seed.file.removesuffix(".sql"), f"Seed rows ({seed.tag or 'seed'})"
        )
        for table in seed.tables:
            found[table if "." in table else f"public.{table}"] = slot
    return found


def _versions(config: Config, truth: Truth) -> dict[str, str]:
    """A version for every group: its own, or the one after the group before it."""
    found: dict[str, str] = {}
    last = _base_version(truth)
    for phase in config.phases:
        for group in config.groups:
            if group.phase == phase:
                last = group.version or _next(last)
                found[group.name] = last
    return found


def _base_version(truth: Truth) -> str:
    """The newest legacy version that begins with a date, as `YYYYMMDD_000000`."""
    dates = [
        match.group()
        for file in truth.files
        for statement in file[:1]
        if (match := re.search(r"(?:19|20)\d{6}", statement.path))
    ]
    return f"{max(dates, default='20000101')}_000000"


def _next(version: str) -> str:
    date, time = version.split("_")
    return f"{date}_{int(time) + 1:06}"


def _follow_relatives(
    pending: Sequence[Unit],
    found: dict[ObjectId, Slot],
    reason: dict[ObjectId, str],
    neighbours: nx.Graph[ObjectId],
) -> None:
    """Sends unmapped units where their closest mapped relative is."""
    mapped = dict(found)
    for unit in pending:
        if unit.object in found:
            continue
        for _, layer in enumerate(nx.bfs_layers(neighbours, unit.object)):
            near = sorted(relative for relative in layer if relative in mapped)
            if near:
                best = min(near, key=lambda relative: (mapped[relative], relative))
                found[unit.object] = mapped[best]
                reason[unit.object] = f"near {best}"
                break


def _proposed(
    truth: Truth, pending: Sequence[Unit], config: Config, neighbours: nx.Graph[ObjectId]
) -> dict[ObjectId, Slot]:
    """Groups for what no mapping speaks of, by kind and by connected tables."""
    phases = (*config.phases, *config.phases[-1:] * 2)[:3]
    tables = _table_groups(pending, neighbours)
    wanted: dict[ObjectId, tuple[str, str]] = {}
    for unit in pending:
        if place := _by_kind(unit, tables):
            wanted[unit.object] = (phases[place[0]], place[1])
    for unit in pending:  # what belongs to a table goes where its table goes
        default = (phases[0], "initial_schema")
        wanted.setdefault(unit.object, wanted.get(unit.family, default))
    slots: dict[tuple[str, str], Slot] = {}
    version = max([_base_version(truth), *_versions(config, truth).values()])
    for phase in config.phases:
        for where in sorted({w for w in wanted.values() if w[0] == phase}, key=_readable(wanted)):
            version = _next(version)
            slots[where] = Slot(Folder.MIGRATIONS, phase, f"{version}_{where[1]}")
    return {name: slots[where] for name, where in wanted.items()}


def _by_kind(unit: Unit, tables: Mapping[ObjectId, str]) -> tuple[int, str] | None:
    """The number of the phase and the group where a unit goes by default."""
    if unit.object.kind == "legacy file":
        return 0, names.slug(unit.object.identity.removesuffix(".sql"))
    if unit.object in tables:
        return 1, tables[unit.object]
    known = (
        (_GUARDS, 2, _GUARD_NAMES.get(unit.type, "access")),
        (_VIEWS, 2, "views"),
        (_ROUTINES, 2, "functions"),
        (_FIRST_PHASE, 0, "initial_schema"),
    )
    return next(((phase, name) for kinds, phase, name in known if unit.type in kinds), None)


_GUARD_NAMES = {"TRIGGER": "triggers", "POLICY": "rls_policies", "ROW SECURITY": "rls_policies"}
_ORDER = ("functions", "triggers", "rls_policies", "access", "views")


def _readable(
    wanted: Mapping[ObjectId, tuple[str, str]],
) -> Callable[[tuple[str, str]], tuple[int, int]]:
    """Table groups in the order of their first object; guards in a fixed one."""
    first: dict[tuple[str, str], int] = {}
    for number, where in enumerate(wanted.values()):
        first.setdefault(where, number)

    def key(where: tuple[str, str]) -> tuple[int, int]:
        name = where[1]
        return (_ORDER.index(name) if name in _ORDER else -1, first[where])

    return key


def _table_groups(pending: Sequence[Unit], neighbours: nx.Graph[ObjectId]) -> dict[ObjectId, str]:
    """Connected tables together, at most `LARGEST` in a file, named after the main one."""
    tables = [unit for unit in pending if unit.type in _TABLES]
    graph: nx.Graph[ObjectId] = nx.Graph()
    graph.add_nodes_from(unit.object for unit in tables)
    for unit in tables:
        for near in neighbours.neighbors(unit.object):
            if near in graph:
                graph.add_edge(unit.object, near)
    found: dict[ObjectId, str] = {}
    taken: set[str] = set()
    for component in sorted(nx.connected_components(graph), key=lambda c: min(map(str, c))):
        for part in _parts(graph, component):
            name = _unused(_stem(graph, part), taken)
            taken.add(name)
            found.update(dict.fromkeys(part, name))
    belongings: dict[ObjectId, str] = defaultdict(str)
    for unit in pending:
        if unit.family in found and unit.type in _WITH_THEIR_TABLE | _TABLES:
            belongings[unit.object] = found[unit.family]
    return {**found, **{name: where for name, where in belongings.items() if where}}


def _parts(graph: nx.Graph[ObjectId], component: set[ObjectId]) -> list[list[ObjectId]]:
    """A component cut into pieces of a reviewable size, along its communities."""
    if len(component) <= LARGEST:
        return [sorted(component)]
    communities = nx.community.greedy_modularity_communities(graph.subgraph(sorted(component)))
    pieces: list[list[ObjectId]] = []
    for community in sorted((sorted(c) for c in communities), key=lambda c: c[0]):
        pieces += [community[i : i + LARGEST] for i in range(0, len(community), LARGEST)]
    return pieces


def _stem(graph: nx.Graph[ObjectId], tables: Sequence[ObjectId]) -> str:
    """The common stem of the tables' names, or the name of the best connected one."""
    words = [names.slug(names.split(table.identity)[-1]) for table in tables]
    prefix = words[0].split("_")
    for word in words[1:]:
        parts = word.split("_")
        while prefix and parts[: len(prefix)] != prefix:
            prefix.pop()
    if prefix and len(tables) > 1:
        return "_".join(prefix) + "_tables"
    inside = graph.subgraph(tables)
    main = max(tables, key=lambda table: (inside.degree[table], -tables.index(table)))
    word = names.slug(names.split(main.identity)[-1])
    return f"{word}_table" if len(tables) == 1 else f"{word}_tables"


def _unused(name: str, taken: set[str]) -> str:
    number = 1
    while (candidate := name if number == 1 else f"{name}_{number}") in taken:
        number += 1
    return candidate
