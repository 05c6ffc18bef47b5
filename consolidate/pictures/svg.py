"""A network as an SVG picture: what needs something stands left of what it needs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias
from xml.sax.saxutils import escape

from consolidate.network import STATEMENT
from consolidate.phrases import clipped

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from graphlay import Layout

    from consolidate.network import Edge, Network, Node

BUDGET = 120
"""Edges beyond which a picture is a tangle."""

_LETTER = 7.3
"""Width of a letter of 12 pixels in a font whose letters are all alike."""
_SHORTEST = 8
_LONGEST = 48
"""Letters of a name that are shown; the tooltip has all of it."""
_PORT = 18
_MARGIN = 20
_FILLS = {
    "table": "#dbeafe",
    "view": "#dcfce7",
    "materialized view": "#dcfce7",
    "function": "#ffedd5",
    "procedure": "#ffedd5",
    "trigger": "#fef9c3",
    "policy": "#fce7f3",
    "type": "#ede9fe",
    STATEMENT: "#f8fafc",
}
_OTHER = "#f1f5f9"

_HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" width="{width}" height="{height}" \
font-family="monospace" font-size="12">
<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" \
orient="auto"><path d="M0 0L8 4L0 8z" fill="#475569"/></marker></defs>
<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="#ffffff"/>"""


_Way: TypeAlias = "list[tuple[float, float]]"
"""The points of an edge, from what needs to what is needed."""


class _Box(NamedTuple):
    """The picture's place and size."""

    left: float
    top: float
    width: float
    height: float


def text(network: Network, *, told: str = "", centres: Collection[str] = ()) -> str:
    """The picture; it has no script, and asks for no font and no other file.

    Args:
        network: What is drawn.
        told: What is left out, to be said below it.
        centres: The nodes that it is about.
    """
    drawn = _laid_out(network)
    box = _box(drawn.bounds, told)
    head = _HEAD.format(
        box=" ".join(map(_number, box)),
        width=_number(box.width),
        height=_number(box.height),
        left=_number(box.left),
        top=_number(box.top),
    )
    lines = [head]
    ways = [[(p["x"], p["y"]) for p in edge["points"]] for edge in drawn.edges]
    for edge, way in zip(network.edges, ways, strict=True):
        lines += _edge(edge, way, network)
    lines += map(_reasons, network.edges, ways)
    for node, place in zip(network.nodes, drawn.nodes, strict=True):
        at = (place["center"]["x"], place["center"]["y"])
        size = (place["size"]["width"], place["size"]["height"])
        lines += _node(node, at, size, central=node.id in centres)
    if told:
        x, y = _number(box.left + _MARGIN), _number(box.top + box.height - _MARGIN / 2)
        lines.append(f'<text x="{x}" y="{y}" fill="#475569">{escape(told)}</text>')
    return "\n".join([*lines, "</svg>", ""])


def _laid_out(network: Network) -> Layout:
    """Where everything goes: nodes in layers, as high as their edges need, and these in between."""
    import graphlay  # noqa: PLC0415 - for this format only

    graph = graphlay.Graph()
    ports: Counter[tuple[str, bool]] = Counter()
    for edge in network.edges:
        ports.update(((edge.start, True), (edge.end, False)))
    for node in network.nodes:
        most = max(ports[node.id, side] for side in (True, False))
        letters = max(len(_name(node)), len(node.kind), _SHORTEST)
        graph.node(node.id, width=letters * _LETTER + 16, height=max(40, most * _PORT + 10))
    for edge in network.edges:
        graph.edge(edge.start, edge.end)
    return graphlay.layout(
        graph, options={"direction": "leftright", "spacing": {"layer_gap": 150.0, "node_gap": 24.0}}
    )


def _box(bounds: dict[str, dict[str, float]], told: str) -> _Box:
    left, top = bounds["min"]["x"] - _MARGIN, bounds["min"]["y"] - _MARGIN
    width = bounds["max"]["x"] - left + _MARGIN
    height = bounds["max"]["y"] - top + _MARGIN
    if told:
        width = max(width, len(told) * _LETTER + 2 * _MARGIN)
        height += _MARGIN
    return _Box(left, top, width, height)


def _name(node: Node) -> str:
    return clipped(node.name, _LONGEST)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _node(
    node: Node, at: tuple[float, float], size: tuple[float, float], *, central: bool
) -> Iterator[str]:
    x, y = at
    width, height = size
    dash = ' stroke-dasharray="4 3"' if node.external else ""
    stroke = "2.5" if central else "1"
    yield f"<g><title>{escape(node.label)}</title>"
    yield (
        f'<rect x="{_number(x - width / 2)}" y="{_number(y - height / 2)}"'
        f' width="{_number(width)}" height="{_number(height)}" rx="4"'
        f' fill="{_FILLS.get(node.kind, _OTHER)}" stroke="#334155" stroke-width="{stroke}"{dash}/>'
    )
    yield (
        f'<text x="{_number(x)}" y="{_number(y - 4)}" text-anchor="middle" font-size="10"'
        f' fill="#475569">{escape(node.kind)}</text>'
    )
    yield (
        f'<text x="{_number(x)}" y="{_number(y + 11)}" text-anchor="middle">'
        f"{escape(_name(node))}</text></g>"
    )


def _edge(edge: Edge, points: _Way, network: Network) -> Iterator[str]:
    dash = ' stroke-dasharray="2 3"' if edge.late else ""
    way = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
    start, end = network.by_id[edge.start].label, network.by_id[edge.end].label
    told = [f"{start} → {end}"]
    told += dict.fromkeys(map(str, edge.because))
    yield f"<g><title>{escape(chr(10).join(told))}</title>"
    yield (
        f'<polyline points="{way}" fill="none" stroke="#475569"{dash} marker-end="url(#tip)"/></g>'
    )


def _reasons(edge: Edge, points: _Way) -> str:
    """The label of an edge, where it leaves; above all lines, so that none crosses it out."""
    (x, y), (next_x, _) = points[0], points[1]
    anchor, shift = ("start", 5) if next_x >= x else ("end", -5)
    return (
        f'<text x="{_number(x + shift)}" y="{_number(y - 3)}" text-anchor="{anchor}"'
        ' font-size="10" fill="#475569" stroke="#ffffff" stroke-width="3" paint-order="stroke">'
        f"{escape(', '.join(edge.reasons))}</text>"
    )
