"""Puts a row into every table that can take one, so that there is something to lose."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, islice, product
from typing import TYPE_CHECKING

from consolidate.drill import literals
from consolidate.drill.columns import Forms
from consolidate.phrases import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import psycopg

    from consolidate.catalog.rows import ForeignKey, Table
    from consolidate.drill.columns import Asked, Form

    Row = Mapping[str, str | None]
    """The cells of a row as text, by the name of the column."""

    Choices = Mapping[str, tuple[str | None, ...]]
    """What a column may be given, by its name, the first before the others."""

_TRIES = 24
_SOLUTIONS = 24
_PRODUCT = 20_000
"""Combinations of values that the server looks through for one group of columns."""
_EXISTING = 3
_SERIAL = "nextval("
_OURS = "consolidate: "
"""What our own columns begin with, so that they are never called like those of a table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Which tables have a row that no file put there."""

    filled: tuple[str, ...]
    empty: tuple[tuple[str, str], ...]
    """The others, each with why none could be made."""


def fill(connection: psycopg.Connection, tables: Sequence[Table]) -> Coverage:
    """Puts a row into each table that nobody has put there before.

    Values are made by type; what checks, bounds of partitions and keys ask for beyond that the
    server finds among the values that they speak of. Rows point at rows that were made here, where
    they have to point anywhere. A table that refuses all of that is tried again without its
    triggers, where we may switch them off, and with rows that were there to point at. Where there
    is room for no other row than the one that is there, that is changed.

    Args:
        connection: To the database, outside a transaction.
        tables: Its tables; partitions, not what they are partitions of.
    """
    filler = _Filler(connection, tables)
    waiting = {table.object.identity: table for table in tables}
    why: dict[str, str] = {}
    filler.fill(waiting, why)
    if waiting and filler.leave_triggers_out():
        filler.fill(waiting, why)
    filler.change(waiting)
    connection.execute("DISCARD ALL")
    filled = (t.object.identity for t in tables if t.object.identity not in waiting)
    return Coverage(
        filled=tuple(sorted(filled)), empty=tuple((name, why[name]) for name in sorted(waiting))
    )


class _Filler:
    """The rows that were made so far, and how to make more."""

    def __init__(self, connection: psycopg.Connection, tables: Sequence[Table]) -> None:
        self._connection = connection
        self._forms = Forms(connection, _pointed_at(tables))
        self._made: dict[str, Row] = {}
        """By the table that keys name: that at the root of partitions."""
        self._readable: dict[tuple[str, str], bool] = {}
        self._lenient = False

    def leave_triggers_out(self) -> bool:
        """From now on triggers do not fire and rows that were there are pointed at, if that can be.

        Nor are foreign keys checked then, but what they are given is there.
        """
        self._lenient = self._answer("SET session_replication_role = replica") is not None
        return self._lenient

    def fill(self, waiting: dict[str, Table], why: dict[str, str]) -> None:
        """Fills what waits, again and again as long as more of it can be; what is left stays."""
        before = len(waiting) + 1
        while len(waiting) < before:
            before = len(waiting)
            for name, table in tuple(waiting.items()):
                reason = self._one(table)
                if reason:
                    why[name] = reason
                else:
                    del waiting[name]

    def change(self, waiting: dict[str, Table]) -> None:
        """Changes a row of what waits and has one; what can not be changed stays."""
        for name, table in tuple(waiting.items()):
            if self._changed(table):
                del waiting[name]

    def _changed(self, table: Table) -> bool:
        """Whether some cell of a row, of no key, could be given another value."""
        form, name = self._forms.of(table.object.identity), table.object.identity
        keys = {*table.primary_key, *(one for key in table.unique_keys for one in key)}
        keys |= {one for key in table.foreign_keys for one in key.columns}
        for column in form.columns.values():
            if column.closed or column.name in keys:
                continue
            told = [one for one in form.conditions if column.name in form.spoken_of(one)]
            cell, type_ = _escaped(column.quoted), _escaped(column.type)
            query = (
                f"UPDATE {_escaped(name)} SET {cell} = %s::{type_} WHERE ctid = (SELECT min(ctid) "
                f"FROM {_escaped(name)} WHERE {cell}::text IS DISTINCT FROM %s::{type_}::text) "
                "RETURNING 'changed'"
            )
            values = self._choices(table, column, told)[:_TRIES]
            if any(self._answer(query, [value, value]) for value in values):
                return True
        return False

    def _one(self, table: Table) -> str:
        """Makes a row of one table; the reason if it can not be."""
        form = self._forms.of(table.object.identity)
        fixed, missing = self._pointing(table, form)
        if missing:
            return f"it points at {missing}, which has none"
        reason = "no value was found that fits its conditions"
        tried: set[tuple[tuple[str, str | None], ...]] = set()
        for given in self._given(table, form, fixed):
            values = tuple(given.items())
            if values in tried:
                continue
            tried.add(values)
            reason = self._insert(table, form, given)
            if not reason:
                return ""
        return reason

    # -- what to give ---------------------------------------------------------------------

    def _pointing(self, table: Table, form: Form) -> tuple[Choices, str]:
        """Choices for the columns in foreign keys, and a table that lacks a row to point at.

        One NULL among them is enough to point at nothing.
        """
        fixed: dict[str, tuple[str | None, ...]] = {}
        for key in sorted(table.foreign_keys, key=lambda one: one.columns):
            there = self._parent(key)
            loose = [name for name in key.columns if not form.columns[name].required]
            if there is None and not (loose or _may_point_at_itself(table, form, key)):
                return {}, key.references
            for own, theirs in zip(key.columns, key.referenced_columns, strict=True):
                values = () if there is None else (there[theirs],)
                if own in loose:
                    pointed = form.columns[own].pointed_at
                    fixed[own] = (*values, None) if pointed else (None, *values)
                elif values and not loose:
                    fixed[own] = values
        return {name: v for name, v in fixed.items() if not form.columns[name].closed}, ""

    def _parent(self, key: ForeignKey) -> Row | None:
        made = self._made.get(key.references)
        if made is not None or not self._lenient:
            return made
        quoted = ", ".join(
            f"{column.quoted}::text"
            for name in key.referenced_columns
            for column in (self._forms.of(key.references).columns[name],)
        )
        found = self._answer(f"SELECT {quoted} FROM {key.references} ORDER BY 1 LIMIT 1")
        return dict(zip(key.referenced_columns, found[0], strict=True)) if found else None

    def _given(self, table: Table, form: Form, fixed: Choices) -> Iterator[dict[str, str | None]]:
        """What to insert: the plainest first, then ever other values."""
        grouped, solved = self._solved(table, form, fixed)
        alone = {
            name: self._choices(table, column, ())
            for name, column in form.columns.items()
            if column.must_be_given and name not in grouped and name not in fixed
        }
        if any(not found for found in solved) or any(not found for found in alone.values()):
            return
        parts = [*solved, *([{name: one} for one in found] for name, found in alone.items())]
        every_other = (tuple(part[n % len(part)] for part in parts) for n in range(_TRIES))
        for combined in chain(every_other, islice(product(*parts), _TRIES)):
            given = {name: values[0] for name, values in fixed.items()}
            for some in combined:
                given |= some
            for key in table.foreign_keys:
                if _may_point_at_itself(table, form, key) and not fixed.keys() & set(key.columns):
                    pairs = zip(key.columns, key.referenced_columns, strict=True)
                    given |= {own: given[theirs] for own, theirs in pairs}
            yield {name: given[name] for name in form.columns if name in given}

    def _solved(
        self, table: Table, form: Form, fixed: Choices
    ) -> tuple[set[str], list[list[dict[str, str | None]]]]:
        """The columns that conditions speak of, and for each group of them what fits them."""
        groups = _groups(form)
        grouped = {name for names, _ in groups for name in names}
        return grouped, [self._solutions(table, form, *group, fixed) for group in groups]

    def _solutions(
        self,
        table: Table,
        form: Form,
        names: tuple[str, ...],
        conditions: tuple[str, ...],
        fixed: Choices,
    ) -> list[dict[str, str | None]]:
        """Values of some columns that all of these conditions hold for."""
        choices = [
            fixed[name] if name in fixed else self._choices(table, form.columns[name], conditions)
            for name in names
        ]
        most = max(int(_PRODUCT ** (1 / len(names))), 1)
        columns = [form.columns[name] for name in names]
        cells = _escaped(
            ", ".join(f"c{n}.v::{c.type} AS {c.quoted}" for n, c in enumerate(columns))
        )
        texts = ", ".join(f'c{n}.v AS "{_OURS}{n}"' for n in range(len(names)))
        sources = " CROSS JOIN ".join(
            f"unnest(%s::text[]) WITH ORDINALITY AS c{n} (v, n)" for n in range(len(names))
        )
        cost = " + ".join(f"c{n}.n" for n in range(len(names)))
        holds = " AND ".join(f"(({condition}) IS NOT FALSE)" for condition in conditions)
        wanted = ", ".join(f'"{_OURS}{n}"' for n in range(len(names)))
        query = (
            f'SELECT {wanted} FROM (SELECT {cells}, {texts}, {cost} AS "{_OURS}cost" '
            f"FROM {sources}) AS sentinel "
            f'WHERE {_escaped(holds)} ORDER BY "{_OURS}cost", {wanted} LIMIT {_SOLUTIONS}'
        )
        found = self._answer(query, [list(one[:most]) for one in choices])
        return [dict(zip(names, row, strict=True)) for row in found or ()]

    def _choices(
        self, table: Table, column: Asked, conditions: Sequence[str]
    ) -> tuple[str | None, ...]:
        """What may be given for a column, less what is no value of its type."""
        spoken: list[str] = []
        textual = column.kind.name in {"text", "varchar", "bpchar", "citext", "name"}
        for condition in (*column.kind.conditions, *conditions):
            spoken += literals.within(condition, textual=textual)
        default = self._default(column)
        there = self._there(table, column) if conditions else ()
        texts = (*default, *spoken, *literals.of(column.kind), *literals.changed(there))
        usable = [text for text in dict.fromkeys(texts) if self._is_readable(column.type, text)]
        return (*(() if column.needed or default else (None,)), *usable)

    def _default(self, column: Asked) -> tuple[str, ...]:
        if not column.default or _SERIAL in column.default:
            return ()
        found = self._answer(f"SELECT ({column.default})::{column.type}::text")
        return (found[0][0],) if found and found[0][0] is not None else ()

    def _there(self, table: Table, column: Asked) -> tuple[str, ...]:
        """Values that rows have already: what a condition is made for, they fit."""
        query = (
            f"SELECT DISTINCT {column.quoted}::text FROM {table.object.identity} "
            f"WHERE {column.quoted} IS NOT NULL ORDER BY 1 LIMIT {_EXISTING}"
        )
        return tuple(value for (value,) in self._answer(query) or () if value is not None)

    def _is_readable(self, type_: str, text: str) -> bool:
        known = (type_, text)
        if known not in self._readable:
            self._readable[known] = (
                self._answer(f"SELECT %s::{_escaped(type_)}", [text]) is not None
            )
        return self._readable[known]

    # -- giving it ------------------------------------------------------------------------

    def _insert(self, table: Table, form: Form, given: Mapping[str, str | None]) -> str:
        """Inserts one row; why it could not be, if it could not."""
        import psycopg  # noqa: PLC0415 - a third of a second that `--help` must not pay

        columns = [form.columns[name] for name in given]
        told = (
            f"({_escaped(', '.join(c.quoted for c in columns))}) "
            f"VALUES ({', '.join(f'%s::{_escaped(c.type)}' for c in columns)})"
            if columns
            else "DEFAULT VALUES"
        )
        back = ", ".join(f"{c.quoted}::text" for c in form.columns.values()) or "NULL"
        into = _escaped(table.object.identity)
        query = f"INSERT INTO {into} {told} RETURNING {_escaped(back)}"
        try:
            rows = self._connection.execute(query.encode(), list(given.values())).fetchall()
        except psycopg.Error as error:
            if self._connection.closed:
                raise
            return one_line(error.diag.message_primary or str(error).strip())
        if not rows:
            return "a trigger keeps the row out"
        made = dict(zip(form.columns, rows[0], strict=False))
        for name in (table.object.identity, table.root):
            self._made.setdefault(name, made)
        return ""

    def _answer(
        self, query: str, values: Sequence[object] | None = None
    ) -> list[tuple[str | None, ...]] | None:
        """What the server answers; None if it refuses."""
        import psycopg  # noqa: PLC0415 - likewise

        try:
            cursor = self._connection.execute(query.encode(), values)
            return cursor.fetchall() if cursor.description else []
        except psycopg.Error:
            if self._connection.closed:
                raise
            return None


def _pointed_at(tables: Sequence[Table]) -> Mapping[str, frozenset[str]]:
    """The columns that foreign keys name, by their table: where they are NULL nothing can point."""
    found: dict[str, set[str]] = {}
    for table in tables:
        for key in table.foreign_keys:
            found.setdefault(key.references, set()).update(key.referenced_columns)
    return {table.object.identity: frozenset(found.get(table.root, ())) for table in tables} | {
        name: frozenset(columns) for name, columns in found.items()
    }


def _may_point_at_itself(table: Table, form: Form, key: ForeignKey) -> bool:
    """Whether a row can name its own key, because it is we who give that."""
    own = key.references == table.root
    return own and all(form.columns[name].must_be_given for name in key.referenced_columns)


def _escaped(text: str) -> str:
    """A part of a query that holds placeholders elsewhere."""
    return text.replace("%", "%%")


def _groups(form: Form) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Columns that conditions tie together, each group with its conditions."""
    groups: list[tuple[frozenset[str], tuple[str, ...]]] = []
    for condition in form.conditions:
        names = frozenset(form.spoken_of(condition))
        if not names:
            continue
        tied = [group for group in groups if group[0] & names]
        groups = [group for group in groups if group not in tied]
        conditions = (*(one for group in tied for one in group[1]), condition)
        groups.append((names.union(*(group[0] for group in tied)), conditions))
    order = list(form.columns)
    return [(tuple(sorted(names, key=order.index)), told) for names, told in groups]
