"""Shows how parsing and comparing grow with the number of rows: 1 is linear, 2 quadratic.

No server takes part. Texts are parsed in letters of one byte and of two, as the parser counts bytes
and we count characters.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from typing import TYPE_CHECKING

from consolidate import statements
from consolidate.catalog import rows
from consolidate.catalog.row_values import Column, Rows, Table, TableRows
from consolidate.model import Migration, ObjectId

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

SIZES = (2_000, 4_000, 8_000, 16_000)
"""Rows of each measurement when none are named."""


def parsed(count: int, letter: str) -> Callable[[], object]:
    """Parses so many INSERTs whose values hold the letter."""
    lines = [f"INSERT INTO t VALUES ({n}, 'na{letter}ve \\{n}'); -- r\n" for n in range(count)]
    migration = Migration(number=1, path="rows.sql", version="", text="".join(lines), sha256="")
    return lambda: statements.parse(migration)


def compared(count: int, seed: str) -> Callable[[], object]:
    """Compares so many rows with as many whose keys are others in every replay."""

    def table(letter: str) -> rows.MarkedRows:
        keys = [f"{letter}{n:07x}-0000-4000-8000-000000000000" for n in range(count)]
        return rows.mark(_rows(keys, seed), _rows([key[::-1] for key in keys], seed))

    left, right = table("a"), table("b")
    return lambda: rows.compare(left, right)


def _rows(keys: Sequence[str], seed: str) -> Rows:
    columns = tuple(
        Column(name=name, quoted=name, type=type_, base=type_, generated=False, identity=False)
        for name, type_ in (("id", "uuid"), ("n", "text"))
    )
    table = Table(
        object=ObjectId("table", "public.t"),
        root="public.t",
        columns=columns,
        primary_key=("id",),
        unique_keys=(),
        foreign_keys=(),
    )
    found = tuple((key, f"{seed}{number}") for number, key in enumerate(keys))
    return Rows(tables=(TableRows(table=table, rows=found),), sequences=())


JOBS: Mapping[str, Callable[[int], Callable[[], object]]] = {
    "parse, ASCII": lambda count: parsed(count, "i"),
    "parse, beyond": lambda count: parsed(count, "ï"),
    "compare": lambda count: compared(count, "x"),
}


def seconds(count: int, job: Callable[[int], Callable[[], object]]) -> float:
    """Processor time of one job on so many rows, without making them."""
    work = job(count)
    began = time.process_time()
    work()
    return time.process_time() - began


def growth(sizes: Sequence[int], times: Sequence[float]) -> float:
    """The exponent between the smallest and the largest size."""
    return math.log(times[-1] / times[0]) / math.log(sizes[-1] / sizes[0])


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints a line for each job."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="rows of each run")
    sizes = parser.parse_args(arguments).sizes
    say = sys.stdout.write
    say(f"{'rows':<14}{''.join(f'{size:>9}' for size in sizes)}  growth\n")
    for name, job in JOBS.items():
        times = [seconds(size, job) for size in sizes]
        say(f"{name:<14}{''.join(f'{one:9.2f}' for one in times)}  ^{growth(sizes, times):.2f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
