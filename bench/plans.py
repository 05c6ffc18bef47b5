"""Judges how fast units are arranged, and how that grows with their number: 1 is linear.

No server takes part. The units are made up: tables with foreign keys in both directions, and types,
functions, views, triggers, indexes, policies and rows that need each other. They are arranged by a
mapping that asks for many of them where they can not be, and by none.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from consolidate import garbage, statements
from consolidate.arrange import arrange
from consolidate.catalog.depend import Dependencies
from consolidate.catalog.projection import Projection
from consolidate.catalog.rows import MarkedRows, Rows
from consolidate.config import Config, Group
from consolidate.model import History, Manner, ObjectId, Runner, Snapshot
from consolidate.patterns import ObjectPattern
from consolidate.trace import Session, Trace
from consolidate.truth import State, Truth
from consolidate.wording.text import Span
from consolidate.wording.units import InlineKey, Rung, Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from consolidate.plan import Plan

SIZES = (1_250, 2_500, 5_000, 10_000)
"""Objects of each measurement when none are named."""
JUDGED = 5_000
"""The number for which the time counts."""
LIMIT = 2.0
"""Seconds that arranging them may take."""
STEEPEST = 1.25
"""The exponent of growth that is no longer taken for near-linear."""
ROUNDS = 3
"""Runs of each, of which the fastest counts."""

_PHASES = ("00_first", "01_second", "02_third", "03_fourth")
_GROUPS = 60
_FAR = 0.1
"""Which share of the foreign keys may point at any table, later ones included."""
_NEAR = 200
"""How far back in the history most of what an object needs was made."""
_KEYS = 4
"""Foreign keys of each table."""
_KINDS: Mapping[str, tuple[str, int, int, frozenset[str]]] = {
    "TABLE": ("table", 8, 4, frozenset({"TYPE"})),
    "TYPE": ("type", 3, 4, frozenset({"TYPE"})),
    "FUNCTION": ("function", 5, 12, frozenset({"TYPE", "FUNCTION"})),
    "VIEW": ("view", 6, 17, frozenset({"TABLE", "VIEW", "FUNCTION"})),
    "INDEX": ("index", 4, 2, frozenset({"FUNCTION"})),
    "TRIGGER": ("trigger", 3, 2, frozenset({"FUNCTION"})),
    "POLICY": ("policy", 3, 8, frozenset({"TABLE", "FUNCTION"})),
    "ROWS": ("rows", 3, 2, frozenset({"ROWS"})),
}
"""Of each kind: its name, how many of a lot there are, how much one needs, and of which kinds."""
_PARTS = frozenset({"INDEX", "TRIGGER", "POLICY", "ROWS"})
"""What hangs on a table."""


@dataclass
class Made:
    """Units and what they need."""

    units: list[Unit] = field(default_factory=list)
    needs: dict[ObjectId, frozenset[ObjectId]] = field(default_factory=dict)

    @property
    def edges(self) -> int:
        """How many needs there are."""
        return sum(map(len, self.needs.values()))

    @property
    def truth(self) -> Truth:
        """What they are the wording of: no more than what needs what."""
        nothing = State(
            facts=Snapshot(major=18, facts=frozenset()), dump="", rows=Rows(tables=(), sequences=())
        )
        return Truth(
            version="18",
            prelude="",
            files=statements.parse_all(History(runner=Runner.PLAIN, migrations=())),
            manner=Manner(),
            platform=nothing,
            final=nothing,
            projection=Projection(major=18, rows={}),
            perturbed=nothing.rows,
            marked=MarkedRows(tables=(), sequences=()),
            clocked=frozenset(),
            entries=(),
            platform_entries=(),
            names={},
            depend=Dependencies(needs=self.needs, parent={}),
            trace=Trace(
                created={},
                written={},
                touches={},
                vanished={},
                rows={},
                sessions={},
                fresh=Session(search_path="", role=""),
            ),
        )


def made(count: int) -> Made:
    """So many units, the same ones every time."""
    chance = random.Random(count)  # noqa: S311 - no secret
    found = Made()
    tables: list[Unit] = []
    types = [*_KINDS]
    shares = [share for _, share, _, _ in _KINDS.values()]
    for number, type_ in enumerate(chance.choices(types, shares, k=count)):
        kind, _, needs, of = _KINDS[type_]
        on = chance.choice(tables[-20:]) if tables and type_ in _PARTS else None
        name = ObjectId(kind, f"public.o{number}" + (f" on {on.object.identity}" if on else ""))
        keys = tuple(_key(name, nth) for nth in range(_KEYS)) if type_ == "TABLE" else ()
        unit = Unit(
            object=name,
            type=type_,
            sql=f"CREATE {type_} o{number};",
            rung=Rung.VERBATIM,
            ordinal=number,
            sources=(),
            members=frozenset({name, *(key.object for key in keys)}),
            family=on.object if on else name,
            keys=keys,
        )
        near = [one.object for one in found.units[-_NEAR:] if one.type in of]
        needed = chance.sample(near, min(needs, len(near)))
        found.units.append(unit)
        found.needs[name] = frozenset({*needed, *([on.object] if on else [])})
        tables += [unit] if keys else []
    for number, table in enumerate(tables):
        for key in table.keys:
            close = tables[max(0, number - _NEAR // 4) : number + 1]
            pointed = tables if chance.random() < _FAR else close
            found.needs[key.object] = frozenset({chance.choice(pointed).object})
    return found


def _key(table: ObjectId, number: int) -> InlineKey:
    return InlineKey(
        ObjectId("table constraint", f"k{number} on {table.identity}"), Span(0, 0), "ADD;"
    )


def mapped(units: Sequence[Unit]) -> Config:
    """A mapping that asks for most units near others of their time, and for some elsewhere."""
    chance = random.Random(len(units))  # noqa: S311 - no secret
    asked: dict[int, list[ObjectPattern]] = {number: [] for number in range(_GROUPS)}
    for unit in units:
        group = unit.ordinal * _GROUPS // len(units)
        if chance.random() < 0.1:  # noqa: PLR2004 - one in ten
            group = chance.randrange(_GROUPS)
        if unit.type in {"TABLE", "FUNCTION", "VIEW", "TYPE"}:
            asked[group].append(ObjectPattern(unit.object.kind, unit.object.identity))
    groups = tuple(
        Group(
            name=f"g{number}",
            phase=_PHASES[number * len(_PHASES) // _GROUPS],
            objects=tuple(patterns),
            line=number,
        )
        for number, patterns in asked.items()
    )
    return Config(phases=_PHASES, groups=groups)


def _asked(count: int) -> Callable[[], Plan]:
    found = made(count)
    truth, config = found.truth, mapped(found.units)
    return lambda: arrange(truth, found.units, config)


def _unasked(count: int) -> Callable[[], Plan]:
    found = made(count)
    truth = found.truth
    return lambda: arrange(truth, found.units, Config())


JOBS: Mapping[str, Callable[[int], Callable[[], Plan]]] = {
    "by a mapping": _asked,
    "by none": _unasked,
}


def seconds(count: int, job: Callable[[int], Callable[[], Plan]], rounds: int = ROUNDS) -> float:
    """Processor time of one job on so many units, without making them."""
    spent = []
    for _ in range(rounds):
        work = job(count)
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return min(spent)


def growth(sizes: Sequence[int], times: Sequence[float]) -> float:
    """The exponent between the smallest and the largest size."""
    return math.log(times[-1] / times[0]) / math.log(sizes[-1] / sizes[0])


def failures(name: str, sizes: Sequence[int], times: Sequence[float]) -> list[str]:
    """What is not as it should be."""
    found = [
        f"{name}: {count:,} objects take {spent:.2f} s, more than {LIMIT:g}"
        for count, spent in zip(sizes, times, strict=True)
        if count == JUDGED and spent > LIMIT
    ]
    exponent = growth(sizes, times)
    if exponent > STEEPEST:
        found.append(f"{name}: the exponent of growth is {exponent:.2f}, more than {STEEPEST:g}")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints a table: seconds for each size, and the exponent of growth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("objects", nargs="*", type=int, default=SIZES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args(arguments)
    garbage.collect_seldom()  # as the program does
    sizes = sorted(options.objects)
    wrong = []
    sys.stdout.write(
        f"{'objects':14}" + "".join(f"{count:>10,}" for count in sizes) + f"{'growth':>10}" + "\n"
    )
    sys.stdout.write(
        f"{'edges':14}" + "".join(f"{made(count).edges:>10,}" for count in sizes) + "\n"
    )
    for name, job in JOBS.items():
        times = [seconds(count, job, options.rounds) for count in sizes]
        shown = "".join(f"{spent:>9.2f}s" for spent in times)
        sys.stdout.write(f"{name:14}{shown}{growth(sizes, times):>10.2f}" + "\n")
        wrong += failures(name, sizes, times)
    for line in wrong:
        sys.stdout.write(line + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
