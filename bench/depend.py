"""Reads what a server recorded of dependencies while a history was replayed, edge by edge.

The objects are spelled as the static model spells them: what PostgreSQL keeps in a row of its own
but no statement can name is its owner there. A row type is its table, an array type its element, a
multirange its range, the rule of a view the view, an internal trigger its constraint.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate.model import ObjectId

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import psycopg

Key = tuple[int, int, int]
"""Catalog, OID and column number."""

_FIRST = 16384
_PUBLIC = 2200
"""`initdb` makes the schema public, which is yet the users' own."""

_EDGES = f"""
SELECT classid::bigint, objid::bigint, objsubid,
       refclassid::bigint, refobjid::bigint, refobjsubid, deptype::text
FROM pg_catalog.pg_depend
WHERE objid >= {_FIRST} AND (refobjid >= {_FIRST} OR refobjid = {_PUBLIC})
    AND (classid <> 'pg_constraint'::regclass OR objid NOT IN (
        SELECT k.oid FROM pg_catalog.pg_constraint k
        JOIN pg_catalog.pg_constraint p ON p.oid = k.conparentid AND p.conrelid = k.conrelid))
UNION ALL
SELECT classid::bigint, objid::bigint, objsubid, refclassid::bigint, refobjid::bigint, 0,
       's' || deptype::text
FROM pg_catalog.pg_shdepend
WHERE dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
    AND (classid = 'pg_policy'::regclass AND deptype = 'r'
         OR classid = 'pg_default_acl'::regclass AND deptype = 'o')
"""
"""A foreign key has a further one for each partition of the table that it points to, which nobody
can name: these do not count. Of the dependencies on roles only those do that belong to what an
object is; of rights and owners the model knows the statements, and has no edges."""

_OWNERS = """
WITH owned (class, object, refclass, refobject) AS (
SELECT 'pg_type'::regclass, t.oid, 'pg_class'::regclass, t.typrelid
FROM pg_catalog.pg_type t JOIN pg_catalog.pg_class c ON c.oid = t.typrelid AND c.relkind <> 'c'
UNION ALL
SELECT 'pg_type'::regclass, t.typarray, 'pg_type'::regclass, t.oid
FROM pg_catalog.pg_type t WHERE t.typarray <> 0
UNION ALL
SELECT 'pg_type'::regclass, r.rngmultitypid, 'pg_type'::regclass, r.rngtypid
FROM pg_catalog.pg_range r
UNION ALL
SELECT 'pg_rewrite'::regclass, r.oid, 'pg_class'::regclass, r.ev_class
FROM pg_catalog.pg_rewrite r WHERE r.rulename = '_RETURN'
UNION ALL
SELECT 'pg_trigger'::regclass, t.oid, 'pg_constraint'::regclass, t.tgconstraint
FROM pg_catalog.pg_trigger t WHERE t.tgisinternal AND t.tgconstraint <> 0)
SELECT class::oid::bigint, object::bigint, refclass::oid::bigint, refobject::bigint FROM owned
"""

_NAMES = """
SELECT k.class, k.object, k.sub, i.type, i.identity, i.schema
FROM unnest(%s::bigint[], %s::bigint[], %s::integer[]) AS k (class, object, sub),
     pg_catalog.pg_identify_object(k.class::oid, k.object::oid, k.sub) i
WHERE i.identity IS NOT NULL
"""

_OF_FAMILIES = frozenset({"operator of access method", "function of access method"})

_NOT_OURS = frozenset({"pg_toast", "pg_temp", "consolidate_trace"})


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """One object can not be without another."""

    by: ObjectId
    on: ObjectId

    def __str__(self) -> str:
        return f"{self.by} → {self.on}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What the server recorded of the objects that the history made."""

    edges: frozenset[Edge]
    brought: frozenset[ObjectId]
    """What came with an extension: only the server knows of it."""


def keys(connection: psycopg.Connection) -> frozenset[tuple[int | str, ...]]:
    """All edges by number: to be asked for before the history is replayed, and given to `read`."""
    return frozenset(connection.execute(_EDGES).fetchall())


def read(connection: psycopg.Connection, before: frozenset[tuple[int | str, ...]]) -> Recorded:
    """The edges that the history added, by the final names of their objects."""
    rows = [row for row in connection.execute(_EDGES).fetchall() if row not in before]
    owners = {(o[0], o[1], 0): (o[2], o[3], 0) for o in connection.execute(_OWNERS)}
    pairs = [(_owner(owners, row[:3]), _owner(owners, row[3:6]), row[6]) for row in rows]
    names = _names(connection, {key for by, on, _ in pairs for key in (by, on)})
    brought = {by for by, _, kind in pairs if kind == "e"}
    brought |= {by for by, on, kind in pairs if kind == "i" and on in brought}
    brought |= {by for by, on, _ in pairs if on in brought and _is_of_family(names.get(by))}
    edges = {
        Edge(names[by], names[on])
        for by, on, kind in pairs
        if kind != "e" and by in names and on in names and names[by] != names[on]
    }
    return Recorded(
        edges=frozenset(edges), brought=frozenset(names[key] for key in brought if key in names)
    )


def _owner(owners: Mapping[Key, Key], key: Key) -> Key:
    """Who the object belongs to; a column of one stays a column."""
    while key[2] == 0 and key in owners:
        key = owners[key]
    return key


def _is_of_family(name: ObjectId | None) -> bool:
    """Whether it is a part of an operator family, which is no member of an extension itself."""
    return name is not None and name.kind in _OF_FAMILIES


def _names(connection: psycopg.Connection, wanted: Iterable[Key]) -> dict[Key, ObjectId]:
    listed = sorted(wanted)
    columns = [[key[position] for key in listed] for position in range(3)]
    return {
        (row[0], row[1], row[2]): ObjectId(row[3], row[4])
        for row in connection.execute(_NAMES, columns)
        if row[5] not in _NOT_OURS and row[4] not in _NOT_OURS
    }
