"""Tries random texts for as long as asked: `python -m tests.fuzz SECONDS [FIRST_SEED]`."""

from __future__ import annotations

import sys
import time

from hypothesis import HealthCheck, given, seed, settings

from tests.fuzz import checks, texts

_EACH = 200
"""Texts of one seed, with which a failure can be found again."""


def _try(number: int) -> tuple[int, int]:
    """How many pieces of texts of a seed were tried, and how many of them could be parsed."""
    tried = parsed = 0

    @seed(number)
    @settings(
        max_examples=_EACH, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(texts.pieces())
    def holds(pieces: list[tuple[str, str]]) -> None:
        nonlocal tried, parsed
        tried += len(pieces)
        parsed += checks.check_pieces(pieces)

    holds()
    return tried, parsed


def main(seconds: float, first: int) -> None:
    """Seed after seed, until the time is over or a text brings something down."""
    until = time.monotonic() + seconds
    number, tried, parsed = first, 0, 0
    while time.monotonic() < until:
        counts = _try(number)
        tried, parsed, number = tried + counts[0], parsed + counts[1], number + 1
    seeds = f"seeds {first} to {number - 1}"
    sys.stdout.write(f"{tried} pieces, {parsed} of them parsed, {seeds}: nothing found\n")


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
