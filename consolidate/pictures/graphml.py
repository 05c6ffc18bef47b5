"""A network as GraphML, which Gephi, yEd and networkx read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from consolidate.network import Network


def text(network: Network) -> str:
    """The file's text; `evidence` of an edge is `reason file:line`, several with `; ` between."""
    import networkx as nx  # noqa: PLC0415 - a quarter of a second, for some commands only

    graph: nx.DiGraph[str] = nx.DiGraph()
    for node in network.nodes:
        graph.add_node(
            node.id,
            kind=node.kind,
            name=node.name,
            first=node.first,
            number=node.number,
            ended=node.ended,
            external=node.external,
        )
    for edge in network.edges:
        graph.add_edge(
            edge.start,
            edge.end,
            reasons=", ".join(edge.reasons),
            evidence="; ".join(dict.fromkeys(map(str, edge.because))),
            late=edge.late,
            ended=edge.ended,
        )
    return "\n".join([*nx.generate_graphml(graph), ""])
