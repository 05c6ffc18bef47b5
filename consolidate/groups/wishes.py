"""Where each unit would like to be: the mapping is asked first, then the output that is there."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from consolidate.config import Group
from consolidate.errors import InputProblem
from consolidate.groups.automatic import Proposal, proposals
from consolidate.groups.mapped import Groups, near_relatives, seed_slot
from consolidate.groups.remembered import Homes, proposed_phase
from consolidate.groups.versions import Wanted, base, versions
from consolidate.kept import KeptFile
from consolidate.plan import Folder, Slot
from consolidate.wording import whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from consolidate.config import Config
    from consolidate.model import ObjectId
    from consolidate.relations import Relations
    from consolidate.truth import Truth
    from consolidate.wording.units import Unit


@dataclass(frozen=True, slots=True)
class Wishes:
    """Where each unit would like to be, and why."""

    slots: tuple[Slot, ...]
    """Every file there may be, in path order."""
    slot: Mapping[ObjectId, Slot]
    reason: Mapping[ObjectId, str]
    groups: Mapping[str, Slot]
    """The file of every group of the mapping, by the group's name."""
    proposed: frozenset[Slot]
    """The files that no mapping asks for, whether they were there before or not."""


def wishes(truth: Truth, units: Sequence[Unit], config: Config, relations: Relations) -> Wishes:
    """Asks the mapping first, then the table, then the closest relative, then the kind.

    Without a mapping each stays in the file in which the last consolidation put it.

    Args:
        truth: Tells which legacy file made an object.
        units: What is to be placed.
        config: The team's wishes.
        relations: What ties the units to each other.

    Raises:
        InputProblem: The versions that the mapping gives leave no room for those it does not.
    """
    asked_for = [unit for unit in units if unit.object.kind != whole.MIGRATION]
    group, reason = _asked(truth, asked_for, config, relations)
    homes = Homes(config, units, relations)
    reason |= dict.fromkeys(homes.of, "where the last consolidation put it")
    pending = {u.object: u for u in units if u.object not in group and u.object not in homes.of}
    proposed = homes.join(proposals(truth, list(pending.values()), relations), pending)
    reason |= dict.fromkeys(pending, "by its relatives and kind")
    groups, kept, files = _files(truth, config, homes.files(), proposed)
    found = {name: groups[one.name] for name, one in group.items()}
    found |= {name: kept[file.path] for name, file in homes.of.items()}
    found |= {name: slot for one, slot in files for name in one.objects}
    seeds = [seed_slot(seed) for seed in config.seeds]
    return Wishes(
        slots=tuple(sorted({*found.values(), *seeds})),
        slot=found,
        reason=reason,
        groups=groups,
        proposed=frozenset([*kept.values(), *(slot for _, slot in files)]),
    )


def _asked(
    truth: Truth, units: Sequence[Unit], config: Config, relations: Relations
) -> tuple[dict[ObjectId, Group], dict[ObjectId, str]]:
    """The mapping's group for each unit that one of its groups can be found for, and why."""
    if not config.groups:
        return {}, {}
    asked = Groups(truth, config)
    made = {unit.object for unit in units}
    found: dict[ObjectId, Group] = {}
    reason: dict[ObjectId, str] = {}
    for unit in units:
        if group := asked.group(unit, made):
            found[unit.object] = group
            reason[unit.object] = f"group {group.name}"
    pending = [unit for unit in units if unit.object not in found]
    for unit in pending:
        if unit.family != unit.object and unit.family in found:
            found[unit.object] = found[unit.family]
            reason[unit.object] = f"follows {unit.family}"
    pending = [unit for unit in units if unit.object not in found]
    place = {group.name: number for number, group in enumerate(_in_order(config))}
    mapped = {name: place[group.name] for name, group in found.items()}
    for name, near in near_relatives(pending, mapped, relations.neighbours()).items():
        found[name] = found[near]
        reason[name] = f"near {near}"
    for unit in pending:
        if unit.object not in found and (group := asked.default_group(unit)) is not None:
            found[unit.object] = group
            reason[unit.object] = f"by its kind, in {group.phase}"
    return found, reason


def _in_order(config: Config) -> list[Group]:
    """The groups in the order in which their files apply."""
    return [group for phase in config.phases for group in config.groups if group.phase == phase]


def _files(
    truth: Truth, config: Config, kept: Iterable[KeptFile], proposed: Iterable[Proposal]
) -> tuple[dict[str, Slot], dict[str, Slot], list[tuple[Proposal, Slot]]]:
    """The files of the groups by their names, those that are kept by their paths, and the others.

    In each phase they come in this order.
    """
    entries: list[tuple[str, Group | KeptFile | Proposal]] = [
        *((group.phase, group) for group in _in_order(config)),
        *((file.phase, file) for file in kept),
        *((proposed_phase(config.phases, one), one) for one in proposed),
    ]
    entries.sort(key=lambda entry: config.phases.index(entry[0]))
    groups: dict[str, Slot] = {}
    places: dict[str, Slot] = {}
    files: list[tuple[Proposal, Slot]] = []
    given = _versions([one for _, one in entries], config.kept, base(truth))
    for (phase, one), version in zip(entries, given, strict=True):
        slot = Slot(Folder.MIGRATIONS, phase, f"{version}_{one.name}")
        if isinstance(one, Proposal):
            files.append((one, slot))
        elif isinstance(one, KeptFile):
            places[one.path] = slot
        else:
            groups[one.name] = replace(slot, title=one.title or "")
    return groups, places, files


def _versions(
    files: Sequence[Group | KeptFile | Proposal], kept: Sequence[KeptFile], first: str
) -> list[str]:
    """The versions of some files in their order: as they were, if that leaves room for all.

    Raises:
        InputProblem: Those that the mapping gives leave none.
    """
    asked = [
        Wanted(name=one.name, version=one.version, line=one.line)
        if isinstance(one, Group)
        else Wanted(name=one.name)
        for one in files
    ]
    as_before = [
        wanted
        if wanted.version or isinstance(one, Proposal)
        else replace(wanted, version=_before(one, kept))
        for one, wanted in zip(files, asked, strict=True)
    ]
    if as_before != asked:
        with suppress(InputProblem):
            return versions(as_before, first)
    return versions(asked, first)


def _before(one: Group | KeptFile, kept: Sequence[KeptFile]) -> str | None:
    """The version that a file had, by its name."""
    if isinstance(one, KeptFile):
        return one.version
    there = (file.version for file in kept if (file.phase, file.name) == (one.phase, one.name))
    return next(there, None)
