"""Writes the rollbacks: for every file, and for all of them at once, the steps taken back.

Steps are undone in reverse order and without CASCADE, so that a dependent that was missed fails
loudly. What goes away with its table is not dropped by itself, unless it needs something that is
dropped before the table.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from consolidate import declared, layout, names, rowguard, rowsleft, sequencesback, viewsback
from consolidate.model import ObjectId
from consolidate.quietly import Quiet
from consolidate.rollbackstates import climb, volatile_columns
from consolidate.rowguard import Known
from consolidate.rowsback import rows_back
from consolidate.undo import IrreversibleStep, undo
from consolidate.wording import platformnames

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from consolidate.config import Rollback
    from consolidate.plan import Plan, Step
    from consolidate.rollbackstates import Landing
    from consolidate.rowsback import RowsBack
    from consolidate.servers.interface import Server
    from consolidate.truth import Truth


def write(
    truth: Truth, plan: Plan, texts: Mapping[str, str], policy: Rollback, server: Server
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The rollback of every file and of the whole, by path; and what can not be taken back.

    The files are applied once, one after the other, to see which rows and sequence positions
    each of them changes: a rollback restores exactly those.
    """
    if plan.inverse:
        first = replace(plan.files[0], steps=plan.inverse)
        plan = replace(plan, files=(first, *plan.files[1:]))
    landings = climb(truth, plan, texts, server)
    writer = _Writer(truth, plan, policy)
    tree = {}
    for number, file in enumerate(plan.files):
        body = writer.body(file.steps, landings[number], landings[number + 1])
        head = f"-- Takes back {file.path}.\n-- Run it only when every later file is taken back.\n"
        tree[file.slot.rollback_path] = head + body
    head = "-- Takes back the whole history, from its last file to its first.\n"
    tree[layout.EMERGENCY] = head + writer.body(plan.steps, landings[0], landings[-1])
    nameless = tuple(_nameless(truth))
    tree[layout.EMERGENCY] += "".join(f"{line}\n" for line in declared.lines(nameless))
    return tree, tuple(dict.fromkeys([*writer.irreversible, *nameless]))


_CUT_SHORT = "an attribute of its type was dropped, and comes back without what was in it"

_APART = {"ROWS", "SEQUENCE SET", platformnames.TYPE}
"""Types of units that are taken back by themselves, and not in their turn."""

_AT_ONCE = """\
-- It takes one transaction: psql -1, or BEGIN and COMMIT. Without one all of this is refused.
SET default_transaction_read_only = on;
"""
"""A transaction that has begun is not bound by it; those are that statements without one begin.

Else psql, which goes on after an error unless it is told not to, would go on after the guard's."""


def placed(reasons: Sequence[str], tree: Mapping[str, str]) -> Iterator[str]:
    """What can not be taken back, each with the rollback that says so."""
    backs = [*map(layout.rollback_of, layout.in_order(tree)), layout.EMERGENCY]
    for reason, line in zip(reasons, declared.lines(reasons), strict=True):
        where = next((p for p in backs if f"{line}\n" in tree.get(p, "")), layout.EMERGENCY)
        yield f"{reason} ({where})"


def _nameless(truth: Truth) -> Iterator[str]:
    """Large objects that the history made: they are known by what they hold, not by their OIDs."""
    brought = truth.platform.facts.objects
    for name in sorted(truth.final.facts.objects - brought):
        if name.kind == "large object":
            yield f"{name}: its number is its only name, and is drawn anew"


class _Writer:
    """Takes steps back, knowing where everything stands in the plan."""

    def __init__(self, truth: Truth, plan: Plan, policy: Rollback) -> None:
        self._truth = truth
        self._policy = policy
        self._position = {
            member: number for number, step in enumerate(plan.steps) for member in step.members
        }
        self._volatile = volatile_columns(truth)
        self._needs = self._all_needs()
        self._here: set[ObjectId] = set()
        self._platform = truth.platform.facts.objects
        self.irreversible: list[str] = []

    def _all_needs(self) -> Mapping[int, set[int]]:
        """Which steps each step needs, by position."""
        needs: dict[int, set[int]] = defaultdict(set)
        for member, targets in self._truth.depend.needs.items():
            user = self._where(member)
            if user is not None:
                needs[user] |= {p for t in targets if (p := self._where(t)) is not None}
        return needs

    def _where(self, name: ObjectId) -> int | None:
        seen: set[ObjectId] = set()
        current: ObjectId | None = name
        while current is not None and current not in seen:
            if current in self._position:
                return self._position[current]
            seen.add(current)
            current = self._truth.depend.parent.get(current)
        return None

    def body(self, steps: Sequence[Step], before: Landing, after: Landing) -> str:
        """The guard and the inverse of some consecutive steps."""
        dropped = {
            member
            for step in steps
            for member in step.members
            if member.kind in {"table", "foreign table", "materialized view", "view"}
        }
        self._here = {member for step in steps for member in step.members}
        cut = {name for step in steps for name in step.unit.cut}
        holding = rowsleft.holding(before.rows, {*self._cut_short(steps)})
        empty = [f"{name}: {_CUT_SHORT}" for name in sorted(holding)]
        back = rows_back(
            steps,
            rowsleft.less(before.rows, after.rows, (cut & self._truth.replaced) | holding),
            after.rows,
            dropped=dropped,
            volatile=self._volatile,
        )
        self.irreversible += [*empty, *back.irreversible]
        known = [
            self._as_it_stood(name, after, emptied=name in back.emptied)
            for name in sorted({*dropped, *back.emptied})
            if name.kind == "table"
        ]
        held = {held.table.object.identity: held for held in after.rows.tables}
        known += [
            Known(relation=step.unit.object.identity, goes="detached")
            for step in steps
            if step.unit.type == "TABLE ATTACH" and dropped.isdisjoint({step.unit.family})
        ]
        known += [
            one
            for name in sorted({name for step in steps for name in step.unit.cut})
            for one in after.cut.get(name, ())
            if ObjectId("table", one.relation) not in dropped
        ]
        known += [
            Known(relation=name, goes="taken", place=" OR ".join(restored.keys))
            for name, restored in sorted(back.changed.items())
            if restored.keys
        ]
        keys = [
            step.unit.object
            for step in steps
            if step.unit.type == "FK CONSTRAINT" and step.unit.family not in dropped
        ]
        lines = rowguard.guard(known, back.written, held, keys)
        if back.changed:
            lines.append(rowguard.ALL_ROWS)
        lines += declared.lines([*empty, *back.irreversible])
        lines += self._backwards(steps, dropped, back)
        made = {member.identity for member in self._here if member.kind == "sequence"}
        lines += sequencesback.back(before.rows, after.rows, before.filled, made)
        views = [
            name
            for name in viewsback.asked(before.rows, after.rows, (before.stale, after.stale))
            if name not in dropped
        ]
        stale = [f"{name}: {viewsback.STALE}" for name in views if name in before.stale]
        self.irreversible += stale
        lines += [*viewsback.back(self._truth, views), *declared.lines(stale)]
        for step in steps:  # all that is above speaks of the platform by its last names
            if step.unit.type == platformnames.TYPE:
                lines += self._undone(step)
        return "\n".join([_AT_ONCE, *lines, "RESET default_transaction_read_only;", ""])

    def _cut_short(self, steps: Sequence[Step]) -> Iterator[str]:
        """The platform's composite types from which some steps dropped an attribute."""
        there = self._truth.final.facts.objects
        for name in self._platform:
            whole = names.parted(name.identity, ".")[0]
            of = ObjectId("platform", f"type {whole}")
            is_gone = name not in there or name in self._truth.replaced
            if name.kind == "composite type column" and is_gone:
                yield from (whole for step in steps if of in step.members)

    def _as_it_stood(self, name: ObjectId, after: Landing, *, emptied: bool) -> Known:
        """A table whose rows all go; one that is partitioned has none by itself."""
        known = after.tables.get(name.identity, Known(relation=name.identity, goes="dropped"))
        return replace(known, goes="emptied") if emptied else known

    def _backwards(
        self, steps: Sequence[Step], dropped: set[ObjectId], back: RowsBack
    ) -> Iterator[str]:
        """The inverse of each step, from the last to the first, and the rows in their places.

        What nothing comes between is one statement.
        """
        quiet = Quiet()
        quiet.add(back.at(len(steps)))
        for number, step in reversed([*enumerate(steps)]):
            if step.unit.type not in _APART and not self._goes_along(step, dropped):
                undone = self._undone(step)
                yield from quiet.statement()
                yield from undone
            quiet.add(back.at(number))
        yield from quiet.statement()

    def _undone(self, step: Step) -> tuple[str, ...]:
        reasons = step.unit.irreversible
        try:
            lines = undo(step, self._truth, self._policy)
        except IrreversibleStep as problem:
            lines, reasons = (), (str(problem), *reasons)
        self.irreversible += reasons
        return (*lines, *declared.lines(reasons))

    def _goes_along(self, step: Step, dropped: set[ObjectId]) -> bool:
        """Whether the step's object goes away with its table, and may do so."""
        family = step.unit.family
        if family.kind == "table column":
            family = ObjectId("table", family.identity.rpartition(".")[0])
        if step.unit.type in {"RIGHTS", "OWNER"}:
            with_it = family in self._here or self._truth.depend.family(family) in self._here
            return with_it and family not in self._platform
        attached = ObjectId("index attach", step.unit.object.identity)
        if attached in self._here and step.unit.type in {"INDEX", "INDEX ATTACH"}:
            return True  # an attached index goes with its partition or its parent, and only so
        if step.unit.object == family or family not in dropped:
            return False
        if step.unit.type in {"AS WAS", "SEQUENCE OWNED BY"}:  # the table would take the sequence
            return False
        parent = self._position[family]
        own = self._where(step.unit.object)
        needed = self._needs.get(own, set()) if own is not None else set()
        return all(position <= parent for position in needed - {own})
