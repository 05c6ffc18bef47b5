"""Shows plans and verdicts to people; what they see is also in the JSON."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from consolidate import tally
from consolidate.doctor import Status
from consolidate.model import CheckStatus, Severity
from consolidate.phrases import counted
from consolidate.report import comparison, drills
from consolidate.report.answer import difference_line, overall_sentence, place, sentence
from consolidate.report.console import say
from consolidate.report.planned import summary
from consolidate.verdict import Level, overall
from consolidate.wording.units import Rung

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from consolidate import drill
    from consolidate.doctor import Line
    from consolidate.downs.results import Results
    from consolidate.drill import Drilled
    from consolidate.model import Finding, SetAside
    from consolidate.plan import Plan, PlannedFile
    from consolidate.truth import Truth
    from consolidate.verdict import Verdict

MOST = 40
"""Differences or volatile cells that are shown; the JSON has them all."""
FIRST = 8
"""Objects that no group claims, and findings of one code, of those that are shown."""

_RUNGS = {
    Rung.VERBATIM: ("=", "green"),
    Rung.FOLDED: ("&", "green"),
    Rung.SERVER: ("~", "cyan"),
    Rung.AS_WAS: ("!", "yellow"),
}
_CHECKS = {
    CheckStatus.PASSED: ("✓", "green"),
    CheckStatus.FAILED: ("✗", "red"),
    CheckStatus.SKIPPED: ("-", "yellow"),
}
_STYLES = {"-": "red", "+": "green"}
"""Of the lines of an inline diff."""
_STATUSES = {Status.OK: "green", Status.WARN: "yellow", Status.FAIL: "red"}
_SEVERITIES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "dim"}


# -- the plan ---------------------------------------------------------------------------------


def plan_view(plan: Plan, truth: Truth, out: Console, aside: Sequence[SetAside] = ()) -> None:
    """Shows what would be written, and what is set aside; the last line is the summary."""
    aside_view(aside, out)
    legend = (((f"  {mark}", style), f" {rung}") for rung, (mark, style) in _RUNGS.items())
    say(out, *(part for pair in legend for part in pair))
    width = max((len(file.slot.stem) for file in plan.files), default=0) + len(".sql")
    for heading, files in groupby(plan.files, key=lambda f: f.slot.phase or f.slot.folder.value):
        say(out)
        say(out, (heading, "bold"))
        for file in files:
            say(out, f"  {file.slot.stem + '.sql':<{width}}  ", *_file_counts(file, truth))
    _unclaimed_view(plan, out)
    _findings_view(plan.findings, out)
    say(out)
    say(out, summary(plan, truth))


def _findings_view(findings: Sequence[Finding], out: Console) -> None:
    """Shows what was found, the worst first and code by code; nothing if nothing was."""
    if not findings:
        return
    say(out)
    say(out, ("Findings", "bold"))
    worst = sorted(findings, key=lambda f: (list(_SEVERITIES).index(f.severity), f.code))
    for (severity, code), group in groupby(worst, key=lambda f: (f.severity, f.code)):
        found = list(group)
        for finding in found[:FIRST]:
            say(out, *_finding(finding))
        if len(found) > FIRST:
            more = f"… and {len(found) - FIRST} more; --format json has them all"
            say(out, (f"  {code}  ", _SEVERITIES[severity]), (more, "dim"))


def _unclaimed_view(plan: Plan, out: Console) -> None:
    """Shows what the mapping has no group for, and where that goes; nothing if there is none."""
    found = list(plan.unclaimed())
    if not found:
        return
    say(out)
    say(out, (f"{counted(len(found), 'object')} that no group claims", "bold"))
    width = max(len(str(step.unit.object)) for step, _, _ in found[:FIRST])
    for step, slot, placement in found[:FIRST]:
        name = f"{step.unit.object!s:<{width}}"
        say(out, f"  {name}  {slot.path}", (f" ({placement.reason})", "dim"))
    if len(found) > FIRST:
        say(out, f"  … and {len(found) - FIRST} more; --format json has them all")


def _file_counts(file: PlannedFile, truth: Truth) -> Iterator[str | tuple[str, str]]:
    for rung, number in tally.rungs(file.steps).items():
        mark, style = _RUNGS[rung]
        yield (f"{mark}{number:>4}  " if number else " " * 7, style)
    if inserted := sum(tally.rows(file.steps, truth).values()):
        yield counted(inserted, "row")


def _finding(finding: Finding) -> Iterator[str | tuple[str, str]]:
    yield (f"  {finding.code}  ", _SEVERITIES[finding.severity])
    if finding.span:
        yield f"{finding.span}: "
    yield finding.message
    if finding.help:
        yield (f" ({finding.help})", "dim")


# -- the verdict ------------------------------------------------------------------------------


def verdict_view(verdict: Verdict, out: Console) -> None:
    """Shows what one server's proof said; the last line is the answer."""
    aside_view(verdict.aside, out)
    _checks_view(verdict, out)
    lines = [difference_line(found) for found in verdict.differences]
    _section(out, f"{counted(len(lines), 'difference')} (truth → output)", lines, "red")
    _notes_view(verdict, out)
    say(out)
    style = "bold red" if verdict.level is Level.DIFFERENT else "bold green"
    say(out, (sentence(verdict), style))


def comparison_view(told: comparison.Told, out: Console) -> None:
    """Shows what two databases differ in, object by object; the last line is the answer."""
    for verdict in told.verdicts:
        if len(told.verdicts) > 1:
            say(out, (place(verdict), "bold"))
        _checks_view(verdict, out)
        objects = list(comparison.by_object(verdict.differences))
        for name, lines in objects[:MOST]:
            say(out)
            say(out, (name, "bold"))
            for line in lines:
                say(out, (f"  {line}", _STYLES.get(line.lstrip()[:1], "")))
        if len(objects) > MOST:
            say(out, f"… and {len(objects) - MOST} more objects; --format json has them all")
        _notes_view(verdict, out)
        say(out)
    style = "bold red" if told.level is Level.DIFFERENT else "bold green"
    say(out, (comparison.answer(told), style))


def _checks_view(verdict: Verdict, out: Console) -> None:
    width = max((len(check.name) for check in verdict.checks), default=0)
    for check in verdict.checks:
        mark, style = _CHECKS[check.status]
        say(out, (mark, style), f" {check.name:<{width}}  {check.reason}")


def _notes_view(verdict: Verdict, out: Console) -> None:
    """What the answer is not about."""
    cells = counted(len(verdict.volatile), "volatile cell")
    _section(out, f"{cells}, compared by type only", verdict.volatile, "dim")
    _section(out, f"{counted(len(verdict.waivers), 'waiver')}", verdict.waivers, "yellow")
    _section(out, "Not compared, for want of rights", verdict.limits, "yellow")


def drill_view(drilled: Sequence[Drilled], out: Console) -> None:
    """Shows what came of each file, server by server; the last line is the answer."""
    for one in drilled:
        say(out)
        say(out, (f"PostgreSQL {one.version} ({one.server})", "bold"))
        say(out, "  ".join(("", *one.tried)))
        for file in one.files:
            say(out, *_drilled_file(file, one.tried))
        if one.coverage is not None:
            say(out)
            say(out, (drills.with_rows(one.coverage), "bold"))
            for line in drills.without_rows(one.coverage):
                say(out, (f"  {line}", "dim"))
        lines = [difference_line(found) for found in one.differences]
        _section(out, counted(len(lines), "difference"), lines, "red")
    say(out)
    proven = all(one.proven for one in drilled)
    say(out, (drills.answer(drilled), "bold green" if proven else "bold red"))


def _drilled_file(file: drill.File, steps: Sequence[str]) -> Iterator[str | tuple[str, str]]:
    for step in steps:
        mark, style = _CHECKS[drills.status(getattr(file, step))]
        yield f"  {mark:<{len(step)}}", style
    yield f"  {file.path}"
    if file.refused:
        yield f", {counted(file.refused, 'row')} refused", "dim"


def aside_view(aside: Sequence[SetAside], out: Console) -> None:
    """Shows every file that is set aside, by root cause; nothing if none is."""
    if not aside:
        return
    heading = f"{counted(len(aside), 'legacy file')} set aside, without effect here"
    say(out, (heading, "bold yellow"))
    for reason in dict.fromkeys(one.reason for one in aside):
        say(out, f"  {reason}")
        for one in aside:
            if one.reason == reason:
                say(out, (f"    {one.path}", "yellow"))
    say(out)


def overall_view(verdicts: Sequence[Verdict], out: Console) -> None:
    """Shows the answer of several servers in one line; nothing where there is only one."""
    if len(verdicts) > 1:
        level = overall(verdicts)
        style = "bold red" if level is Level.DIFFERENT else "bold green"
        say(out)
        say(out, (overall_sentence(verdicts), style))


def irreversible_view(told: Sequence[str], out: Console) -> None:
    """Shows what no rollback takes back."""
    _section(out, f"{counted(len(told), 'step')} that no rollback takes back", told, "yellow")


def written_view(downs: Results | None, folder: str, kept: str, out: Console) -> None:
    """Shows what came of down scripts, and where a run has written what is not proven.

    Args:
        downs: What came of them, if they were tried.
        folder: Where the files are.
        kept: The output folder, which is as it was, if they are not there.
        out: Where to show it.
    """
    if downs:
        say(out)
        say(out, f"Down scripts: {downs.sentence}; {folder}/REPORT.md lists them.")
    if kept != folder:
        say(out)
        say(out, f"The files are in {folder}, to be looked at; {kept} is as it was.")


def _section(out: Console, heading: str, lines: Sequence[str], style: str) -> None:
    if not lines:
        return
    say(out)
    say(out, (heading, "bold"))
    for line in lines[:MOST]:
        say(out, (f"  {line}", style))
    if len(lines) > MOST:
        say(out, f"  … and {len(lines) - MOST} more; --format json has them all")


# -- the doctor -------------------------------------------------------------------------------


def doctor_view(lines: Sequence[Line], out: Console, *, nothing: str) -> None:
    """Shows what was found, section by section; `nothing` where there is no line."""
    if not lines:
        say(out, nothing)
    width = max((len(line.subject) for line in lines), default=0)
    for number, (section, found) in enumerate(groupby(lines, key=lambda line: line.section)):
        if number:
            say(out)
        say(out, (section.capitalize(), "bold"))
        for line in found:
            mark = (f"  {line.status:<4}", _STATUSES[line.status])
            say(out, mark, f"  {line.subject:<{width}}  {line.told}")
            if line.help:
                say(out, (f"{'':{width + 10}}{line.help}", "dim"))
