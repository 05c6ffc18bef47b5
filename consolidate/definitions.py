"""Tells what became of each statement that defines something: of all that are not about rows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING

from consolidate.lives import Touched
from consolidate.phrases import listed
from consolidate.provenance import Provenance
from consolidate.traceless import Reasons
from consolidate.wording.units import Rung

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from consolidate.graph import Record
    from consolidate.lives import Touch
    from consolidate.model import ObjectId, Statement, StatementId
    from consolidate.plan import Plan, Step
    from consolidate.truth import Truth


class Became(StrEnum):
    """What became of a statement."""

    KEPT = "kept"
    """It stands in the output as its author wrote it."""
    FOLDED = "folded"
    """It is merged into the author's statement that made the object."""
    SERVER = "server"
    """What it did stands there in the server's words."""
    AS_WAS = "as-was"
    """It stands there among all that its component did, in legacy order."""
    SUPERSEDED = "superseded"
    """A later statement took its place."""
    CANCELLED = "cancelled"
    """What it made was dropped, or it dropped what another one had made."""
    NO_EFFECT = "no effect"
    """Nothing that is there in the end is known to go back to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DefiningStatements:
    """Statements that follow each other and of which the same became."""

    lines: str
    """`file:3`, or `file:3-9`."""
    statements: int
    became: Became
    into: tuple[str, ...]
    """The files of the output that hold what is left."""
    reason: str
    """Why it is not kept as it was; empty where it is."""


def definitions(
    plan: Plan, truth: Truth, about_rows: Collection[StatementId]
) -> tuple[DefiningStatements, ...]:
    """What became of every statement but those about rows, in legacy order."""
    teller = _Teller(plan, truth)
    provenance = Provenance.of(truth)
    told = [
        (statement.path, teller.told(statement), identifier)
        for identifier, statement in truth.statements.items()
        if statement.sql and identifier not in about_rows
    ]
    found = []
    for (_, one), run in groupby(told, key=lambda each: each[:2]):
        ids = [identifier for _, _, identifier in run]
        lines = ", ".join(provenance.lines(ids))
        found.append(replace(one, lines=lines, statements=len(ids)))
    return tuple(found)


_NAMED = 3
"""Objects or places that a reason names."""


class _Teller:
    """What is known of all statements, by statement."""

    def __init__(self, plan: Plan, truth: Truth) -> None:
        self._truth = truth
        self._reasons = Reasons(truth.trace)
        self._steps: dict[StatementId, list[tuple[str, Step]]] = defaultdict(list)
        for file in plan.files:
            for step in file.steps:
                for source in step.sources:
                    self._steps[source].append((file.path, step))
        self._lives: dict[StatementId, list[tuple[Record, Touch]]] = defaultdict(list)
        for record in truth.graph.records():
            for touch in record.touches:
                self._lives[touch.statement_id].append((record, touch))

    def told(self, statement: Statement) -> DefiningStatements:
        """What became of one statement."""
        became, into, reason = self._became(statement)
        return DefiningStatements(
            lines="", statements=1, became=became, into=tuple(sorted({*into})), reason=reason
        )

    def _became(self, statement: Statement) -> tuple[Became, Sequence[str], str]:
        steps = self._steps[statement.id]
        for rung, became in (_AS_WAS, _KEPT):
            held = [(p, s) for p, s in steps if s.rung is rung and statement.sql in s.sql]
            if held:
                why = _AMONG if rung is Rung.AS_WAS else ""
                return became, [path for path, _ in held], why
        gone = self._cancelled(statement) or self._superseded(statement)
        return gone or self._merged(statement, steps) or self._without_effect(statement)

    def _cancelled(self, statement: Statement) -> tuple[Became, Sequence[str], str] | None:
        """Where all that it made is gone, or all that it did was to drop."""
        whole = self._whole(statement)
        made = [record for record, touch in whole if touch.what is Touched.CREATED]
        if made and all(record.ended for record in made):
            return Became.CANCELLED, (), self._dropped(made)
        ended = [record for record, touch in whole if touch.what is Touched.DROPPED]
        if ended and len(ended) == len(whole):
            makers = sorted({self._place(record.touches[0]) for record in ended})
            names = listed([str(record.last) for record in ended], _NAMED)
            return Became.CANCELLED, (), f"drops {names}, made by {listed(makers, _NAMED)}"
        return None

    def _whole(self, statement: Statement) -> Sequence[tuple[Record, Touch]]:
        """What a statement did to objects, less what it did to parts of these."""
        lives = self._lives[statement.id]
        return [(record, touch) for record, touch in lives if record.whole == record.last] or lives

    def _dropped(self, made: Sequence[Record]) -> str:
        drops = [
            f"{record.last} was dropped by {self._place(touch)}"
            for record in made
            for touch in record.touches
            if touch.what is Touched.DROPPED
        ]
        return listed(sorted({*drops}), _NAMED)

    def _superseded(self, statement: Statement) -> tuple[Became, Sequence[str], str] | None:
        """Where later statements replaced all that it defined."""
        kinds = {Touched.CREATED, Touched.REPLACED}
        defined = [(r, t) for r, t in self._whole(statement) if t.what in kinds]
        later = [(record, _replaced_after(record, touch)) for record, touch in defined]
        if not later or not all(touch for _, touch in later):
            return None
        told = {f"{r.last} was replaced by {self._place(touch)}" for r, touch in later if touch}
        return Became.SUPERSEDED, (), listed(sorted(told), _NAMED)

    def _merged(
        self, statement: Statement, steps: Sequence[tuple[str, Step]]
    ) -> tuple[Became, Sequence[str], str] | None:
        folded = [(p, s) for p, s in steps if s.rung is Rung.FOLDED]
        if folded:
            return Became.FOLDED, [path for path, _ in folded], f"into {_objects(folded)}"
        server = [(p, s) for p, s in steps if s.rung is Rung.SERVER]
        if server:
            why = "; ".join(sorted({s.unit.because for _, s in server} - {""}))
            return Became.SERVER, [path for path, _ in server], why or f"in {_objects(server)}"
        if steps and statement.kind == "CommentStmt":
            return Became.FOLDED, [path for path, _ in steps], f"beside {_objects(steps)}"
        return None

    def _without_effect(self, statement: Statement) -> tuple[Became, Sequence[str], str]:
        if why := _OF_SESSIONS.get(statement.kind):
            return Became.NO_EFFECT, (), why
        if getattr(statement.tree, "if_not_exists", False) and not self._lives[statement.id]:
            return Became.NO_EFFECT, (), "what it makes was there already"
        if self._steps[statement.id]:
            return Became.NO_EFFECT, (), "the statements that are kept say the same"
        reason = self._reasons.of({statement.id})
        left = Became.SUPERSEDED if reason.startswith("superseded") else Became.NO_EFFECT
        return left, (), reason.removeprefix("superseded: ")

    def _place(self, touch: Touch) -> str:
        return f"{touch.place.path}:{touch.place.line}"


_AS_WAS = (Rung.AS_WAS, Became.AS_WAS)
_KEPT = (Rung.VERBATIM, Became.KEPT)
_OF_SESSIONS = {
    "TransactionStmt": "each file is a transaction of its own",
    "VariableSetStmt": "a setting of its session",
}
_AMONG = "so stands all that its component did"


def _replaced_after(record: Record, touch: Touch) -> Touch | None:
    behind = record.touches[record.touches.index(touch) + 1 :]
    return next((later for later in behind if later.what is Touched.REPLACED), None)


def _objects(steps: Sequence[tuple[str, Step]]) -> str:
    names: list[ObjectId] = [step.unit.object for _, step in steps]
    return listed(sorted({str(name) for name in names}), _NAMED)
