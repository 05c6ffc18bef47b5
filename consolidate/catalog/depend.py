"""What the server itself knows of dependencies: `pg_depend`, spelled in object identities."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate.model import ObjectId

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import psycopg

_DEPENDENCIES = """
SELECT o.type, o.identity, r.type, r.identity, d.deptype::text
FROM (SELECT DISTINCT classid, objid, refclassid, refobjid, deptype FROM pg_catalog.pg_depend
      WHERE objid >= 16384) d,
     pg_catalog.pg_identify_object(d.classid, d.objid, 0) o,
     pg_catalog.pg_identify_object(d.refclassid, d.refobjid, 0) r
WHERE o.identity IS NOT NULL AND r.identity IS NOT NULL
  AND o.schema IS DISTINCT FROM 'pg_toast'
"""

_IDENTITIES = """
SELECT k.class, k.object, i.type, i.identity
FROM unnest(%s::bigint[], %s::bigint[]) AS k (class, object),
     pg_catalog.pg_identify_object(k.class::oid, k.object::oid, 0) i
WHERE i.identity IS NOT NULL
"""


_OUTERMOST = {"table", "foreign table", "view", "materialized view"}


@dataclass(frozen=True, slots=True)
class Dependencies:
    """`pg_depend` of one database. Columns are folded into their tables."""

    needs: Mapping[ObjectId, frozenset[ObjectId]]
    parent: Mapping[ObjectId, ObjectId]
    """What an object goes away with: the table of an index, a trigger, an owned sequence, …"""

    def family(self, member: ObjectId) -> ObjectId:
        """The outermost parent of an object; itself if it has none."""
        seen = {member}
        while (parent := self.parent.get(member)) is not None and parent not in seen:
            seen.add(parent)
            member = parent
        return member


def dependencies(connection: psycopg.Connection) -> Dependencies:
    """Reads `pg_depend` for every object that is not built in."""
    needs: dict[ObjectId, set[ObjectId]] = defaultdict(set)
    parent: dict[ObjectId, ObjectId] = {}
    for kind, identity, ref_kind, ref_identity, deptype in connection.execute(_DEPENDENCIES):
        member, target = ObjectId(kind, identity), ObjectId(ref_kind, ref_identity)
        if member == target:
            continue
        needs[member].add(target)
        if member.kind in _OUTERMOST:  # a partition goes away with its parent, yet is a table
            continue
        if deptype == "i" or (deptype == "a" and member not in parent):
            parent[member] = target
    return Dependencies({k: frozenset(v) for k, v in needs.items()}, parent)


def identities(
    connection: psycopg.Connection, keys: Iterable[tuple[int, int]]
) -> dict[tuple[int, int], ObjectId]:
    """The identities of objects given as (catalog OID, object OID)."""
    wanted = sorted(set(keys))
    rows = connection.execute(_IDENTITIES, ([k[0] for k in wanted], [k[1] for k in wanted]))
    return {(row[0], row[1]): ObjectId(row[2], row[3]) for row in rows}
