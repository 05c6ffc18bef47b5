"""Judges the speed of `run` and `verify` by a floor, in one run on the same machine and engine.

The floor is what no consolidation could do without: boot a cluster, replay the history once, dump
the schema once. It is a program of its own, so that it starts, imports and parses, too. What is
judged is synapse; the others are printed beside it.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench import projects

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SERVER = "embedded://18"
LIMIT = 5.0
"""How many floors a whole `run` and a whole `verify` of the judged history may take."""
JUDGED = "synapse"
ROUNDS = 3
"""Floors of which the median is taken."""

_SAMPLE = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Seconds of one history, each of a program from its start to its end."""

    name: str
    floor: float
    run: float
    verify: float

    def ratios(self) -> Iterator[tuple[str, float]]:
        """Command and how many floors it takes."""
        yield "run", self.run / self.floor
        yield "verify", self.verify / self.floor


def once(folder: Path | None, config: Path | None) -> None:
    """Boots, replays and dumps; this is the floor's program.

    Args:
        folder: The legacy migrations.
        config: Or the configuration that names them.
    """
    from consolidate import empty_database, pipeline  # noqa: PLC0415 - the programs have their own imports
    from consolidate.catalog import dump  # noqa: PLC0415
    from consolidate.replay import replay  # noqa: PLC0415

    request = pipeline.Request(folder=folder, config=config, servers=(SERVER,))
    job = pipeline.prepare(request)
    with empty_database.platform(job.servers[0], job.prelude) as (cluster, connection):
        replay(connection, job.files, manner=job.history.manner)
        dump.schema_dump(cluster, cluster.database)


def measure(name: str, given: Sequence[str], workplace: Path) -> Measured:
    """Takes the time of the floor, of `run` and of `verify`, one after the other."""
    floor = (sys.executable, "-m", "bench.floor", *given)
    floors = [_seconds(floor, _SAMPLE) for _ in range(ROUNDS)]
    options = (*given, "--server", SERVER, "--output", str(workplace / f"output-{name}"))
    program = (sys.executable, "-m", "consolidate")
    return Measured(
        name=name,
        floor=statistics.median(floors),
        run=_seconds((*program, "run", *options), workplace),
        verify=_seconds((*program, "verify", *options), workplace),
    )


def _seconds(command: Sequence[str], folder: Path) -> float:
    """How long a program takes.

    Raises:
        subprocess.CalledProcessError: It fails, or what it proves does not hold.
    """
    began = time.monotonic()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)  # noqa: S603 - ours
    return time.monotonic() - began


def histories(workplace: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The histories, and what `run` is given for each; the judged one is the last."""
    yield "sample", ("--config", str(_SAMPLE / "mappings.yaml"))
    for name in ("procrastinate", JUDGED):
        (workplace / name).mkdir()
    legacy = projects.procrastinate(workplace / "procrastinate") / "migrations"
    yield "procrastinate", (str(legacy),)
    schema = projects.synapse(workplace / JUDGED)
    yield JUDGED, ("--config", str(projects.synapse_project(schema, workplace / JUDGED)))


def line(one: Measured) -> str:
    """What is measured of one history."""
    (_, run), (_, verify) = one.ratios()
    return f"{one.name:<16}{one.floor:8.2f}{one.run:8.1f}{run:9.1f}{one.verify:8.1f}{verify:9.1f}"


def judged(one: Measured) -> tuple[str, ...]:
    """What is over the limit and what is not, a line for each command."""
    return tuple(
        f"judged: {one.name} {command} {ratio:.1f} x {'≤' if ratio <= LIMIT else '>'} {LIMIT:g}"
        for command, ratio in one.ratios()
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints a line for each history, and the judgement; 1 if it is over the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="run its floor once, and tell nothing")
    parser.add_argument("--config", type=Path, help="likewise, of a project")
    asked = parser.parse_args(arguments)
    if asked.folder or asked.config:
        once(asked.folder, asked.config)
        return 0
    say = sys.stdout.write
    head = ("floor", "run", "x floor", "verify", "x floor")
    widths = (8, 8, 9, 8, 9)
    columns = "".join(f"{name:>{width}}" for name, width in zip(head, widths, strict=True))
    say(f"{'seconds':<16}{columns}\n")
    within = False
    with tempfile.TemporaryDirectory(prefix="consolidate-bench-") as folder:
        for name, options in histories(Path(folder)):
            measured = measure(name, options, Path(folder))
            say(f"{line(measured)}\n")
            sys.stdout.flush()
            if name == JUDGED:
                within = all(ratio <= LIMIT for _, ratio in measured.ratios())
                say("\n".join(judged(measured)) + "\n")
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
