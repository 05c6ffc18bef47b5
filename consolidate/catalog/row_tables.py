"""Finds the tables that hold rows, and what one needs to know to make sense of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from psycopg import sql

from consolidate.catalog import large
from consolidate.catalog.row_values import Column, ForeignKey, Table
from consolidate.model import ObjectId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg import Cursor

USERS_OWN: Final = """
    n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
    AND c.relpersistence <> 't'
    AND (NOT EXISTS (SELECT FROM pg_depend d
                     WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                       AND d.objsubid = 0 AND d.deptype = 'e')
         OR EXISTS (SELECT FROM pg_extension e WHERE c.oid = ANY (e.extconfig)))
"""

_TABLES: Final = f"""
SELECT c.oid, n.nspname, c.relname, o.type, o.identity, c.relispopulated,
       a.amname = 'heap' AND pg_relation_size(c.oid) = 0, {large.MAY_BE_LARGE},
       CASE WHEN c.relispartition THEN (SELECT identity FROM pg_identify_object(
            'pg_class'::regclass, pg_partition_root(c.oid), 0)) ELSE o.identity END
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_am a ON a.oid = c.relam
CROSS JOIN pg_identify_object('pg_class'::regclass, c.oid, 0) o
WHERE c.relkind IN ('r', 'm') AND {USERS_OWN}
  AND (%(all)s OR has_table_privilege(c.oid, 'SELECT') AND NOT row_security_active(c.oid))
"""
"""A heap without a page has never held a row since it was made, rewritten or truncated."""

_FILLED: Final = f"""
SELECT identity, {large.MAY_BE_LARGE}
FROM unnest(%(names)s::text[]) AS identity
JOIN pg_class c ON c.oid = identity::regclass
JOIN pg_am a ON a.oid = c.relam
WHERE a.amname <> 'heap' OR pg_relation_size(c.oid) > 0
"""

_COLUMNS: Final = """
SELECT a.attrelid, a.attname, quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
       CASE WHEN y.typtype <> 'd' THEN format_type(a.atttypid, NULL) ELSE
       (WITH RECURSIVE b AS (
            SELECT y.oid, y.typtype, y.typbasetype
            UNION ALL
            SELECT t.oid, t.typtype, t.typbasetype
            FROM b JOIN pg_type t ON t.oid = b.typbasetype WHERE b.typtype = 'd')
        SELECT format_type(b.oid, NULL) FROM b WHERE b.typtype <> 'd') END,
       a.attgenerated <> '', a.attidentity <> '', coalesce(l.collisdeterministic, true)
FROM pg_attribute a
JOIN pg_type y ON y.oid = a.atttypid
LEFT JOIN pg_collation l ON l.oid = a.attcollation
WHERE a.attrelid = ANY (%s) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
"""

_KEYS: Final = """
SELECT i.indrelid, i.indisprimary,
       (SELECT array_agg(a.attname::text ORDER BY k.position)
        FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, position)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
        WHERE k.position <= i.indnkeyatts)
FROM pg_index i
WHERE i.indrelid = ANY (%s) AND i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL
ORDER BY 1, 2, 3
"""

# A foreign key to a partitioned table has a clone for every partition that it points at; the
# clones stand on the same table as their parent constraint and say nothing new.
_FOREIGN_KEYS: Final = """
SELECT f.conrelid,
       (SELECT array_agg(a.attname::text ORDER BY k.position)
        FROM unnest(f.conkey) WITH ORDINALITY k (attnum, position)
        JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.attnum),
       (SELECT identity FROM pg_identify_object(
            'pg_class'::regclass, coalesce(pg_partition_root(f.confrelid), f.confrelid), 0)),
       (SELECT array_agg(a.attname::text ORDER BY k.position)
        FROM unnest(f.confkey) WITH ORDINALITY k (attnum, position)
        JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.attnum),
       f.confupdtype = 'c'
FROM pg_constraint f
WHERE f.contype = 'f' AND f.conrelid = ANY (%s)
  AND NOT EXISTS (SELECT FROM pg_constraint p
                  WHERE p.oid = f.conparentid AND p.conrelid = f.conrelid)
ORDER BY 1, 2, 3, 4, 5
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A table that is read."""

    table: Table
    relation: sql.Composable | None
    """The name to read it by; None where it is known to be empty."""
    may_be_large: bool

    @property
    def identity(self) -> str:
        """The table's."""
        return self.table.object.identity


def find(cursor: Cursor[Any], *, everything: bool) -> Sequence[Found]:
    """All tables and materialized views that are somebody's, by object.

    Args:
        cursor: In a transaction with pinned settings.
        everything: Whether those count that the role may not read.
    """
    found = cursor.execute(_TABLES, {"large": large.LARGE, "all": everything}).fetchall()
    oids = [oid for oid, *_ in found]
    columns = _columns(cursor, oids)
    primary, unique = _keys(cursor, oids)
    foreign = _foreign_keys(cursor, oids)
    result: list[Found] = []
    for oid, schema, name, kind, identity, populated, empty, may_be_large, root in found:
        table = Table(
            object=ObjectId(kind, identity),
            root=root,
            columns=tuple(columns.get(oid, ())),
            primary_key=primary.get(oid, ()),
            unique_keys=tuple(unique.get(oid, ())),
            foreign_keys=tuple(foreign.get(oid, ())),
            populated=populated,
        )
        relation = sql.Identifier(schema, name) if populated and not empty else None
        result.append(Found(table, relation, may_be_large))
    return sorted(result, key=lambda one: one.table.object)


def again(cursor: Cursor[Any], tables: Sequence[Table]) -> Sequence[Found]:
    """Tables that are known from another time, as they are now."""
    names = [table.object.identity for table in tables if table.populated]
    filled = dict(cursor.execute(_FILLED, {"names": names, "large": large.LARGE}).fetchall())
    return [
        Found(table, sql.SQL(name) if name in filled else None, filled.get(name, False))
        for table in tables
        for name in (table.object.identity,)
    ]


def _columns(cursor: Cursor[Any], oids: list[int]) -> dict[int, list[Column]]:
    columns: dict[int, list[Column]] = {}
    for oid, *column in cursor.execute(_COLUMNS, (oids,)).fetchall():
        columns.setdefault(oid, []).append(_column(*column))
    return columns


@lru_cache(maxsize=10_000)
def _column(*read: Any) -> Column:  # noqa: ANN401 - a row of the query
    """One value for all columns that are alike: the states of one database share nearly all."""
    name, quoted, type_, base, generated, identity, deterministic = read
    return Column(
        name=name,
        quoted=quoted,
        type=type_,
        base=base,
        generated=generated,
        identity=identity,
        deterministic=deterministic,
    )


def _keys(
    cursor: Cursor[Any], oids: list[int]
) -> tuple[dict[int, tuple[str, ...]], dict[int, list[tuple[str, ...]]]]:
    primary: dict[int, tuple[str, ...]] = {}
    unique: dict[int, list[tuple[str, ...]]] = {}
    for oid, is_primary, names in cursor.execute(_KEYS, (oids,)).fetchall():
        if is_primary:
            primary[oid] = tuple(names)
        else:
            unique.setdefault(oid, []).append(tuple(names))
    return primary, unique


def _foreign_keys(cursor: Cursor[Any], oids: list[int]) -> dict[int, list[ForeignKey]]:
    foreign: dict[int, list[ForeignKey]] = {}
    found = cursor.execute(_FOREIGN_KEYS, (oids,)).fetchall()
    for oid, columns, references, referenced, cascades in found:
        key = ForeignKey(
            columns=tuple(columns),
            references=references,
            referenced_columns=tuple(referenced),
            cascades=cascades,
        )
        foreign.setdefault(oid, []).append(key)
    return foreign
