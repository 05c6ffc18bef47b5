"""Whether witnesses agree on two databases: what each is about, and what it is known to miss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from consolidate.model import Difference, DifferenceKind, ObjectId
from tests.witnesses import WITNESSES, Witness

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping

    import psycopg

    from consolidate.servers.interface import Cluster


def _written_rows(_: psycopg.Connection, cluster: Cluster, database: str) -> frozenset[str]:
    """The rows as `pg_dump` writes them; those of the generator have one line each, and differ."""
    text = cluster.tool("pg_dump", "-a", "--column-inserts", "-d", database).decode()
    wanted = "INSERT ", "SELECT pg_catalog.setval"
    return frozenset(line for line in text.splitlines() if line.startswith(wanted))


def _compare_written(left: frozenset[str], right: frozenset[str]) -> tuple[Difference, ...]:
    return tuple(
        Difference(
            kind=DifferenceKind.MISSING if line in left else DifferenceKind.EXTRA,
            object=ObjectId("written row", line),
            attribute="",
            left=None,
            right=None,
        )
        for line in sorted(left ^ right)
    )


ALL: Mapping[str, Witness] = {
    **WITNESSES,
    "written rows": Witness(_written_rows, _compare_written),
}

SUBJECTS = (
    tuple(name for name in WITNESSES if name != "rows"),
    ("rows", "written rows"),
)
"""Witnesses of one subject must agree: first the schema's; then those of rows and positions, which
are asked where the schema is the same, as only then a row on either side means the same."""


@dataclass(frozen=True, slots=True)
class BlindSpot:
    """What a witness does not see, though it is of its subject."""

    witness: str
    kind: str
    attribute: str
    """Of a difference that others tell; `*` is any."""
    why: str
    left: str
    right: str
    """Two histories that show it."""

    def covers(self, witness: str, difference: Difference) -> bool:
        """Whether that is why a witness is silent about a difference."""
        return (
            witness == self.witness
            and difference.object.kind == self.kind
            and self.attribute in {"*", difference.attribute}
        )


_FILLED = "CREATE TABLE a AS SELECT 1 AS id; CREATE MATERIALIZED VIEW m AS TABLE a"

BLIND_SPOTS = (
    BlindSpot(
        "dump",
        "materialized view",
        "populated",
        why="pg_dump -s prints no REFRESH, whether a view was filled or not",
        left=_FILLED,
        right=f"{_FILLED}; REFRESH MATERIALIZED VIEW m WITH NO DATA",
    ),
    BlindSpot(
        "written rows",
        "materialized view",
        "*",
        why="pg_dump -a writes no rows that can be computed again",
        left=f"{_FILLED}; DELETE FROM a",
        right=f"{_FILLED}; DELETE FROM a; REFRESH MATERIALIZED VIEW m",
    ),
)


def observe(connection: psycopg.Connection, cluster: Cluster, database: str) -> dict[str, Any]:
    """What each witness sees."""
    return {name: how.observe(connection, cluster, database) for name, how in ALL.items()}


@dataclass(frozen=True, slots=True)
class Hearing:
    """What the witnesses told of two databases."""

    told: Mapping[str, tuple[Difference, ...]]

    @property
    def is_silent(self) -> bool:
        """Whether nobody told a difference."""
        return not any(self.told.values())

    def disagreements(self, met: Counter[BlindSpot]) -> list[str]:
        """What one tells and another of its subject does not, where that is no blind spot.

        Args:
            met: Counts the blind spots that are the reason.
        """
        found: list[str] = []
        for witnesses in SUBJECTS:
            for silent in (name for name in witnesses if not self.told[name]):
                for other in witnesses:
                    found += self._unexplained(silent, other, met)
            if any(self.told[name] for name in witnesses):
                break
        return found

    def _unexplained(self, silent: str, other: str, met: Counter[BlindSpot]) -> list[str]:
        found: list[str] = []
        for difference in self.told[other]:
            spots = [spot for spot in BLIND_SPOTS if spot.covers(silent, difference)]
            met.update(spots)
            if not spots:
                found.append(f"{other} tells what {silent} does not: {difference}")
        return found


def hear(left: Mapping[str, Any], right: Mapping[str, Any]) -> Hearing:
    """Asks every witness."""
    return Hearing({name: how.compare(left[name], right[name]) for name, how in ALL.items()})
