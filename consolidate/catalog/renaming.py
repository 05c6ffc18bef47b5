"""Compares rows up to a renaming of their volatile keys, by colour refinement.

Two databases whose uuids (or other volatile keys) differ are the same if one consistent renaming
turns the rows of the one into the rows of the other. Rows and key values are the nodes of a
graph; a row is coloured by its table, its other cells and the colours of its key values, a value
by the rows that hold it and in which column, until no colour splits any more. Colours are
numbers handed out to both sides from one palette, so equal colours mean equal, not merely a
hash that agrees.

Its limit is that of colour refinement: graphs that are alike from the view of every single node
(one ring of six rows that are equal but for their uuids, against two rings of three) pass as
equal.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from consolidate.catalog.row_cells import is_uuid, masked
from consolidate.catalog.row_values import (
    Cell,
    Column,
    JsonLeaf,
    MarkedTable,
    Table,
    Volatile,
    VolatileJson,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

_CLOCK: Final = frozenset(
    {
        "date",
        "interval",
        "time with time zone",
        "time without time zone",
        "timestamp with time zone",
        "timestamp without time zone",
    }
)
_EVERYWHERE: Final = "uuid"

Node: TypeAlias = tuple[str, str]
"""A volatile key value: where its kind of value is unique, and the value's name."""

_Slot: TypeAlias = tuple[int, int]
"""A column's position, and the leaf's inside a json cell."""


class Domains:
    """Which columns hold keys, and which of them share their values.

    The columns of primary, unique and foreign keys, those that point at one another being of
    one domain; all uuid columns are of one domain. Times are never keys.
    """

    def __init__(self, tables: Iterable[Table]) -> None:
        self._parents: dict[str, str] = {}
        self._columns: dict[tuple[str, str], str] = {}
        for table in tables:
            for key in (table.primary_key, *table.unique_keys):
                for name in key:
                    self._find(_place(table.root, name))
            for foreign in table.foreign_keys:
                for name, target in zip(foreign.columns, foreign.referenced_columns, strict=True):
                    there = self._find(_place(foreign.references, target))
                    self._parents[self._find(_place(table.root, name))] = there

    def of(self, table: Table, column: Column) -> str:
        """The column's domain; empty if its volatile cells are not keys."""
        if column.base == "uuid":
            return _EVERYWHERE
        place = _place(table.root, column.name)
        if column.base in _CLOCK or place not in self._parents:
            return ""
        return self._find(place)

    def _find(self, place: str) -> str:
        parent = self._parents.setdefault(place, place)
        while parent != place:
            place, parent = parent, self._parents[parent]
        return place


def _place(table: str, column: str) -> str:
    return json.dumps([table, column])


@dataclass(frozen=True, slots=True)
class Side:
    """The tables of one database and the volatile key values in them."""

    tables: Sequence[MarkedTable]
    domains: Domains
    uuids: frozenset[str]
    """The names of all volatile uuid cells. Text and json that holds one of them refers to it."""

    @classmethod
    def of(cls, tables: Sequence[MarkedTable], domains: Domains) -> Side:
        """Collects the volatile uuids."""
        uuids = frozenset(
            cell.name
            for entry in tables
            for position, column in enumerate(entry.table.columns)
            if column.base == "uuid"
            for row in entry.rows
            if isinstance(cell := row[position], Volatile)
        )
        return cls(tables, domains, uuids)

    def node(self, domain: str, cell: Volatile) -> Node | None:
        """The key value that a cell of a column of that domain holds, if it holds one."""
        if domain:
            return (domain, cell.name)
        return (_EVERYWHERE, cell.name) if cell.name in self.uuids else None

    def leaf_node(self, leaf: JsonLeaf) -> Node | None:
        """The key value that a string inside a json cell spells, if it spells one."""
        name = leaf.name[1:-1]
        if leaf.kind == "string" and is_uuid(name) and name in self.uuids:
            return (_EVERYWHERE, name)
        return None


class _Palette:
    """Hands out one number per distinct key."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def __call__(self, key: Hashable) -> int:
        return self._numbers.setdefault(key, len(self._numbers))


@dataclass(frozen=True, slots=True)
class _Row:
    """A row as a node: what is fixed about it, and the key values that it holds."""

    fixed: int
    references: tuple[tuple[_Slot, Node], ...]


def colours(left: Side, right: Side) -> tuple[list[list[Hashable]], list[list[Hashable]]]:
    """Per side and table, one value for each row; equal values mean rows that correspond.

    Both sides must list the same tables in the same order, with the same columns.
    """
    palette = _Palette()
    plain = [
        _is_plain(one) and _is_plain(two)
        for one, two in zip(left.tables, right.tables, strict=True)
    ]
    graphs = [
        [
            [] if plain[number] else list(_nodes(side, number, palette))
            for number in range(len(side.tables))
        ]
        for side in (left, right)
    ]
    refined = _refined(graphs)
    results: list[list[list[Hashable]]] = []
    for side, painted in zip((left, right), refined, strict=True):
        results.append(
            [
                list(entry.rows) if plain[number] else list(painted[number])
                for number, entry in enumerate(side.tables)
            ]
        )
    return results[0], results[1]


def _is_plain(entry: MarkedTable) -> bool:
    return not any(isinstance(cell, (Volatile, VolatileJson)) for row in entry.rows for cell in row)


def _nodes(side: Side, number: int, palette: _Palette) -> Iterator[_Row]:
    entry = side.tables[number]
    domains = [side.domains.of(entry.table, c) for c in entry.table.columns]
    for row in entry.rows:
        references = tuple(
            ((position, index), node)
            for position, cell in enumerate(row)
            if not isinstance(cell, str)
            for index, node in _references(side, domains[position], cell)
        )
        yield _Row(palette((number, *map(masked, row))), references)


def _references(side: Side, domain: str, cell: Cell) -> Iterator[tuple[int, Node]]:
    if isinstance(cell, Volatile):
        if node := side.node(domain, cell):
            yield 0, node
    elif isinstance(cell, VolatileJson):
        for index, leaf in enumerate(cell.leaves):
            if node := side.leaf_node(leaf):
                yield index, node


def _refined(graphs: list[list[list[_Row]]]) -> list[list[list[int]]]:
    """The colours of all rows of both sides when they have stopped splitting."""
    values: list[dict[Node, int]] = [
        {node: 0 for table in side for row in table for _, node in row.references}
        for side in graphs
    ]
    classes = 0
    while True:
        row_palette, value_palette = _Palette(), _Palette()
        painted = [
            [
                [
                    row_palette((row.fixed, tuple((slot, value[n]) for slot, n in row.references)))
                    for row in table
                ]
                for table in side
            ]
            for side, value in zip(graphs, values, strict=True)
        ]
        values = [
            _painted_values(side, row_colours, value_palette)
            for side, row_colours in zip(graphs, painted, strict=True)
        ]
        before, classes = classes, len(row_palette) + len(value_palette)
        if classes == before:
            return painted


def _painted_values(
    side: list[list[_Row]], painted: list[list[int]], palette: _Palette
) -> dict[Node, int]:
    held: dict[Node, list[tuple[int, _Slot, int]]] = {}
    for number, (table, row_colours) in enumerate(zip(side, painted, strict=True)):
        for row, colour in zip(table, row_colours, strict=True):
            for slot, node in row.references:
                held.setdefault(node, []).append((number, slot, colour))
    return {node: palette(tuple(sorted(places))) for node, places in held.items()}
