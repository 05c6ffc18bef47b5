"""Words the rows: the authors' own statements where they still give the same rows, else values.

Tables whose rows were written by the same statements form a *component* and step down the
ladder together: the authors' statements, with the triggers firing as they did; the authors'
statements before any trigger exists, and what triggers had written as values; all as values.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from consolidate.model import ObjectId, Statement, StatementId
from consolidate.wording import values
from consolidate.wording.rowchain import chained
from consolidate.wording.rowgroups import Component, RowGroups
from consolidate.wording.rowneighbours import DELETE, INSERT, TRUNCATE, UPDATE, RowNeighbours
from consolidate.wording.units import Choices, Rung, Unit
from consolidate.wording.verbatim import own_words, plain_session

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from consolidate.truth import Truth
    from consolidate.wording.entries import Pieces

_PURE = {"InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "SelectStmt", "TruncateStmt"}
"""Statements that can be copied for their rows."""

_EVENTS = {
    "InsertStmt": INSERT | UPDATE,  # ON CONFLICT DO UPDATE
    "UpdateStmt": UPDATE,
    "DeleteStmt": DELETE,
    "TruncateStmt": TRUNCATE,
}
_ANY_EVENT = INSERT | DELETE | UPDATE | TRUNCATE

AUTHORS, QUIET, VALUES = 0, 1, 2
"""The rungs of the rows' ladder, as levels of a component."""


class RowWorder:
    """Words the rows of one truth, as often as the choices change."""

    def __init__(self, truth: Truth, pieces: Pieces) -> None:
        self._truth = truth
        self._statements = truth.statements
        self._order = truth.order
        self._neighbours = RowNeighbours(truth, pieces)
        self.groups = RowGroups(truth)
        self._defaults = frozenset(
            fact.object.identity
            for fact in truth.final.facts.facts
            if fact.object.kind == "table column" and fact.attribute == "default"
        )
        self._aimed = {table: frozenset(truth.graph.rows(table)) for table in self.groups.marked}

    def word(self, choices: Choices, brought: Container[ObjectId]) -> tuple[Unit, ...]:
        """One unit per data statement, or per table where the values are written out.

        Args:
            choices: How far down each component was sent.
            brought: Tables whose rows an as-was component brings.
        """
        units: list[Unit] = []
        for component in self.groups.components:
            if not any(table in brought for table in component.tables):
                units += self._component(component, self._level(component, choices))
        return chained(units, self.groups)

    def lower(self, component: Component, choices: Choices, *, failed: bool) -> Choices:
        """The choices with one component further down.

        Where a statement failed, no other order of triggers can help: the values are written out.
        """
        level = self._level(component, choices)
        if level < VALUES:
            return _at(choices, [component], VALUES if failed else level + 1)
        readers = [
            other
            for other in self.groups.components
            if self._level(other, choices) < VALUES and self._reads_from(other, component)
        ]
        if readers:  # they saw these rows as they were then, which values can not give
            return _at(choices, readers, VALUES)
        return replace(choices, as_was=choices.as_was | {component.name})

    def as_values(self, component: Component, choices: Choices) -> Choices:
        """The choices with the values of one component written out; the same if they are."""
        if self._level(component, choices) >= VALUES:
            return choices
        return _at(choices, [component], VALUES)

    def sources_of(self, view: ObjectId) -> tuple[Component, ...]:
        """The components whose rows a materialized view shows."""
        reads = self._neighbours.reads(view)
        return tuple(c for c in self.groups.components if c.tables & reads)

    def _level(self, component: Component, choices: Choices) -> int:
        """The best rung that the choices and the statements allow."""
        level = choices.level(component.name)
        if level < VALUES and not all(self._can_copy(s) for s in component.statements):
            return VALUES
        return level if component.statements else VALUES

    def _reads_from(self, component: Component, other: Component) -> bool:
        """Whether the statements of a component speak of another one's tables."""
        return any(self._truth.graph.speaks_of(s) & other.tables for s in component.statements)

    def _can_copy(self, identifier: StatementId) -> bool:
        return self._statements[identifier].kind in _PURE and plain_session(self._truth, identifier)

    def _component(self, component: Component, level: int) -> list[Unit]:
        if level >= VALUES:
            return self._values(component, component.tables)
        quiet = level == QUIET
        units = [self._copied(self._statements[s], quiet=quiet) for s in component.statements]
        if quiet:
            direct = {unit.family for unit in units}
            units += self._values(component, component.tables - direct)
        return units

    def _copied(self, statement: Statement, *, quiet: bool) -> Unit:
        written = self._truth.trace.rows[statement.id]
        target = self._target(statement) or min(written)
        words = own_words(statement, self._truth.previous.get(statement.id))
        ordinal = self._order[statement.id]
        tables = {target} if quiet else set(written)
        events = _EVENTS.get(statement.kind, _ANY_EVENT)
        needs, before = self._neighbours.of(tables, ordinal, quiet=quiet, events=events)
        name = ObjectId("rows", f"{target.identity} {statement.id}")
        return Unit(
            object=name,
            type="ROWS",
            sql=words,
            rung=Rung.VERBATIM,
            ordinal=ordinal,
            sources=(statement.id,),
            members=frozenset({name}),
            needs=frozenset(needs | tables | self._truth.graph.speaks_of(statement.id)),
            before=frozenset(before),
            family=target,
        )

    def _target(self, statement: Statement) -> ObjectId | None:
        """The table that a statement is aimed at, not those that its triggers write."""
        written = self._truth.trace.rows[statement.id]
        return next((t for t in sorted(written) if statement.id in self._aimed.get(t, ())), None)

    def _values(self, component: Component, tables: Iterable[ObjectId]) -> list[Unit]:
        units = []
        for table in sorted(set(tables) & self.groups.filled):
            writers = tuple(s for s in component.statements if table in self._truth.trace.rows[s])
            ordinal = max((self._order[s] for s in writers), default=len(self._order))
            needs, before = self._neighbours.of([table], ordinal, quiet=True, events=INSERT)
            name = ObjectId("rows", table.identity)
            written = values.insert(self.groups.marked[table], self._truth.marked, self._defaults)
            units.append(
                Unit(
                    object=name,
                    type="ROWS",
                    sql=written.sql,
                    rung=Rung.SERVER,
                    ordinal=ordinal,
                    sources=writers,
                    members=frozenset({name}),
                    needs=frozenset(needs | {table} | written.looks_at),
                    before=frozenset(before),
                    family=table,
                )
            )
        return units


def _at(choices: Choices, lowered: Sequence[Component], level: int) -> Choices:
    levels = {component.name: level for component in lowered}
    return replace(choices, levels={**choices.levels, **levels})
