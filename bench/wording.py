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
from consolidate.wording import verbatim
from consolidate.wording.entries import unowned
from consolidate.wording.folding.captions import without_captions
from consolidate.wording.units import Rung

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from consolidate.model import Statement
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
_APART = {"ROWS", "RIGHTS", "OWNER", "SEQUENCE SET", "COMMENT", "DEFAULT ACL"}
"""Kinds of steps that make no object."""
_CODE = {"DoStmt", "CallStmt", "SelectStmt"}
"""Statements whose own words make nothing."""
_REPLACED = {"FUNCTION", "PROCEDURE", "AGGREGATE", "VIEW", "TRIGGER"}
"""Kinds whose last CREATE OR REPLACE has the word."""
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
    rungs: dict[str, Counter[Rung]] = defaultdict(Counter)
    for step in steps:
        rungs[_history_of(truth, step)][step.rung] += 1
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


def _history_of(truth: Truth, step: Step) -> str:
    """What happened to an object after it was made."""
    unit = step.unit
    made = truth.trace.created.get(verbatim.bearer(unit.object))
    touches = truth.trace.touches.get(verbatim.bearer(unit.object), ())
    later = {t.statement for t in touches if t.tag not in verbatim.HARMLESS_TAGS} - {made}
    if made is not None and made in truth.statements and truth.statements[made].kind in _CODE:
        return "made by code"
    if not later:
        return "never altered"
    return "altered tables" if unit.type == "TABLE" else "altered otherwise"


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
