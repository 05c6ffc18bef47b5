"""Writes the report for the reviewers of a pull request: Markdown that fits into a comment.

Whatever comes from a history is escaped. Nothing depends on the day, on the machine or on a minor
version.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from consolidate import markdown
from consolidate.fates import Fate
from consolidate.findings import DOWN_LEADS_ELSEWHERE
from consolidate.layout import rollback_of
from consolidate.model import CheckStatus, Severity
from consolidate.phrases import counted, listed
from consolidate.report import cells, disappeared, down_scripts, remarks
from consolidate.report.answer import difference_line, lasting_sentence, overall_sentence, place
from consolidate.report.budget import Section, fitted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from consolidate.fates import DataStatements
    from consolidate.model import Finding
    from consolidate.report.summary import Summary
    from consolidate.verdict import Verdict

BUDGET = 60_000
"""Bytes; GitHub takes 65,536 characters of a comment, and 1 MiB of a step's summary."""

_SERVERS = 4
"""Servers that are named at the top; the checks name all."""

_MARKS = {CheckStatus.PASSED: "✓", CheckStatus.FAILED: "✗", CheckStatus.SKIPPED: "-"}

_STANDING = """\
- Other servers and versions than those named here.
- What your platform has beyond the SQL that stands in for it (`consolidate prelude NAME`).
- Databases that exist: the output builds a new one. Where the legacy files ran, the new ones \
are to be recorded as applied.
- The cost: how long a file locks or runs on real amounts of data.
- Values that depend on the run: volatile cells are compared by type and nullness, and rows that \
only volatile keys tell apart pass as equal.
- Rows of the runner's own table, which is assumed to be empty where the history speaks of it.
- What the catalog facts pass over, such as other databases of the cluster, `ALTER SYSTEM`, places \
of tablespaces, versions of collations, temporary objects and the physical order of rows.
- What new migrations do: that they apply and can be taken back is tried, not that they are right.
"""
"""In short what docs/explain/what-proven-means.md says at length."""

_MANIFEST = "`manifest.json` has them all"
_VERDICT = "`consolidate verify --format json` tells them all"
_PLAN = "`consolidate plan --format json` tells them all"


def report(summary: Summary, budget: int = BUDGET) -> str:
    """The whole report, in at most as many bytes."""
    return fitted(_head(summary), sections(summary), budget)


def sections(summary: Summary) -> tuple[Section, ...]:
    """What follows the head, in the order in which it is read.

    The weights say what is shortened first; docs/reference/report.md has them, too.
    """
    return (
        *_differences(summary),
        _checks(summary),
        *_irreversible(summary),
        *_aside(summary),
        *disappeared.sections(summary, _VERDICT),
        *remarks.sections(summary),
        _files(summary),
        *_new(summary),
        _legacy(summary),
        _origins(summary),
        _wording(summary),
        *_data(summary),
        *_empty(summary),
        _rollbacks(summary),
        *down_scripts.sections(summary.downs, _VERDICT),
        *_volatile(summary),
        *_findings(summary),
        _not_proven(summary),
    )


# -- the top ----------------------------------------------------------------------------------


def _head(summary: Summary) -> str:
    answers = [cells.text(lasting_sentence(verdict)) for verdict in summary.verdicts]
    if len(answers) == 1:
        lines = [f"**{answers[0]}**"]
    else:
        together = cells.text(overall_sentence(summary.verdicts, lasting=True))
        lines = [f"**{together}**", "", *(f"- {answer}" for answer in answers[:_SERVERS])]
    if len(answers) > _SERVERS:
        lines.append(f"- {counted(len(answers) - _SERVERS, 'more server')}: see the checks.")
    numbers = markdown.table(("", ""), ((f"**{name}**", said) for name, said in _numbers(summary)))
    return "\n".join([*lines, "", numbers, ""])


def _numbers(summary: Summary) -> Iterator[tuple[str, str]]:
    found = summary.numbers
    places = [place(verdict) for verdict in summary.verdicts]
    yield "Verdict", summary.level
    yield "Servers", listed([cells.text(one) for one in places], _SERVERS) or "none"
    yield "Files", f"{found.legacy_files:,} → {found.files:,}, {counted(found.phases, 'phase')}"
    yield "Statements", f"{found.legacy_statements:,} → {found.statements:,}"
    yield "Wording", cells.rungs(found.rungs)
    gone = counted(len(summary.vanished.removed), "object")
    rights = sum(len(one.rights) for one in summary.vanished.rights)
    rows = len(summary.vanished.rows)
    if rights:
        gone += f", {counted(rights, 'right')}"
    yield "Disappeared", gone + (f", and rows by {counted(rows, 'statement')}" if rows else "")
    irreversible = len(summary.irreversible)
    told = f", {irreversible:,} irreversible" if irreversible else ", none irreversible"
    yield "Rollbacks", f"{len(summary.files):,}{told}"
    yield "Volatile cells", f"{len(_volatile_cells(summary)):,}"
    if summary.downs:
        yield "Down scripts", summary.downs.sentence
    yield "Findings", _severities(summary.findings)
    if summary.aside:
        yield "Set aside", counted(len(summary.aside), "legacy file")


def _severities(findings: Iterable[Finding]) -> str:
    severities = [finding.severity for finding in findings]
    worst_first = (Severity.ERROR, Severity.WARNING, Severity.INFO)
    found = [(severity, severities.count(severity)) for severity in worst_first]
    return ", ".join(f"{number:,} {severity}" for severity, number in found if number) or "none"


# -- the proof --------------------------------------------------------------------------------


def _differences(summary: Summary) -> Iterator[Section]:
    lines = tuple(
        f"- {cells.name(f'{place(verdict)}: {difference_line(found)}', 2 * cells.TEXT)}"
        for verdict in summary.verdicts
        for found in verdict.differences
    )
    if lines:
        yield Section(
            title=f"{counted(len(lines), 'difference')} (truth → output)",
            lines=lines,
            weight=15,
            rest=_VERDICT,
            folded=False,
        )


def _checks(summary: Summary) -> Section:
    rows = [
        (cells.text(place(verdict)), check.name, _MARKS[check.status], cells.text(check.reason))
        for verdict in summary.verdicts
        for check in verdict.checks
    ]
    proven = all(verdict.equivalent for verdict in summary.verdicts)
    title = f"Checks: {counted(len(rows), 'line')} of the verdict"
    head = ("Server", "Check", "", "What was compared")
    return replace(cells.table(title, head, rows, 13, _VERDICT), folded=proven)


def _not_proven(summary: Summary) -> Section:
    own = [
        f"- {cells.text(f'{place(verdict)}: {line}')}"
        for verdict in summary.verdicts
        for line in _short_of(verdict)
    ]
    if summary.aside:
        own.append(
            f"- {counted(len(summary.aside), 'legacy file')} set aside: not replayed at all."
        )
    if summary.irreversible:
        own.append(f"- {counted(len(summary.irreversible), 'step')} that no rollback takes back.")
    return Section(
        title="What is not proven",
        lines=(*own, *_STANDING.splitlines()),
        weight=14,
        rest=_VERDICT,
        intro="Consolidate's page `docs/explain/what-proven-means.md` says it at length.",
    )


def _short_of(verdict: Verdict) -> Iterator[str]:
    for check in verdict.checks:
        if check.status is not CheckStatus.PASSED:
            yield f"{check.name} {check.status}: {check.reason}"
    yield from (f"waived: {line}" for line in verdict.waivers)
    yield from (f"not compared, for want of rights: {line}" for line in verdict.limits)


def _volatile_cells(summary: Summary) -> Sequence[str]:
    return sorted({cell for verdict in summary.verdicts for cell in verdict.volatile})


def _volatile(summary: Summary) -> Iterator[Section]:
    found = _volatile_cells(summary)
    if found:
        yield Section(
            title=f"Volatile cells: {len(found):,}, compared by type only",
            lines=tuple(f"- {cells.name(cell)}" for cell in found),
            weight=6,
            rest=_VERDICT,
            intro="Two replays of the legacy history fill these differently.",
        )


def _aside(summary: Summary) -> Iterator[Section]:
    if summary.aside:
        title = f"Set aside: {counted(len(summary.aside), 'legacy file')}, without effect here"
        rows = [(cells.name(one.path), cells.text(one.reason)) for one in summary.aside]
        yield replace(cells.table(title, ("File", "Why"), rows, 12, _MANIFEST), folded=False)


# -- the files --------------------------------------------------------------------------------


def _files(summary: Summary) -> Section:
    rows = [
        (
            cells.name(f.path),
            cells.text(f.title),
            cells.rungs(f.rungs),
            f"{f.rows:,}" if f.rows else "",
        )
        for f in summary.files
    ]
    numbers = summary.numbers
    title = f"Files: {numbers.files:,} in {counted(numbers.phases, 'phase')}"
    return cells.table(title, ("File", "What", "Wording", "Rows"), rows, 8, _PLAN)


def _new(summary: Summary) -> Iterator[Section]:
    if summary.new:
        rows = [(cells.name(path), cells.name(rollback_of(path))) for path in summary.new]
        title = f"New after the baseline: {counted(len(rows), 'migration')}"
        rest = "the folders of the last phase have them all"
        yield cells.table(title, ("File", "Rollback"), rows, 10, rest)


def _legacy(summary: Summary) -> Section:
    rows = [
        (cells.name(f.path), cells.names(f.into) if f.into else f"no trace: {cells.text(f.reason)}")
        for f in summary.legacy
    ]
    title = f"Where each legacy file went: {len(rows):,}"
    return cells.table(title, ("Legacy file", "Is behind"), rows, 3, _MANIFEST)


def _origins(summary: Summary) -> Section:
    rows = [(cells.name(f.path), cells.names(f.lines)) for f in summary.files]
    title = f"Where each file comes from: {len(rows):,}"
    return cells.table(title, ("File", "Legacy lines"), rows, 2, _MANIFEST)


def _wording(summary: Summary) -> Section:
    rows = [
        (
            cells.name(str(one.object)),
            one.rung,
            cells.text(one.because),
            cells.name(one.path.rpartition("/")[2]),  # its whole path stands with the files
            cells.names(one.sources, 2),
        )
        for one in summary.worded
    ]
    title = f"How each object is worded: {len(rows):,}"
    head = ("Object", "Rung", "Why not its author's words", "File", "From")
    return cells.table(title, head, rows, 1, _MANIFEST)


def _data(summary: Summary) -> Iterator[Section]:
    together: dict[tuple[str, ...], list[DataStatements]] = {}
    numbers: Counter[Fate] = Counter()
    for one in summary.data:
        numbers[one.fate] += one.statements
        if one.fate not in {Fate.KEPT, Fate.FOLDED} or one.beside:
            into = cells.names((*one.into, *one.beside))
            together.setdefault((one.fate, into, cells.text(one.reason)), []).append(one)
    rows = [
        (cells.names([one.lines for one in found]), ", ".join({o.command: o for o in found}), *why)
        for why, found in together.items()
    ]
    if summary.data:
        title = f"What became of each data statement: {numbers.total():,}"
        head = ("Legacy lines", "", "Fate", "File", "Why")
        intro = (
            f"{numbers[Fate.KEPT]:,} of them are kept, {numbers[Fate.FOLDED]:,} are folded into"
            " the rows of these; `manifest.json` says where."
        )
        yield replace(cells.table(title, head, rows, 3, _MANIFEST), intro=intro)


def _empty(summary: Summary) -> Iterator[Section]:
    tables = summary.empty_without_seeds
    if tables:
        yield Section(
            title=f"Empty without the seeds: {counted(len(tables), 'table')}",
            lines=tuple(f"- {cells.name(table.identity)}" for table in tables),
            weight=9,
            rest="`seed/README.md` has them all",
            intro="Only the files in `seed/` fill these.",
        )


# -- the way back -----------------------------------------------------------------------------


def _irreversible(summary: Summary) -> Iterator[Section]:
    if summary.irreversible:
        yield Section(
            title=f"Irreversible: {counted(len(summary.irreversible), 'step')}",
            lines=tuple(f"- {cells.text(line)}" for line in summary.irreversible),
            weight=12,
            rest="the rollback files say so",
            folded=False,
        )


def _rollbacks(summary: Summary) -> Section:
    rows = [(cells.name(f.rollback), cells.names(f.guarded)) for f in reversed(summary.files)]
    head = ("Rollback", "Refuses while these hold rows of others")
    rest = "`rollback/README.md` has them all"
    return replace(cells.table(f"Rollbacks: {len(rows):,}", head, rows, 7, rest), intro=_BACK)


_BACK = """\
From the last to the first; `rollback/emergency_rollback.sql` takes back all at once. Rows that \
the history itself wrote, and nobody changed, go without being asked for."""


def _findings(summary: Summary) -> Iterator[Section]:
    told = [f for f in summary.findings if f.code != DOWN_LEADS_ELSEWHERE]  # has its own section
    worst_first = list(reversed(Severity))
    rows = [
        (
            f.code,
            f.severity,
            cells.name(f"{f.span.path}:{f.span.line}") if f.span else "",
            cells.text(f.message) + (f" ({cells.text(f.help)})" if f.help else ""),
        )
        for f in sorted(told, key=lambda f: worst_first.index(f.severity))
    ]
    if rows:
        title = f"Findings: {_severities(told)}"
        yield cells.table(title, ("Code", "", "Where", "What"), rows, 4, _PLAN)
