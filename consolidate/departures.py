"""What stands otherwise than it was worded or asked for, and what forces that."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from consolidate import findings
from consolidate.model import Finding, Severity
from consolidate.plan import Folder, Way
from consolidate.relations import LAST
from consolidate.wording.units import APART
from consolidate.wording.verbatim import bearer

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    import networkx as nx

    from consolidate.groups.parts import Part
    from consolidate.groups.wishes import Wishes
    from consolidate.model import ObjectId
    from consolidate.plan import Placement, Slot
    from consolidate.wording.units import Unit

_SAYS_LITTLE = frozenset({"ROWS", "SCHEMA"})
"""Kinds that are no good reason where there is another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Departures:
    """Units where they were to be, and where they stand."""

    units: Mapping[ObjectId, Unit]
    graph: nx.DiGraph[ObjectId]
    """Which unit needs which: from what is needed to its user."""
    placed: Mapping[ObjectId, Slot]
    wishes: Wishes
    order: Callable[[ObjectId], tuple[int, str]]
    """Sorts units by where they stand in the history."""

    def repairs(self) -> Iterator[Finding]:
        """What was worded so that nothing needs anything later, where nobody asked for that."""
        for name, unit in sorted(self.units.items()):
            is_part = unit.repair.startswith(APART) and unit.type != "RULE"
            if unit.repair and not (is_part and self._way(bearer(name)) is Way.GROUP):
                code = findings.KEY_SPLIT if is_part else findings.OPENED
                yield told(code, f"{name} stands {unit.repair}")

    def moves(self) -> Iterator[Finding]:
        """What stands in another file than the mapping asks for."""
        for name, wish in sorted(self.wishes.placements.items()):
            follows = wish.way is Way.FOLLOWS and not self._goes_along(name)
            if (follows or wish.way is Way.GROUP) and self._is_elsewhere(name, wish.slot):
                yield moved(name, wish.slot, self.placed[name], self._why(name, wish.slot))

    def placements(self) -> dict[ObjectId, Placement]:
        """The wishes, and why what nobody asked for is not even there."""
        return {
            name: replace(wish, forced=self._why(name, wish.slot))
            if wish.way not in {Way.GROUP, Way.FOLLOWS} and self._is_elsewhere(name, wish.slot)
            else wish
            for name, wish in self.wishes.placements.items()
        }

    def _way(self, name: ObjectId) -> Way | None:
        wish = self.wishes.placements.get(name)
        return wish.way if wish else None

    def _goes_along(self, name: ObjectId) -> bool:
        """Whether it goes where its table needs it to, or is told to stand apart from that."""
        unit = self.units[name]
        return unit.type == "ROWS" or unit.repair.startswith(APART)

    def _is_elsewhere(self, name: ObjectId, wished: Slot) -> bool:
        """Whether it stands in another migration; what a seed holds is told otherwise."""
        placed = self.placed[name]
        return placed != wished and placed.folder is Folder.MIGRATIONS

    def _why(self, name: ObjectId, wished: Slot) -> str:
        """The need that would not be met."""
        if self.units[name].type in LAST:
            return "it acts on what is made after it"
        if self.placed[name] < wished:
            return f"{self._there(name, self.graph.successors(name))} needs it"
        if needed := self._there(name, self.graph.predecessors(name)):
            return f"it needs {needed}"
        return f"it goes back with {self._there(name, self.graph.successors(name))}"

    def _there(self, name: ObjectId, near: Iterable[ObjectId]) -> ObjectId | None:
        """Of its neighbours in the same file the first one, rows and schemas last."""
        return min(
            (one for one in near if self.placed[one] == self.placed[name]),
            key=lambda one: (self.units[one].type in _SAYS_LITTLE, self.order(one)),
            default=None,
        )


def moved_keys(
    keys: Iterable[ObjectId],
    asked: Mapping[ObjectId, Part],
    needed: Mapping[ObjectId, Collection[ObjectId]],
    placed: Mapping[ObjectId, Slot],
) -> Iterator[Finding]:
    """The foreign keys apart from their tables that come after the file they are asked for in.

    Args:
        keys: Those that stand apart.
        asked: What the mapping asks for.
        needed: What each key needs.
        placed: Where everything stands.
    """
    for key in sorted(keys):
        if key in asked and placed[key] != asked[key].slot:
            last = max(sorted(needed[key]), key=placed.__getitem__)
            yield moved(key, asked[key].slot, placed[key], f"it needs {last}")


def empty_groups(
    wishes: Wishes, asked: Iterable[Part], filled: Collection[Slot]
) -> Iterator[Finding]:
    """The groups that ask for something that is there, and in whose files nothing stands."""
    claimed = {wish.slot for wish in wishes.placements.values() if wish.way is Way.GROUP}
    claimed |= {part.slot for part in asked}
    for name, slot in wishes.groups.items():
        if slot in claimed - {*filled}:
            yield told(
                findings.EMPTY_GROUP,
                f"group {name} has no file: nothing that it asks for stands in {slot.path}",
            )


def moved(name: ObjectId, wished: Slot, placed: Slot, why: str) -> Finding:
    """That something stands in an earlier or later file than it was to be."""
    earlier = placed < wished
    word = "hoisted" if earlier else "moved on"
    return told(
        findings.HOISTED if earlier else findings.MOVED,
        f"{name} is {word} from {wished.path} to {placed.path}: {why}",
    )


def told(code: str, message: str) -> Finding:
    """A finding about the plan as a whole."""
    return Finding(code=code, severity=Severity.INFO, message=message)
