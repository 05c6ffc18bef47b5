"""A network as a flowchart in the language of Mermaid, which GitHub draws in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.network import STATEMENT

if TYPE_CHECKING:
    from consolidate.network import Network, Node

BUDGET = 60
"""Edges beyond which nobody sees anything; Mermaid refuses more than 500."""

_SPELLED = {ord(one): f"#{ord(one)};" for one in '"#&<>`\\'}
"""Characters that would mean something in a quoted label, as Mermaid spells them."""


def text(network: Network, *, told: str = "") -> str:
    """The chart's text: dotted is what is looked up when it runs."""
    numbers = {node.id: f"n{number}" for number, node in enumerate(network.nodes, 1)}
    lines = ["flowchart LR"]
    if told:
        lines.append(f"  %% {told}")
    lines += [f"  {numbers[node.id]}{_box(node)}" for node in network.nodes]
    lines += [
        f"  {numbers[edge.start]} {'-.->' if edge.late else '-->'}"
        f'|"{", ".join(edge.reasons).translate(_SPELLED)}"| {numbers[edge.end]}'
        for edge in network.edges
    ]
    return "\n".join([*lines, ""])


def _box(node: Node) -> str:
    label = node.label.translate(_SPELLED)
    if node.kind == STATEMENT:
        return f'>"{label}"]'
    return f'(["{label}"])' if node.external else f'["{label}"]'
