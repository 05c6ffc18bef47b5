"""Completes a plan with what is worded as a difference: owners, rights, sequence positions."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from consolidate import names
from consolidate.arrange import last_migration, with_steps
from consolidate.model import ObjectId, StatementId
from consolidate.wording import rights
from consolidate.wording.units import Rung, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from consolidate.outcome import Outcome
    from consolidate.plan import Plan, Slot
    from consolidate.truth import Truth


def completed(truth: Truth, plan: Plan, outcome: Outcome) -> Plan:
    """The plan with what is worded as a difference: owners, rights, sequence positions."""
    homes = {member: file.slot for file in plan.files for s in file.steps for member in s.members}
    last = last_migration(plan)
    extra: dict[Slot, list[Unit]] = defaultdict(list)
    changes = [
        *(("OWNER", change) for change in outcome.owners),
        *(("RIGHTS", c) for c in rights.changes(truth.final.facts, outcome.facts)),
    ]
    order = {identifier: number for number, identifier in enumerate(truth.statements)}
    for kind, change in changes:
        name = change.object
        if name.kind == "table column":
            name = ObjectId("table", name.identity.rpartition(".")[0])
        slot = homes.get(name) or homes.get(truth.depend.family(name)) or last
        if name.kind == "default acl":
            slot = last
        if slot is not None:
            writer = truth.trace.written.get(change.object)
            extra[slot].append(_change_unit(kind, change, writer, order))
    for unit, slot in _positions(truth, plan, outcome, homes):
        extra[slot].append(unit)
    return with_steps(plan, extra)


def _change_unit(
    kind: str,
    change: rights.RightsChange,
    writer: StatementId | None,
    order: Mapping[StatementId, int],
) -> Unit:
    name = ObjectId(kind.lower(), str(change.object))
    return Unit(
        object=name,
        type=kind,
        sql="\n".join(change.forward),
        rung=Rung.SERVER,
        ordinal=order[writer] if writer else len(order),
        sources=(writer,) if writer else (),
        members=frozenset({name}),
        family=change.object,
        undo=change.backward,
    )


def _positions(
    truth: Truth, plan: Plan, outcome: Outcome, homes: Mapping[ObjectId, Slot]
) -> Iterable[tuple[Unit, Slot]]:
    """Sequences that do not end where the legacy history left them."""
    built = {sequence.identity: sequence for sequence in outcome.rows.sequences}
    for wanted in truth.marked.sequences:
        found = built.get(wanted.identity)
        if found is None or wanted.volatile:
            continue
        if (wanted.last_value, wanted.is_called) == (found.last_value, found.is_called):
            continue
        slot = _sequence_slot(truth, plan, ObjectId("sequence", wanted.identity), homes)
        if slot is None:
            continue
        name = ObjectId("sequence set", wanted.identity)
        yield (
            Unit(
                object=name,
                type="SEQUENCE SET",
                sql=setval(wanted.identity, wanted.last_value, is_called=wanted.is_called),
                rung=Rung.SERVER,
                ordinal=len(truth.statements),
                sources=(),
                members=frozenset({name}),
                family=ObjectId("sequence", wanted.identity),
            ),
            slot,
        )


def setval(identity: str, last_value: int, *, is_called: bool) -> str:
    """The statement that puts a sequence where it shall stand."""
    called = "true" if is_called else "false"
    return f"SELECT pg_catalog.setval({names.literal(identity)}, {last_value}, {called});"


def _sequence_slot(
    truth: Truth, plan: Plan, sequence: ObjectId, homes: Mapping[ObjectId, Slot]
) -> Slot | None:
    """Behind the last rows of the tables that draw from the sequence."""
    users = {truth.depend.family(sequence)} | {
        truth.depend.family(member)
        for member, needed in truth.depend.needs.items()
        if sequence in needed and member.kind == "default value"
    }
    slots = [
        file.slot
        for file in plan.files
        for step in file.steps
        if step.unit.type == "ROWS" and users & {step.unit.family, *step.unit.needs}
    ]
    return max(slots, default=homes.get(sequence) or homes.get(truth.depend.family(sequence)))
