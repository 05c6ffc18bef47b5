"""Reads every row and sequence position of a database; the face of the rows witness.

Marking what is volatile and comparing are pure and live in modules of their own:

    clean, perturbed = read(first), read(second)      # the same history, two clusters
    truth = mark(clean, perturbed)
    differences = compare(truth, built)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from psycopg import sql
from psycopg.pq import TransactionStatus

from consolidate.catalog import large, row_tables
from consolidate.catalog.facts import TIMEOUT
from consolidate.catalog.large_differences import are_large, are_the_same
from consolidate.catalog.row_differences import compare
from consolidate.catalog.row_values import (
    Cell,
    Column,
    ForeignKey,
    JsonLeaf,
    MarkedRow,
    MarkedRows,
    MarkedTable,
    Row,
    Rows,
    SequencePosition,
    Table,
    TableRows,
    Volatile,
    VolatileJson,
)
from consolidate.catalog.volatile import mark, volatile_cells, volatile_places
from consolidate.model import ObjectId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg import Connection, Cursor

    from consolidate.catalog.row_tables import Found

__all__ = [
    "Cell",
    "Column",
    "ForeignKey",
    "JsonLeaf",
    "MarkedRow",
    "MarkedRows",
    "MarkedTable",
    "Row",
    "Rows",
    "SequencePosition",
    "Table",
    "TableRows",
    "Volatile",
    "VolatileJson",
    "are_large",
    "are_the_same",
    "compare",
    "mark",
    "read",
    "unreadable",
    "volatile_cells",
    "volatile_places",
]

# What the text of a value depends on. A row-level policy would hide rows, or fail loudly with
# row_security off, which is what we want.
_SETTINGS: Final = (
    ("search_path", "pg_catalog"),
    ("row_security", "off"),
    ("extra_float_digits", "1"),
    ("bytea_output", "hex"),
    ("DateStyle", "ISO, MDY"),
    ("IntervalStyle", "postgres"),
    ("TimeZone", "UTC"),
    ("lc_monetary", "C"),
    ("xmlbinary", "base64"),
    ("quote_all_identifiers", "off"),
    ("client_encoding", "UTF8"),
    ("lock_timeout", "0"),
    ("jit", "off"),
)
_PINNED: Final = sql.SQL("; ").join(
    [
        *(sql.SQL("SET LOCAL {} = {}").format(sql.Identifier(n), v) for n, v in _SETTINGS),
        sql.SQL(TIMEOUT),
    ]
)

_SEQUENCES: Final = f"""
SELECT n.nspname, c.relname, o.identity
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN pg_identify_object('pg_class'::regclass, c.oid, 0) o
WHERE {row_tables.USERS_OWN} AND CASE c.relkind
    WHEN 'S' THEN %(all)s OR has_sequence_privilege(c.oid, 'SELECT') ELSE false END
"""

_UNREADABLE: Final = f"""
SELECT o.type, o.identity
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN pg_identify_object('pg_class'::regclass, c.oid, 0) o
WHERE {row_tables.USERS_OWN} AND CASE
    WHEN c.relkind IN ('r', 'm')
        THEN NOT has_table_privilege(c.oid, 'SELECT') OR row_security_active(c.oid)
    WHEN c.relkind = 'S' THEN NOT has_sequence_privilege(c.oid, 'SELECT')
    ELSE false END
ORDER BY 1, 2
"""

_AT_ONCE: Final = 200
"""Tables or sequences that one query asks for; what plans them is not quite linear."""


Known: TypeAlias = "dict[tuple[str, str], tuple[Row, ...]]"
"""Rows that were read before, by the table's identity and a digest of its rows."""


_Sequences: TypeAlias = "Sequence[tuple[str, sql.Composable]]"
"""The identities of sequences, each with the name to read it by."""


def unreadable(connection: Connection[Any]) -> tuple[ObjectId, ...]:
    """Tables and sequences that the connection's role may not read, or not all rows of."""
    with connection.transaction():
        connection.execute("SET LOCAL search_path = pg_catalog")
        return tuple(ObjectId(*found) for found in connection.execute(_UNREADABLE).fetchall())


def read(
    connection: Connection[Any],
    known: Known | None = None,
    *,
    like: Rows | None = None,
    everything: bool = True,
) -> Rows:
    """All rows of all user tables and materialized views, and all sequence positions.

    Every schema but PostgreSQL's own is read; tables of extensions only where the extension
    says that their rows are configuration (`extconfig`). Foreign tables are not read.
    A cell's text is what its type's output function prints, so `char(n)` keeps its blanks and a
    user's cast to text has no say. Everything is read in one snapshot. The rows of a large table
    (see `large`) are in a file.

    Args:
        connection: Outside a transaction.
        known: Of the same database at other times; what is read is added. A table whose digest
            is known is not read again, and shares its rows with the earlier reading.
        like: Of the same database at a time when its catalogs were as they are now. What tables and
            sequences there are is taken from it.
        everything: Whether what is `unreadable` is an error; else it is left out.

    Raises:
        psycopg.Error: The server refuses.
        ValueError: The connection is inside a transaction already.
    """
    if connection.info.transaction_status is not TransactionStatus.IDLE:
        raise ValueError("rows are read in a transaction of their own")
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute(_PINNED)
        return _all(cursor, known, like, everything=everything)


def read_within(
    connection: Connection[Any], known: Known | None = None, *, like: Rows | None = None
) -> Rows:
    """The same as the connection's open transaction sees it, its own changes included.

    Nothing of the reading outlives it: it happens in a savepoint that is rolled back.

    Raises:
        psycopg.Error: The server refuses.
    """
    with connection.transaction(force_rollback=True), connection.cursor() as cursor:
        cursor.execute(_PINNED)
        return _all(cursor, known, like, everything=True)


def _all(cursor: Cursor[Any], known: Known | None, like: Rows | None, *, everything: bool) -> Rows:
    if like is None:
        tables = row_tables.find(cursor, everything=everything)
        sequences = _sequences(cursor, everything=everything)
    else:
        tables = row_tables.again(cursor, [held.table for held in like.tables])
        sequences = [(place.identity, sql.SQL(place.identity)) for place in like.sequences]
    return Rows(
        tables=_filled(cursor, tables, known),
        sequences=_positions(cursor, sequences),
        today=_today(cursor),
    )


def _filled(
    cursor: Cursor[Any], tables: Sequence[Found], known: Known | None
) -> tuple[TableRows, ...]:
    """The tables with their rows."""
    spooled = {
        one.identity: spool
        for one in tables
        if one.relation and one.may_be_large and one.table.columns
        if (spool := large.read(cursor, one.relation, _names(one.table))) is not None
    }
    small = [one for one in tables if one.identity not in spooled]
    digests = {} if known is None else _digests(cursor, small)
    held = {one.identity: _held(cursor, one, digests.get(one.identity, ""), known) for one in small}
    rows: dict[str, Sequence[Row]] = {**held, **spooled}
    return tuple(TableRows(table=one.table, rows=rows[one.identity]) for one in tables)


def _held(cursor: Cursor[Any], one: Found, digest: str, known: Known | None) -> tuple[Row, ...]:
    """The rows of a table that is not large."""
    rows = None if known is None else known.get((one.identity, digest))
    if rows is None:
        rows = () if one.relation is None else _rows(cursor, one.relation, one.table)
        if known is not None:
            known[one.identity, digest] = rows
    return rows


def _digests(cursor: Cursor[Any], tables: Sequence[Found]) -> dict[str, str]:
    """A digest of each table's rows as text, in the order in which they lie there.

    The text of a whole row is made by the same output functions as that of its cells.
    """
    one = sql.SQL(
        "SELECT {}, (SELECT md5(string_agg(md5(ROW(r.*)::text), '' ORDER BY r.ctid)) "
        "FROM ONLY {} r)"
    )
    listed = [one.format(found.identity, found.relation) for found in tables if found.relation]
    digests: dict[str, str] = {}
    for start in range(0, len(listed), _AT_ONCE):
        query = sql.SQL(" UNION ALL ").join(listed[start : start + _AT_ONCE])
        digests |= {identity: digest or "" for identity, digest in cursor.execute(query)}
    return digests


def _rows(cursor: Cursor[Any], relation: sql.Composable, table: Table) -> tuple[Row, ...]:
    if not table.columns:  # COPY prints an empty line for such a row, as for an empty text cell
        count = cursor.execute(sql.SQL("SELECT count(*) FROM ONLY {}").format(relation)).fetchone()
        return ((),) * (count[0] if count else 0)
    with cursor.copy(large.copying(relation, _names(table))) as copy:
        return tuple(copy.rows())


def _names(table: Table) -> list[sql.Composable]:
    return [sql.Identifier(column.name) for column in table.columns]


def _today(cursor: Cursor[Any]) -> str:
    row = cursor.execute("SELECT current_date::text").fetchone()
    return str(row[0]) if row else ""


def _sequences(cursor: Cursor[Any], *, everything: bool) -> _Sequences:
    """The sequences' identities, and how to name them."""
    return [
        (identity, sql.Identifier(schema, name))
        for schema, name, identity in cursor.execute(_SEQUENCES, {"all": everything})
    ]


def _positions(cursor: Cursor[Any], sequences: _Sequences) -> tuple[SequencePosition, ...]:
    one = sql.SQL("SELECT {}, last_value, is_called FROM {}")
    listed = [one.format(identity, relation) for identity, relation in sequences]
    positions: list[SequencePosition] = []
    for start in range(0, len(listed), _AT_ONCE):
        query = sql.SQL(" UNION ALL ").join(listed[start : start + _AT_ONCE])
        for identity, last_value, is_called in cursor.execute(query):
            positions.append(
                SequencePosition(identity=identity, last_value=last_value, is_called=is_called)
            )
    return tuple(sorted(positions, key=lambda p: p.identity))
