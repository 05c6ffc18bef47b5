"""Shows in whose words a history is written again, and how that compares with `pg_dump`.

Four things are asked: whether what was never altered stands as its author wrote it, whether altered
tables stand in their author's CREATE TABLE, whether the output takes fewer statements than
`pg_dump --schema-only --no-owner` of the same database (SET and what the platform brought apart),
and whether the comments of statements that survived are still there.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bench.accuracy import histories
from consolidate import lexer, pipeline, tally
from consolidate.findings import KEY_SPLIT
from consolidate.lives import Touched
from consolidate.wording import verbatim
from consolidate.wording.entries import unowned
from consolidate.wording.folding.captions import without_captions
from consolidate.wording.units import Rung

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from consolidate.model import ObjectId, Statement, StatementId
    from consolidate.plan import Plan, Step
    from consolidate.truth import Truth

LEAST_VERBATIM = 0.95
"""Of the objects that nothing altered."""
LEAST_FOLDED = 0.80
"""Of the tables that something altered, those in their authors' words, folded or as they were."""
MOST_STATEMENTS = 0.72
"""Of `pg_dump`'s."""
LEAST_COMMENTS = 0.90
"""Of the comment lines above and inside statements that survived."""

_AUTHORS = (Rung.VERBATIM, Rung.FOLDED)
_APART = {"ROWS", "RIGHTS", "OWNER", "SEQUENCE SET", "COMMENT", "DEFAULT ACL", "INDEX ATTACH"}
"""Kinds of steps that make no object."""
_CODE = {"DoStmt", "CallStmt", "SelectStmt"}
"""Statements whose own words make nothing."""
_REPLACED = {"FUNCTION", "PROCEDURE", "AGGREGATE", "VIEW", "TRIGGER"}
"""Kinds whose last CREATE OR REPLACE has the word."""
_UNSEEN = {"attached", "add attribute", "drop attribute", "rename attribute"}
"""Alterations that event triggers report of another object: the parent, the row type."""
_OF_ROWS = {"ROWS", "SEQUENCE SET"}
"""Kinds of steps of which `pg_dump --schema-only` says nothing."""
_CONSTRAINTS = {"CONSTRAINT", "FK CONSTRAINT", "CHECK CONSTRAINT"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded:
    """The numbers of one history."""

    name: str
    rungs: Mapping[str, Mapping[Rung, int]]
    """Objects on each rung, by what happened to them."""
    statements: int
    """Of the output, those that write rows apart."""
    dumped: int
    """Of `pg_dump`."""
    constraints: int
    """Constraints that stand apart from their tables."""
    reasons: int
    """Those of which the plan says why."""
    comments: int
    """Comment lines of statements that survived."""
    lost: tuple[str, ...]
    """Those of them that the output has not."""

    @property
    def failures(self) -> tuple[str, ...]:
        """The goals that are missed, in words."""
        goals = [
            ("verbatim", _share(self.rungs["never altered"], Rung.VERBATIM), LEAST_VERBATIM),
            ("authors'", _share(self.rungs["altered tables"], *_AUTHORS), LEAST_FOLDED),
            ("comments", 1 - len(self.lost) / max(1, self.comments), LEAST_COMMENTS),
        ]
        told = [f"{what} {share:.1%} < {goal:.0%}" for what, share, goal in goals if share < goal]
        if self.statements > MOST_STATEMENTS * self.dumped:
            told.append(f"statements {self.statements / self.dumped:.2f} > {MOST_STATEMENTS}")
        return tuple(told)


def measure(name: str, truth: Truth, plan: Plan) -> Worded:
    """The numbers of a plan."""
    steps = [step for step in plan.steps if step.unit.type not in _APART]
    past = _Past(truth)
    rungs: dict[str, Counter[Rung]] = defaultdict(Counter)
    for step in steps:
        rungs[past.of(step)][step.rung] += 1
    apart = [step for step in steps if step.unit.type in _CONSTRAINTS and not _is_authored(step)]
    told = [f.message for f in plan.findings if f.code == KEY_SPLIT]
    comments = [line for step in steps for line in _comments(truth, step)]
    written = "\n".join(step.sql for step in plan.steps)
    return Worded(
        name=name,
        rungs=rungs,
        statements=sum(tally.commands(s.sql) for s in plan.steps if s.unit.type not in _OF_ROWS),
        dumped=sum(len(unowned(e.text)) for e in truth.entries if e.text.strip()),
        constraints=len(apart),
        reasons=sum(any(m.startswith(f"{s.unit.object} ") for m in told) for s in apart),
        comments=len(comments),
        lost=tuple(line for line in comments if line not in written),
    )


class _Past:
    """What happened to objects after they were made."""

    def __init__(self, truth: Truth) -> None:
        self._truth = truth
        self._effects = {effect.statement: effect for effect in truth.graph.effects}
        self._surviving = truth.graph.surviving()
        self._former = {
            name
            for node in truth.graph.incarnations
            for name in truth.graph.names(node)
            if name != node.final
        }

    def of(self, step: Step) -> str:
        """In the words of the table."""
        unit = step.unit
        if unit.rung is Rung.AS_WAS:
            tables = [one for one in step.members if one.kind == "table"]
            made_by = self._truth.trace.created
            altered = any(self._is_altered(one, made_by.get(one)) for one in tables)
            return "altered tables" if altered else "never altered"
        name = verbatim.bearer(unit.object)
        made = self._truth.trace.created.get(name)
        if made is not None and made in self._truth.statements and self._is_code(made):
            return "made by code"
        if self._is_altered(name, made):
            return "altered tables" if unit.type == "TABLE" else "altered otherwise"
        if self._names_what_is_renamed(name, made):
            return "altered otherwise"
        return "never altered"

    def _is_code(self, made: StatementId) -> bool:
        return self._truth.statements[made].kind in _CODE

    def _is_altered(self, name: ObjectId, made: StatementId | None) -> bool:
        touches = self._truth.trace.touches.get(name, ())
        later = {t.statement for t in touches if t.tag not in verbatim.HARMLESS_TAGS} - {made}
        return bool(later) or any(
            touch.what is Touched.RENAMED or touch.aspect in _UNSEEN
            for touch in self._truth.graph.life(name)
        )

    def _names_what_is_renamed(self, name: ObjectId, made: StatementId | None) -> bool:
        """Whether its author's words have a name that means nothing any more."""
        said = self._effects.get(made) if made is not None else None
        node = self._surviving.get(name)
        if said is None or node is None or node.first not in said.creates:
            return False
        return any(need.on in self._former and need.on not in said.creates for need in said.needs)


def _is_authored(step: Step) -> bool:
    return step.rung in {Rung.VERBATIM, Rung.AS_WAS}


def _comments(truth: Truth, step: Step) -> Iterator[str]:
    """The comment lines of the statement that made an object, if the output still has it."""
    if step.rung not in {Rung.VERBATIM, Rung.FOLDED}:
        return
    made = truth.trace.created.get(verbatim.bearer(step.unit.object))
    if step.unit.type in _REPLACED:
        touches = truth.trace.touches.get(step.unit.object, ())
        made = next((t.statement for t in reversed(touches) if t.tag.startswith("CREATE")), made)
    if made is None or made not in truth.statements:
        return
    yield from comment_lines(truth.statements[made], truth.previous.get(made))


def comment_lines(statement: Statement, previous: Statement | None) -> Iterator[str]:
    """The comments above and inside a statement, line by line; captions of tools are none."""
    words = verbatim.own_words(statement, previous)
    for token in lexer.tokens(words):
        if token.kind == "comment":
            lines = words[token.start : token.end].splitlines()
            yield from (line.strip() for line in lines if re.search(r"\w", without_captions(line)))


def lines(one: Worded) -> Iterator[str]:
    """What is told of one history."""
    yield one.name
    yield f"  {'objects':<24}{'all':>6}" + "".join(f"{rung:>12}" for rung in Rung)
    for what in ("never altered", "altered tables", "altered otherwise", "made by code"):
        found = one.rungs.get(what, Counter())
        every = sum(found.values())
        shares = (f"{found[r]:>6} {found[r] / every:>4.0%}" if every else "" for r in Rung)
        yield f"  {what:<24}{every:>6}" + "".join(f"{share:>12}" for share in shares)
    ratio = one.statements / one.dumped if one.dumped else 0
    yield f"  statements, rows apart  {one.statements:>6} of pg_dump's {one.dumped}: {ratio:.2f}"
    yield f"  constraints apart       {one.constraints:>6}, {one.reasons} with a reason"
    kept = one.comments - len(one.lost)
    yield f"  comment lines kept      {kept:>6} of {one.comments}"
    yield from (f"    lost: {line}" for line in one.lost)


def _share(found: Mapping[Rung, int], *wanted: Rung) -> float:
    every = sum(found.values())
    return sum(found[rung] for rung in wanted) / every if every else 1.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the numbers of each history; 1 if one of them misses a goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, help="legacy folders, or configurations")
    parser.add_argument("--server", default="", help="the server to render on; embedded by default")
    asked = parser.parse_args(arguments)
    missed = False
    with tempfile.TemporaryDirectory(prefix="consolidate-wording-") as workplace:
        for name, request in histories(asked.folders, Path(workplace)):
            chosen = replace(request, servers=(asked.server,)) if asked.server else request
            job = pipeline.screened(pipeline.prepare(chosen), lambda _: None)
            one = measure(name, *pipeline.plan_only(job, lambda _: None))
            told: Iterable[str] = (*lines(one), *(f"  MISSED: {why}" for why in one.failures))
            sys.stdout.write("".join(f"{line}\n" for line in told))
            sys.stdout.flush()
            missed = missed or bool(one.failures)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
