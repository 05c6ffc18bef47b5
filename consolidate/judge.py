"""Judges a trial: what failed or differs, who is to blame, and what to word otherwise."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from consolidate.catalog import compare, rows
from consolidate.model import Difference, DifferenceKind, ObjectId
from consolidate.phrases import clipped, one_line
from consolidate.wording.units import FOLDED, LOOSE, Choices, Rung, Unit
from consolidate.wording.whole import WHOLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consolidate.outcome import Outcome
    from consolidate.plan import Plan
    from consolidate.truth import Truth
    from consolidate.wording.material import Material

_WITH_EXPRESSIONS = {"table constraint", "table column"}
"""What may hold an author's expression inside a table in the server's structure."""

_LOOSENED = {"FUNCTION", "PROCEDURE", "TABLE", "FOREIGN TABLE"}
"""Kinds that have one wording more, see `units.LOOSE`."""


def judged(
    material: Material, plan: Plan, outcome: Outcome, choices: Choices
) -> tuple[tuple[str, ...], Choices]:
    """What failed or differs, and the choices with the culprits sent down a rung.

    A unit that only misses another one is not blamed, and rows are looked at when the rest is
    settled: their differences may be consequences.
    """
    truth = material.truth
    judge = _Judge(material, plan, outcome, choices)
    told = [f"{name}: {why}" for name, why in sorted(outcome.failed.items())]
    for name, error in outcome.failed.items():
        judge.blame(name, name, error)
    for difference in compare.compare(truth.final.facts, outcome.facts):
        if not _is_worded_apart(difference):
            told.append(str(difference))
            judge.blame(judge.home(_told_of(difference)), difference.object, str(difference))
    if judge.choices == choices:
        judge.excuse_less()
        for name, error in outcome.failed.items():
            judge.blame(name, name, error)
    settled = judge.choices != choices
    marked = rows.mark(outcome.rows, outcome.again, truth.clocked)
    for difference in rows.compare(truth.marked, marked):
        if difference.object.kind != "sequence":
            told.append(str(difference))
            if not settled:
                judge.blame_rows(difference.object, otherwise(difference))
    if judge.choices == choices:
        judge.give_up_rows()
    return tuple(told), judge.choices


def otherwise(difference: Difference) -> str:
    """What a difference between rows is about; their values may be others on every replay."""
    table = difference.object.identity
    match difference.kind:
        case DifferenceKind.MISSING:
            return f"rows of {table} would be missing"
        case DifferenceKind.EXTRA:
            return f"{table} would hold more rows"
        case DifferenceKind.CHANGED:
            column = difference.attribute.rpartition(" · ")[2]
            return f"{table} would hold other values, such as in {column}"


_RUN_DEPENDENT = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\d(?:[ T][\d:.+]+)?", re.IGNORECASE
)


def steady(message: str) -> str:
    """A server's message in one line, without what may be another one on every replay."""
    return _RUN_DEPENDENT.sub("…", one_line(message))


def without_parts(choices: Choices, table: ObjectId) -> Choices:
    """Lets a table's columns and constraints begin anew, as its wording is another one."""
    kept = {
        name: level
        for name, level in choices.levels.items()
        if name.kind not in _WITH_EXPRESSIONS
        or table.identity
        not in {name.identity.rpartition(".")[0], name.identity.rpartition(" on ")[2]}
    }
    return replace(choices, levels=kept)


_TRIED = "on trial"
_WIDTH = 160
"""Characters of what was seen on trial that are worth telling."""


class _Judge:
    """Sends the culprits of one trial down the ladder, each at most one rung a round."""

    def __init__(self, material: Material, plan: Plan, outcome: Outcome, choices: Choices) -> None:
        truth = material.truth
        self._truth = truth
        self._rows = material.rows
        self._outcome = outcome
        self._before = choices
        self._units = {step.unit.object: step.unit for step in plan.steps}
        self._homes = {m: step.unit.object for step in plan.steps for m in step.members}
        self._brought = truth.platform.facts.objects
        self._done: set[ObjectId] = set()
        self._given_up: frozenset[ObjectId] = frozenset()
        self._lenient = True  # rows may miss other rows through triggers and keys in between
        self._excused, self._tainted = self._consequences(plan)
        self.choices = choices

    def blame(self, name: ObjectId | None, culprit: ObjectId, seen: str) -> None:
        """Lowers a unit because of an object of its, unless another unit's failure explains it.

        Args:
            name: The unit.
            culprit: The object that failed or differs.
            seen: The error or the difference.
        """
        unit = self._units.get(name) if name else None
        if unit is None:
            self._blame_platform(culprit)
            return
        if self._is_explained(unit, culprit):
            return
        if unit.type == "ROWS":
            self.blame_rows(unit.family, self._said(unit), failed=True)
        elif unit.rung is Rung.AS_WAS:
            self._as_was(WHOLE)
        elif unit.rung is Rung.VERBATIM:
            self._level(unit.object, FOLDED, seen)
        elif culprit.kind in _WITH_EXPRESSIONS and self._before.level(culprit) == 0:
            self._level(culprit, 1, seen)
        elif unit.rung is Rung.FOLDED:
            self._level(unit.object, FOLDED + 1, seen)
            self.choices = without_parts(self.choices, unit.object)
        elif unit.type in _LOOSENED and self._before.level(unit.object) < LOOSE:
            self._level(unit.object, LOOSE, seen)
        elif (knot := self._older_than(unit)) and knot not in self._before.knots:
            why = f"{unit.object} is older than what it rests on"
            self.choices = replace(self.choices, knots={**self.choices.knots, knot: why})
        else:
            self._as_was(unit.family if unit.type != "ROLE" else WHOLE)

    def give_up_rows(self) -> None:
        """Lets stand as they were the rows that no other wording gives.

        As long as other rows still have one, these may differ for those alone.
        """
        self.choices = replace(self.choices, as_was=self.choices.as_was | self._given_up)

    def _older_than(self, unit: Unit) -> frozenset[ObjectId]:
        """A unit with what it rests on and what was altered after the unit was made.

        PostgreSQL keeps a view or a policy as it was read: with the columns that a row type had
        then, and no later one.
        """
        trace, order = self._truth.trace, self._truth.order
        made = trace.created.get(unit.object)
        if made is None:
            return frozenset()
        needs = self._truth.depend.needs
        reached: set[ObjectId] = set()
        pending = [unit.object]
        while pending:
            fresh = needs.get(pending.pop(), frozenset()) - reached
            reached |= fresh
            pending += fresh
        altered = {
            name
            for name in reached
            if name.kind == "type"
            and any(
                touch.tag == "ALTER TYPE" and order[touch.statement] > order[made]
                for touch in trace.touches.get(name, ())
            )
        }
        return frozenset({unit.object, *altered}) if altered else frozenset()

    def excuse_less(self) -> None:
        """No longer takes failed rows for a consequence of what they do not need themselves."""
        self._lenient = False

    def _is_explained(self, unit: Unit, culprit: ObjectId) -> bool:
        """Whether it is another unit's fault, or has been blamed on this one already."""
        if unit.object in self._outcome.failed:
            excused = self._tainted if unit.type == "ROWS" and self._lenient else self._excused
            return culprit != unit.object or unit.object in excused
        return unit.object in self._tainted

    def _blame_platform(self, culprit: ObjectId) -> None:
        """Takes over what the history did to an object that the platform brought."""
        whole = whole_of(culprit)
        for known in (self._truth.depend, self._outcome.depend):
            whole = known.family(whole)
        if whole in self._brought:
            lower = self.choices.on_platform | {whole}
            self.choices = replace(self.choices, on_platform=lower)

    def blame_rows(self, table: ObjectId, why: str, *, failed: bool = False) -> None:
        """Lowers the rows of a table, or those that a materialized view shows.

        Args:
            table: Where the rows are.
            why: What was seen.
            failed: Whether a statement failed; else the rows differ.
        """
        if table.kind == "materialized view":
            for source in self._rows.sources_of(table):
                self._as_was(source.name)
            return
        component = self._rows.groups.of(table)
        if component is None or component.name in self._done:
            return
        before = self.choices
        lowered = self._rows.lower(component, before, why, failed=failed)
        self._done.add(component.name)
        if lowered.as_was != before.as_was:
            self._given_up |= lowered.as_was - before.as_was
            return
        others = lowered.levels.items() - before.levels.items()  # instead of it
        self._done.update(name for name, _ in others)
        self.choices = lowered

    def _said(self, unit: Unit) -> str:
        """The server's word on a data statement that failed."""
        places = [self._truth.statements[source].place for source in unit.sources[:1]]
        error = steady(self._outcome.failed.get(unit.object, "it does not apply"))
        return f"{places[0] if places else unit.family} on the final tables: {error}"

    def _level(self, name: ObjectId, level: int, seen: str) -> None:
        before = self.choices
        if before.levels.get(name) == level:  # what was seen first told more
            return
        why = clipped(f"{_TRIED}: {steady(seen)}", _WIDTH)
        reasons = {**before.reasons, name: (*before.reasons.get(name, ()), why)}
        levels = {**before.levels, name: level}
        self.choices = replace(before, levels=levels, reasons=reasons)

    def _as_was(self, name: ObjectId) -> None:
        self.choices = replace(self.choices, as_was=self.choices.as_was | {name})

    def _consequences(self, plan: Plan) -> tuple[frozenset[ObjectId], frozenset[ObjectId]]:
        """Units that need a failed one: directly, and directly or through others.

        Only the first are excused if they fail themselves: what lies between stood when they did.
        """
        users: dict[ObjectId, set[ObjectId]] = defaultdict(set)
        for step in plan.steps:
            targets = set(step.unit.needs)
            for member in step.members:
                targets |= self._truth.depend.needs.get(member, frozenset())
            for target in targets:
                home = self.home(target)
                if home is not None and home != step.unit.object:
                    users[home].add(step.unit.object)
        direct = frozenset(user for name in self._outcome.failed for user in users[name])
        reached, left = set(direct), list(direct)
        while left:
            fresh = users[left.pop()] - reached
            reached |= fresh
            left += fresh
        return direct, frozenset(reached)

    def home(self, wanted: ObjectId) -> ObjectId | None:
        """The unit that an object of either database belongs to."""
        return _home(wanted, self._homes, self._truth, self._outcome)


def _home(
    wanted: ObjectId, homes: Mapping[ObjectId, ObjectId], truth: Truth, outcome: Outcome
) -> ObjectId | None:
    """The unit that an object of either database belongs to."""
    wanted = whole_of(wanted)
    for known in (truth.depend, outcome.depend):
        current: ObjectId | None = wanted
        while current is not None:
            if current in homes:
                return homes[current]
            current = known.parent.get(current)
    return outcome.made.get(wanted)


def whole_of(name: ObjectId) -> ObjectId:
    """The relation or type of a column; any other object itself."""
    if not name.kind.endswith(" column"):
        return name
    kind = name.kind.removesuffix(" column")
    return ObjectId("type" if kind == "composite type" else kind, name.identity.rpartition(".")[0])


def _told_of(difference: Difference) -> ObjectId:
    """The object that a difference is about; whether row security is on, `pg_dump` tells apart."""
    name = difference.object
    return ObjectId(_ROW_SECURITY, name.identity) if difference.attribute == _ROW_SECURITY else name


_ROW_SECURITY = "row security"


def _is_worded_apart(difference: Difference) -> bool:
    """Rights, owners and default privileges are worded from what differs in the end."""
    return (
        difference.attribute.startswith("grant ")
        or difference.attribute == "owner"
        or difference.object.kind == "default acl"
    )
