"""Reads the tables that have too many rows to be held in memory.

The server says what such a table holds by a digest, in one query. Only what was not read before is
copied, and into a file: however many rows there are, they take no memory here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psycopg import sql

from consolidate.catalog import spools
from consolidate.catalog.spools import Contents, Spool

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg import Cursor

LARGE = 20_000
"""With more rows than that a table is large.

Below, rows are held and compared in memory, which takes about 1 KB for each of them, all in all.
"""

_LEAST: Final = 28
"""Bytes that a row takes at least in a heap: a header of 24, and 4 in the page's directory."""

MAY_BE_LARGE: Final = f"(a.amname <> 'heap' OR pg_relation_size(c.oid) / {_LEAST} > %(large)s)"
"""Whether a relation `c` with the access method `a` may be; counting the rows of all takes time."""

_COUNT: Final = "SELECT count(*) FROM ONLY {}"

# The text of a whole row is made by the same output functions as that of its cells. The sum is of
# both halves of each row's digest. The offset keeps the server from making each digest three times.
_CONTENTS: Final = """
SELECT count(*), md5(string_agg(h, '' ORDER BY place)),
       sum(('x' || left(h, 16))::bit(64)::bigint) || ' '
       || sum(('x' || right(h, 16))::bit(64)::bigint)
FROM (SELECT r.ctid AS place, md5(ROW(r.*)::text) AS h FROM ONLY {} r OFFSET 0) AS listed
"""


def read(
    cursor: Cursor[Any], relation: sql.Composable, columns: Sequence[sql.Composable]
) -> Spool | None:
    """All rows of a table in the order in which they lie there; None if it is not large.

    Args:
        cursor: In a transaction that sees one snapshot, with the settings that values depend on.
        relation: The table.
        columns: Its columns, of which there must be some.
    """
    found = cursor.execute(sql.SQL(_COUNT).format(relation)).fetchone()
    if found is None or found[0] <= LARGE:
        return None
    digest = cursor.execute(sql.SQL(_CONTENTS).format(relation)).fetchone()
    count, in_order, in_any = digest or (0, "", "")
    contents = Contents(rows=count, columns=len(columns), in_order=in_order, in_any=in_any)
    return spools.known(contents) or _copied(cursor, relation, columns, contents)


def _copied(
    cursor: Cursor[Any],
    relation: sql.Composable,
    columns: Sequence[sql.Composable],
    contents: Contents,
) -> Spool:
    with cursor.copy(copying(relation, columns)) as copy:
        return spools.keep(copy, contents)


def copying(relation: sql.Composable, columns: Sequence[sql.Composable]) -> sql.Composed:
    """The statement that writes the columns of all rows, in physical order."""
    query = sql.SQL("COPY (SELECT {} FROM ONLY {} ORDER BY ctid) TO STDOUT")
    return query.format(sql.SQL(", ").join(columns), relation)
