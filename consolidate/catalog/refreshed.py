"""Reads which materialized views show something else than a refresh of them would.

That is what their tables held when they were last refreshed; no statement gives them that again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.model import ObjectId

if TYPE_CHECKING:
    import psycopg

_POPULATED = """
SELECT i.identity, rtrim(pg_get_viewdef(c.oid), ';')
FROM pg_class AS c, pg_identify_object('pg_class'::regclass, c.oid, 0) AS i
WHERE c.oid >= 16384 AND relkind = 'm' AND relispopulated ORDER BY i.identity
"""

_DIFFERS = """
SELECT EXISTS (SELECT
    FROM (SELECT t::text AS cells, count(*) AS number FROM {view} AS t GROUP BY 1) AS shown
    FULL JOIN (SELECT t::text AS cells, count(*) AS number FROM ({query}) AS t GROUP BY 1) AS fresh
    USING (cells, number) WHERE shown.cells IS NULL OR fresh.cells IS NULL)
"""


def stale(connection: psycopg.Connection) -> frozenset[ObjectId]:
    """Those; one whose query fails, or differs from time to time, is among them."""
    import psycopg  # noqa: PLC0415 - a third of a second that `--help` must not pay

    found = set()
    for view, query in connection.execute(_POPULATED).fetchall():
        asked = _DIFFERS.format(view=view, query=query)
        try:
            rows = connection.execute(asked.encode()).fetchall()
        except psycopg.Error:
            rows = [(True,)]
        if rows[0][0]:
            found.add(ObjectId("materialized view", view))
    return frozenset(found)
