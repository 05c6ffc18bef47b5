"""What `consolidate audit` does: reads, audits, shows, answers with an exit code."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from consolidate import audit as audits
from consolidate import garbage, history, partial, platforms, request, statements
from consolidate.cli.audit import View
from consolidate.cli.talk import Talk
from consolidate.downs import scripts
from consolidate.model import Severity
from consolidate.phrases import counted
from consolidate.report import audit as report
from consolidate.report import console, sarif
from consolidate.report.annotations import github
from consolidate.threshold import FailOn

if TYPE_CHECKING:
    from consolidate.audit import Audit, Subject
    from consolidate.cli.audit import Audited

YES, NO = 0, 1


def audit(asked: request.Request, answer: Audited) -> int:
    """Audits what was asked for."""
    garbage.collect_never()
    talk = Talk(answer)
    with talk.progress() as progress:
        progress("read the history")
        read = request.read(asked)
        garbage.keep(read)
        config = f"configuration: {read.config_path.as_posix() if read.config_path else 'none'}"
        files = counted(len(read.history.migrations) + len(read.history.refused), "file")
        talk.say(f"history: {files} in {read.legacy.as_posix()}, runner {read.history.runner}")
        talk.say(f"{config}; platform: {read.platform}{read.why}")
        progress("audit it")
        found = audits.audit(_subject(read, asked), read.config.audit, platform=read.platform)
    _show(found, read.legacy.as_posix(), answer)
    limit = answer.fail_on or read.config.audit.fail_on
    if limit is FailOn.NEVER:
        return YES
    return NO if found.at_least(Severity(limit)) else YES


def _subject(read: request.Reading, asked: request.Request) -> Subject:
    """What is audited: all that is not set aside by name."""
    patterns = (*read.config.quarantine, *asked.quarantine)

    def is_kept(path: str) -> bool:
        return not any(fnmatchcase(path, pattern) for pattern in patterns)

    every = partial.reads(read.history, read.files)
    kept = replace(
        read.history,
        migrations=tuple(one.migration for one in every if is_kept(one.migration.path)),
    )
    files = tuple(file for file in read.files if file and is_kept(file[0].path))
    return audits.Subject(
        runner=kept.runner,
        files=tuple(one for one in every if is_kept(one.migration.path)),
        aside=tuple(one for one in every if not is_kept(one.migration.path)),
        manner=kept.manner,
        prelude=read.prelude,
        extensions=platforms.extensions(read.platform),
        ordered=bool(asked.order or read.config.legacy.order),
        sizes={one.migration.path: _size(read, one.migration.path) for one in every},
        findings=(
            *history.left_outside(read.named, read.legacy),
            *kept.stops,
            *kept.findings,
            *statements.never_committed(kept, files),
            *scripts.unreadable(scripts.read(kept)),
        ),
    )


def _size(read: request.Reading, path: str) -> int:
    try:
        return (read.legacy / path).stat().st_size
    except OSError:  # what can not be read is told as such
        return 0


def _show(found: Audit, folder: str, answer: Audited) -> None:
    match answer.format:
        case View.JSON:
            console.write(report.as_json(found))
        case View.MARKDOWN:
            console.write(report.as_markdown(found))
        case View.SARIF:
            console.write(sarif.sarif(found.findings, folder))
        case View.GITHUB:
            console.write(f"{github(found.findings, folder)}{report.summary(found)}\n")
        case View.TEXT:
            console.lines_view(report.lines(found), console.make(color=answer.colored))
