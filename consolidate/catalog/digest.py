"""A digest of the system catalogs, to tell cheaply that nothing in them has changed.

It holds for one database: object identifiers, which are part of it, mean nothing elsewhere. Facts
are made of what the catalogs hold, so equal digests mean equal facts; where digests differ, the
facts may still be equal, and have to be read.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from consolidate.catalog.bookkeeping import COLUMN_OPTION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    import psycopg

    _Total = tuple[str, int, Decimal | None]

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
    "attoptions": "CASE WHEN attoptions IS NOT NULL THEN ARRAY(SELECT o FROM unnest(attoptions) o "
    f"WHERE NOT starts_with(o, '{COLUMN_OPTION}=')) ELSE '{{}}' END"
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
    "THEN {total} + coalesce(sum(hashtextextended(ROW({columns})::text, 0)) "
    "FILTER (WHERE NOT {old}), 0) END "
    "FROM pg_catalog.{catalog}"
)
"""The same, but only what came after an earlier digest is hashed; NULL if something of it is gone.

No row of a catalog changes and keeps its `xmin`, except in columns that are left out here.
"""

_NEXT = "SELECT pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot())::xid::text"
_AGE = "SELECT pg_catalog.age(%s::xid)"
_OLD = "age(xmin) > {age}"
"""Written before the transaction of that age; `age` knows that numbers of transactions wrap around,
and that initdb's are the oldest. It stands still within a transaction."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The digests of all catalogs at one time; equal where the catalogs are."""

    totals: tuple[_Total, ...]
    """Catalog, rows, and the sum of their hashes; sorted."""
    next: str = field(compare=False)
    """The first transaction whose rows it may not have seen."""


class Digest:
    """The queries that digest every catalog of one database, whatever its version has."""

    def __init__(self, connection: psycopg.Connection) -> None:
        """Asks which catalogs and columns there are; neither changes while a server runs."""
        found = connection.execute(_COLUMNS, (sorted(NO_CATALOGS), sorted(NO_COLUMNS))).fetchall()
        self._columns: Mapping[str, str] = {
            name: ", ".join((_RIGHTS | _OWN).get(column, column) for column in of)
            for name, _, of in found
        }
        # there other databases write, too, in transactions that began at any time
        self._shared = {name for name, is_shared, _ in found if is_shared}

    def read(self, connection: psycopg.Connection, since: Reading | None = None) -> Reading:
        """The digests of all catalogs as they are now.

        Args:
            connection: To the database, outside a transaction.
            since: An earlier reading. What it saw and is still there is not hashed again.
        """
        with _pinned(connection):
            return self._read(connection, since)

    def read_within(self, connection: psycopg.Connection, since: Reading) -> Reading:
        """The same as the connection's open transaction sees them, its own changes included.

        Nothing of the reading outlives it: it happens in a savepoint that is rolled back.
        """
        with connection.transaction(force_rollback=True):
            connection.execute(_SETTINGS)
            return self._read(connection, since)

    def _read(self, connection: psycopg.Connection, since: Reading | None) -> Reading:
        (next_,) = connection.execute(_NEXT).fetchall()[0]
        found = self._later(connection, since) if since else []
        known = {name for name, *_ in found}
        found += self._all(connection, [name for name in self._columns if name not in known])
        # Sorted: where catalogs are large, PostgreSQL reads them in parallel, in any order.
        return Reading(totals=tuple(sorted(found)), next=next_)

    def _all(self, connection: psycopg.Connection, names: Iterable[str]) -> list[_Total]:
        return _together(
            connection,
            [_ALL.format(catalog=name, columns=self._columns[name]) for name in names],
        )

    def _later(self, connection: psycopg.Connection, since: Reading) -> list[_Total]:
        """The digests of those catalogs that have all they had, by what they have beyond it."""
        (age,) = connection.execute(_AGE, (since.next,)).fetchall()[0]
        found = _together(
            connection,
            [
                _SINCE.format(
                    catalog=name,
                    columns=self._columns[name],
                    old=_OLD.format(age=age),
                    count=count,
                    total=total,
                )
                for name, count, total in since.totals
                if name not in self._shared
            ],
        )
        return [one for one in found if one[2] is not None]


def _together(connection: psycopg.Connection, queries: Sequence[str]) -> list[_Total]:
    return connection.execute(" UNION ALL ".join(queries).encode()).fetchall() if queries else []


_SETTINGS = "SET LOCAL jit = off; SET LOCAL search_path = pg_catalog"


@contextmanager
def _pinned(connection: psycopg.Connection) -> Iterator[None]:
    """A transaction in which a catalog's text depends on nothing else."""
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        connection.execute(_SETTINGS)
        yield
