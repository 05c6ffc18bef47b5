"""The dependency graph as nodes and edges to be shown: all of it, or what is around an object."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from consolidate.effects import Reason
from consolidate.graph import Evidence, Incarnation, brought_by
from consolidate.names import as_typed
from consolidate.phrases import one_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from consolidate.graph import DependencyGraph
    from consolidate.model import ObjectId, SourceSpan, Statement, StatementId

STATEMENT = "statement"
"""The kind of a node that is no object."""

_HUBS = frozenset({"schema", "role", "extension", STATEMENT})
"""What so much hangs on that two of its objects are no neighbours by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One incarnation of an object, or one statement."""

    id: str
    """Kind and first name, with `#2` for the second made under it; or a statement's id."""
    kind: str
    name: str
    """The object's last name; `file:line` of a statement."""
    first: str
    """The object's first name; what sort of statement it is."""
    number: int = 1
    ended: bool = False
    external: bool = False
    """Whether no statement of the history is known to make it."""
    brought: str = ""
    """What brings it, where that is not the history."""

    @property
    def label(self) -> str:
        """What people call it."""
        again = f" #{self.number}" if self.number > 1 and self.ended else ""
        whole = f"{self.kind} {as_typed(self.name)}{again}"
        return self.name if self.kind == STATEMENT else whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Because:
    """One reason of an edge, with the statement that it comes from."""

    reason: str
    place: SourceSpan
    statement: StatementId
    by: str
    """What exactly needs something, under its last name."""
    on: str
    """What exactly is needed, under its last name."""
    ended: bool = False
    """Whether it is not so at the end: one of the two is gone, or no longer needs the other."""

    def __str__(self) -> str:
        return one_line(f"{self.reason} {self.place.path}:{self.place.line}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """What needs, what is needed, and why."""

    start: str
    end: str
    because: tuple[Because, ...]
    """In apply order."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """Each reason once, as they come."""
        return tuple(dict.fromkeys(one.reason for one in self.because))

    @property
    def late(self) -> bool:
        """Whether it is only a name in a text, to be looked up when that runs."""
        return all(one.reason == Reason.MENTION for one in self.because)

    @property
    def ended(self) -> bool:
        """Whether it is there no longer at the end."""
        return all(one.ended for one in self.because)


@dataclass(frozen=True, kw_only=True)
class Network:
    """Nodes and the edges between them, both sorted by the nodes' ids."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Node]:
        """Every node by its id."""
        return {node.id: node for node in self.nodes}

    @cached_property
    def neighbours(self) -> Mapping[str, tuple[str, ...]]:
        """The other ends of every node's edges, one for each edge."""
        found: dict[str, list[str]] = {node.id: [] for node in self.nodes}
        for edge in self.edges:
            found[edge.start].append(edge.end)
            found[edge.end].append(edge.start)
        return {name: tuple(others) for name, others in found.items()}

    def only(self, kept: Collection[str]) -> Network:
        """These nodes, and what is between them."""
        return Network(
            nodes=tuple(node for node in self.nodes if node.id in kept),
            edges=tuple(e for e in self.edges if e.start in kept and e.end in kept),
        )


def build(
    graph: DependencyGraph,
    statements: Iterable[Statement],
    *,
    brought: Mapping[ObjectId, str] = MappingProxyType({}),
    parts: bool = False,
    with_statements: bool = True,
) -> Network:
    """All of a history's graph.

    Args:
        graph: The graph.
        statements: Those of the history.
        brought: What makes each object that is there before the history.
        parts: Whether columns, constraints and the like, and indexes, are nodes; otherwise what
            they need is needed by their tables.
        with_statements: Whether statements are nodes.
    """
    ids = {node: node_id(node) for node in graph.incarnations}
    homes = {node: node if parts else graph.home(node) for node in graph.incarnations}
    nodes = [_object(graph, node, ids[node], brought) for node in dict.fromkeys(homes.values())]
    found: dict[tuple[str, str], list[Because]] = defaultdict(list)
    for by, on, evidence, ended in _edges(graph):
        if isinstance(by, Incarnation):
            start, named = ids[homes[by]], str(graph.names(by)[-1])
        else:
            start, named = str(by), by
        end = ids[homes[on]]
        if start != end and (with_statements or isinstance(by, Incarnation)):
            because = _because(evidence, named, str(graph.names(on)[-1]), ended=ended)
            found[start, end].append(because)
    if with_statements:
        nodes += _statements(graph, statements)
    order = {effect.statement: number for number, effect in enumerate(graph.effects)}
    return Network(
        nodes=tuple(sorted(nodes, key=lambda node: node.id)),
        edges=tuple(
            Edge(start=pair[0], end=pair[1], because=_in_order(found[pair], order))
            for pair in sorted(found)
        ),
    )


def _edges(
    graph: DependencyGraph,
) -> Iterator[tuple[Incarnation | StatementId, Incarnation, Evidence, bool]]:
    """Those of the graph and former ones, and what the texts name that statements run at once.

    Each with whether it is not so at the end; what a statement did it has done.
    """
    for by, on in graph.digraph.edges:
        if isinstance(on, Incarnation):
            ended = isinstance(by, Incarnation) and None in {by.final, on.final}
            for evidence in graph.digraph.edges[by, on]["evidence"]:
                yield by, on, evidence, ended
    for by, on, evidence in graph.former():
        yield by, on, evidence, True
    there = graph.surviving()
    for effect in graph.effects:
        for name in graph.statement_mentions(effect.statement) if effect.mentions else ():
            if name in there:
                evidence = Evidence(Reason.MENTION, effect.place, effect.statement)
                yield effect.statement, there[name], evidence, False


def _because(evidence: Evidence, by: str, on: str, *, ended: bool) -> Because:
    return Because(
        reason=evidence.reason,
        place=evidence.place,
        statement=evidence.statement_id,
        by=one_line(by),
        on=one_line(on),
        ended=ended,
    )


def _in_order(found: Iterable[Because], order: Mapping[StatementId, int]) -> tuple[Because, ...]:
    ranked = sorted(found, key=lambda one: (order[one.statement], one.reason, one.by, one.on))
    return tuple(dict.fromkeys(ranked))


def _statements(graph: DependencyGraph, statements: Iterable[Statement]) -> Iterator[Node]:
    """All but the blank rests of files."""
    kinds = {statement.id: statement.kind for statement in statements}
    for effect in graph.effects:
        if kind := kinds.get(effect.statement):
            yield Node(
                id=effect.statement,
                kind=STATEMENT,
                name=one_line(f"{effect.place.path}:{effect.place.line}"),
                first=kind,
            )


def node_id(node: Incarnation) -> str:
    """The id of an incarnation's node."""
    again = f"#{node.number}" if node.number > 1 else ""
    return one_line(f"{node.first}{again}")


def _object(
    graph: DependencyGraph, node: Incarnation, name: str, brought: Mapping[ObjectId, str]
) -> Node:
    return Node(
        id=name,
        kind=node.first.kind,
        name=one_line(graph.names(node)[-1].identity),
        first=one_line(node.first.identity),
        number=node.number,
        ended=node.final is None,
        external=node.external,
        brought=brought_by(node.first, brought) if node.external else "",
    )


# -- parts of it ------------------------------------------------------------------------------


def at_the_end(
    network: Network, *, beside: Collection[str] = (), statements: bool = False
) -> Network:
    """The objects and dependencies of the end, without the schemas that they are in.

    Args:
        network: All of it.
        beside: Nodes that are shown all the same.
        statements: Whether statements stay.
    """
    out = {"schema"} if statements else {"schema", STATEMENT}
    kept = {n.id for n in network.nodes if not (n.ended or n.kind in out) or n.id in beside}
    shown = network.only(kept)
    gone = {node.id for node in shown.nodes if node.ended}
    edges = (edge if gone & {edge.start, edge.end} else _lasting(edge) for edge in shown.edges)
    return Network(nodes=shown.nodes, edges=tuple(edge for edge in edges if edge is not None))


def _lasting(edge: Edge) -> Edge | None:
    """What of an edge is so at the end."""
    because = tuple(one for one in edge.because if not one.ended)
    return Edge(start=edge.start, end=edge.end, because=because) if because else None


def distances(network: Network, centres: Iterable[str], most: int) -> dict[str, int]:
    """How far the nodes around some are away from the nearest of these, up to a distance.

    Either direction of an edge counts. Schemas, roles, extensions and statements lead no further.
    """
    found = dict.fromkeys(centres, 0)
    ring = list(found)
    for distance in range(1, most + 1):
        through = [one for one in ring if not found[one] or network.by_id[one].kind not in _HUBS]
        ring = sorted(
            {next_ for one in through for next_ in network.neighbours[one]} - found.keys()
        )
        found.update(dict.fromkeys(ring, distance))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """As much of a network as a picture holds."""

    network: Network
    told: str
    """What is left out, with its count; empty if nothing is."""


def fitted(network: Network, budget: int, centres: Collection[str] = ()) -> Fitted:
    """The most of a network whose edges are no more than that.

    The nodes that are nearest to the centres stay, and of those equally near the ones with most
    edges; without centres all are equally near.
    """
    if len(network.edges) <= budget:
        return Fitted(network=network, told="")
    away = distances(network, centres, len(network.nodes)) if centres else {}
    near, far = network.neighbours, len(network.nodes)
    ranked = sorted(near, key=lambda one: (away.get(one, far), -len(near[one]), one))
    kept: set[str] = set()
    edges = 0
    for one in ranked:
        more = sum(other in kept for other in near[one])
        if edges + more > budget:
            break
        kept.add(one)
        edges += more
    connected = {end for e in network.only(kept).edges for end in (e.start, e.end)} | {*centres}
    part = network.only(kept & connected)
    told = (
        f"{len(part.nodes)} of {len(network.nodes)} objects and {len(part.edges)} of"
        f" {len(network.edges)} dependencies are shown,"
        f" {'the nearest' if centres else 'those with the most'}"
    )
    return Fitted(network=part, told=told)
