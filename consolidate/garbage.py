"""How often Python looks for values that keep only each other alive."""

from __future__ import annotations

import gc

_YOUNG = 50_000
"""New values between two looks at the young ones; Python's own 700 suit programs that throw away.

What a history is read into is kept to the end, so that nearly all looks find nothing: with this
number, a whole rendering takes a tenth less of its own processor time, and 3 % more memory.
"""


def leave_the_rest() -> None:
    """At the end: all that is left goes with the process. Python would look through it twice."""
    gc.freeze()


def collect_seldom() -> None:
    """For the processes that hold a whole history."""
    gc.set_threshold(_YOUNG, 20, 50)


def keep(value: object) -> None:
    """Leaves a value, with all that it holds, to the end of the process.

    Where nobody looks for such values, the time is saved that it takes to take a history's syntax
    trees apart one by one.
    """
    cycle = [value]
    cycle.append(cycle)


def collect_never() -> None:
    """For what reads a history, tells of it and ends: not even one look would find anything.

    It saves a tenth of the time of an audit of 20,000 statements.
    """
    gc.disable()
