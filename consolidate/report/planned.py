"""Tells a plan in one line, and as Markdown that fits into a comment on a pull request."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from consolidate import findings, tally
from consolidate.phrases import counted
from consolidate.report import cells
from consolidate.report.budget import fitted
from consolidate.report.review import BUDGET

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from consolidate.model import Finding, SetAside
    from consolidate.plan import Plan, PlannedFile
    from consolidate.report.budget import Section
    from consolidate.truth import Truth

_REPAIRS = "CON3"
"""How the codes begin of what departs from the mapping's wish, or from the authors' tables."""
_ALL = "`consolidate plan --format json` tells them all"


def summary(plan: Plan, truth: Truth) -> str:
    """The plan in one line."""
    found = tally.tally(plan, truth.files)
    return (
        f"Plan: {counted(found.legacy_statements, 'statement')} in "
        f"{counted(found.legacy_files, 'file')} → {counted(found.statements, 'statement')} in "
        f"{counted(found.files, 'file')}, {counted(found.phases, 'phase')}; "
        + ", ".join(f"{number} {rung}" for rung, number in found.rungs.items())
        + "."
    )


def as_markdown(
    plan: Plan, truth: Truth, aside: Sequence[SetAside] = (), budget: int = BUDGET
) -> str:
    """A page for a pull request, in at most as many bytes; the last line is the summary.

    Args:
        plan: What would be written.
        truth: What the history builds.
        aside: The legacy files that are set aside.
        budget: How many bytes there are; GitHub takes 65,536 characters of a comment.
    """
    last = f"**{cells.text(summary(plan, truth))}**\n"
    sections = [*_phases(plan, truth), *_aside(aside), *_unclaimed(plan), *_findings(plan)]
    page = fitted("## Plan\n", sections, budget - len(last.encode()))
    return f"{page}\n{last}"


def _phases(plan: Plan, truth: Truth) -> Iterator[Section]:
    for heading, files in groupby(plan.files, key=lambda f: f.slot.phase or f.slot.folder.value):
        rows = [_file(file, truth) for file in files]
        shown = cells.table(heading, ("File", "What it holds", "Wording", "Rows"), rows, 3, _ALL)
        yield replace(shown, folded=False)


def _file(file: PlannedFile, truth: Truth) -> tuple[str, ...]:
    inserted = sum(tally.rows(file.steps, truth).values())
    return (
        cells.name(f"{file.slot.stem}.sql"),
        cells.text(file.slot.title),
        cells.rungs(tally.rungs(file.steps)),
        f"{inserted:,}" if inserted else "",
    )


def _aside(aside: Sequence[SetAside]) -> Iterator[Section]:
    if aside:
        title = f"{counted(len(aside), 'legacy file')} set aside, without effect here"
        rows = ((cells.name(one.path), cells.text(one.reason)) for one in aside)
        yield cells.table(title, ("File", "Why"), rows, 2, _ALL)


def _unclaimed(plan: Plan) -> Iterator[Section]:
    rows = [
        (cells.name(str(step.unit.object)), cells.name(slot.path), cells.text(placement.reason))
        for step, slot, placement in plan.unclaimed()
    ]
    if rows:
        title = f"{counted(len(rows), 'object')} that no group claims"
        yield cells.table(title, ("Object", "Where it goes", "Why"), rows, 1, _ALL)


def _findings(plan: Plan) -> Iterator[Section]:
    """Repairs and other findings apart, the worst first."""
    severities = ("error", "warning", "info")
    found = sorted(plan.findings, key=lambda one: severities.index(one.severity))
    for title, own in (
        ("repair", [one for one in found if _is_repair(one)]),
        ("other finding", [one for one in found if not _is_repair(one)]),
    ):
        rows = [(one.code, one.severity, _told(one)) for one in own]
        if rows:
            head = ("Code", "Severity", "What")
            yield cells.table(counted(len(rows), title), head, rows, 0, _ALL)


def _is_repair(finding: Finding) -> bool:
    return finding.code.startswith(_REPAIRS) and finding.code != findings.NOTE


def _told(finding: Finding) -> str:
    place = f"{cells.name(str(finding.span))}: " if finding.span else ""
    help_ = f" ({cells.text(finding.help)})" if finding.help else ""
    return f"{place}{cells.text(finding.message)}{help_}"
