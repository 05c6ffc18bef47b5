"""Runs the program on generated histories of growing length and prints how `run` and `verify` grow.

Times are only compared within one run: with each other, and with a floor, which is what no
consolidation could do without: boot a cluster, replay the history once, dump the schema once.
"""

from __future__ import annotations

import argparse
import math
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bench import history
from consolidate import empty_database, pipeline
from consolidate.catalog import dump
from consolidate.replay import replay

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SERVER = "embedded://18"

SIZES = (125, 250, 500)
"""Files of the histories that are run when none are named: minutes, not hours."""

_PHASES = {
    "replay the legacy history": "replay",
    "word, arrange and try": "trial",
    "render": "render",
    "render once more": "again",
    "apply the output": "prove",
    "compare the dumps": "prove",
    "build once more": "prove",
    "roll back": "drill",
    "write": "write",
}
"""What the program says when a phase begins, and the column that its time goes to."""

_VERDICTS = {0: "proven", 1: "not proven"}

COLUMNS = ("replay", "trial", "render", "again", "prove", "drill")


@dataclass(slots=True)
class Measured:
    """One run of the program, and what `verify` took of what it wrote."""

    files: int
    statements: int
    verdict: str
    seconds: float
    verify: float
    floor: float
    peak: int
    """Resident memory of the program at its highest, in MiB; servers are not in it."""
    phases: dict[str, float] = field(default_factory=dict)


def measure(count: int, workplace: Path) -> Measured:
    """Generates a history of so many files, consolidates it and takes the time."""
    legacy = workplace / f"history-{count}"
    total = history.write(legacy, count)
    floor = _floor(legacy)
    options = [str(legacy), "--server", SERVER, "--output", str(workplace / f"output-{count}")]
    command = [sys.executable, "-m", "consolidate", "run", *options]
    began = last = time.monotonic()
    phase, phases = "start", dict.fromkeys(("start", *COLUMNS, "write"), 0.0)
    with subprocess.Popen(  # noqa: S603 - this program itself
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=workplace
    ) as run:
        for line in run.stderr or ():
            said = line.partition("] ")[2].strip() or line.strip()
            known = [text for text in _PHASES if said.startswith(text)]
            if known:
                now = time.monotonic()
                phases[phase] += now - last
                phase, last = _PHASES[max(known, key=len)], now
        _, status, usage = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
    ended = time.monotonic()
    phases[phase] += ended - last
    return Measured(
        files=count,
        statements=total,
        verdict=_VERDICTS.get(run.returncode, f"exit {run.returncode}"),
        seconds=ended - began,
        verify=_verified(options, workplace) if run.returncode == 0 else 0.0,
        floor=floor,
        peak=usage.ru_maxrss // 1024,
        phases=phases,
    )


def _verified(options: Sequence[str], workplace: Path) -> float:
    """Seconds of `verify`.

    Raises:
        subprocess.CalledProcessError: What `run` has just proven does not hold.
    """
    began = time.monotonic()
    command = [sys.executable, "-m", "consolidate", "verify", *options]
    subprocess.run(command, check=True, capture_output=True, cwd=workplace)  # noqa: S603 - ours
    return time.monotonic() - began


def _floor(legacy: Path) -> float:
    """Seconds for a boot, one replay in this process and one dump, on the same engine."""
    request = pipeline.Request(folder=legacy, servers=(SERVER,), platform="plain")
    job = pipeline.prepare(request)
    began = time.monotonic()
    with empty_database.platform(job.servers[0], job.prelude) as (cluster, connection):
        replay(connection, job.files, manner=job.history.manner)
        dump.schema_dump(cluster, cluster.database)
    return time.monotonic() - began


def growth(before: Measured, after: Measured) -> Mapping[str, float]:
    """The exponents of totals and phases: 1 is linear in the number of statements, 2 quadratic."""
    longer = math.log(after.statements / before.statements)
    pairs = {
        "total": (before.seconds, after.seconds),
        "verify": (before.verify, after.verify),
        "peak": (before.peak, after.peak),
    } | {name: (before.phases[name], after.phases[name]) for name in COLUMNS}
    return {
        name: math.log(late / early) / longer
        for name, (early, late) in pairs.items()
        if early > 0 and late > 0
    }


def _head() -> str:
    columns = "".join(f"{name:>8}" for name in COLUMNS)
    return (
        f"{'files':>6} {'stmts':>6}  {'verdict':<11}{'seconds':>8}{columns}"
        f"{'MiB':>6}{'x floor':>9}{'verify':>8}{'x floor':>9}"
    )


def _line(run: Measured) -> str:
    columns = "".join(f"{run.phases[name]:8.1f}" for name in COLUMNS)
    return (
        f"{run.files:6} {run.statements:6}  {run.verdict:<11}{run.seconds:8.1f}{columns}"
        f"{run.peak:6}{run.seconds / run.floor:9.1f}{run.verify:8.1f}{run.verify / run.floor:9.1f}"
    )


def _growth_line(exponents: Mapping[str, float]) -> str:
    told = {name: f"^{exponent:.2f}" for name, exponent in exponents.items()}
    columns = "".join(f"{told.get(name, ''):>8}" for name in ("total", *COLUMNS))
    peak, verify = told["peak"], told.get("verify", "")
    return f"{'growth':>13}  {'':<11}{columns}{peak:>6}{'':>9}{verify:>8}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the curve as it is measured; 0 if every history was proven."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="files of each history")
    asked = parser.parse_args(arguments)
    say = sys.stdout.write
    say(f"{_head()}\n")
    runs: list[Measured] = []
    with tempfile.TemporaryDirectory(prefix="consolidate-bench-") as folder:
        for count in asked.sizes:
            runs.append(measure(count, Path(folder)))
            if runs[1:]:
                say(f"{_growth_line(growth(*runs[-2:]))}\n")
            say(f"{_line(runs[-1])}\n")
            sys.stdout.flush()
    return 0 if all(run.verdict == _VERDICTS[0] for run in runs) else 1


if __name__ == "__main__":
    sys.exit(main())
