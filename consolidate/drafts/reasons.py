"""Why things stand in one file: what ties its tables together, or who uses what several share."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from consolidate.groups import stems
from consolidate.groups.bonds import Tie, ties
from consolidate.groups.tables import Tables
from consolidate.groups.titles import counts
from consolidate.groups.versions import DATE
from consolidate.phrases import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from consolidate.model import ObjectId
    from consolidate.plan import Slot
    from consolidate.relations import Relations
    from consolidate.truth import Truth
    from consolidate.wording.units import Unit

_SHOWN = 3
"""Names that a reason lists."""


class Reasons:
    """The reasons of all files; each is a fact that can be looked up in the history.

    Args:
        truth: What the history builds.
        units: What stands in the files, by its object.
        relations: What ties the units to each other.
        held: The units of each file.
    """

    def __init__(
        self,
        truth: Truth,
        units: Mapping[ObjectId, Unit],
        relations: Relations,
        held: Mapping[Slot, Sequence[ObjectId]],
    ) -> None:
        self._truth = truth
        self._units = units
        self._relations = relations
        self._held = held
        self._slot = {name: slot for slot, names in held.items() for name in names}
        self._tables = Tables(units.values(), relations)
        self._ties: list[tuple[Tie, list[tuple[ObjectId, ObjectId]]]] = [
            (tie, sorted({(one, other) for one, other, _ in reasons}))
            for tie, reasons in ties(truth, self._tables, relations)
            if tie is not Tie.KEY
        ]
        self._ties.append((Tie.KEY, list(self._tables.foreign_keys)))
        self._makers = {unit: table for table, unit in self._tables.units.items()}

    def of(self, slot: Slot) -> str:
        """Why the units of a file stand together, in one line."""
        own = self._held[slot]
        held = counts(member for name in own for member in self._units[name].members)
        tables = [self._makers[name] for name in own if name in self._makers]
        why = list(self._of_tables(tables) if tables else self._of_shared(slot))
        made = self._made(tables or own)
        kinds = held[:1] if tables else held or [_of_one_kind(own)]
        return f"{', '.join(kinds)}: {'; '.join([*why, *made])}"

    # -- tables ---------------------------------------------------------------------------------

    def _of_tables(self, tables: Sequence[ObjectId]) -> Iterator[str]:
        here = set(tables)
        inside = [
            (tie, [pair for pair in pairs if here.issuperset(pair)]) for tie, pairs in self._ties
        ]
        found = {tie: pairs for tie, pairs in inside if pairs}
        if Tie.PART in found:
            yield "some can not be made without others"
        if Tie.IN_TURN in found:
            yield "rows that were written in turn"
        if pairs := found.get(Tie.KEY):
            yield counted(len(pairs), "foreign key") + _mostly(pairs)
        if pairs := found.get(Tie.COLUMN):
            yield f"{counted(len(pairs), 'column')} named after another{_mostly(pairs)}"
        if Tie.SHARED in found:
            yield "types, functions or views that they share"
        if words := stems.stem(tables):
            yield f"names that begin with {'_'.join(words)}"
        if len(tables) > 1 and not found:
            yield "nothing ties them to each other"

    # -- what several groups share --------------------------------------------------------------

    def _of_shared(self, slot: Slot) -> Iterator[str]:
        needs = self._relations.needs
        own = set(self._held[slot])
        users = self._files(slot, (user for name in own for user in needs.successors(name)))
        needed = self._files(
            slot,
            (
                on
                for name in own
                for on in (*needs.predecessors(name), *self._relations.mentioned(name))
                if self._tables.of(on)
            ),
        )
        if users:
            yield f"used in {listed(users, _SHOWN)}"
        if needed:
            yield f"about {listed(needed, _SHOWN)}"
        if not users and not needed:
            yield "needed by nothing else here"

    def _files(self, slot: Slot, names: Iterable[ObjectId]) -> list[str]:
        """The names of the other files that hold some of these."""
        found = sorted({self._slot[name] for name in names if name in self._slot} - {slot})
        return [one.stem.split("_", 2)[2] for one in found]

    # -- where they come from -------------------------------------------------------------------

    def _made(self, names: Sequence[ObjectId]) -> Iterator[str]:
        """The legacy files that made them, and when."""
        created = (self._truth.trace.created.get(name) for name in names)
        paths = sorted({self._truth.statements[one].path for one in created if one})
        if len(paths) == 1:
            yield f"made in {paths[0]}"
        elif paths:
            dates = [match.expand(r"\1-\2") if (match := DATE.search(p)) else "" for p in paths]
            span = dict.fromkeys((min(dates), max(dates)))
            when = f", {' to '.join(span)}" if all(dates) else ""
            yield f"made in {counted(len(paths), 'file')}{when}"


def _of_one_kind(names: Sequence[ObjectId]) -> str:
    """How many there are, of their kind if they are of one."""
    kinds = {name.kind for name in names}
    return counted(len(names), kinds.pop() if len(kinds) == 1 else "object")


def _mostly(pairs: Sequence[tuple[ObjectId, ObjectId]]) -> str:
    """To which table most of some references lead, if more than one leads there."""
    target, number = Counter(other for _, other in pairs).most_common(1)[0]
    if number == 1:
        return ""
    return f", {'all' if number == len(pairs) else number} to {target.identity}"
