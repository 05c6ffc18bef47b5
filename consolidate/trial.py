"""Finds wordings that hold: builds the output on trial and sends down what does not.

A trial applies every step under a savepoint, so that one round finds all failures. It settles
what to write; it proves nothing. The proof is made of the rendered files alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from consolidate import chance, findings
from consolidate.arrange import arrange
from consolidate.catalog import compare, depend, facts, rows
from consolidate.circles import CirclesFound
from consolidate.completion import completed
from consolidate.empty_database import platform
from consolidate.judge import judged, whole_of
from consolidate.lines import alongside
from consolidate.model import Finding, ObjectId, Severity
from consolidate.outcome import Outcome
from consolidate.phrases import clipped, listed, one_line
from consolidate.placement import PartsFound
from consolidate.reloading import reloadable
from consolidate.replay import execute
from consolidate.trace import Windows, catalog_objects
from consolidate.wording import compose, onplatform, owners, platformnames, roles
from consolidate.wording.material import Material, gather
from consolidate.wording.units import Choices, Unit
from consolidate.wording.whole import MIGRATION, WHOLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import psycopg

    from consolidate.catalog.rows import Rows
    from consolidate.circles import Circle
    from consolidate.config import Config
    from consolidate.lines import Lines
    from consolidate.model import Difference, Snapshot
    from consolidate.plan import Plan, PlannedFile, Step
    from consolidate.servers.interface import Server
    from consolidate.truth import Truth
    from consolidate.wording import rights

ROUNDS = 16
"""How often wording may step down before the whole history is written as it was."""

_AS_IT_WAS = Choices(as_was=frozenset({WHOLE}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The plan that held in the last round."""

    plan: Plan
    rounds: int
    unsettled: tuple[str, ...]
    """What still differed or failed, a line each; empty when the plan held."""


def settle(truth: Truth, config: Config, server: Server) -> Settled:
    """Words, arranges and tries until nothing differs or nothing more can be changed.

    When the rounds run out, or no wording is left, the whole history stands as it was: long, but
    never wrong. Where even that does not hold, the plan that came nearest is better than that.
    """
    material = gather(truth)
    choices = Choices()
    number = 0
    before: _Round | None = None
    why: tuple[str, ...] = ()
    while True:
        number += 1
        if number == ROUNDS:
            choices = _AS_IT_WAS
        plan, choices, circle = _planned(material, config, choices)
        why = why or circle
        outcome = try_out(truth, plan, server)
        told, lowered = judged(material, plan, outcome, choices)
        if told and choices != _AS_IT_WAS:
            here = _Round(plan, outcome, told, number)
            before = min(before or here, here, key=lambda tried: len(tried.told))
            stuck = lowered == choices or WHOLE in lowered.as_was
            choices = _AS_IT_WAS if stuck else lowered
            continue
        last = before if told and before else _Round(plan, outcome, told, number)
        plan = completed(truth, last.plan, last.outcome, config)
        if choices == _AS_IT_WAS and last is not before:
            plan = replace(
                plan,
                inverse=_inverse(material, config),
                findings=(
                    _nothing_consolidated(why or (before.told if before else ())),
                    *plan.findings,
                ),
            )
        if not last.told:
            plan = reloadable(truth, plan, config, server)
        return Settled(plan=plan, rounds=last.number, unsettled=last.told)


def _nothing_consolidated(why: Sequence[str]) -> Finding:
    told = listed([clipped(one_line(line), _WIDTH) for line in why], _SHOWN)
    return Finding(
        code=findings.WHOLE_HISTORY,
        severity=Severity.WARNING,
        message="the whole history stands as it was: no shorter wording gave the same database; "
        f"what still differed: {told}",
    )


_SHOWN = 3
"""Differences that a finding names."""
_WIDTH = 160
"""Characters of each."""


@dataclass(frozen=True, slots=True)
class _Round:
    """A plan with what its trial saw."""

    plan: Plan
    outcome: Outcome
    told: tuple[str, ...]
    number: int


def _inverse(material: Material, config: Config) -> tuple[Step, ...]:
    """The steps that would build what the history builds, if all their wordings held.

    They need not hold to be taken back: that depends only on what is there in the end. What the
    history changed on the platform's objects is all worded, as if none of it had been done yet.
    """
    truth = material.truth
    before, after = truth.platform, truth.final
    brought = {fact.object for fact in before.facts.facts}
    changed = {whole_of(d.object) for d in compare.compare(after.facts, before.facts)}
    changed |= {truth.depend.family(name) for name in changed}
    choices = Choices(on_platform=frozenset(changed & brought))
    plan, choices, _ = _planned(material, config, choices, with_rows=False)
    if choices == _AS_IT_WAS:
        return ()
    outcome = Outcome(
        failed={},
        facts=owners.handed_over(before.facts, _other_owners(truth, before.facts)),
        rows=before.rows,
        again=before.rows,
        depend=truth.depend,
        made={},
        owners=_owner_changes(truth, before.facts),
    )
    return completed(truth, plan, outcome, config).steps


def _planned(
    material: Material, config: Config, choices: Choices, *, with_rows: bool = True
) -> tuple[Plan, Choices, tuple[str, ...]]:
    """The plan, the choices after all that arranging asks for, and what could not be untied."""
    untied: tuple[str, ...] = ()
    while True:
        try:
            units = _worded(material, choices, with_rows=with_rows)
            plan = arrange(material.truth, units, config, given_up=choices.apart.keys())
        except PartsFound as found:
            choices = replace(choices, apart={**choices.apart, **found.parts})
        except CirclesFound as found:
            choices = _untied(material, choices, found.circles)
            if choices == _AS_IT_WAS:
                untied = tuple(circle.told for circle in found.circles)
        else:
            return plan, choices, untied


def _untied(material: Material, choices: Choices, found: Sequence[Circle]) -> Choices:
    """The choices without some circles, each opened where that costs least.

    A part of a table stands apart, or a body is not checked; else rows are written as values, or
    all of the circle stands as the history made it.
    """
    lowered = choices
    for circle in found:
        if circle.parts:
            parts = dict.fromkeys(circle.parts, circle.why)
            lowered = replace(lowered, apart={**lowered.apart, **parts})
            continue
        if circle.is_textual:
            routine = circle.units[0].object
            lowered = replace(lowered, unchecked={**lowered.unchecked, routine: circle.why})
            continue
        before = lowered
        for table in sorted({unit.family for unit in circle.units if unit.type == "ROWS"}):
            component = material.rows.groups.of(table)
            if component is not None:
                lowered = material.rows.as_values(component, lowered, circle.told)
        if lowered == before:
            knot = frozenset(unit.family for unit in circle.units)
            if knot in choices.knots:
                return _AS_IT_WAS
            lowered = replace(lowered, knots={**lowered.knots, knot: circle.told})
    return lowered if lowered != choices else _AS_IT_WAS


def _worded(material: Material, choices: Choices, *, with_rows: bool) -> list[Unit]:
    truth = material.truth
    composed = compose.compose(material, choices)
    units = [*composed.units]
    if with_rows:
        units += material.rows.word(choices, composed.filled)
    if choices != _AS_IT_WAS:
        units += [*platformnames.word(truth), *roles.word(truth), *onplatform.word(truth, choices)]
    return units


def try_out(truth: Truth, plan: Plan, server: Server) -> Outcome:
    """Applies the plan's steps, each under a savepoint, and reads what came of it."""
    failed: dict[ObjectId, str] = {}
    with platform(server, truth.prelude) as (_, connection):
        is_ours = _draws(connection, plan)
        marks = _apply(connection, plan.files, failed, is_ours=is_ours)
        execute(connection, "DISCARD ALL")
        connection.execute(
            "SELECT lo_unlink(oid) FROM pg_largeobject_metadata WHERE oid = ANY (%s::bigint[])",
            (marks,),
        )
        with alongside(
            lambda lines: _again(truth, plan, failed, server, lines), really=server.side_by_side
        ) as again:
            outcome = _outcome(connection, truth, plan, failed, marks)
            if server.side_by_side:
                return replace(outcome, again=again())
    return replace(outcome, again=_again(truth, plan, failed, server, None))


def _outcome(
    connection: psycopg.Connection,
    truth: Truth,
    plan: Plan,
    failed: Mapping[ObjectId, str],
    marks: list[int],
) -> Outcome:
    """What came of the steps, as far as this one build tells."""
    first = facts.read(connection)
    handed = _owner_changes(truth, first)
    for change in handed:
        for statement in change.forward:
            execute(connection, statement)
    windows = Windows([step.unit.object for step in plan.steps], marks)
    made = {
        ObjectId(kind, identity): unit
        for _, oid, kind, identity, _ in catalog_objects(connection)
        if (unit := windows.find(oid)) is not None
    }
    filled = rows.read(connection)
    return Outcome(
        failed=failed,
        facts=facts.read(connection) if handed else first,
        rows=filled,
        again=filled,
        depend=depend.dependencies(connection),
        made=made,
        owners=handed,
    )


def _apply(
    connection: psycopg.Connection,
    planned: Sequence[PlannedFile],
    failed: dict[ObjectId, str],
    *,
    is_ours: bool,
) -> list[int]:
    """Applies every file in one transaction; returns an OID drawn before each step.

    The whole history as it was has no savepoints: PostgreSQL refuses a new value of an enum that
    another subtransaction made.
    """
    import psycopg  # noqa: PLC0415

    marks = []
    for file in planned:
        execute(connection, "DISCARD ALL")
        if is_ours:
            chance.seed(connection, str(file.slot))
        alone = any(step.unit.object.kind == MIGRATION for step in file.steps)
        execute(connection, "BEGIN" if alone else "BEGIN; SAVEPOINT consolidate_step")
        for step in file.steps:
            marks.append(_next_mark(connection, "" if alone else _NEXT_STEP))
            try:
                execute(connection, step.sql)
            except psycopg.Error as error:
                failed[step.unit.object] = _said(error)
                if alone:
                    break
                execute(connection, "ROLLBACK TO SAVEPOINT consolidate_step")
        try:
            execute(connection, "COMMIT")
        except psycopg.Error as error:
            rows_here = [s.unit.object for s in file.steps if s.unit.type == "ROWS"]
            failed.update(dict.fromkeys(rows_here, _said(error)))
    return marks


_NEXT_STEP = "RELEASE SAVEPOINT consolidate_step; SAVEPOINT consolidate_step"


def _next_mark(connection: psycopg.Connection, before: str) -> int:
    """An OID that no object has, drawn after some other command, both in one message."""
    cursor = connection.execute(f"{before}; SELECT pg_catalog.lo_create(0)::bigint".encode())
    while cursor.nextset():
        pass
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def _said(error: psycopg.Error) -> str:
    return (error.diag.message_primary or str(error)).strip()


def _again(
    truth: Truth,
    plan: Plan,
    failed: Mapping[ObjectId, str],
    server: Server,
    lines: Lines | None,
) -> Rows:
    """The rows of a second build in other circumstances: what differs is volatile."""
    with platform(server, truth.prelude, perturbed=True, lines=lines) as (_, connection):
        if is_ours := _draws(connection, plan):
            chance.otherwise(connection)
        for file in plan.files:
            kept = tuple(step for step in file.steps if step.unit.object not in failed)
            _apply_whole(connection, replace(file, steps=kept), is_ours=is_ours)
        execute(connection, "DISCARD ALL")
        return rows.read(connection)


def _draws(connection: psycopg.Connection, plan: Plan) -> bool:
    """Whether we say what the plan's steps draw."""
    return chance.is_ours(connection, (step.sql for file in plan.files for step in file.steps))


def _apply_whole(connection: psycopg.Connection, file: PlannedFile, *, is_ours: bool) -> None:
    """Applies a file as one text; where the server refuses that, what it takes of it."""
    import psycopg  # noqa: PLC0415

    execute(connection, "DISCARD ALL")
    if is_ours:
        chance.seed(connection, str(file.slot))
    try:
        execute(connection, "\n;\n".join(step.sql for step in file.steps))
    except psycopg.Error:
        _apply(connection, [file], {}, is_ours=is_ours)


def _owner_changes(truth: Truth, built: Snapshot) -> tuple[rights.RightsChange, ...]:
    found = (owners.owner_change(one, built) for one in _other_owners(truth, built))
    return tuple(change for change in found if change is not None)


def _other_owners(truth: Truth, built: Snapshot) -> list[Difference]:
    """The objects that have another owner in the end; what belongs to them goes along."""
    return [
        difference
        for difference in compare.compare(truth.final.facts, built)
        if truth.depend.family(difference.object) == difference.object
        and owners.is_another(difference)
    ]
