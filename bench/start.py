"""Measures how long the program takes to answer what needs no work, beside Python doing nothing."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROUNDS = 21
"""Starts of which the median is taken."""

GOAL = 200
"""Milliseconds for help."""

_PROGRAM = ("-c", "from consolidate.cli import main; main()")

STARTS = {
    "python -c pass": ("-c", "pass"),
    "consolidate --help": (*_PROGRAM, "--help"),
    "consolidate run --help": (*_PROGRAM, "run", "--help"),
    "consolidate --version": (*_PROGRAM, "--version"),
    "consolidate version": (*_PROGRAM, "version"),
    "consolidate config show": (*_PROGRAM, "config", "show", "--no-config"),
}


def milliseconds(arguments: Sequence[str]) -> float:
    """How long one start takes, to its end."""
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - ourselves
    return (time.perf_counter() - began) * 1000


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints a line for each, with a mark where help takes longer than it should."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--rounds", type=int, default=ROUNDS, help="starts of which the median is taken"
    )
    rounds = parser.parse_args(arguments).rounds
    say = sys.stdout.write
    say(f"{'start to end, milliseconds':<28}{'median':>8}{'fastest':>9}\n")
    for name, started in STARTS.items():
        milliseconds(started)  # what is compiled once is compiled now
        times = [milliseconds(started) for _ in range(rounds)]
        median = statistics.median(times)
        slow = f"  more than {GOAL}" if name.endswith("--help") and median > GOAL else ""
        say(f"{name:<28}{median:8.0f}{min(times):9.0f}{slow}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
