"""Puts at risk what one rollback takes from tables that stay.

A row of its file is changed, a row like one of its rows is added where no key forbids that, and
rows of other tables are made to point at its rows. Without that a rollback of a seed would find
nothing that it has to refuse.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate.drill import literals
from consolidate.drill.columns import Forms

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    import psycopg

    from consolidate.catalog.rows import Column, ForeignKey, Row, Rows, Table

_CLOCK = {"date", "time", "timetz", "timestamp", "timestamptz"}
"""Types of columns that may hold the day of the drill: no guard knows what is in them."""


@dataclass(frozen=True, slots=True)
class _Own:
    """What a file did to the rows of a table that was there before it."""

    table: Table
    added: Sequence[Row]
    changed: Sequence[tuple[Row, Row]]
    """Rows before and after it."""


class Risks:
    """What is put at risk of one rollback."""

    def __init__(
        self,
        connection: psycopg.Connection,
        above: Rows,
        below: Rows,
        volatile: Collection[tuple[str, str]],
    ) -> None:
        """Takes note of what there may be.

        Args:
            connection: To the database, outside a transaction.
            above: The rows as the file had left them.
            below: The rows as they were before it.
            volatile: Columns, by their table, that are filled differently each time.
        """
        self._connection = connection
        self._forms = Forms(connection, {})
        self._volatile = volatile
        self._own = list(_own_rows(above, below))
        stays = {held.table.object for held in below.tables}
        self._tables = [one.table for one in above.tables if one.table.object in stays]
        self._back: list[tuple[str, Sequence[str | None]]] = []

    def put(self) -> frozenset[str]:
        """Changes rows, adds some, and lets others point there.

        Returns:
            The tables with a row that points at one which goes.
        """
        if not self._own:
            return frozenset()
        # Triggers have no say where we may switch them off; what is pointed at is there.
        self._answer("SET session_replication_role = replica")
        pointing = {
            table.object.identity
            for table in self._tables
            for key in table.foreign_keys
            for own in self._own
            if own.added
            and key.references in {own.table.root, own.table.object.identity}
            and self._point(table, key, own)
        }
        for own in self._own:
            if own.table.primary_key:
                self._change(own)
            elif own.added:
                self._double(own)
        self._answer("RESET session_replication_role")
        return frozenset(pointing)

    def release(self) -> None:
        """Lets the rows that were made to point there point where they did."""
        self._answer("SET session_replication_role = replica")
        for query, values in reversed(self._back):
            self._answer(query, values)
        self._answer("RESET session_replication_role")

    def _point(self, table: Table, key: ForeignKey, own: _Own) -> bool:
        """Lets the newest row of a table that does not do so yet point at a row that goes."""
        columns = [_column(table, name) for name in key.columns]
        wanted = [own.added[0][_place(own.table, name)] for name in key.referenced_columns]
        if None in wanted:
            return False
        name = _escaped(table.object.identity)
        cells = ", ".join(f"{_escaped(c.quoted)}::text" for c in columns)
        given = [f"{_escaped(c.quoted)} = %s::{_escaped(c.type)}" for c in columns]
        others = " OR ".join(one.replace(" = ", " IS DISTINCT FROM ", 1) for one in given)
        found = self._answer(
            f"SELECT ctid::text, {cells} FROM ONLY {name} WHERE {others} "
            "ORDER BY ctid DESC LIMIT 1",
            wanted,
        )
        if not found:
            return False
        place, *held = found[0]
        update = f"UPDATE ONLY {name} SET {', '.join(given)} WHERE ctid = %s::tid"
        moved = self._answer(f"{update} RETURNING ctid::text", [*wanted, place])
        if not moved:
            return False
        self._back.append((update, [*held, moved[0][0]]))
        return True

    def _change(self, own: _Own) -> None:
        """Gives a row of the file another value, in a column that the file changed if it can be."""
        table = own.table
        name, key = table.object.identity, table.primary_key
        if any((name, column) in self._volatile for column in key):
            return
        row = own.added[-1] if own.added else own.changed[-1][1]
        before = row if own.added else own.changed[-1][0]
        tied = {*key, *(one for other in table.unique_keys for one in other)}
        tied |= {one for other in table.foreign_keys for one in other.columns}
        form = self._forms.of(name)
        moved = {
            c.name for c, old, new in zip(table.columns, before, row, strict=True) if old != new
        }
        for column in table.columns:
            asked = form.columns[column.name]
            free = column.name not in tied and (name, column.name) not in self._volatile
            wanted = own.added or column.name in moved
            if not (free and wanted) or asked.closed or asked.kind.name in _CLOCK:
                continue
            told, values = self._where(table, row, key)
            cell, type_ = _escaped(column.quoted), _escaped(column.type)
            query = (
                f"UPDATE ONLY {_escaped(name)} SET {cell} = %s::{type_} "
                f"WHERE {told} AND {cell}::text IS DISTINCT FROM %s::{type_}::text RETURNING 'it'"
            )
            others = (*literals.of(asked.kind), *(() if asked.required else (None,)))
            if any(self._answer(query, [one, *values, one]) for one in others):
                return

    def _double(self, own: _Own) -> None:
        """Adds a row that is like one of the file in all of its cells."""
        table = own.table
        columns = [column for column in table.columns if not column.generated]
        listed = _escaped(", ".join(column.quoted for column in columns))
        over = " OVERRIDING SYSTEM VALUE" if any(c.identity for c in columns) else ""
        name = _escaped(table.object.identity)
        told, values = self._where(table, own.added[-1], [c.name for c in table.columns])
        self._answer(
            f"INSERT INTO {name} ({listed}){over} SELECT {listed} FROM ONLY {name} "
            f"WHERE {told} LIMIT 1",
            values,
        )

    @staticmethod
    def _where(table: Table, row: Row, names: Sequence[str]) -> tuple[str, list[str | None]]:
        """The condition that finds a row by some columns, and its values."""
        columns = [_column(table, name) for name in names]
        told = " AND ".join(
            f"{_escaped(c.quoted)}::text IS NOT DISTINCT FROM %s::{_escaped(c.type)}::text"
            for c in columns
        )
        return told, [row[_place(table, name)] for name in names]

    def _answer(
        self, query: str, values: Sequence[str | None] = ()
    ) -> list[tuple[str | None, ...]] | None:
        """What the server answers; None if it refuses, since not every table takes every change."""
        import psycopg  # noqa: PLC0415 - a third of a second that `--help` must not pay

        try:
            cursor = self._connection.execute(query.encode(), values or None)
            return cursor.fetchall() if cursor.description else []
        except psycopg.Error:
            if self._connection.closed:
                raise
            return None


def _own_rows(above: Rows, below: Rows) -> Iterator[_Own]:
    """What a file did to the rows of tables that have the same columns before and after it."""
    earlier = {held.table.object: held for held in below.tables}
    for held in above.tables:
        before = earlier.get(held.table.object)
        if before is None or held.table.object.kind != "table" or before.rows is held.rows:
            continue
        if before.table.columns != held.table.columns:
            continue
        places = [_place(held.table, name) for name in held.table.primary_key]
        places = places or list(range(len(held.table.columns)))
        known = {tuple(row[n] for n in places): row for row in before.rows}
        added, changed = [], []
        for row in held.rows:
            old = known.get(tuple(row[n] for n in places))
            if old is None:
                added.append(row)
            elif old != row:
                changed.append((old, row))
        if added or changed:
            yield _Own(held.table, added, changed)


def _column(table: Table, name: str) -> Column:
    return table.columns[_place(table, name)]


def _place(table: Table, name: str) -> int:
    return [column.name for column in table.columns].index(name)


def _escaped(text: str) -> str:
    """A part of a query that holds placeholders elsewhere."""
    return text.replace("%", "%%")
