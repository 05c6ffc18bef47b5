"""What a witness is known not to see, and why; whatever else it misses is a gap of this program.

A difference that one witness sees fails the verdict, whoever else is blind to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from consolidate.model import Difference


@dataclass(frozen=True, slots=True)
class BlindSpot:
    """Differences that one witness sees nothing of."""

    witness: str
    kinds: str
    """A pattern of the kinds of objects, as another witness names them."""
    attributes: str
    """A pattern of the attributes."""
    reason: str

    def covers(self, found: Difference) -> bool:
        """Whether what another witness sees lies in it."""
        return bool(
            re.fullmatch(self.kinds, found.object.kind)
            and re.fullmatch(self.attributes, found.attribute)
        )


BLIND_SPOTS: Final = (
    BlindSpot("dump", ".* column", "position", "pg_dump writes no order of inherited columns"),
    BlindSpot(
        "dump",
        "table constraint",
        "internal trigger .*",
        "pg_dump has no words for a foreign key that is switched off",
    ),
    BlindSpot("dump", "index", "invalid|not ready|", "pg_dump leaves invalid indexes out"),
    BlindSpot("dump", "table constraint", "supporting index", "no SQL says it"),
    BlindSpot("dump", "materialized view", "populated", "pg_dump -s writes every one WITH NO DATA"),
    BlindSpot("dump", "extension", "version|member.*", "pg_dump writes extensions by name alone"),
    BlindSpot("dump", "built-in objects", ".*", "pg_dump writes no built-in objects"),
    BlindSpot(
        "dump",
        ".*",
        "grant .* by .*",
        "pg_dump writes rights of built-in objects and of members of extensions only in part",
    ),
    BlindSpot("dump", "large object", ".*", "pg_dump -s writes no large objects"),
)
"""Each is shown by a case of tests/mutations."""


def unlisted(witness: str, seen: Iterable[Difference]) -> tuple[Difference, ...]:
    """What a witness ought to have seen of what another one sees."""
    spots = [spot for spot in BLIND_SPOTS if spot.witness == witness]
    return tuple(one for one in seen if not any(spot.covers(one) for spot in spots))
