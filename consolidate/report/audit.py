"""Tells what an audit says: for people, as Markdown, and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from consolidate import findings, markdown
from consolidate.audit.result import Reading
from consolidate.model import Severity
from consolidate.phrases import counted
from consolidate.report import documents
from consolidate.report.budget import Section, fitted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from consolidate.audit import Audit, FileAudit
    from consolidate.model import Finding

FORMAT = "consolidate/audit@1"

Line: TypeAlias = "tuple[str | tuple[str, str], ...]"
"""Parts of one line on a terminal, some with a style."""

MOST = 120
"""Lines about files that are shown on a terminal; the JSON has all of them."""
_BUDGET = 60_000
"""Bytes of a page: a comment on GitHub takes 65,536 characters."""
_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "dim"}
_COMMANDS = 4
"""Kinds of statements that are named in one line."""
_ALL = "--format json has them all"


def summary(audit: Audit) -> str:
    """The audit in one line."""
    files = counted(len(audit.files), "file")
    beside = [
        f"{counted(audit.suppressed, 'finding')} suppressed by comments"
        if audit.suppressed
        else "",
        f"{counted(sum(audit.ignored.values()), 'finding')} ignored by the configuration"
        if audit.ignored
        else "",
    ]
    told = "; ".join(one for one in beside if one)
    return (
        f"Audit: {files}, {counted(audit.statements, 'statement')};"
        f" {counted(audit.count(Severity.ERROR), 'error')},"
        f" {counted(audit.count(Severity.WARNING), 'warning')},"
        f" {counted(audit.count(Severity.INFO), 'note')}{f'; {told}' if told else ''}."
    )


# -- for people -------------------------------------------------------------------------------


def lines(audit: Audit) -> Iterator[Line]:
    """What is shown on a terminal: by code, then file by file; the last line is the summary."""
    if audit.by_code():
        yield (("Findings", "bold"),)
        for code, severity, number, files in audit.by_code():
            where = f"{number:>5,} in {counted(files, 'file')}"
            title = findings.CODES[code]
            yield f"  {code}  ", (f"{severity:<7}", _STYLES[severity]), f"  {where:<19}  {title}"
        yield ()
    yield from _of_files(audit)
    yield (summary(audit),)


def _of_files(audit: Audit) -> Iterator[Line]:
    """As many lines as there is room for, those about graver things before the others."""
    blocks = [(None, audit.beside), *((file, file.findings) for file in audit.files)]
    views = [list(_blocks(blocks, floor, all_files=files)) for floor, files in _FLOORS]
    shown = [view for view in views if view]
    fitting = [view for view in shown if len(view) <= MOST]
    made = (fitting or shown[-1:] or [[]])[0]
    yield from made[:MOST]
    left = len(views[0]) - min(len(made), MOST)
    if left:
        told = counted(left, "more line")
        yield ((f"… and {told} about files and findings that matter less; {_ALL}", "dim"),)
    if made:
        yield ()


_FLOORS = (
    (Severity.INFO, True),
    (Severity.WARNING, True),
    (Severity.WARNING, False),
    (Severity.ERROR, False),
)
"""The mildest findings that are shown, and whether files without one are, too."""


def _blocks(
    blocks: Sequence[tuple[FileAudit | None, Sequence[Finding]]],
    floor: Severity,
    *,
    all_files: bool,
) -> Iterator[Line]:
    """A line for each file, and below it one for each finding that is shown."""
    for file, found in blocks:
        shown = _at_least(found, floor)
        if file is not None and (shown or all_files):
            yield _heading(file)
        for one in shown:
            yield _told(one, beside=file is None)


def _at_least(found: Sequence[Finding], floor: Severity) -> list[Finding]:
    order = list(Severity)
    return [one for one in found if order.index(one.severity) >= order.index(floor)]


def _heading(file: FileAudit) -> Line:
    read = {Reading.IN_PART: ["read in part"], Reading.ASIDE: ["set aside, so not audited"]}
    told = [*read.get(file.reading, ()), f"{file.size:,} bytes", _commands(file)]
    told += [f"better: {file.suggested}"] if file.suggested else []
    told += [_WAYS_BACK[file.way_back]] if file.way_back in _WAYS_BACK else []
    return (file.path, "bold"), "  " + ", ".join(told)


_WAYS_BACK = {"script": "a down script", "comment": "a down script in a comment"}


def _commands(file: FileAudit) -> str:
    named = [f"{number} {command}" for command, number in list(file.commands.items())[:_COMMANDS]]
    more = len(file.commands) - _COMMANDS
    kinds = " + ".join([*named, *([f"{counted(more, 'other kind')}"] if more > 0 else [])])
    return kinds or "no statement"


def _told(finding: Finding, *, beside: bool) -> Line:
    span = finding.span
    where = ""
    if span and beside:
        where = f"{span}  "
    elif span:
        where = f"{span.line}:{span.column}  "
    code = (f"{finding.code}  ", _STYLES[finding.severity])
    return "" if beside else "  ", code, f"{where}{finding.message}"


# -- for pull requests ------------------------------------------------------------------------


def as_markdown(audit: Audit) -> str:
    """A page for a pull request."""
    codes = [
        (
            code,
            severity,
            f"{number:,}",
            f"{files:,}",
            markdown.cell(findings.CODES[code]),
        )
        for code, severity, number, files in audit.by_code()
    ]
    table = markdown.table(("Code", "Severity", "Findings", "Files", "What it says"), codes)
    head = f"## Audit\n\n{markdown.cell(summary(audit))}\n\n{table if codes else ''}\n"
    sections = [_by_severity(audit, severity) for severity in reversed(Severity)]
    shown = [section for section in sections if section.lines]
    return fitted(head, [*shown, _files_section(audit)], _BUDGET)


def _by_severity(audit: Audit, severity: Severity) -> Section:
    titles = {Severity.ERROR: "Errors", Severity.WARNING: "Warnings", Severity.INFO: "Notes"}
    rows = [
        (
            one.code,
            markdown.code(f"{one.span.path}:{one.span.line}") if one.span else "",
            markdown.cell(one.message),
        )
        for one in audit.findings
        if one.severity is severity
    ]
    return Section(
        title=titles[severity],
        lines=tuple(map(markdown.row, rows)),
        weight=list(Severity).index(severity) * 2,
        rest=f"`{_ALL}`",
        head=markdown.table_head(("Code", "Place", "What was found")),
        folded=severity is Severity.INFO,
    )


_READ = {Reading.WHOLE: "", Reading.IN_PART: " (in part)", Reading.ASIDE: " (set aside)"}


def _files_section(audit: Audit) -> Section:
    rows = [
        (
            f"{markdown.code(file.path)}{_READ[file.reading]}",
            f"{file.size:,}",
            f"{file.statements:,}",
            markdown.cell(_commands(file)),
            markdown.code(file.suggested) if file.suggested else "",
            {"script": "yes", "comment": "in a comment"}.get(file.way_back, ""),
            f"{len(file.findings)}",
        )
        for file in audit.files
    ]
    columns = ("File", "Bytes", "Statements", "Kinds", "Better name", "Down script", "Findings")
    return Section(
        title="Files",
        lines=tuple(map(markdown.row, rows)),
        weight=1,
        rest=f"`{_ALL}`",
        head=markdown.table_head(columns),
    )


# -- for programs -----------------------------------------------------------------------------


def as_json(audit: Audit) -> str:
    """The whole audit."""
    document = {
        "format": FORMAT,
        "runner": audit.runner,
        "platform": audit.platform,
        "naming": audit.naming or None,
        "files": [_file(file) for file in audit.files],
        "findings": [_finding(found) for found in audit.findings],
        "codes": [
            {"code": code, "severity": severity, "findings": number, "files": files}
            for code, severity, number, files in audit.by_code()
        ],
        "suppressed": audit.suppressed,
        "ignored": dict(audit.ignored),
        "summary": {
            "files": len(audit.files),
            "statements": audit.statements,
            **{f"{severity}s": audit.count(severity) for severity in Severity},
        },
    }
    return documents.text(document)


def _file(file: FileAudit) -> dict[str, Any]:
    return {
        "path": file.path,
        "version": file.version or None,
        "read": file.reading,
        "bytes": file.size,
        "statements": file.statements,
        "kinds": dict(file.commands),
        "well_named": file.well_named,
        "suggested_name": file.suggested or None,
        "way_back": file.way_back,
        "findings": len(file.findings),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    span = finding.span
    return {
        "code": finding.code,
        "severity": finding.severity,
        "title": findings.CODES[finding.code],
        "message": finding.message,
        "help": finding.help or findings.MEANINGS[finding.code].remedy,
        "path": span.path if span else None,
        "line": span.line if span else None,
        "column": span.column if span else None,
    }
