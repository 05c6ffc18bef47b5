"""Which tables' rows were written together, and which rows point at which."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import networkx as nx

from consolidate.catalog import rows
from consolidate.model import ObjectId, StatementId
from consolidate.wording.rowkinds import empties

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from consolidate.catalog.rows import ForeignKey, MarkedTable
    from consolidate.truth import Truth

_AT_ONCE = 10_000
"""Rows that are looked for together: nearly always the first ones find what they point at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """Tables whose rows were written together, and the statements that wrote them."""

    name: ObjectId
    """Stands for the component in the choices."""
    tables: frozenset[ObjectId]
    statements: tuple[StatementId, ...]


class RowGroups:
    """The truth's rows beyond the platform's, grouped by the statements that wrote them."""

    def __init__(self, truth: Truth) -> None:
        self._truth = truth
        self.marked: Mapping[ObjectId, MarkedTable] = {
            t.table.object: t for t in truth.marked.tables
        }
        self._truncated: dict[ObjectId, int] = {}
        self._readers: dict[ObjectId, Sequence[StatementId]] = {}
        self._parents: dict[ObjectId, frozenset[ObjectId]] = {}

    @cached_property
    def filled(self) -> frozenset[ObjectId]:
        """The tables whose rows differ from the platform's."""
        before = {t.table.object: t.rows for t in self._truth.platform.rows.tables}
        return frozenset(
            held.table.object
            for held in self._truth.final.rows.tables
            if held.table.object.kind == "table"
            and not rows.are_the_same(before.get(held.table.object, ()), held.rows)
        )

    @cached_property
    def components(self) -> tuple[Component, ...]:
        """The components that have rows at the end of the history."""
        graph: nx.Graph[ObjectId] = nx.Graph()
        graph.add_nodes_from(self.filled)
        writers: dict[ObjectId, list[StatementId]] = defaultdict(list)
        for statement, written in self._truth.trace.rows.items():
            tables = [table for table in written if table.kind == "table"]
            if tables and all(self._is_emptied(table, statement) for table in tables):
                continue
            for table in tables:
                graph.add_edge(tables[0], table)
                writers[table].append(statement)
        found = []
        for members in nx.connected_components(graph):
            if members & self.filled:
                statements = {s for table in members for s in writers[table]}
                found.append(
                    Component(
                        name=ObjectId("rows", min(members).identity),
                        tables=frozenset(members),
                        statements=tuple(sorted(statements, key=self._truth.order.__getitem__)),
                    )
                )
        return tuple(sorted(found, key=lambda component: component.name))

    def _is_emptied(self, table: ObjectId, statement: StatementId) -> bool:
        """Whether a TRUNCATE took all that a statement wrote to a table, and nobody had looked.

        The trace does not count what a TRUNCATE takes.
        """
        here, last = self._truth.order[statement], self._last_truncated(table)
        if last < here:
            return False
        return not any(here < self._truth.order[s] < last for s in self.readers(table))

    def readers(self, table: ObjectId) -> Sequence[StatementId]:
        """The statements that speak of a table and write others, in legacy order."""
        if table not in self._readers:
            graph, order = self._truth.graph, self._truth.order
            found = (
                s
                for s, written in self._truth.trace.rows.items()
                if written.keys() - {table}
                and table in graph.speaks_of(s) | graph.statement_mentions(s)
            )
            self._readers[table] = sorted(found, key=order.__getitem__)
        return self._readers[table]

    def _last_truncated(self, table: ObjectId) -> int:
        """The place of the last TRUNCATE of a table in the history; -1 if there is none."""
        if table not in self._truncated:
            statements = self._truth.statements
            aimed = (s for s in self._truth.graph.rows(table) if s in statements)
            places = (self._truth.order[s] for s in aimed if empties(statements[s]))
            self._truncated[table] = max(places, default=-1)
        return self._truncated[table]

    def of(self, table: ObjectId) -> Component | None:
        """The component whose rows a table holds."""
        return self._by_table.get(table)

    @cached_property
    def _by_table(self) -> Mapping[ObjectId, Component]:
        return {table: c for c in self.components for table in c.tables}

    def parents(self, table: ObjectId) -> frozenset[ObjectId]:
        """The other tables that rows of a table point at."""
        if table not in self._parents:
            marked = self.marked.get(table)
            self._parents[table] = frozenset(
                ObjectId("table", key.references)
                for key in (marked.table.foreign_keys if marked else ())
                if marked and key.references != table.identity and self._points(marked, key)
            )
        return self._parents[table]

    def _points(self, marked: MarkedTable, key: ForeignKey) -> bool:
        """Whether some row points at a row that is there; a NOT VALID key may dangle."""
        target = self.marked.get(ObjectId("table", key.references))
        if target is None:
            return False
        pointing = _keys(marked, key.columns)
        while some := set(itertools.islice(pointing, _AT_ONCE)):
            if any(held in some for held in _keys(target, key.referenced_columns)):
                return True
        return False


def _keys(marked: MarkedTable, columns: Sequence[str]) -> Iterator[tuple[str | None, ...]]:
    """Some cells of each row as the clean replay held them."""
    positions = {column.name: place for place, column in enumerate(marked.table.columns)}
    places = [positions[name] for name in columns]
    for row in marked.rows:
        yield tuple(
            cell if (cell := row[place]) is None or isinstance(cell, str) else cell.name
            for place in places
        )
