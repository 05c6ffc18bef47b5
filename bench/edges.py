"""Holds the edges of the static model against those that a server recorded.

Both are edges between final objects of the history, columns counted as objects. The server's are
those of `pg_depend` (and, of policies and default privileges, of `pg_shdepend`), as `depend` spells
them; the model's are its hard needs. Late-bound mentions are no edges: the server has none either.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bench.depend import Edge
from consolidate.agreement import is_temporary
from consolidate.effects import Reason
from consolidate.graph import Evidence, Incarnation
from consolidate.model import ObjectId
from consolidate.names import parted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from collections.abc import Set as AbstractSet

    from bench.depend import Recorded
    from consolidate.graph import DependencyGraph
    from consolidate.model import StatementId


class Beyond(StrEnum):
    """Why only the server can know an edge."""

    OPAQUE = "made, written or removed by an opaque statement"
    EXTENSION = "on what an extension brought along"
    INFERRED = "on what no statement names: it takes types to find it"


IMPLIED: Mapping[Reason, str] = {
    Reason.PART_OF: "a column, and what is on columns, is a part of its relation and its schema",
    Reason.KEY_COLUMN: "the index behind a key is on the columns that the key is on",
    Reason.FOREIGN_KEY: "the columns that a foreign key points to are those of a table",
    Reason.INDEX: "the columns that an index is on are those of a relation",
    Reason.QUERY: "the columns that a view reads are those of a relation",
    Reason.POLICY: "the columns that a policy reads are those of a table",
    Reason.RULE: "the columns that a rule reads are those of a relation",
    Reason.BODY: "the columns that a parsed body reads are those of a relation",
}
"""The kinds of edges that follow from those of the server, which has the finer ones alone."""

JUDGED: Mapping[Reason, str] = {
    Reason.ROLE: "pg_depend knows neither the roles of a member nor the server's first superuser",
}
"""The kinds of surplus, and why it is right to have them: what makes the object fails without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What came of it. Every list is sorted."""

    known: int
    """Edges that both have."""
    missed: tuple[Edge, ...]
    """Edges that the model lacks and should have."""
    beyond: Mapping[Beyond, tuple[Edge, ...]]
    """Edges that only one of them has, because the other half only the server can know."""
    implied: Mapping[Reason, tuple[Edge, ...]]
    """Edges that it has beside those of the server and that follow from them: what needs a column
    needs its table, and what needs an object its schema."""
    surplus: Mapping[Reason, tuple[tuple[Edge, Evidence], ...]]
    """Edges of which the server knows nothing, with where the model has each from."""

    @property
    def recall(self) -> float:
        """The share of the server's edges that the model has, of those that it can have."""
        asked = self.known + len(self.missed)
        return self.known / asked if asked else 1.0

    @property
    def excess(self) -> float:
        """The share of the model's edges of which the server knows nothing."""
        extra = sum(len(found) for found in self.surplus.values())
        said = self.known + sum(len(found) for found in self.implied.values()) + extra
        return extra / said if said else 0.0

    @property
    def unjudged(self) -> tuple[Reason, ...]:
        """The kinds of edges beside the server's that nobody has judged."""
        unknown = {*self.surplus} - {*JUDGED} | {*self.implied} - {*IMPLIED}
        return tuple(sorted(unknown))


def hard(graph: DependencyGraph) -> dict[Edge, Evidence]:
    """What the model says must be there for each surviving object, with one reason for each.

    What a quoted SQL body names is looked up each time it runs, as other mentions are, although it
    is checked once when the function is made: it is late-bound, too.
    """
    found: dict[Edge, Evidence] = {}
    for start, end, data in graph.digraph.edges(data=True):
        names = _finals(start, end)
        reasons = {e.reason for e in data["evidence"]}
        late = {Reason.MENTION, Reason.BODY} if Reason.MENTION in reasons else frozenset()
        needs = [e for e in data["evidence"] if e.reason not in late]
        if names is not None and needs:
            found[Edge(*names)] = needs[0]
    return found


def _finals(
    start: Incarnation | StatementId, end: Incarnation | StatementId
) -> tuple[ObjectId, ObjectId] | None:
    """The final names of both ends, if the history made the first and both are there at the end.

    Temporary objects are not: they went with their sessions.
    """
    if not (isinstance(start, Incarnation) and isinstance(end, Incarnation)) or start.external:
        return None
    by, on = start.final, end.final
    return None if by is None or on is None or by == on or is_temporary(by) else (by, on)


def compare(
    static: Mapping[Edge, Evidence],
    recorded: Recorded,
    *,
    is_opaque: Callable[[ObjectId], bool],
    spelled: Callable[[ObjectId], str],
) -> Compared:
    """Compares the edges of the final state.

    Args:
        static: As `hard` gives them.
        recorded: What the server has.
        is_opaque: Whether an opaque statement made or last wrote an object, or took its name away.
        spelled: The text of all statements that touched an object or what it is a part of.
    """
    edges = {edge for edge in recorded.edges if edge.by not in recorded.brought}
    beyond: dict[Beyond, list[Edge]] = defaultdict(list)
    missed: list[Edge] = []
    for edge in sorted(edges - static.keys()):
        why = _beyond(edge, recorded, is_opaque, spelled)
        (missed if why is None else beyond[why]).append(edge)
    on: dict[ObjectId, set[ObjectId]] = defaultdict(set)
    for edge in recorded.edges:
        on[edge.by].add(edge.on)
    implied: dict[Reason, list[Edge]] = defaultdict(list)
    surplus: dict[Reason, list[tuple[Edge, Evidence]]] = defaultdict(list)
    for edge in sorted(static.keys() - recorded.edges):
        reason = Reason(static[edge].reason)
        if _follows(edge, on):
            implied[reason].append(edge)
        elif is_opaque(edge.by) or is_opaque(edge.on):
            beyond[Beyond.OPAQUE].append(edge)
        else:
            surplus[reason].append((edge, static[edge]))
    return Compared(
        known=len(edges & static.keys()),
        missed=tuple(missed),
        beyond={why: tuple(found) for why, found in sorted(beyond.items())},
        implied={reason: tuple(found) for reason, found in sorted(implied.items())},
        surplus={reason: tuple(found) for reason, found in sorted(surplus.items())},
    )


def _beyond(
    edge: Edge,
    recorded: Recorded,
    is_opaque: Callable[[ObjectId], bool],
    spelled: Callable[[ObjectId], str],
) -> Beyond | None:
    if edge.on in recorded.brought:
        return Beyond.EXTENSION
    if is_opaque(edge.by) or is_opaque(edge.on):
        return Beyond.OPAQUE
    if edge.on.kind in _INFERRED and _last_name(edge.on) not in spelled(edge.by):
        return Beyond.INFERRED
    return None


_INFERRED = frozenset(
    {"type", "operator", "operator class", "cast", "composite type column", "collation"}
)
"""Kinds that an expression can reach without naming them."""


def _last_name(name: ObjectId) -> str:
    return parted(name.identity.partition("(")[0], ".")[1].strip('"').lower()


def _follows(edge: Edge, on: Mapping[ObjectId, AbstractSet[ObjectId]]) -> bool:
    """Whether it is the end of a way of at most one edge, and then up to what contains its end."""
    ends = {edge.by, *on.get(edge.by, frozenset())}
    if edge.by.kind == "index":  # one thing with the constraint that it is behind
        ends |= {m for end in ends if end.kind == "table constraint" for m in on.get(end, ends)}
    return any(edge.on in _containers(end, on) for end in ends)


def _containers(name: ObjectId, on: Mapping[ObjectId, AbstractSet[ObjectId]]) -> set[ObjectId]:
    """The relation of a column, the type of a composite type's relation, and their schema."""
    found = {name}
    if name.kind.endswith(" column"):
        name = ObjectId(name.kind.removesuffix(" column"), parted(name.identity, ".")[0])
        found.add(name)
    if name.kind == "composite type":
        name = ObjectId("type", name.identity)
        found.add(name)
    return found | {schema for schema in on.get(name, frozenset()) if schema.kind == "schema"}
