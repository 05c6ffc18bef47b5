"""Everyone who says whether two databases are the same, in one table.

A further witness is one more line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from consolidate.catalog import compare, dump, facts, projection, rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import psycopg

    from consolidate.catalog.rows import Rows
    from consolidate.model import Difference
    from consolidate.servers.interface import Cluster


@dataclass(frozen=True, slots=True)
class Witness:
    """How one witness looks at a database, and how it compares what it saw of two."""

    observe: Callable[[psycopg.Connection, Cluster, str], Any]
    compare: Callable[[Any, Any], tuple[Difference, ...]]


def _compare_rows(left: Rows, right: Rows) -> tuple[Difference, ...]:
    """To the letter: a replay compared with itself marks no cell as volatile."""
    return rows.compare(rows.mark(left, left), rows.mark(right, right))


WITNESSES: Mapping[str, Witness] = {
    "facts": Witness(lambda connection, *_: facts.read(connection), compare.compare),
    "projection": Witness(lambda connection, *_: projection.read(connection), projection.compare),
    "dump": Witness(lambda _, cluster, name: dump.schema_dump(cluster, name), dump.compare),
    "rows": Witness(lambda connection, *_: rows.read(connection), _compare_rows),
}


def observe(
    connection: psycopg.Connection, cluster: Cluster, database: str | None = None
) -> dict[str, Any]:
    """What each of them sees of the connected database."""
    name = database or cluster.database
    return {witness: how.observe(connection, cluster, name) for witness, how in WITNESSES.items()}


def differences(left: Mapping[str, Any], right: Mapping[str, Any]) -> dict[str, list[str]]:
    """What each of them tells apart, in its words; who tells nothing is not there."""
    told = {
        witness: [str(difference) for difference in how.compare(left[witness], right[witness])]
        for witness, how in WITNESSES.items()
    }
    return {witness: lines for witness, lines in told.items() if lines}
