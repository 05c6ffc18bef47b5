"""Tells what became of each data statement of a history, and why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from consolidate.lives import Touched
from consolidate.phrases import listed
from consolidate.provenance import Provenance
from consolidate.wording.rowkinds import (
    COMMANDS,
    empties,
    follows_from_rows,
    is_about_rows,
    why_not_copied,
)
from consolidate.wording.units import Rung

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from consolidate.graph import Record
    from consolidate.model import ObjectId, Statement, StatementId
    from consolidate.plan import Plan, Step
    from consolidate.truth import Truth


class Fate(StrEnum):
    """What became of a data statement."""

    KEPT = "kept"
    """It stands in the output as its author wrote it."""
    FOLDED = "folded"
    """What it corrected stands in the rows that another statement lists."""
    VALUES = "values"
    """Its rows stand there as the server holds them."""
    AS_WAS = "as-was"
    """It stands there among all that its component did, in legacy order."""
    NO_EFFECT = "no effect"
    """On a database that is built from nothing it changes nothing."""
    GONE = "gone"
    """Nothing of what it did was left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataStatements:
    """Data statements that follow each other and of which the same became."""

    lines: str
    """`file:3`, or `file:3-9`."""
    statements: int
    command: str
    """`INSERT`, `DO`, …"""
    tables: tuple[str, ...]
    """Whose rows they changed, as far as these tables are there in the end."""
    fate: Fate
    into: tuple[str, ...]
    """The files of the output that hold what is left."""
    reason: str
    """Why it is not kept as it was; empty where it is."""
    beside: tuple[str, ...] = ()
    """The files that hold, as values, what its triggers wrote, where it is kept itself."""


def each(plan: Plan, truth: Truth) -> Mapping[StatementId, DataStatements]:
    """What became of every data statement, one by one and without its lines."""
    teller = _Teller(plan, truth)
    told = {name: teller.told(statement) for name, statement in truth.statements.items()}
    return {name: one for name, one in told.items() if one is not None}


def fates(plan: Plan, truth: Truth) -> tuple[DataStatements, ...]:
    """What became of the data statements, in legacy order."""
    return together(each(plan, truth), truth)


def together(
    fates: Mapping[StatementId, DataStatements], truth: Truth
) -> tuple[DataStatements, ...]:
    """Statements that follow each other, and of which the same became, as one."""
    provenance = Provenance.of(truth)
    found: list[tuple[DataStatements, list[StatementId]]] = []
    for identifier, told in fates.items():
        statement = truth.statements[identifier]
        before, run = found[-1] if found else (None, [])
        follows = bool(run) and truth.order[run[-1]] == truth.order[identifier] - 1
        if follows and told == before and statement.path == truth.statements[run[-1]].path:
            run.append(identifier)
        else:
            found.append((told, [identifier]))
    return tuple(
        replace(told, lines=", ".join(provenance.lines(run)), statements=len(run))
        for told, run in found
    )


_TABLES = 3
"""Tables that a reason names."""


class _Teller:
    """What is known of all statements, by statement."""

    def __init__(self, plan: Plan, truth: Truth) -> None:
        self._truth = truth
        self._steps: dict[StatementId, list[tuple[str, Step]]] = defaultdict(list)
        self._positions: dict[str, str] = {}
        for file in plan.files:
            for step in file.steps:
                for source in step.sources:
                    self._steps[source].append((file.path, step))
                if step.unit.type == "SEQUENCE SET":
                    self._positions[step.unit.family.identity] = file.path
        self._changed: dict[StatementId, list[Record]] = defaultdict(list)
        self._taken: dict[ObjectId, list[StatementId]] = defaultdict(list)
        self._read_records()

    def _read_records(self) -> None:
        """Whose rows each statement changed by its text, and what took rows away."""
        for record in self._truth.graph.records():
            for touch in record.touches:
                if touch.what is Touched.ROWS:
                    self._changed[touch.statement_id].append(record)
        for identifier, written in self._truth.trace.rows.items():
            for table, counts in written.items():
                if counts.deleted:
                    self._taken[table].append(identifier)
        for identifier, statement in self._truth.statements.items():
            if empties(statement):
                for record in self._changed[identifier]:
                    self._taken[record.last].append(identifier)

    def told(self, statement: Statement) -> DataStatements | None:
        """What became of one statement; None if it is not about rows."""
        if not self._is_about_rows(statement):
            return None
        written = self._truth.trace.rows.get(statement.id, {})
        fate, into, reason = self._fate(statement)
        valued = _paths(self._rows(statement, as_values=True)) if fate is Fate.KEPT else []
        return DataStatements(
            lines="",
            statements=1,
            command=COMMANDS.get(statement.kind, statement.kind.removesuffix("Stmt").upper()),
            tables=tuple(sorted(table.identity for table in written)),
            fate=fate,
            into=tuple(sorted({*into})),
            reason=reason,
            beside=tuple(valued),
        )

    def _is_about_rows(self, statement: Statement) -> bool:
        if follows_from_rows(statement):
            return False
        wrote = statement.id in self._truth.trace.rows
        return is_about_rows(statement) or wrote or self._moves(statement)

    def _moves(self, statement: Statement) -> bool:
        """Whether a SELECT is there to set where a sequence stands."""
        records = self._changed[statement.id]
        return statement.kind == "SelectStmt" and any(r.last.kind == "sequence" for r in records)

    def _fate(self, statement: Statement) -> tuple[Fate, Iterable[str], str]:
        own = self._rows(statement, as_values=False)
        valued = self._rows(statement, as_values=True)
        kept = [(path, step) for path, step in own if step.sources[0] == statement.id]
        as_was = [p for p, step in self._steps[statement.id] if step.rung is Rung.AS_WAS]
        if kept:
            return Fate.KEPT, _paths(kept), self._beside(kept, valued)
        if own:
            heads = sorted({self._place(step.sources[0]) for _, step in own})
            return Fate.FOLDED, _paths(own), f"into the rows of {listed(heads, _TABLES)}"
        if as_was:
            return Fate.AS_WAS, as_was, "so stands all that its component did"
        if valued:
            why = why_not_copied(self._truth, statement.id)
            because = sorted({step.unit.because for _, step in valued})
            return Fate.VALUES, _paths(valued), why or "; ".join(because)
        return self._without_a_step(statement)

    def _rows(self, statement: Statement, *, as_values: bool) -> list[tuple[str, Step]]:
        """The steps with rows that the statement is behind."""
        return [
            (path, step)
            for path, step in self._steps[statement.id]
            if step.unit.type == "ROWS" and (step.rung is Rung.SERVER) == as_values
        ]

    def _beside(self, kept: Sequence[tuple[str, Step]], valued: Sequence[tuple[str, Step]]) -> str:
        """What is otherwise about a statement that stands in the output."""
        corrections = [s for _, step in kept for s in step.sources[1:]]
        told = []
        if corrections:
            places = listed([self._place(s) for s in corrections], _TABLES)
            told.append(f"with what {places} corrected")
        elif any(step.rung is Rung.FOLDED for _, step in kept):
            told.append("with the names and values of today")
        if valued:
            why = "; ".join(sorted({step.unit.because for _, step in valued}))
            told.append(f"what followed from it stands as values: {why}")
        return "; ".join(told)

    def _without_a_step(self, statement: Statement) -> tuple[Fate, Iterable[str], str]:
        changed = self._changed[statement.id]
        sequences = [r for r in changed if r.last.kind == "sequence" and not r.ended]
        if self._moves(statement) and sequences:
            files = [f for r in sequences if (f := self._positions.get(r.last.identity))]
            if files:
                return Fate.VALUES, files, "the position is set where the sequence ends up"
            return Fate.NO_EFFECT, (), "the sequence ends up there without it"
        written = self._truth.trace.rows.get(statement.id)
        if empties(statement):
            return Fate.GONE, (), "what is there in the end was written later"
        if written:
            return Fate.GONE, (), self._superseded(statement.id, written)
        ended = [record for record in changed if record.ended]
        if written is not None or ended:
            return Fate.GONE, (), self._dropped(ended)
        return Fate.NO_EFFECT, (), "0 rows on a fresh database"

    def _superseded(self, identifier: StatementId, written: Iterable[ObjectId]) -> str:
        """Why nothing is left in tables that are there."""
        order = self._truth.order
        later = {s for t in written for s in self._taken.get(t, ()) if order[s] > order[identifier]}
        if later:
            places = [self._place(s) for s in sorted(later, key=order.__getitem__)]
            return f"its rows were removed by {listed(places, _TABLES)}"
        tables = listed([table.identity for table in sorted(written)], _TABLES)
        return f"it left no row of {tables} that is there in the end"

    def _dropped(self, ended: Sequence[Record]) -> str:
        """Why nothing is left of rows whose tables are gone."""
        drops = [
            f"{record.last} was dropped by {self._place(touch.statement_id)}"
            for record in ended
            for touch in record.touches
            if touch.what is Touched.DROPPED and touch.statement_id in self._truth.statements
        ]
        return listed(sorted(drops), _TABLES) or "the tables that it wrote did not last"

    def _place(self, identifier: StatementId) -> str:
        return self._truth.statements[identifier].place


def _paths(steps: Iterable[tuple[str, Step]]) -> list[str]:
    return sorted({path for path, _ in steps})
