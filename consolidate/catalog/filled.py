"""Reads how far the rows of a database hold the numbers that its sequences draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

COLUMNS = """\
SELECT c.oid::regclass AS relation, quote_ident(attname) AS name
FROM (
    SELECT refobjid, refobjsubid FROM pg_depend
    WHERE (classid, objid) = ('pg_class'::regclass, seqrelid)
        AND refclassid = 'pg_class'::regclass AND deptype IN ('a', 'i')
    UNION
    SELECT adrelid, adnum FROM pg_depend JOIN pg_attrdef AS d ON d.oid = objid
    WHERE classid = 'pg_attrdef'::regclass
        AND (refclassid, refobjid) = ('pg_class'::regclass, seqrelid)
) AS k JOIN pg_attribute ON (attrelid, attnum) = (refobjid, refobjsubid)
JOIN pg_type AS t ON t.oid = atttypid
JOIN pg_class AS c ON c.oid = attrelid AND relkind IN ('r', 'p')
WHERE coalesce(nullif(typbasetype, 0), t.oid)
    = ANY ('{smallint,integer,bigint,numeric}'::regtype[])"""
"""The columns that a sequence fills: its owner, and those whose defaults draw from it."""

FILLS = f"""
SELECT o.identity, sign(seqincrement)::int, f.relation::text, f.name FROM pg_sequence
CROSS JOIN pg_identify_object('pg_class'::regclass, seqrelid, 0) AS o CROSS JOIN LATERAL ({COLUMNS}
    AND has_table_privilege(c.oid, 'SELECT') AND NOT row_security_active(c.oid) OFFSET 0) AS f
"""
"""OFFSET keeps the planner from asking every column about every sequence."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What rows hold of the numbers that a sequence draws."""

    step: int
    """1 if it goes up, -1 if down."""
    farthest: int | None


def read(connection: psycopg.Connection) -> Mapping[str, Filled]:
    """Reads what the rows hold, by the identities of the sequences that fill columns."""
    columns = connection.execute(FILLS.encode()).fetchall()
    asked = [
        _FARTHEST.format(number, "max" if step > 0 else "min", name, relation)
        for number, (_, step, relation, name) in enumerate(columns)
    ]
    found: dict[str, Filled] = {}
    for start in range(0, len(asked), _AT_ONCE):
        query = "\nUNION ALL ".join(asked[start : start + _AT_ONCE])
        for number, held in connection.execute(query.encode()).fetchall():
            identity, step = columns[number][:2]
            known = found.get(identity, Filled(step, None)).farthest
            both = [one * step for one in (known, held) if one is not None]
            found[identity] = Filled(step, max(both) * step if both else None)
    return found


_AT_ONCE = 100
"""Columns that one query asks for; what plans them is not quite linear."""

_FARTHEST = """\
SELECT {}, CASE WHEN n IS NOT NULL THEN
    least(greatest(n, -9223372036854775808), 9223372036854775807)::bigint END
FROM (SELECT {}({})::numeric FROM {}) AS held (n)"""
"""A numeric column may hold what no sequence draws."""
