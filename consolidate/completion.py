"""Completes a plan with what is worded as a difference: owners, rights, sequence positions."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from consolidate.arrange import last_migration, with_steps
from consolidate.groups.mapped import Groups
from consolidate.groups.versions import Wanted, base, versions
from consolidate.model import ObjectId
from consolidate.plan import Folder, Slot
from consolidate.wording import positions, rights
from consolidate.wording.rowwriters import written
from consolidate.wording.units import Rung, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from consolidate.catalog.rows import SequencePosition
    from consolidate.config import Config
    from consolidate.outcome import Outcome
    from consolidate.plan import Plan
    from consolidate.truth import Truth


def completed(truth: Truth, plan: Plan, outcome: Outcome, config: Config) -> Plan:
    """The plan with what is worded as a difference: owners, rights, sequence positions."""
    homes = {member: file.slot for file in plan.files for s in file.steps for member in s.members}
    places = _Places(truth, plan, homes, config)
    extra: dict[Slot, list[Unit]] = defaultdict(list)
    changes = [
        *(("OWNER", change) for change in outcome.owners),
        *(
            ("RIGHTS", change)
            for change in rights.changes(truth.final.facts, outcome.facts, places.key)
        ),
    ]
    for kind, change in changes:
        extra[places.of(change.objects[0])].append(_change_unit(kind, change, truth))
    for unit, slot in _positions(truth, plan, outcome, places):
        extra[slot].append(unit)
    return with_steps(plan, extra)


class _Places:
    """Where the statements about an object's rights stand: with the object, if it is ours."""

    def __init__(
        self, truth: Truth, plan: Plan, homes: Mapping[ObjectId, Slot], config: Config
    ) -> None:
        self._truth = truth
        self._homes = homes
        self._groups = Groups(truth, config)
        self._files = plan.groups
        self._last = last_migration(plan) or _first(truth, config)

    def of(self, name: ObjectId) -> Slot:
        """The object's own file; for the platform's objects, the file that speaks of them."""
        if name.kind == "default acl":  # it must not act on what the output creates
            return self._last
        if name.kind == "table column":
            name = ObjectId("table", name.identity.rpartition(".")[0])
        home = self._homes.get(name) or self._homes.get(self._truth.depend.family(name))
        if home is not None:
            return home
        moved = self._truth.graph.rows(name)  # a sequence's position is in no catalog
        writer = self._truth.trace.written.get(name) or next(reversed(moved), None)
        group = self._groups.that_claims(writer) if writer else None
        return self._files[group.name] if group else self._last

    def key(self, name: ObjectId) -> object:
        """Objects with the same key may share statements: they come and go together."""
        ours = name in self._homes
        return (ours, self.of(name))


def _first(truth: Truth, config: Config) -> Slot:
    """The file of a history that changed nothing but owners, rights and positions."""
    (version,) = versions([Wanted(name="rights")], base(truth), config.behind.version)
    return Slot(Folder.MIGRATIONS, config.phases[0], f"{version}_rights")


def _change_unit(kind: str, change: rights.RightsChange, truth: Truth) -> Unit:
    names = [ObjectId(kind.lower(), str(name)) for name in change.objects]
    writers = {truth.trace.written.get(name) for name in change.objects} - {None}
    sources = tuple(sorted((w for w in writers if w), key=truth.order.__getitem__))
    return Unit(
        object=names[0],
        type=kind,
        sql="\n".join(change.forward),
        rung=Rung.SERVER,
        ordinal=truth.order[sources[0]] if sources else len(truth.order),
        sources=sources,
        members=frozenset(names),
        family=change.objects[0],
        undo=change.backward,
    )


def _positions(
    truth: Truth, plan: Plan, outcome: Outcome, places: _Places
) -> Iterable[tuple[Unit, Slot]]:
    """Sequences that do not end where the legacy history left them."""
    built = {sequence.identity: sequence for sequence in outcome.rows.sequences}
    for wanted in truth.marked.sequences:
        found = built.get(wanted.identity)
        if found is None or wanted.volatile:
            continue
        if _stand(wanted) == _stand(found):
            continue
        slot = _sequence_slot(truth, plan, ObjectId("sequence", wanted.identity), places)
        name = ObjectId("sequence set", wanted.identity)
        forward = slot.folder is Folder.SEED and _stand(found) < _stand(wanted)
        yield (
            Unit(
                object=name,
                type="SEQUENCE SET",
                sql=positions.put_forward(wanted) if forward else positions.put(wanted),
                rung=Rung.SERVER,
                ordinal=len(truth.statements),
                sources=(),
                members=frozenset({name}),
                family=ObjectId("sequence", wanted.identity),
            ),
            slot,
        )


def _stand(place: SequencePosition) -> tuple[int, bool]:
    return place.last_value, place.is_called


def _sequence_slot(truth: Truth, plan: Plan, sequence: ObjectId, places: _Places) -> Slot:
    """Behind the last rows of the tables that draw from the sequence, if any are written."""
    users = {truth.depend.family(sequence)} | {
        truth.depend.family(member)
        for member, needed in truth.depend.needs.items()
        if sequence in needed and member.kind == "default value"
    }
    tables = written((step.unit for step in plan.steps), truth)
    slots = [
        file.slot
        for file in plan.files
        for step in file.steps
        if users & tables.get(step.unit.object, frozenset())
    ]
    return max(slots, default=places.of(sequence))
