"""Words rows and cells for people: what a row is called and how a cell reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from consolidate.catalog.row_values import (
    Cell,
    MarkedRow,
    MarkedTable,
    Table,
    Volatile,
    VolatileJson,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from consolidate.catalog.renaming import Node, Side

Place: TypeAlias = tuple[int, int]
"""A row: its table's number among those compared, and its position there."""

_CELL: Final = 60
_ROW: Final = 240
_LABEL_CELLS: Final = 3


def shown(cell: Cell) -> str:
    """The cell as text; what is volatile about it as `…`."""
    match cell:
        case None:
            return "NULL"
        case Volatile(type=type_):
            return f"(volatile {type_})"
        case VolatileJson(parts=parts, type=type_):
            text = "".join(p if isinstance(p, str) else f"(volatile {p.kind})" for p in parts)
            return f"{text} ({type_})"
        case str():
            # Quotes where the bare text could be taken for something else.
            return f"'{cell}'" if cell in {"", "NULL"} or cell != cell.strip() else cell


def shortened(text: str, most: int = _CELL) -> str:
    """The text on one line, cut where it is too long."""
    line = text.replace("\n", "\\n")
    return line if len(line) <= most else line[: most - 1] + "…"


def excerpts(left: str, right: str, most: int = _CELL) -> tuple[str, str]:
    """Both texts, cut to the surroundings of their first difference if they are long."""
    if max(len(left), len(right)) <= most:
        return shortened(left, most), shortened(right, most)
    same = 0
    for one, two in zip(left, right, strict=False):
        if one != two:
            break
        same += 1
    start = max(0, same - most // 3)
    before = "…" if start else ""
    return before + shortened(left[start:], most), before + shortened(right[start:], most)


def shown_row(table: Table, row: MarkedRow) -> str:
    """All cells of a row with their columns' names."""
    cells = (
        f"{column.quoted}={shortened(shown(cell))}"
        for column, cell in zip(table.columns, row, strict=True)
    )
    return shortened(f"({', '.join(cells)})", _ROW)


def key_label(table: Table, row: MarkedRow, positions: tuple[int, ...]) -> str:
    """`row id=3`, by the columns at those positions."""
    cells = (f"{table.columns[p].quoted}={shortened(shown(row[p]))}" for p in positions)
    return f"row {', '.join(cells)}"


def row_label(entry: MarkedTable, row: MarkedRow) -> str:
    """By the primary key, a unique key, or the first cells, whichever is fixed and not NULL."""
    table = entry.table
    positions = {c.name: p for p, c in enumerate(table.columns)}
    for key in (table.primary_key, *table.unique_keys):
        places = tuple(positions[name] for name in key if name in positions)
        if key and len(places) == len(key) and all(isinstance(row[p], str) for p in places):
            return key_label(table, row, places)
    fixed = [p for p, cell in enumerate(row) if isinstance(cell, str)][:_LABEL_CELLS]
    if not fixed:
        return "row (nothing but volatile cells and NULLs)"
    cells = (f"{table.columns[p].quoted}={shortened(shown(row[p]))}" for p in fixed)
    return f"row ({', '.join(cells)})"


class Labels:
    """Names the rows of one side, also those that a volatile key value belongs to."""

    def __init__(self, side: Side) -> None:
        self._side = side
        self._owners: dict[Node, Place] = {}
        for number, entry in enumerate(side.tables):
            for column in _owning_columns(entry.table):
                domain = side.domains.of(entry.table, entry.table.columns[column])
                for position, row in enumerate(entry.rows):
                    cell = row[column]
                    if isinstance(cell, Volatile) and (node := side.node(domain, cell)):
                        self._owners.setdefault(node, (number, position))

    def row(self, number: int, position: int) -> str:
        """What the row of that table is called."""
        entry = self._side.tables[number]
        return row_label(entry, entry.rows[position])

    def owners(self, number: int, position: int, column: int) -> tuple[Place | None, ...]:
        """The rows whose keys the volatile key values in a cell are; None for what is no key."""
        entry = self._side.tables[number]
        cell = entry.rows[position][column]
        nodes: list[Node | None] = []
        if isinstance(cell, Volatile):
            domain = self._side.domains.of(entry.table, entry.table.columns[column])
            nodes = [self._side.node(domain, cell)]
        elif isinstance(cell, VolatileJson):
            nodes = [self._side.leaf_node(leaf) for leaf in cell.leaves]
        return tuple(self._owners.get(node) if node else None for node in nodes)

    def named(self, places: Iterable[Place | None]) -> str:
        """The rows at those places, with their tables."""
        return ", ".join(
            f"{self._side.tables[place[0]].table.object.identity} {self.row(*place)}"
            if place
            else "no row's key"
            for place in places
        )


def _owning_columns(table: Table) -> list[int]:
    """The key columns whose values the table itself makes, not takes from another."""
    taken = {name for key in table.foreign_keys for name in key.columns}
    keys = {name for key in (table.primary_key, *table.unique_keys) for name in key}
    return [p for p, c in enumerate(table.columns) if c.name in keys - taken]
