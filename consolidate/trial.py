"""Finds wordings that hold: builds the output on trial and sends down what does not.

A trial applies every step under a savepoint, so that one round finds all failures. It settles
what to write; it proves nothing. The proof is made of the rendered files alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from consolidate.arrange import CycleFound, arrange
from consolidate.catalog import compare, depend, facts, rows
from consolidate.completion import completed
from consolidate.judge import judged
from consolidate.model import ObjectId
from consolidate.outcome import Outcome
from consolidate.replay import execute
from consolidate.trace import Windows, catalog_objects
from consolidate.truth import platform
from consolidate.wording import compose, onplatform, rights, roles
from consolidate.wording.aswas import WHOLE
from consolidate.wording.material import Material, gather
from consolidate.wording.units import Choices, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import psycopg

    from consolidate.catalog.rows import Rows
    from consolidate.config import Config
    from consolidate.model import Snapshot
    from consolidate.plan import Plan
    from consolidate.servers.interface import Server
    from consolidate.truth import Truth

ROUNDS = 16
"""How often wording may step down before the whole history is written as it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The plan that held in the last round."""

    plan: Plan
    rounds: int
    unsettled: tuple[str, ...]
    """What still differed or failed, a line each; empty when the plan held."""


def settle(truth: Truth, config: Config, server: Server) -> Settled:
    """Words, arranges and tries until nothing differs or nothing more can be changed.

    When the rounds run out, the whole history stands as it was: long, but never wrong.
    """
    material = gather(truth)
    choices = Choices()
    number = 0
    while True:
        number += 1
        if number == ROUNDS:
            choices = Choices(as_was=frozenset({WHOLE}))
        try:
            plan = _planned(material, config, choices)
        except CycleFound as cycle:
            choices = _untied(material, choices, cycle.members)
            continue
        outcome = try_out(truth, plan, server)
        told, lowered = judged(material, plan, outcome, choices)
        if lowered == choices or number >= ROUNDS:
            plan = completed(truth, plan, outcome, config)
            return Settled(plan=plan, rounds=number, unsettled=told)
        choices = lowered


def _untied(material: Material, choices: Choices, cycle: Sequence[Unit]) -> Choices:
    """The choices without a cycle: its rows as values, else its components as they were."""
    lowered = choices
    for table in sorted({unit.family for unit in cycle if unit.type == "ROWS"}):
        component = material.rows.groups.of(table)
        if component is not None:
            lowered = material.rows.as_values(component, lowered)
    if lowered == choices:
        families = frozenset(unit.family for unit in cycle)
        lowered = replace(choices, as_was=choices.as_was | families)
    return lowered if lowered != choices else Choices(as_was=frozenset({WHOLE}))


def _planned(material: Material, config: Config, choices: Choices) -> Plan:
    truth = material.truth
    composed = compose.compose(material, choices)
    units = [*composed.units, *material.rows.word(choices, composed.filled)]
    if WHOLE not in choices.as_was:
        units += [*roles.word(truth), *onplatform.word(truth, choices)]
    return arrange(truth, units, config)


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
            row = connection.execute(_NEXT_STEP).fetchone()
            marks.append(row[0] if row else 0)
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


_NEXT_STEP = "SELECT pg_catalog.lo_create(0)::bigint; SAVEPOINT consolidate_step"
"""Both in one message; the first result is the OID."""


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
        if truth.depend.family(difference.object) == difference.object  # the rest goes along
        and (change := rights.owner_change(difference)) is not None
    )
