"""What a table asks of a row, as the server tells it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from consolidate.drill.literals import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

_COLUMNS: Final = """
SELECT a.attname, quote_ident(a.attname), format_type(a.atttypid, a.atttypmod), a.atttypid,
       a.attnotnull OR t.typnotnull, pg_get_expr(d.adbin, d.adrelid),
       a.attgenerated <> '' OR a.attidentity = 'a', a.attidentity <> '' OR t.typdefault IS NOT NULL
FROM pg_attribute a
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.attgenerated = ''
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum
"""

_CONDITIONS: Final = """
SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint
WHERE conrelid = %(name)s::regclass AND contype = 'c'
UNION ALL
SELECT pg_get_partition_constraintdef(%(name)s::regclass)
ORDER BY 1
"""
"""A partition's bounds are a condition on its rows like any other."""

_TYPE: Final = """
SELECT t.typname, t.typtype, t.typbasetype, t.typelem, t.typcategory = 'A', r.rngsubtype,
       ARRAY(SELECT enumlabel FROM pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder)::text[],
       (SELECT count(*) FROM pg_attribute
        WHERE attrelid = t.typrelid AND attnum > 0 AND NOT attisdropped),
       ARRAY(SELECT pg_get_constraintdef(oid) FROM pg_constraint
             WHERE contypid = t.oid AND contype = 'c' ORDER BY conname)
FROM pg_type t LEFT JOIN pg_range r ON r.rngtypid = t.oid
WHERE t.oid = %s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One column, and what has to be given for it."""

    name: str
    quoted: str
    type: str
    """As `format_type()` spells it."""
    kind: Kind
    required: bool
    """NOT NULL, by itself or by its domain."""
    default: str
    """The expression; empty where there is none."""
    closed: bool
    """Whether an INSERT can not give it a value: generated, or an identity that is always so."""
    fills_itself: bool
    """An identity, or a type that has a default."""
    pointed_at: bool
    """Whether a foreign key names it."""

    @property
    def needed(self) -> bool:
        """Whether NULL is of no use: it is refused, or nothing could point at the row."""
        return self.required or self.pointed_at

    @property
    def must_be_given(self) -> bool:
        """Whether it has to have a value and does not get one by itself."""
        return self.needed and not (self.default or self.closed or self.fills_itself)


@dataclass(frozen=True, slots=True)
class Form:
    """What a row of one table has to fit."""

    columns: Mapping[str, Asked]
    """By name, in the order of the table."""
    conditions: tuple[str, ...]
    """Checks, and the bounds of a partition, as expressions over its columns."""

    def spoken_of(self, condition: str) -> tuple[str, ...]:
        """The columns that a condition names, as far as a row can give them."""
        return tuple(
            name
            for name, column in self.columns.items()
            if not column.closed
            and re.search(rf'(?<![\w".]){re.escape(column.quoted)}(?![\w"(])', condition)
        )


class Forms:
    """Reads the forms of the tables of one database."""

    def __init__(
        self, connection: psycopg.Connection, pointed_at: Mapping[str, frozenset[str]]
    ) -> None:
        self._connection = connection
        self._pointed_at = pointed_at
        self._kinds: dict[int, Kind] = {}

    def of(self, table: str) -> Form:
        """The form of a table, named as `pg_identify_object` does."""
        found = self._connection.execute(_COLUMNS, (table,)).fetchall()
        conditions = self._connection.execute(_CONDITIONS, {"name": table}).fetchall()
        return Form(
            columns={
                row[0]: self._column(*row, row[0] in self._pointed_at.get(table, ()))
                for row in found
            },
            conditions=tuple(one for (one,) in conditions if one),
        )

    def _column(self, *read: Any) -> Asked:  # noqa: ANN401 - a row of the query
        name, quoted, type_, oid, required, default, closed, fills_itself, pointed_at = read
        return Asked(
            name=name,
            quoted=quoted,
            type=type_,
            kind=self._kind(oid),
            required=required,
            default=default or "",
            closed=closed,
            fills_itself=fills_itself,
            pointed_at=pointed_at,
        )

    def _kind(self, oid: int) -> Kind:
        if oid not in self._kinds:
            row = self._connection.execute(_TYPE, (oid,)).fetchone()
            self._kinds[oid] = self._read(*row) if row else Kind(name="unknown")
        return self._kinds[oid]

    def _read(self, *read: Any) -> Kind:  # noqa: ANN401 - likewise
        name, shape, base, element, is_array, subtype, labels, parts, told = read
        if shape == "d":
            inner = self._kind(base)
            return replace(inner, conditions=(*told, *inner.conditions))
        if is_array and element:
            return Kind(name=name, shape="a", element=self._kind(element))
        element = self._kind(subtype) if subtype else None
        return Kind(name=name, shape=shape, labels=tuple(labels), element=element, parts=parts)
