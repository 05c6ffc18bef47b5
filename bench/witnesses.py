"""Judges what comparing a schema costs by what `pg_dump --schema-only` of the same database takes.

The database is what synapse's history builds, and is compared with itself. As in `consolidate diff`
of two databases that exist, both are looked at side by side.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import projects
from consolidate import garbage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from consolidate.servers.interface import Cluster

SERVER = "embedded://18"
LIMIT = 2.0
"""How many dumps a comparison by the facts may take: two snapshots, and what they differ in."""
JUDGED = "facts"
ROUNDS = 5
"""Of which the median is taken."""


def jobs(cluster: Cluster) -> Iterator[tuple[str, Callable[[], object]]]:
    """What is timed: a dump, and a comparison of the database with itself by each witness.

    What the projection knows of built-in objects from an earlier reading it does not read again,
    so its first reading is apart.
    """
    import psycopg  # noqa: PLC0415 - a program's own import

    from consolidate.catalog import compare, dump, facts, projection  # noqa: PLC0415

    sides = [psycopg.connect(cluster.dsn(), autocommit=True) for _ in ("left", "right")]

    def both(look: Callable[[psycopg.Connection], Any]) -> Iterator[Any]:
        with ThreadPoolExecutor(max_workers=len(sides)) as pool:
            return pool.map(look, sides)

    def dumped(_: psycopg.Connection) -> str:
        return dump.schema_dump(cluster, cluster.database)

    command = ("pg_dump", "--schema-only", f"--dbname={cluster.database}")
    yield "pg_dump", lambda: cluster.tool(*command)
    yield "facts", lambda: compare.compare(*both(facts.read))
    yield "first projection", lambda: projection.read(sides[0])
    yield "projection", lambda: projection.compare(*both(projection.read))
    yield "dump", lambda: dump.compare(*both(dumped))
    for side in sides:
        side.close()


def measure(workplace: Path) -> Mapping[str, float]:
    """The median seconds of each job on what synapse's history builds."""
    from consolidate import empty_database, pipeline  # noqa: PLC0415
    from consolidate.replay import replay  # noqa: PLC0415

    schema = projects.synapse(workplace)
    config = projects.synapse_project(schema, workplace)
    job = pipeline.prepare(pipeline.Request(config=config, servers=(SERVER,)))
    with empty_database.platform(job.servers[0], job.prelude) as (cluster, connection):
        replay(connection, job.files, manner=job.history.manner)
        return {
            name: statistics.median(_seconds(work) for _ in range(rounds(name)))
            for name, work in jobs(cluster)
        }


def rounds(name: str) -> int:
    """How often a job is timed."""
    return 1 if name.startswith("first") else ROUNDS


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def judgement(seconds: Mapping[str, float]) -> tuple[str, bool]:
    """What is said of the judged one, and whether it is within the limit."""
    ratio = seconds[JUDGED] / seconds["pg_dump"]
    holds = ratio <= LIMIT
    return f"judged: {JUDGED} {ratio:.1f} x {'≤' if holds else '>'} {LIMIT:g}", holds


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints a line for each job, and the judgement; 1 if it is over the limit."""
    argparse.ArgumentParser(description=__doc__).parse_args(arguments)
    garbage.collect_seldom()  # as the program does
    with tempfile.TemporaryDirectory() as workplace:
        seconds = measure(Path(workplace))
    sys.stdout.write(f"{'comparison':<20}{'seconds':>8}{'x pg_dump':>11}\n")
    for name, took in seconds.items():
        sys.stdout.write(f"{name:<20}{took:8.3f}{took / seconds['pg_dump']:11.1f}\n")
    told, holds = judgement(seconds)
    sys.stdout.write(f"{told}\n")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
