"""Shows what two databases with one table of many rows take to be read, marked and compared.

Each measurement is a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import psycopg

from consolidate.catalog import rows
from consolidate.servers import open_server

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consolidate.servers.interface import Cluster

SERVER = "embedded://18"

SIZES = (10_000, 100_000, 1_000_000)
"""Rows when none are named."""

TABLE = """
CREATE TABLE events (id bigint PRIMARY KEY, kind integer, note text, made timestamptz);
INSERT INTO events SELECT n, n % 3, 'event number ' || n, {made} FROM generate_series(1, {count}) n;
"""
FIXED = "timestamptz '2025-01-01' + n * interval '1 second'"
CLOCK = "clock_timestamp()"
THREE = "UPDATE events SET note = 'another' WHERE id IN (7, {count} / 2, {count} - 1)"

CASES = {
    "equal": (FIXED, ""),
    "three rows differ": (FIXED, THREE),
    "equal, with a clock": (CLOCK, ""),
    "three differ, clock": (CLOCK, THREE),
}
"""What fills a column, and what is done to the right database only."""

MEBIBYTE = 1 << 20
_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in which this system counts a process's memory."""


def measured(cluster: Cluster, count: int, case: str) -> tuple[int, float, int]:
    """Peak memory in MiB, processor seconds, and differences of one case with so many rows."""
    made, change = CASES[case]
    sides = [TABLE.format(made=made, count=count)] * 4  # both sides have two builds
    sides[2:] = [side + change.format(count=count) for side in sides[2:]]
    names = [f"large_{number}" for number in range(len(sides))]
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        for name, side in zip(names, sides, strict=True):
            connection.execute(f"CREATE DATABASE {name}".encode())
            with psycopg.connect(cluster.dsn(name), autocommit=True) as inside:
                inside.execute(side.encode())
        dsns = [cluster.dsn(name) for name in names]
        command = [sys.executable, "-m", "bench.large", "--compare", *dsns]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - ourselves
        for name in names:
            connection.execute(f"DROP DATABASE {name}".encode())
    memory, seconds, found = told.split()
    return int(memory), float(seconds), int(found)


def compare(dsns: Sequence[str]) -> None:
    """Reads two builds of either side, compares them, and says what that took."""
    began = time.process_time()
    read = []
    for dsn in dsns:
        with psycopg.connect(dsn, autocommit=True) as connection:
            read.append(rows.read(connection))
    found = rows.compare(rows.mark(read[0], read[1]), rows.mark(read[2], read[3]))
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT // MEBIBYTE
    sys.stdout.write(f"{peak} {seconds:.2f} {len(found)}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints a line for each case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="rows of each run")
    parser.add_argument("--compare", nargs=4, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.compare:
        compare(asked.compare)
        return 0
    say = sys.stdout.write
    say(f"{'rows in a table':<21}{''.join(f'{size:>18,}' for size in asked.sizes)}\n")
    with open_server(SERVER).cluster() as cluster:
        for case in CASES:
            say(f"{case:<21}")
            for size in asked.sizes:
                memory, seconds, _ = measured(cluster, size, case)
                say(f"{memory:7} MB {seconds:6.1f} s")
                sys.stdout.flush()
            say("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
