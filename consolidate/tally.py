"""Counts what a plan has: the numbers that the plan's views and READMEs agree on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from consolidate import statements
from consolidate.model import Migration, ObjectId
from consolidate.plan import Folder
from consolidate.wording.units import Rung

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from consolidate.catalog.rows import Rows
    from consolidate.plan import Plan, Step
    from consolidate.truth import Files, Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The numbers of a whole plan."""

    legacy_statements: int
    """Those with a command; the blank rest of a file is none."""
    legacy_files: int
    statements: int
    files: int
    phases: int
    rungs: Mapping[Rung, int]
    """How many steps stand on each rung; every rung has a number."""


def tally(plan: Plan, legacy: Files) -> Tally:
    """Counts a plan and the history that it stands for."""
    return Tally(
        legacy_statements=sum(bool(s.sql) for file in legacy for s in file),
        legacy_files=len(legacy),
        statements=sum(commands(step.sql) for step in plan.steps),
        files=len(plan.files),
        phases=len({f.slot.phase for f in plan.files if f.slot.folder is Folder.MIGRATIONS}),
        rungs=rungs(plan.steps),
    )


@lru_cache(maxsize=10_000)
def commands(sql: str) -> int:
    """How many SQL commands a text holds.

    Raises:
        InputProblem: The text can not be parsed.
    """
    text = Migration(number=1, path="step", version="", text=sql, sha256="")
    return sum(bool(statement.sql) for statement in statements.parse(text))


def rungs(steps: Iterable[Step]) -> Mapping[Rung, int]:
    """How many steps stand on each rung, from the top of the ladder down."""
    found = Counter(step.rung for step in steps)
    return {rung: found[rung] for rung in Rung}


def rows(steps: Iterable[Step], truth: Truth) -> Mapping[ObjectId, int]:
    """How many rows some steps insert, by table; those of partitions by their partitioned table.

    The authors' statements insert what they inserted in the replay, unless something was folded
    into them; a trigger's rows are not among them.
    """
    before, after = _sizes(truth.platform.rows), _sizes(truth.final.rows)
    roots = {held.table.object: held.table.root for held in truth.final.rows.tables}
    found: Counter[ObjectId] = Counter()
    for step in steps:
        if step.unit.type != "ROWS":
            continue
        table = step.unit.family
        whole = ObjectId(table.kind, roots.get(table, table.identity))
        if step.unit.rows is not None:
            found[whole] += step.unit.rows
        elif step.rung is Rung.VERBATIM:
            counts = (truth.trace.rows.get(source, {}).items() for source in step.sources)
            found[whole] += sum(
                count.inserted
                for written in counts
                for part, count in written
                if part == table or roots.get(part) == whole.identity
            )
        else:
            found[whole] += after.get(table, 0) - before.get(table, 0)
    return dict(sorted(found.items()))


def empty_without_seeds(plan: Plan, truth: Truth) -> tuple[ObjectId, ...]:
    """The tables that hold rows at the end, but none while only `migrations/` was applied."""
    own = {step.unit.family for step in plan.steps if step.unit.type == "ROWS"}
    filled: dict[Folder, set[ObjectId]] = {folder: set() for folder in Folder}
    for file in plan.files:
        for step in file.steps:
            if step.unit.type == "ROWS":
                filled[file.slot.folder] |= _written(step, truth, own)
    before, after = _sizes(truth.platform.rows), _sizes(truth.final.rows)
    seeded = filled[Folder.SEED] - filled[Folder.MIGRATIONS]
    return tuple(sorted(t for t in seeded if after.get(t) and not before.get(t)))


def _written(step: Step, truth: Truth, own: set[ObjectId]) -> set[ObjectId]:
    """The step's own table, and those that its triggers fill and nothing else does."""
    if step.rung is Rung.SERVER:
        return {step.unit.family}
    fired = {table for source in step.sources for table in truth.trace.rows.get(source, {})}
    return {step.unit.family} | (fired - own)


def _sizes(found: Rows) -> dict[ObjectId, int]:
    return {table.table.object: len(table.rows) for table in found.tables}
