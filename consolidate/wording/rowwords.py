"""Words the rows: the authors' own statements where they still give the same rows, else values.

Tables whose rows were written by the same statements form a *component* and step down the
ladder together: the authors' statements, with the triggers firing as they did; the authors'
statements before any trigger exists, and what triggers had written as values; all as values.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import networkx as nx
from pglast import ast

from consolidate.model import ObjectId, Statement, StatementId
from consolidate.wording import aswas, values
from consolidate.wording.entries import Piece, pieces
from consolidate.wording.trees import parsed
from consolidate.wording.units import Choices, Rung, Unit
from consolidate.wording.verbatim import own_words, plain_session

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from consolidate.catalog.rows import ForeignKey, MarkedRow, MarkedTable
    from consolidate.truth import Truth

_PURE = {"InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "SelectStmt", "TruncateStmt"}
"""Statements that can be copied for their rows."""

_INSERT, _DELETE, _UPDATE, _TRUNCATE = 4, 8, 16, 32
_ANY_EVENT = _INSERT | _DELETE | _UPDATE | _TRUNCATE
_EVENTS = {
    "InsertStmt": _INSERT | _UPDATE,  # ON CONFLICT DO UPDATE
    "UpdateStmt": _UPDATE,
    "DeleteStmt": _DELETE,
    "TruncateStmt": _TRUNCATE,
}

AUTHORS, QUIET, VALUES = 0, 1, 2
"""The rungs of the rows' ladder, as levels of `component`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """Tables whose rows were written together, and the statements that wrote them."""

    name: ObjectId
    """Stands for the component in the choices."""
    tables: frozenset[ObjectId]
    statements: tuple[StatementId, ...]


def components(truth: Truth) -> tuple[Component, ...]:
    """The components that have rows beyond the platform's at the end of the history."""
    graph: nx.Graph[ObjectId] = nx.Graph()
    for written in truth.trace.rows.values():
        tables = [table for table in written if table.kind == "table"]
        graph.add_nodes_from(tables)
        graph.add_edges_from((tables[0], other) for other in tables[1:])
    graph.add_nodes_from(t.table.object for t in with_rows(truth))
    order = list(truth.statements)
    found = []
    filled = {table.table.object for table in with_rows(truth)}
    for members in nx.connected_components(graph):
        if members & filled:
            statements = [s for s in order if set(truth.trace.rows.get(s, ())) & members]
            found.append(
                Component(
                    name=ObjectId("rows", min(members).identity),
                    tables=frozenset(members),
                    statements=tuple(statements),
                )
            )
    return tuple(sorted(found, key=lambda c: c.name))


def with_rows(truth: Truth) -> tuple[MarkedTable, ...]:
    """The tables whose rows differ from the platform's."""
    before = {t.table.object: t.rows for t in truth.platform.rows.tables}
    after = {t.table.object: t.rows for t in truth.final.rows.tables}
    return tuple(
        table
        for table in truth.marked.tables
        if table.table.object.kind == "table"
        and sorted(map(repr, before.get(table.table.object, ())))
        != sorted(map(repr, after.get(table.table.object, ())))
    )


def component_of(truth: Truth, table: ObjectId) -> Component | None:
    """The component whose rows a table holds."""
    return next((c for c in components(truth) if table in c.tables), None)


def word(truth: Truth, choices: Choices) -> tuple[Unit, ...]:
    """One unit per data statement, or per table where the values are written out."""
    worder = _RowWorder(truth)
    _, _, filled = aswas.word(truth, pieces(truth), choices)
    units: list[Unit] = []
    for component in components(truth):
        if not component.tables & filled:
            units += worder.component(component, worder.level(component, choices))
    return tuple(worder.chained(units))


def lower(truth: Truth, component: Component, choices: Choices, *, failed: bool) -> Choices:
    """The choices with one component further down.

    Where a statement failed, no other order of triggers can help: the values are written out.
    """
    worder = _RowWorder(truth)
    level = worder.level(component, choices)
    if level < VALUES:
        return _at(choices, [component], VALUES if failed else level + 1)
    readers = [
        other
        for other in components(truth)
        if worder.level(other, choices) < VALUES and worder.reads_from(other, component)
    ]
    if readers:  # they saw these rows as they were then, which values can not give
        return _at(choices, readers, VALUES)
    return replace(choices, as_was=choices.as_was | {component.name})


def _at(choices: Choices, lowered: Sequence[Component], level: int) -> Choices:
    levels = {component.name: level for component in lowered}
    return replace(choices, levels={**choices.levels, **levels})


def sources_of(truth: Truth, view: ObjectId) -> tuple[Component, ...]:
    """The components whose rows a materialized view shows."""
    reads = _RowWorder(truth).reads(view)
    return tuple(c for c in components(truth) if c.tables & reads)


class _RowWorder:
    """Knows the truth's triggers, late constraints and views while rows are worded."""

    def __init__(self, truth: Truth) -> None:
        self._truth = truth
        self._statements = truth.statements
        self._order = {s: number for number, s in enumerate(self._statements)}
        ids = list(self._statements)
        self._previous = dict(zip(ids[1:], ids, strict=False))
        self._pieces: Mapping[ObjectId, Piece] = pieces(truth).all
        self._aimed = {
            t.table.object: truth.graph.rows(t.table.object) for t in truth.marked.tables
        }
        self._marked = {t.table.object: t for t in truth.marked.tables}

    def level(self, component: Component, choices: Choices) -> int:
        """The best rung that the choices and the statements allow."""
        level = choices.level(component.name)
        if level < VALUES and not all(self._can_copy(s) for s in component.statements):
            return VALUES
        return level if component.statements else VALUES

    def reads_from(self, component: Component, other: Component) -> bool:
        """Whether the statements of a component speak of another one's tables."""
        return any(self._truth.graph.speaks_of(s) & other.tables for s in component.statements)

    def _can_copy(self, identifier: StatementId) -> bool:
        return self._statements[identifier].kind in _PURE and plain_session(self._truth, identifier)

    def component(self, component: Component, level: int) -> list[Unit]:
        """The units of one component on one rung."""
        if level >= VALUES:
            return self._values(component, component.tables)
        quiet = level == QUIET
        units = [
            self._copied(self._statements[identifier], quiet=quiet)
            for identifier in component.statements
        ]
        if quiet:
            direct = {unit.family for unit in units}
            units += self._values(component, component.tables - direct)
        return units

    def _copied(self, statement: Statement, *, quiet: bool) -> Unit:
        written = self._truth.trace.rows[statement.id]
        target = self._target(statement) or min(written)
        previous = self._previous.get(statement.id)
        words = own_words(statement, self._statements[previous] if previous else None)
        ordinal = self._order[statement.id]
        tables = {target} if quiet else set(written)
        events = _EVENTS.get(statement.kind, _ANY_EVENT)
        needs, before = self._neighbours(tables, ordinal, quiet=quiet, events=events)
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

    def _neighbours(
        self, tables: Iterable[ObjectId], ordinal: int, *, quiet: bool, events: int
    ) -> tuple[set[ObjectId], set[ObjectId]]:
        """Triggers that must fire and those that must not exist yet, late constraints, views."""
        needs: set[ObjectId] = set()
        before: set[ObjectId] = set()
        touched = set(tables)
        for name, piece in self._pieces.items():
            table = self._truth.depend.family(name)
            made = self._made(name)
            if piece.type == "TRIGGER" and table in touched and _events(piece) & events:
                (before if quiet or made > ordinal else needs).add(name)
            elif (
                piece.type in {"CHECK CONSTRAINT", "FK CONSTRAINT"}
                and table in touched
                and (quiet or made > ordinal)
                and "NOT VALID" in piece.sql
            ):
                before.add(name)
            elif piece.type == "MATERIALIZED VIEW" and self.reads(name) & touched:
                (before if self._refreshed(name) > ordinal else needs).add(name)
        return needs, before

    def _made(self, name: ObjectId) -> int:
        creator = self._truth.trace.created.get(name)
        return self._order[creator] if creator else -1

    def reads(self, view: ObjectId) -> set[ObjectId]:
        """The tables that a materialized view reads, through other views too."""
        found: set[ObjectId] = set()
        pending = [view]
        while pending:
            current = pending.pop()
            rule = ObjectId("rule", f'"_RETURN" on {current.identity}')
            for needed in self._truth.depend.needs.get(rule, ()):
                if needed not in found and needed != view:
                    found.add(needed)
                    pending.append(needed)
        return found

    def _refreshed(self, view: ObjectId) -> int:
        """When the view was last filled."""
        filled = [self._made(view)]
        for identifier, statement in self._statements.items():
            refresh = isinstance(statement.tree, ast.RefreshMatViewStmt)
            if refresh and view in self._truth.graph.speaks_of(identifier):
                filled.append(self._order[identifier])
        return max(filled)

    def _values(self, component: Component, tables: Iterable[ObjectId]) -> list[Unit]:
        filled = {table.table.object for table in with_rows(self._truth)}
        units = []
        for table in sorted(set(tables) & filled):
            ordinal = self._last_write(table)
            needs, before = self._neighbours([table], ordinal, quiet=True, events=_INSERT)
            name = ObjectId("rows", table.identity)
            written = values.insert(self._marked[table], self._truth.marked)
            units.append(
                Unit(
                    object=name,
                    type="ROWS",
                    sql=written.sql,
                    rung=Rung.SERVER,
                    ordinal=ordinal,
                    sources=tuple(
                        s for s in component.statements if table in self._truth.trace.rows[s]
                    ),
                    members=frozenset({name}),
                    needs=frozenset(needs | {table} | written.looks_at),
                    before=frozenset(before),
                    family=table,
                )
            )
        return units

    def _last_write(self, table: ObjectId) -> int:
        return max(
            (self._order[s] for s, written in self._truth.trace.rows.items() if table in written),
            default=len(self._order),
        )

    def chained(self, units: Sequence[Unit]) -> list[Unit]:
        """The units in legacy order wherever one reads or writes what another writes."""
        ordered = sorted(units, key=lambda unit: (unit.ordinal, str(unit.object)))
        chained = []
        for unit in ordered:
            first = {other.object for other in ordered if self._precedes(other, unit)}
            chained.append(replace(unit, needs=unit.needs | first))
        return chained

    def _precedes(self, other: Unit, unit: Unit) -> bool:
        """Whether rows must be there before others: the rows a key points at, above all."""
        if other.object == unit.object:
            return False
        down = other.family in self._before(unit)
        up = unit.family in self._before(other)
        if down != up and Rung.SERVER in {unit.rung, other.rung}:
            return down
        if (other.ordinal, str(other.object)) > (unit.ordinal, str(unit.object)):
            return False
        return (
            other.family == unit.family
            or down
            or up
            or other.family in unit.needs
            or unit.family in other.needs
        )

    def _before(self, unit: Unit) -> frozenset[ObjectId]:
        """The tables whose rows must be there: a key points there, or values are looked up."""
        looked_up = unit.needs if unit.rung is Rung.SERVER else frozenset()
        return self._parents(unit.family) | (looked_up - {unit.family})

    def _parents(self, table: ObjectId) -> frozenset[ObjectId]:
        """The tables that rows of a table point at."""
        marked = self._marked.get(table)
        if marked is None:
            return frozenset()
        return frozenset(
            ObjectId("table", key.references)
            for key in marked.table.foreign_keys
            if key.references != table.identity and self._points(marked, key)
        )

    def _points(self, marked: MarkedTable, key: ForeignKey) -> bool:
        """Whether some row points at a row that is there; a NOT VALID key may dangle."""
        target = self._marked.get(ObjectId("table", key.references))
        if target is None:
            return False
        held = {_told(target, row, key.referenced_columns) for row in target.rows}
        return any(_told(marked, row, key.columns) in held for row in marked.rows)


def _told(marked: MarkedTable, row: MarkedRow, columns: Sequence[str]) -> tuple[str | None, ...]:
    """Some cells of a row as the clean replay held them."""
    cells = dict(zip((c.name for c in marked.table.columns), row, strict=True))
    return tuple(
        cell if (cell := cells[name]) is None or isinstance(cell, str) else cell.name
        for name in columns
    )


def _events(piece: Piece) -> int:
    """The events of a trigger, as `pg_trigger.tgtype` numbers them."""
    tree = parsed(piece.statements[0])
    return int(tree.events or 0) if isinstance(tree, ast.CreateTrigStmt) else 0
