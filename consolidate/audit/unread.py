"""The rule about statements whose effects can not be read in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.audit.found import about
from consolidate.graph import DependencyGraph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.audit.found import Found
    from consolidate.audit.subject import Material


def opaque(material: Material) -> Iterator[Found]:
    """What only a server can tell, and what is not understood; what does not parse has its own."""
    graph = DependencyGraph(material.chronicle)
    for effect, finding in zip(graph.opaque(), graph.findings(), strict=True):
        statement = material.statements[effect.statement]
        if statement.tree is not None and material.is_history(statement.id):
            yield about(statement, finding.code, finding.message, severity=finding.severity)


RULES = (opaque,)
