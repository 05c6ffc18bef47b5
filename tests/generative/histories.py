"""Random valid histories, and pairs of two that differ in one statement."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from tests.generative import around, objects, tables
from tests.generative.kinds import KINDS, Pen
from tests.generative.model import Model

if TYPE_CHECKING:
    from collections.abc import Collection

    from hypothesis.strategies import DrawFn

_FAMILIES = (tables, objects, around)
"""Their kinds are registered when they are imported."""

RENAMES = tuple(name for name in KINDS if name.startswith("rename"))
DROPS = tuple(name for name in KINDS if name.startswith("drop"))
ROWS = ("insert", "update", "delete")
_AT_MOST = {"create table": 3, "add column": 3, "insert": 5, "update": 3}
_AT_FIRST: dict[int, Collection[str]] = {0: ("create table",), 1: ("insert",), 2: RENAMES}


@dataclass(frozen=True, slots=True)
class Step:
    """One statement, or two that are sent together."""

    kind: str
    sql: str

    def __str__(self) -> str:
        return f"{self.sql};  -- {self.kind}"


History = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A history, and the same with one statement more, fewer or changed."""

    what: str
    history: History
    other: History
    """What stands on what the change took away can not be applied any more."""


def _step(draw: DrawFn, model: Model, among: Collection[str]) -> Step:
    """One more statement of one of these kinds; of any, where none of them is possible."""
    possible = [name for name in among if KINDS[name].targets(model)]
    chosen = draw(st.sampled_from(possible or [n for n in KINDS if KINDS[n].targets(model)]))
    pen = Pen(draw, model)
    return Step(chosen, KINDS[chosen].write(pen, pen.pick(KINDS[chosen].targets(model))))


def _another(draw: DrawFn, model: Model) -> Step:
    """A statement instead of what follows, or before it; its names are nobody's."""
    beside = deepcopy(model)
    beside.numbers += 1000
    return _step(draw, beside, KINDS)


@st.composite
def changes(draw: DrawFn) -> Change:
    """A history of some 25 statements, with a rename, a drop and rows, and another.

    As few as can be are of one kind, or most would be about rights, which are always possible.
    """
    what = draw(st.sampled_from(("one more", "one fewer", "one changed")))
    length = draw(st.integers(18, 28))
    at = draw(st.integers(len(_AT_FIRST), length - 1))
    model = Model()
    steps: list[Step] = []
    instead: list[Step] = []
    for number in range(length):
        if number == at and what != "one fewer":
            instead = [_another(draw, model)]
        used = Counter(step.kind for step in steps)
        rare = [name for name in KINDS if used[name] < _AT_MOST.get(name, 1)]
        steps.append(_step(draw, model, _AT_FIRST.get(number, rare)))
    if any(KINDS[name].targets(model) for name in DROPS):  # else there was one
        steps.append(_step(draw, model, DROPS))
    kept = steps[at:] if what == "one more" else steps[at + 1 :]
    return Change(what, tuple(steps), (*steps[:at], *instead, *kept))
