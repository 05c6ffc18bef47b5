"""The rule about statements whose effects can not be read in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.audit.found import about
from consolidate.graph import finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.audit.found import Found
    from consolidate.audit.subject import Material


def opaque(material: Material) -> Iterator[Found]:
    """What only a server can tell, and what is not understood; what does not parse has its own."""
    for spot in material.opaque:
        if spot.statement.tree is not None:
            told = finding(spot.effect)
            yield about(spot.statement, told.code, told.message, severity=told.severity)


RULES = (opaque,)
