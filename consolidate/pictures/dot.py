"""A network in the language of Graphviz."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.network import STATEMENT

if TYPE_CHECKING:
    from consolidate.network import Edge, Network, Node


def text(network: Network, *, told: str = "") -> str:
    """The file's text: dashed is what the history does not make, dotted what is looked up late."""
    lines = ["digraph dependencies {", "  rankdir=LR;", "  node [shape=box];"]
    if told:
        lines.append(f"  label={_quoted(told)};")
    lines += [
        f"  {_quoted(node.id)} [label={_quoted(node.label)}{_look(node)}];"
        for node in network.nodes
    ]
    lines += [
        f"  {_quoted(edge.start)} -> {_quoted(edge.end)}"
        f" [label={_quoted(', '.join(edge.reasons))}, tooltip={_quoted(_told(edge))}"
        f"{', style=dotted' if edge.late else ''}{', color=gray' if edge.ended else ''}];"
        for edge in network.edges
    ]
    return "\n".join([*lines, "}", ""])


def _told(edge: Edge) -> str:
    """Its reasons with their lines, which a picture shows beside the pointer."""
    return "; ".join(dict.fromkeys(map(str, edge.because)))


def _look(node: Node) -> str:
    if node.kind == STATEMENT:
        return ", shape=note"
    if node.external:
        return ", style=dashed"
    return ", color=gray" if node.ended else ""


def _quoted(name: str) -> str:
    """A string of the language, where a backslash begins an escape in labels."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
