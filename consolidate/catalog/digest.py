"""A digest of the system catalogs, to tell cheaply that nothing in them has changed.

It holds for one database: object identifiers, which are part of it, mean nothing elsewhere. Facts
are made of what the catalogs hold, so equal digests mean equal facts; where digests differ, the
facts may still be equal, and have to be read.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from consolidate.catalog.bookkeeping import COLUMN_OPTION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import psycopg

NO_CATALOGS = frozenset({"pg_statistic", "pg_statistic_ext_data"})
"""Catalogs that ANALYZE fills, by itself too; no fact is read from them."""

NO_COLUMNS = frozenset(
    {
        *("relpages", "reltuples", "relallvisible", "relallfrozen", "relfrozenxid", "relminmxid"),
        *("relfilenode", "relhasindex", "relhasrules", "relhastriggers", "relhassubclass"),
        *("indcheckxmin", "datfrozenxid", "datminmxid"),
    }
)
"""Columns about storage and hints that outlive what they hint at; no fact is read from them."""

_RIGHTS = {
    "relacl": "coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::\"char\", "
    "relowner))",
    "proacl": "coalesce(proacl, acldefault('f', proowner))",
    "nspacl": "coalesce(nspacl, acldefault('n', nspowner))",
    "typacl": "coalesce(typacl, acldefault('T', typowner))",
}
"""Columns of rights: what was granted and revoked again leaves the default written out."""

_OWN = {
    "attoptions": "ARRAY(SELECT o FROM unnest(attoptions) AS o "
    f"WHERE NOT starts_with(o, '{COLUMN_OPTION}='))"
}
"""Columns in which the server keeps something for itself."""

_COLUMNS = """
SELECT c.relname, c.relisshared, array_agg(quote_ident(a.attname) ORDER BY a.attnum)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r'
  AND a.attnum > 0 AND NOT a.attisdropped
  AND c.relname <> ALL (%s) AND a.attname <> ALL (%s)
  AND has_table_privilege(c.oid, 'SELECT')
GROUP BY c.relname, c.relisshared ORDER BY c.relname
"""

_ALL = (
    "SELECT '{catalog}', count(*), coalesce(sum(hashtextextended(ROW({columns})::text, 0)), 0) "
    "FROM pg_catalog.{catalog}"
)
"""Rows have no order in a catalog, so their hashes are added up."""

_SINCE = (
    "SELECT '{catalog}', count(*), CASE WHEN count(*) FILTER (WHERE {old}) = {count} "
    "THEN {sum} + coalesce(sum(hashtextextended(ROW({columns})::text, 0)) "
    "FILTER (WHERE NOT {old}), 0) "
    "ELSE (SELECT coalesce(sum(hashtextextended(ROW({columns})::text, 0)), 0) "
    "FROM pg_catalog.{catalog}) END "
    "FROM pg_catalog.{catalog}"
)
"""The same, but as long as all rows are there that were there first, only later ones are hashed.

No row of a catalog changes and keeps its `xmin`, except in columns that are left out here.
"""

_NEXT = "SELECT pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot())::xid::text"
_OLD = "age(xmin) > age('{next}'::xid)"
"""Written before that transaction; `age` knows that numbers of transactions wrap around, and that
initdb's are the oldest."""


class Digest:
    """The queries that digest every catalog of one database, whatever its version has."""

    def __init__(self, connection: psycopg.Connection) -> None:
        """Hashes every row once, so that later only those are hashed that came since.

        Args:
            connection: Outside a transaction.
        """
        found = connection.execute(_COLUMNS, (sorted(NO_CATALOGS), sorted(NO_COLUMNS))).fetchall()
        columns = {
            name: ", ".join((_RIGHTS | _OWN).get(column, column) for column in of)
            for name, _, of in found
        }
        shared = {name for name, is_shared, _ in found if is_shared}
        every = {name: _ALL.format(catalog=name, columns=of) for name, of in columns.items()}
        with _pinned(connection):
            (next_,) = connection.execute(_NEXT).fetchall()[0]
            first = connection.execute(_together(every.values())).fetchall()
        self._query = _together(
            # Other databases write there, too, in transactions that began at any time.
            every[name]
            if name in shared
            else _SINCE.format(
                catalog=name,
                columns=columns[name],
                old=_OLD.format(next=next_),
                count=count,
                sum=total,
            )
            for name, count, total in first
        )

    def read(self, connection: psycopg.Connection) -> tuple[str, ...]:
        """The digests of all catalogs as they are now.

        Sorted: where the catalogs are large, PostgreSQL reads them in parallel, in any order.
        """
        with _pinned(connection):
            found = connection.execute(self._query)
            return tuple(sorted(f"{name} {count} {total}" for name, count, total in found))


def _together(queries: Iterable[str]) -> bytes:
    return " UNION ALL ".join(queries).encode()


@contextmanager
def _pinned(connection: psycopg.Connection) -> Iterator[None]:
    """A transaction in which a catalog's text depends on nothing else."""
    with connection.transaction():
        connection.execute(
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; "
            "SET LOCAL jit = off; SET LOCAL search_path = pg_catalog"
        )
        yield
