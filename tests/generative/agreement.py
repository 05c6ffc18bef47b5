"""Whether witnesses agree on two databases: what each is about, and what it is known to miss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from consolidate.catalog.blind_spots import BLIND_SPOTS, BlindSpot
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

SUBJECTS: tuple[Mapping[str, tuple[str, ...]], ...] = (
    {"facts": ("projection", "dump"), "projection": ("facts",), "dump": ("facts",)},
    {"rows": ("written rows",), "written rows": ("rows",)},
)
"""Who must have seen what whom else tells: of the schema; then of rows and positions, which are
asked where the schema is the same, as only then a row on either side means the same.

The facts know the most, so the other two are held to them, and the facts to both."""

UNFILLED = BlindSpot(
    witness="written rows",
    kinds="materialized view",
    reason="pg_dump -a writes no rows that can be computed again",
)

KNOWN = (*BLIND_SPOTS, UNFILLED)


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
        """What one tells and who must have seen it does not, where that is no blind spot.

        Args:
            met: Counts the blind spots that are the reason.
        """
        found: list[str] = []
        for witnesses in SUBJECTS:
            for silent in (name for name in witnesses if not self.told[name]):
                for other in witnesses[silent]:
                    found += self._unexplained(silent, other, met)
            if any(self.told[name] for name in witnesses):
                break
        return found

    def _unexplained(self, silent: str, other: str, met: Counter[BlindSpot]) -> list[str]:
        found: list[str] = []
        for difference in self.told[other]:
            spots = [spot for spot in KNOWN if spot.witness == silent and spot.covers(difference)]
            met.update(spots)
            if not spots:
                found.append(f"{other} tells what {silent} does not: {difference}")
        return found


def hear(left: Mapping[str, Any], right: Mapping[str, Any]) -> Hearing:
    """Asks every witness."""
    return Hearing({name: how.compare(left[name], right[name]) for name, how in ALL.items()})
