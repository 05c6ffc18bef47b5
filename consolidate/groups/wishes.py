"""Where each unit would like to be: the mapping is asked first, then the output that is there."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from consolidate.config import Group
from consolidate.errors import InputProblem
from consolidate.groups.automatic import Proposal, proposals
from consolidate.groups.mapped import TABLES, Groups, in_order, seed_slot
from consolidate.groups.near import near_relatives
from consolidate.groups.remembered import Homes
from consolidate.groups.versions import Wanted, base, versions
from consolidate.kept import KeptFile
from consolidate.plan import Folder, Placement, Slot, Way
from consolidate.wording import whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

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
    placements: Mapping[ObjectId, Placement]
    """Where each unit would like to be, by its object."""
    groups: Mapping[str, Slot]
    """The file of every group of the mapping, by the group's name."""
    proposed: frozenset[Slot]
    """The files that no mapping asks for, whether they were there before or not."""


def wishes(truth: Truth, units: Sequence[Unit], config: Config, relations: Relations) -> Wishes:
    """Asks the mapping first, then the table, then the closest relative, then the kind.

    What none of these has a group for stays in the file in which the last consolidation put it.

    Args:
        truth: Tells which legacy file made an object.
        units: What is to be placed.
        config: The team's wishes.
        relations: What ties the units to each other.

    Raises:
        InputProblem: The versions that the mapping gives leave no room for those it does not.
    """
    asked_for = [unit for unit in units if unit.object.kind != whole.MIGRATION]
    asked = _asked(truth, asked_for, config, relations)
    homes = Homes(config, [unit for unit in units if unit.object not in asked], relations)
    pending = {u.object: u for u in units if u.object not in asked and u.object not in homes.of}
    more = proposals(truth, list(pending.values()), relations)
    asked |= (alike := _alike(more, config, pending))
    proposed = homes.join((one for one in more if alike.keys().isdisjoint(one.objects)), pending)
    groups, kept, apart = files(truth, config, homes.files(), proposed)
    found = {
        name: Placement(groups[one.group.name], one.way, one.about) for name, one in asked.items()
    }
    found |= {
        name: Placement(kept[file.path], Way.AUTOMATIC if name in pending else Way.KEPT)
        for name, file in homes.of.items()
    }
    found |= {name: Placement(slot, Way.AUTOMATIC) for one, slot in apart for name in one.objects}
    seeds = [seed_slot(seed) for seed in config.seeds]
    return Wishes(
        slots=tuple(sorted({*(one.slot for one in found.values()), *seeds})),
        placements=found,
        groups=groups,
        proposed=frozenset([*kept.values(), *(slot for _, slot in apart)]),
    )


class _Asked(NamedTuple):
    """A group of the mapping for one unit, and how it was found."""

    group: Group
    way: Way
    about: str


def _asked(
    truth: Truth, units: Sequence[Unit], config: Config, relations: Relations
) -> dict[ObjectId, _Asked]:
    """The mapping's group for each unit that one of its groups can be found for, and why."""
    if not config.groups:
        return {}
    asked = Groups(truth, config)
    made = {member for unit in units for member in unit.members}
    found: dict[ObjectId, _Asked] = {}
    for unit in units:
        if group := asked.group(unit, made):
            found[unit.object] = _Asked(group, Way.GROUP, group.name)
    for unit in units:
        known = relations.home(unit.family) is not None
        if unit.object not in found and not known and (group := asked.named(unit.family)):
            found[unit.object] = _Asked(group, Way.FOLLOWS, str(unit.family))
    found |= _following(units, found, relations)
    found |= _strays(asked, units, found, relations)
    return found | _following(units, found, relations)


def _following(
    units: Sequence[Unit], found: Mapping[ObjectId, _Asked], relations: Relations
) -> dict[ObjectId, _Asked]:
    """What goes with the table that it belongs to, which has a group."""
    return {
        unit.object: _Asked(found[home].group, Way.FOLLOWS, str(unit.family))
        for unit in units
        if unit.object not in found
        if (home := relations.home(unit.family)) is not None and home in found
    }


def _strays(
    asked: Groups, units: Sequence[Unit], found: Mapping[ObjectId, _Asked], relations: Relations
) -> dict[ObjectId, _Asked]:
    """What no group claims and what belongs to nothing: near a relative, or by its kind."""
    alone = [
        unit
        for unit in units
        if unit.object not in found and relations.home(unit.family) in {None, unit.object}
    ]
    mapped = {name: asked.number(one.group) for name, one in found.items()}
    early = {name for name, one in found.items() if asked.is_first(one.group)}
    near = near_relatives(alone, mapped, early, relations)
    strays = {}
    for unit in alone:
        if relative := near.get(unit.object):
            strays[unit.object] = _Asked(found[relative].group, Way.NEAR, str(relative))
        elif group := asked.default_group(unit):
            strays[unit.object] = _Asked(group, Way.KIND, group.phase)
    return strays


def _alike(
    proposed: Iterable[Proposal], config: Config, units: Mapping[ObjectId, Unit]
) -> dict[ObjectId, _Asked]:
    """The group for what would stand in a file of the same name otherwise: `functions`, `views`.

    Tables have more to do with each other than a name.
    """
    groups = {(group.phase, group.name): group for group in config.groups}
    return {
        name: _Asked(group, Way.KIND, group.phase)
        for one in proposed
        if (group := groups.get((one.among(config.phases), one.name)))
        and not any(units[name].type in TABLES for name in one.objects)
        for name in one.objects
    }


def files(
    truth: Truth, config: Config, kept: Iterable[KeptFile], proposed: Iterable[Proposal]
) -> tuple[dict[str, Slot], dict[str, Slot], list[tuple[Proposal, Slot]]]:
    """The files of the groups by their names, those that are kept by their paths, and the others.

    In each phase they come in this order.

    Raises:
        InputProblem: The versions that the mapping gives leave no room for all.
    """
    entries: list[tuple[str, Group | KeptFile | Proposal]] = [
        *((group.phase, group) for group in in_order(config)),
        *((file.phase, file) for file in kept),
        *((one.among(config.phases), one) for one in proposed),
    ]
    entries.sort(key=lambda entry: config.phases.index(entry[0]))
    groups: dict[str, Slot] = {}
    places: dict[str, Slot] = {}
    apart: list[tuple[Proposal, Slot]] = []
    given = _versions([one for _, one in entries], config, base(truth))
    for (phase, one), version in zip(entries, given, strict=True):
        slot = Slot(Folder.MIGRATIONS, phase, f"{version}_{one.name}")
        if isinstance(one, Proposal):
            apart.append((one, slot))
        elif isinstance(one, KeptFile):
            places[one.path] = slot
        else:
            groups[one.name] = replace(slot, title=one.title or "")
    return groups, places, apart


def _versions(
    files: Sequence[Group | KeptFile | Proposal], config: Config, first: str
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
        else replace(wanted, version=_before(one, config.kept))
        for one, wanted in zip(files, asked, strict=True)
    ]
    as_before = [*_rising(as_before, asked)]
    if as_before != asked:
        with suppress(InputProblem):
            return versions(as_before, first, config.behind.version)
    return versions(asked, first, config.behind.version)


def _rising(before: Sequence[Wanted], asked: Sequence[Wanted]) -> Iterator[Wanted]:
    """What is wanted, with those of the former versions that rise with the ones asked for."""
    for number, (one, given) in enumerate(zip(before, asked, strict=True)):
        earlier = [other.version for other in asked[:number] if other.version]
        later = [other.version for other in asked[number + 1 :] if other.version]
        version = one.version or ""
        yield one if max(earlier, default="") < version < min(later, default="~") else given


def _before(one: Group | KeptFile, kept: Sequence[KeptFile]) -> str | None:
    """The version that a file had, by its name."""
    if isinstance(one, KeptFile):
        return one.version
    there = (file.version for file in kept if (file.phase, file.name) == (one.phase, one.name))
    return next(there, None)
