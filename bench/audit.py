"""Judges the speed of `audit` by what pglast needs to parse the same files, and how it grows.

What is counted are the processor seconds of two programs, each from its start to its end, in turns
on the same machine. One imports pglast and calls `pglast.parse_sql` once with the text of each
file; nothing else is loaded into it, so that this is pglast as everybody has it. The other is
`consolidate audit`: all that it reads, parses, works out and prints.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from bench import history, projects
from consolidate import request
from consolidate.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SIZES = (250, 1000, 5000)
"""Files of the generated histories, if none are named: 5,000, 20,000 and 100,000 statements."""
EACH = 21
"""About how many statements a file of them has, but for one in fifty."""
JUDGED = "1000-files"
"""The one whose ratio is judged."""
LIMIT = 3.0
"""How often the parser's time an audit of it may take."""
STEEPEST = 1.1
"""The exponent of growth from one size to the next that is no longer taken for linear."""
ROUNDS = 3
"""Runs of each program, of which the fastest counts."""

_SAMPLE = Path(__file__).parent.parent
_PARSER = "import json, pglast, sys\nfor text in json.load(sys.stdin): pglast.parse_sql(text)"
MEBIBYTE = 1 << 20
_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in which this system counts a process's memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one history takes to be parsed, and to be audited."""

    name: str
    statements: int
    parse: float
    """Processor seconds."""
    audit: float
    peak: int
    """Memory of the audit at its highest, in MiB."""

    @property
    def ratio(self) -> float:
        """How often the parser's time the audit takes."""
        return self.audit / self.parse


def measure(name: str, asked: Request, rounds: int) -> Measured:
    """Parses and audits one history, in turns.

    Raises:
        subprocess.CalledProcessError: One of the programs fails.
    """
    read = request.read(asked)
    told = json.dumps([migration.text for migration in read.history.migrations])
    where = ("--config", str(asked.config)) if asked.config else (str(asked.folder), "--no-config")
    audit = ("-m", "consolidate", "audit", *where, "--fail-on", "never", "--quiet")
    parses, audits = [], []
    for _ in range(rounds):
        parses.append(_spent(("-c", _PARSER), told))
        audits.append(_spent(audit))
    return Measured(
        name=name,
        statements=sum(bool(statement.kind) for file in read.files for statement in file),
        parse=min(seconds for seconds, _ in parses),
        audit=min(seconds for seconds, _ in audits),
        peak=max(peak for _, peak in audits),
    )


def _spent(arguments: Sequence[str], told: str = "") -> tuple[float, int]:
    """Processor seconds and peak memory of a Python program that is told something."""
    with tempfile.TemporaryFile("w+") as file:
        file.write(told)
        file.seek(0)
        with subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, *arguments], stdin=file, stdout=subprocess.DEVNULL
        ) as program:
            _, status, usage = os.wait4(program.pid, 0)
            program.returncode = os.waitstatus_to_exitcode(status)
    if program.returncode:
        raise subprocess.CalledProcessError(program.returncode, program.args)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * _UNIT // MEBIBYTE


def growth(before: Measured, after: Measured) -> float:
    """The exponent: 1 is linear in the number of statements, 2 quadratic."""
    longer = math.log(after.statements / before.statements)
    return math.log(after.audit / before.audit) / longer


def real(workplace: Path) -> Iterator[tuple[str, Request]]:
    """Histories that nobody generated."""
    yield "sample", Request(config=_SAMPLE / "mappings.yaml")
    for name in ("procrastinate", "synapse"):
        (workplace / name).mkdir()
    legacy = projects.procrastinate(workplace / "procrastinate") / "migrations"
    yield "procrastinate", Request(folder=legacy, no_config=True)
    schema = projects.synapse(workplace / "synapse")
    yield "synapse", Request(config=projects.synapse_project(schema, workplace / "synapse"))


def generated(sizes: Sequence[int], workplace: Path) -> Iterator[tuple[str, Request]]:
    """Histories of so many files."""
    for count in sizes:
        folder = workplace / f"{count}-files"
        history.write(folder, count, each=EACH)
        yield folder.name, Request(folder=folder, no_config=True)


def line(one: Measured) -> str:
    """What is measured of one history."""
    return (
        f"{one.name:<16}{one.statements:10,}{one.parse:9.2f}{one.audit:9.2f}"
        f"{one.ratio:9.1f}{one.peak:7}"
    )


def judged(runs: Sequence[Measured]) -> tuple[tuple[str, bool], ...]:
    """What is judged of histories of growing length: each with whether it is within its limit."""
    told = [
        (f"{one.name} {one.ratio:.1f} x the parser", one.ratio, LIMIT)
        for one in runs
        if one.name == JUDGED
    ]
    told += [
        (f"{after.name} grows as n^{growth(before, after):.2f}", growth(before, after), STEEPEST)
        for before, after in pairwise(runs)
    ]
    return tuple(
        (f"judged: {what} {'≤' if value <= limit else '>'} {limit:g}", value <= limit)
        for what, value, limit in told
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints a line for each history, and the judgement; 1 if it is over a limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="files of each history")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="runs, the fastest counts")
    asked = parser.parse_args(arguments)
    say = sys.stdout.write
    head = f"{'statements':>10}{'parse':>9}{'audit':>9}{'x parse':>9}{'MiB':>7}"
    say(f"{'seconds':<16}{head}\n")

    runs: list[Measured] = []
    with tempfile.TemporaryDirectory(prefix="consolidate-bench-") as folder:
        histories = chain(real(Path(folder)), generated(asked.sizes, Path(folder)))
        for name, subject in histories:
            runs.append(measure(name, subject, asked.rounds))
            say(f"{line(runs[-1])}\n")
            sys.stdout.flush()
    found = judged(runs[-len(asked.sizes) :])
    say("".join(f"{what}\n" for what, _ in found))
    return 0 if all(within for _, within in found) else 1


if __name__ == "__main__":
    sys.exit(main())
