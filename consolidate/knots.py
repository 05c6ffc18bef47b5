"""Takes back objects that need each other: no order of plain DROPs does that.

`DROP TYPE … CASCADE` is how PostgreSQL's documentation takes back a base type, whose functions need
it in turn. CASCADE would take along whatever else has come to need one of them, so that it is
looked for before, and refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from consolidate import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from consolidate.catalog.depend import Dependencies
    from consolidate.model import ObjectId

_ROUTINES = ("function", "procedure", "aggregate")
_FIRST = ("type", *_ROUTINES)
"""Kinds whose DROP … CASCADE leaves none of the others' needs."""

_STRANGERS = """\
DO $knot$
DECLARE
    stranger text;
BEGIN
    WITH RECURSIVE own AS (
        SELECT d.classid, d.objid
        FROM (SELECT DISTINCT refclassid AS classid, refobjid AS objid FROM pg_catalog.pg_depend
            WHERE refobjid >= 16384) AS d,
            pg_catalog.pg_identify_object(d.classid, d.objid, 0) AS i
        WHERE (i.type, i.identity) IN (
            {members})
        UNION
        SELECT d.classid, d.objid
        FROM own AS o
        JOIN pg_catalog.pg_depend AS d ON d.refclassid = o.classid AND d.refobjid = o.objid
        WHERE d.deptype IN ('a', 'i')
    )
    SELECT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) INTO stranger
    FROM own AS o
    JOIN pg_catalog.pg_depend AS d ON d.refclassid = o.classid AND d.refobjid = o.objid
    WHERE (d.classid, d.objid) NOT IN (SELECT classid, objid FROM own)
    ORDER BY 1 LIMIT 1;
    IF stranger IS NOT NULL THEN
        RAISE EXCEPTION '% depends on what is taken back here', stranger;
    END IF;
END
$knot$;"""


def among(
    listed: Iterable[ObjectId], depend: Dependencies
) -> Mapping[ObjectId, frozenset[ObjectId]]:
    """The objects that need each other, each with all of its knot."""
    inside = frozenset(listed)
    graph: nx.DiGraph[ObjectId] = nx.DiGraph()
    for member, targets in depend.needs.items():
        user = _above(member, inside, depend)
        if user is not None:
            ends = (_above(target, inside, depend) for target in targets)
            graph.add_edges_from((end, user) for end in ends if end is not None and end != user)
    tied = (frozenset(part) for part in nx.strongly_connected_components(graph) if len(part) > 1)
    return {name: part for part in tied for name in part}


def _above(name: ObjectId, inside: frozenset[ObjectId], depend: Dependencies) -> ObjectId | None:
    """The object of the list that one is or belongs to."""
    seen: set[ObjectId] = set()
    current: ObjectId | None = name
    while current is not None and current not in inside and current not in seen:
        seen.add(current)
        current = depend.parent.get(current)
    return current if current in inside else None


def drop(knot: Sequence[ObjectId], drops: Sequence[str]) -> list[str]:
    """The statements that take back all of a knot.

    Args:
        knot: Its objects, the last one made first.
        drops: How each is dropped if nothing needs it.
    """
    kinds = {one.kind for one in knot}
    if len(kinds) == 1 and kinds <= set(_ROUTINES):
        head, _, _ = drops[0].partition(knot[0].identity)
        return [f"{head}{', '.join(one.identity for one in knot)};"]
    members = ",\n            ".join(
        f"({names.literal(one.kind)}, {names.literal(one.identity)})" for one in sorted(knot)
    )
    said = dict(zip(knot, drops, strict=True))
    first = [one for kind in _FIRST for one in knot if one.kind == kind]
    rest = [one for one in knot if one not in first]
    return [
        _STRANGERS.format(members=members),
        *(_cascading(one, said[one]) for one in first),
        *(_if_there(one, said[one]) for one in rest),
    ]


def _cascading(one: ObjectId, said: str) -> str:
    return f"{_if_there(one, said).removesuffix(';').removesuffix(' CASCADE')} CASCADE;"


def _if_there(one: ObjectId, said: str) -> str:
    """A DROP of what may have gone along with another one."""
    return (
        said if " IF EXISTS " in said else said.replace(one.identity, f"IF EXISTS {one.identity}")
    )
