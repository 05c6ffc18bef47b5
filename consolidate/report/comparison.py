"""Tells what two databases differ in: for people, as Markdown, and for programs."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from consolidate import markdown
from consolidate.model import CheckStatus, Difference, DifferenceKind
from consolidate.phrases import counted
from consolidate.report import documents, machine
from consolidate.report.answer import place, values
from consolidate.verdict import Level, overall

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from consolidate.verdict import Verdict

FORMAT = "consolidate/diff@1"

_MARKS = {CheckStatus.PASSED: "✓", CheckStatus.FAILED: "✗", CheckStatus.SKIPPED: "-"}


@dataclass(frozen=True, slots=True)
class Told:
    """A comparison, and what its sides are called."""

    left: str
    right: str
    verdicts: tuple[Verdict, ...]

    @property
    def level(self) -> Level:
        """The worst of all servers."""
        return overall(self.verdicts)


def answer(told: Told) -> str:
    """The answer in one sentence."""
    if told.level is Level.IDENTICAL:
        return f"Equal: {told.left} and {told.right} are the same database."
    if told.level is Level.EQUIVALENT:
        return f"Equal: {told.left} and {told.right} are the same database, but for what is listed."
    number = sum(len(verdict.differences) for verdict in told.verdicts)
    if number:
        return f"Different: {told.left} and {told.right} differ in {counted(number, 'place')}."
    return f"Not shown to be equal: {told.left} and {told.right} were not compared in full."


def lines_of(found: Difference) -> Iterator[str]:
    """One difference: its attribute and both values, long texts as an inline diff."""
    what = found.attribute or "the whole object"
    if found.kind is not DifferenceKind.CHANGED:
        value = found.left if found.kind is DifferenceKind.MISSING else found.right
        yield f"{found.kind:<7}  {what}" + (f": {values(value or '')[0]}" if value else "")
        return
    left, right = found.left or "", found.right or ""
    if "\n" not in left and "\n" not in right:
        one, two = values(left, right)
        yield f"{found.kind:<7}  {what}: {one} → {two}"
        return
    yield f"{found.kind:<7}  {what}:"
    for line in _diff(left, right):
        yield f"  {line}"


def _diff(left: str, right: str) -> Iterator[str]:
    """The lines that differ with one line around each; `-` is left, `+` is right."""
    both = left.splitlines(), right.splitlines()
    for number, line in enumerate(difflib.unified_diff(*both, lineterm="", n=1)):
        if number > 1:  # the first two name files
            yield "…" if line.startswith("@@") else line


def by_object(differences: Sequence[Difference]) -> Iterator[tuple[str, list[str]]]:
    """The differences of each object together, in the order in which they were told."""
    for name, group in groupby(differences, key=lambda one: str(one.object)):
        yield name, [line for found in group for line in lines_of(found)]


def as_markdown(told: Told) -> str:
    """A page for a pull request."""
    lines = [f"**{markdown.cell(answer(told))}**", ""]
    for verdict in told.verdicts:
        lines += [f"### {markdown.cell(place(verdict))}", "", "| Check |  | What was compared |"]
        lines += ["| --- | --- | --- |"]
        for check in verdict.checks:
            reason = markdown.cell(check.reason)
            lines.append(f"| {check.name} | {_MARKS[check.status]} | {reason} |")
        if verdict.differences:
            heading = counted(len(verdict.differences), "difference")
            lines += ["", f"#### {heading} (left → right)", ""]
        for name, told_lines in by_object(verdict.differences):
            lines += [f"- {markdown.code(name)}", "", *_fenced(told_lines), ""]
        for title, listed in _lists(verdict):
            lines += ["", f"#### {title}", "", *(f"- {markdown.cell(one)}" for one in listed)]
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def _fenced(lines: Sequence[str]) -> list[str]:
    fence = "```"
    while any(fence in line for line in lines):
        fence += "`"
    return [f"  {fence}diff", *(f"  {line}" for line in lines), f"  {fence}"]


def _lists(verdict: Verdict) -> Iterator[tuple[str, Sequence[str]]]:
    if verdict.volatile:
        number = counted(len(verdict.volatile), "volatile cell")
        yield f"{number}, compared by type only", verdict.volatile
    if verdict.waivers:
        yield "Waived", verdict.waivers
    if verdict.limits:
        yield "Not compared, for want of rights", verdict.limits


def as_json(told: Told) -> str:
    """The whole answer for programs."""
    document = {
        "format": FORMAT,
        "left": told.left,
        "right": told.right,
        "equal": told.level is not Level.DIFFERENT,
        "level": told.level,
        "verdicts": [machine.verdict_record(verdict) for verdict in told.verdicts],
    }
    return documents.text(document)
