"""A digest of the system catalogs, to tell cheaply that nothing in them has changed.

It holds for one database: object identifiers, which are part of it, mean nothing elsewhere. Facts
are made of what the catalogs hold, so equal digests mean equal facts; where digests differ, the
facts may still be equal, and have to be read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.catalog.bookkeeping import COLUMN_OPTION

if TYPE_CHECKING:
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
SELECT c.relname, array_agg(quote_ident(a.attname) ORDER BY a.attnum)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r'
  AND a.attnum > 0 AND NOT a.attisdropped
  AND c.relname <> ALL (%s) AND a.attname <> ALL (%s)
  AND has_table_privilege(c.oid, 'SELECT')
GROUP BY c.relname ORDER BY c.relname
"""

_ONE = (
    "SELECT concat('{catalog} ', count(*), ' ', sum(hashtextextended(ROW({columns})::text, 0))) "
    "FROM pg_catalog.{catalog}"
)
"""Rows have no order in a catalog, so their hashes are added up."""


def query(connection: psycopg.Connection) -> bytes:
    """The query that digests every catalog of this server, whatever its version has."""
    found = connection.execute(_COLUMNS, (sorted(NO_CATALOGS), sorted(NO_COLUMNS))).fetchall()
    parts = (
        _ONE.format(columns=", ".join((_RIGHTS | _OWN).get(c, c) for c in columns), catalog=name)
        for name, columns in found
    )
    return " UNION ALL ".join(parts).encode()


def read(connection: psycopg.Connection, asked: bytes) -> tuple[str, ...]:
    """The digests of all catalogs as they are now, by the query made for this server.

    Sorted: where the catalogs are large, PostgreSQL reads them in parallel, in any order.
    """
    with connection.transaction():
        connection.execute("SET LOCAL jit = off")
        connection.execute("SET LOCAL search_path = pg_catalog")
        return tuple(sorted(row[0] for row in connection.execute(asked)))
