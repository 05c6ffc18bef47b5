"""Finds wordings that hold: builds the output on trial and sends down what does not.

A trial applies every step under a savepoint, so that one round finds all failures. It settles
what to write; it proves nothing. The proof is made of the rendered files alone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from consolidate import names
from consolidate.arrange import CycleFound, arrange, last_migration, with_steps
from consolidate.catalog import compare, depend, facts, rows
from consolidate.errors import ConsolidateError
from consolidate.model import Difference, ObjectId, StatementId
from consolidate.replay import execute
from consolidate.trace import Windows, catalog_objects
from consolidate.truth import platform
from consolidate.wording import compose, rights, roles, rowwords
from consolidate.wording.aswas import WHOLE
from consolidate.wording.units import Choices, Rung, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import psycopg

    from consolidate.catalog.depend import Dependencies
    from consolidate.catalog.rows import Rows
    from consolidate.config import Config
    from consolidate.model import Snapshot
    from consolidate.plan import Plan, Slot
    from consolidate.servers.interface import Server
    from consolidate.truth import Truth

ROUNDS = 12
"""After so many rounds, what still differs is left to the proof to report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The plan that held in the last round."""

    plan: Plan
    rounds: int
    unsettled: tuple[str, ...]
    """What still differed or failed, a line each; empty when the plan held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one trial saw."""

    failed: Mapping[ObjectId, str]
    """Units whose own text failed, with the server's message; not those that only miss them."""
    facts: Snapshot
    """Read when the owners were right, before any right was granted or revoked."""
    rows: Rows
    again: Rows
    depend: Dependencies
    made: Mapping[ObjectId, ObjectId]
    """Which unit made an object of the built database."""
    owners: tuple[rights.RightsChange, ...]


def settle(truth: Truth, config: Config, server: Server) -> Settled:
    """Words, arranges and tries until nothing differs or nothing more can be changed."""
    choices = Choices()
    told: tuple[str, ...] = ()
    for number in range(1, ROUNDS + 1):
        try:
            plan = _planned(truth, config, choices)
        except CycleFound as cycle:
            lower = choices.as_was | set(cycle.members)
            choices = replace(choices, as_was=lower if lower != choices.as_was else {WHOLE})
            continue
        outcome = try_out(truth, plan, server)
        told, lowered = _judged(truth, plan, outcome, choices)
        if lowered == choices:
            plan = _completed(truth, plan, outcome)
            return Settled(plan=plan, rounds=number, unsettled=told)
        choices = lowered
    raise ConsolidateError(
        f"No wording held in {ROUNDS} rounds.",
        problems=told,
        hint="This is a bug: please report the history that shows it.",
    )


def _planned(truth: Truth, config: Config, choices: Choices) -> Plan:
    units = [*compose.compose(truth, choices), *rowwords.word(truth, choices)]
    if WHOLE not in choices.as_was:
        units += roles.word(truth)
    return arrange(truth, units, config)


# -- one trial --------------------------------------------------------------------------------


def try_out(truth: Truth, plan: Plan, server: Server) -> Outcome:
    """Applies the plan's steps, each under a savepoint, and reads what came of it."""
    failed: dict[ObjectId, str] = {}
    with platform(server, truth.prelude) as (_, connection):
        marks = _apply(connection, plan, failed)
        execute(connection, "DISCARD ALL")
        execute(connection, "SELECT lo_unlink(oid) FROM pg_largeobject_metadata")
        first = facts.read(connection)
        owners = _owner_changes(truth, first)
        for change in owners:
            for statement in change.forward:
                execute(connection, statement)
        steps = [step.unit.object for step in plan.steps]
        windows = Windows(steps, marks)
        made = {
            ObjectId(kind, identity): unit
            for _, oid, kind, identity, _ in catalog_objects(connection)
            if (unit := windows.find(oid)) is not None
        }
        return Outcome(
            failed=failed,
            facts=facts.read(connection) if owners else first,
            rows=rows.read(connection),
            again=_again(truth, plan, failed, server),
            depend=depend.dependencies(connection),
            made=made,
            owners=owners,
        )


def _apply(connection: psycopg.Connection, plan: Plan, failed: dict[ObjectId, str]) -> list[int]:
    """Applies every file in one transaction; returns an OID drawn before each step."""
    import psycopg  # noqa: PLC0415

    marks = []
    for file in plan.files:
        execute(connection, "DISCARD ALL")
        execute(connection, "BEGIN")
        for step in file.steps:
            row = connection.execute("SELECT pg_catalog.lo_create(0)::bigint").fetchone()
            marks.append(row[0] if row else 0)
            execute(connection, "SAVEPOINT consolidate_step")
            try:
                execute(connection, step.sql)
                execute(connection, "RELEASE SAVEPOINT consolidate_step")
            except psycopg.Error as error:
                failed[step.unit.object] = _said(error)
                execute(connection, "ROLLBACK TO SAVEPOINT consolidate_step")
        try:
            execute(connection, "COMMIT")
        except psycopg.Error as error:
            rows_here = [s.unit.object for s in file.steps if s.unit.type == "ROWS"]
            failed.update(dict.fromkeys(rows_here, _said(error)))
    return marks


def _said(error: psycopg.Error) -> str:
    return (error.diag.message_primary or str(error)).strip()


def _again(truth: Truth, plan: Plan, failed: Mapping[ObjectId, str], server: Server) -> Rows:
    """The rows of a second build in other circumstances: what differs is volatile."""
    with platform(server, truth.prelude, perturbed=True) as (_, connection):
        kept = replace(
            plan,
            files=tuple(
                replace(
                    file,
                    steps=tuple(s for s in file.steps if s.unit.object not in failed),
                )
                for file in plan.files
            ),
        )
        _apply(connection, kept, {})
        execute(connection, "DISCARD ALL")
        return rows.read(connection)


def _owner_changes(truth: Truth, built: Snapshot) -> tuple[rights.RightsChange, ...]:
    return tuple(
        change
        for difference in compare.compare(truth.final.facts, built)
        if (change := rights.owner_change(difference)) is not None
    )


# -- judging it -------------------------------------------------------------------------------


def _judged(
    truth: Truth, plan: Plan, outcome: Outcome, choices: Choices
) -> tuple[tuple[str, ...], Choices]:
    """What failed or differs, and the choices with the culprits sent down a rung.

    A unit that only misses another one is not blamed, and rows are looked at when the rest is
    settled: their differences may be consequences.
    """
    judge = _Judge(truth, plan, outcome, choices)
    told = [f"{name}: {why}" for name, why in sorted(outcome.failed.items())]
    for name in outcome.failed:
        judge.blame(name, name)
    for difference in compare.compare(truth.final.facts, outcome.facts):
        if not _is_worded_apart(difference):
            told.append(str(difference))
            judge.blame(judge.home(difference.object), difference.object)
    settled = judge.choices != choices
    marked = rows.mark(outcome.rows, outcome.again)
    for difference in rows.compare(truth.marked, marked):
        if difference.object.kind != "sequence":
            told.append(str(difference))
            if not settled:
                judge.blame_rows(difference.object)
    return tuple(told), judge.choices


class _Judge:
    """Sends the culprits of one trial down the ladder, each at most one rung a round."""

    def __init__(self, truth: Truth, plan: Plan, outcome: Outcome, choices: Choices) -> None:
        self._truth = truth
        self._outcome = outcome
        self._before = choices
        self._units = {step.unit.object: step.unit for step in plan.steps}
        self._homes = {m: step.unit.object for step in plan.steps for m in step.members}
        self._done: set[ObjectId] = set()
        self._tainted = self._tainted_units()
        self.choices = choices

    def blame(self, name: ObjectId | None, culprit: ObjectId) -> None:
        """Lowers a unit because of an object of its, unless another unit's failure explains it."""
        unit = self._units.get(name) if name else None
        if unit is None or unit.object in self._tainted:
            return
        if unit.object in self._outcome.failed and culprit != unit.object:
            return
        if unit.type == "ROWS":
            self.blame_rows(unit.family, failed=True)
        elif unit.rung is Rung.AS_WAS:
            self._as_was(WHOLE)
        elif unit.rung is Rung.VERBATIM:
            self._level(unit.object, 1)
        elif culprit.kind == "table constraint" and self._before.level(culprit) == 0:
            self._level(culprit, 1)
        elif unit.type in {"FUNCTION", "PROCEDURE"} and self._before.level(unit.object) < _LOOSE:
            self._level(unit.object, _LOOSE)
        else:
            self._as_was(unit.family if unit.type != "ROLE" else WHOLE)

    def blame_rows(self, table: ObjectId, *, failed: bool = False) -> None:
        """Lowers the rows of a table, or those that a materialized view shows."""
        if table.kind == "materialized view":
            for source in rowwords.sources_of(self._truth, table):
                self._as_was(source.name)
            return
        component = rowwords.component_of(self._truth, table)
        if component is None or component.name in self._done:
            return
        self._done.add(component.name)
        self.choices = rowwords.lower(self._truth, component, self.choices, failed=failed)

    def _level(self, name: ObjectId, level: int) -> None:
        self.choices = replace(self.choices, levels={**self.choices.levels, name: level})

    def _as_was(self, name: ObjectId) -> None:
        self.choices = replace(self.choices, as_was=self.choices.as_was | {name})

    def _tainted_units(self) -> frozenset[ObjectId]:
        """Units that need a failed one, directly or through others."""
        needed: dict[ObjectId, set[ObjectId]] = defaultdict(set)
        for unit in self._units.values():
            targets = set(unit.needs)
            for member in unit.members:
                targets |= self._truth.depend.needs.get(member, frozenset())
            needed[unit.object] = {
                home for target in targets if (home := self.home(target)) and home != unit.object
            }
        tainted: set[ObjectId] = set()
        while True:
            bad = tainted | set(self._outcome.failed)
            more = {name for name, needs in needed.items() if needs & bad}
            if more <= tainted:
                return frozenset(tainted)
            tainted |= more

    def home(self, wanted: ObjectId) -> ObjectId | None:
        """The unit that an object of either database belongs to."""
        return _home(wanted, self._homes, self._truth, self._outcome)


_LOOSE = 2
"""The level on which a function's body is not checked."""


def _home(
    wanted: ObjectId, homes: Mapping[ObjectId, ObjectId], truth: Truth, outcome: Outcome
) -> ObjectId | None:
    """The unit that an object of either database belongs to."""
    if wanted.kind.endswith(" column"):
        kind = wanted.kind.removesuffix(" column")
        whole = "type" if kind == "composite type" else kind
        wanted = ObjectId(whole, wanted.identity.rpartition(".")[0])
    for known in (truth.depend, outcome.depend):
        current: ObjectId | None = wanted
        while current is not None:
            if current in homes:
                return homes[current]
            current = known.parent.get(current)
    return outcome.made.get(wanted)


def _is_worded_apart(difference: Difference) -> bool:
    """Rights, owners and default privileges are worded from what differs in the end."""
    return (
        difference.attribute.startswith("grant ")
        or difference.attribute == "owner"
        or difference.object.kind == "default acl"
    )


# -- rights, owners, sequences ----------------------------------------------------------------


def _completed(truth: Truth, plan: Plan, outcome: Outcome) -> Plan:
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
