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


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindSpot:
    """Differences that one witness sees nothing of."""

    witness: str
    kinds: str = ".*"
    """A pattern of the kinds of objects, as another witness names them."""
    identities: str = ".*"
    """A pattern of their identities."""
    attributes: str = ".*"
    """A pattern of the attributes."""
    reason: str

    def covers(self, found: Difference) -> bool:
        """Whether what another witness sees lies in it."""
        return bool(
            re.fullmatch(self.kinds, found.object.kind)
            and re.fullmatch(self.identities, found.object.identity)
            and re.fullmatch(self.attributes, found.attribute)
        )


BLIND_SPOTS: Final = (
    BlindSpot(
        witness="dump",
        kinds=".* column",
        attributes="position",
        reason="pg_dump writes no order of inherited columns",
    ),
    BlindSpot(
        witness="dump",
        kinds="table",
        attributes="partition of",
        reason="pg_dump takes a detachment that was interrupted for done",
    ),
    BlindSpot(
        witness="dump",
        kinds="table constraint",
        attributes="supporting index",
        reason="no SQL says which of several unique indexes a foreign key leans on",
    ),
    BlindSpot(
        witness="dump",
        kinds="materialized view",
        attributes="populated",
        reason="pg_dump -s writes every materialized view WITH NO DATA",
    ),
    BlindSpot(witness="dump", kinds="extension", reason="pg_dump writes extensions by name alone"),
    BlindSpot(
        witness="dump", kinds="built-in objects", reason="pg_dump writes no built-in objects"
    ),
    BlindSpot(
        witness="dump",
        identities=r"(.* (on|for) )?(pg_catalog|information_schema)\..*",
        reason="pg_dump writes of built-in objects only what it thinks was changed",
    ),
    BlindSpot(
        witness="dump",
        kinds="role",
        identities="ALL|pg_.*",
        reason="pg_dumpall writes neither settings of all roles nor built-in roles",
    ),
    BlindSpot(
        witness="dump",
        kinds="tablespace",
        identities="pg_.*",
        reason="pg_dumpall writes no built-in tablespaces",
    ),
    BlindSpot(
        witness="dump",
        kinds="language",
        attributes="trusted|validator|(inline )?handler",
        reason="pg_dump writes a language whose functions are built in by its name alone",
    ),
    BlindSpot(
        witness="dump",
        kinds="type",
        identities=r".*(multirange|\[\])",
        attributes="comment",
        reason="pg_dump writes no comments on types that come with others",
    ),
    BlindSpot(witness="dump", kinds="large object", reason="pg_dump -s writes no large objects"),
)
"""Each is shown by a test in tests/mutations."""


def unlisted(witness: str, seen: Iterable[Difference]) -> tuple[Difference, ...]:
    """What a witness ought to have seen of what another one sees."""
    spots = [spot for spot in BLIND_SPOTS if spot.witness == witness]
    return tuple(one for one in seen if not any(spot.covers(one) for spot in spots))
