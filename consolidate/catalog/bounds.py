"""Tells which rows keep a partition from being attached again as the platform had it."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from consolidate import names
from consolidate.model import ObjectId

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import psycopg

_PARTITIONS = """
SELECT o.identity, pg_get_partition_constraintdef(c.oid), d.identity
FROM pg_class AS c
JOIN pg_inherits AS i ON i.inhrelid = c.oid
JOIN pg_partitioned_table AS p ON p.partrelid = i.inhparent
CROSS JOIN pg_identify_object('pg_class'::regclass, c.oid, 0) AS o
LEFT JOIN pg_identify_object('pg_class'::regclass, nullif(p.partdefid, 0), 0) AS d
    ON p.partdefid NOT IN (0, c.oid)
WHERE c.relispartition AND c.relkind IN ('r', 'p')
"""
_PARTED = """
SELECT c.oid::text, o.identity
FROM pg_class AS c CROSS JOIN pg_identify_object('pg_class'::regclass, c.oid, 0) AS o
WHERE c.relkind = 'p'
"""
_HASHED = re.compile(r"satisfies_hash_partition\('(\d+)'::oid")


def outside(connection: psycopg.Connection) -> Mapping[ObjectId, Sequence[tuple[str, str]]]:
    """For each partition: the tables that must hold none of some rows, and the condition on these.

    These are the rows of the table itself that its bound does not take, and those of the default
    partition beside it which it does.

    Args:
        connection: With a search path on which no name of a user is found.
    """
    parted: dict[str, str] = dict(connection.execute(_PARTED).fetchall())

    def named(match: re.Match[str]) -> str:
        """A hash partition's condition holds its parent's OID, which is another one elsewhere."""
        return f"satisfies_hash_partition({names.literal(parted[match[1]])}::regclass"

    found: dict[ObjectId, list[tuple[str, str]]] = defaultdict(list)
    for partition, condition, default in connection.execute(_PARTITIONS).fetchall():
        if condition is None:  # a default partition that is alone takes everything
            continue
        bound = _HASHED.sub(named, condition)
        found[ObjectId("table", partition)].append((partition, f"NOT {bound}"))
        if default is not None:
            found[ObjectId("table", partition)].append((default, bound))
    return found
