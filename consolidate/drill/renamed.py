"""Calls the rows before a file as they are called after it, so that the two can be compared."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from consolidate import names
from consolidate.model import ObjectId

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from consolidate.catalog.naming import Bearer, Key
    from consolidate.catalog.rows import Column, ForeignKey, Row, Rows, Table, TableRows


@dataclass(frozen=True, slots=True)
class Names:
    """What has another name in a later state of the same database."""

    today: Mapping[ObjectId, ObjectId] = field(default_factory=dict)
    """The later name of each, parts included."""
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The later values of enums, by the former name of the type and the former value."""

    @classmethod
    def between(cls, before: Mapping[Key, Bearer], after: Mapping[Key, Bearer]) -> Names:
        """Holds two states against each other."""
        taken = {
            then.object
            for key, then in after.items()
            if (key in before and before[key].object != then.object)
            or (then.word == "COLUMN" and key not in before and then.whole in before)
        }
        today: dict[ObjectId, ObjectId] = {}
        labels: dict[str, dict[str, str]] = defaultdict(dict)
        for key, one in before.items():
            then = after.get(key, one)
            if key not in after and one.object in taken and one.word in _HOLDING:
                today[one.object] = _elsewhere(one.object)
            if one.word == "VALUE" and one.name != then.name:
                labels[one.object.identity][_value(one.name)] = _value(then.name)
            elif one.object != then.object:
                today[one.object] = then.object
        return cls(today, labels)

    def rows(self, held: Rows) -> Rows:
        """Rows of the earlier state under the later names."""
        if not (self.today or self.labels):
            return held
        return replace(held, tables=tuple(sorted(map(self._table, held.tables), key=_name)))

    def _table(self, held: TableRows) -> TableRows:
        table = held.table
        columns = {column.name: self._column(table, column) for column in table.columns}
        other = replace(
            table,
            object=self.today.get(table.object, table.object),
            root=self._relation(table.root),
            columns=tuple(columns[column.name] for column in table.columns),
            primary_key=_under(table.primary_key, columns),
            unique_keys=tuple(_under(key, columns) for key in table.unique_keys),
            foreign_keys=tuple(self._key(key, columns) for key in table.foreign_keys),
        )
        spelled = [self.labels.get(column.base, {}) for column in table.columns]
        if other == table and not any(spelled):
            return held
        return replace(held, table=other, rows=_spelled(held.rows, spelled))

    def _relation(self, identity: str) -> str:
        return self.today.get(ObjectId("table", identity), ObjectId("", identity)).identity

    def _column(self, table: Table, column: Column) -> Column:
        name = ObjectId("table column", f"{table.object.identity}.{column.quoted}")
        if name not in self.today:
            return column
        quoted = names.parted(self.today[name].identity, ".")[1]
        return replace(column, name=names.split(quoted)[0], quoted=quoted)

    def _key(self, key: ForeignKey, columns: Mapping[str, Column]) -> ForeignKey:
        referenced = tuple(
            self._part(ObjectId("table column", f"{key.references}.{names.quote(name)}"))
            for name in key.referenced_columns
        )
        return replace(
            key,
            columns=_under(key.columns, columns),
            references=self._relation(key.references),
            referenced_columns=referenced,
        )

    def _part(self, name: ObjectId) -> str:
        return names.split(names.parted(self.today.get(name, name).identity, ".")[1])[0]


def _elsewhere(name: ObjectId) -> ObjectId:
    """How a table or column is called that is gone, and whose name another one took."""
    whole, own = names.parted(name.identity, ".")
    return ObjectId(name.kind, f"{whole}.{names.quote(f'{own} (former)')}")


_HOLDING = {"TABLE", "COLUMN"}
"""What holds rows and cells."""


def _under(key: Sequence[str], columns: Mapping[str, Column]) -> tuple[str, ...]:
    return tuple(columns[name].name for name in key)


def _spelled(rows: Sequence[Row], labels: Sequence[Mapping[str, str]]) -> Sequence[Row]:
    """The rows with the values of their enums as these are called later."""
    if not any(labels):
        return rows
    return tuple(
        tuple(
            cell if cell is None else of.get(cell, cell)
            for cell, of in zip(row, labels, strict=True)
        )
        for row in rows
    )


def _value(literal: str) -> str:
    """What a literal of SQL says; an enum's value in it is quoted as `quote_literal()` does."""
    return literal.removeprefix("E")[1:-1].replace("''", "'")


def _name(held: TableRows) -> ObjectId:
    return held.table.object
