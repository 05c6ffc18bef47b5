"""Audits a history: what is in it, and what is wrong with it, from its text alone.

A rule is a function from the material to what it finds; it stands next to those of its family, and
its code with what that means in `findings/`. To add one is to add a function to its family's
`RULES`, its code and a case for it.
"""

from __future__ import annotations

from collections import Counter
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from consolidate import credentials, findings, garbage, names
from consolidate.audit import (
    calls,
    destruction,
    exposure,
    late_names,
    locking,
    naming,
    origins,
    parts,
    redundancy,
    suppression,
    transactions,
    unread,
    whole_files,
)
from consolidate.audit.commands import command
from consolidate.audit.found import Found
from consolidate.audit.result import Audit, FileAudit, Reading
from consolidate.audit.subject import Material, Subject
from consolidate.masking import masked_text
from consolidate.model import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from consolidate.config import Auditing
    from consolidate.partial import Read

RULES: Sequence[Callable[[Material], Iterable[Found]]] = (
    *whole_files.RULES,
    naming.prefix_twice,
    *transactions.RULES,
    *unread.RULES,
    *destruction.RULES,
    *locking.RULES,
    *redundancy.RULES,
    *exposure.RULES,
    *origins.RULES,
    *late_names.RULES,
    *calls.RULES,
    *parts.RULES,
)
"""All rules but the one about names, which asks for a style."""


def audit(subject: Subject, settings: Auditing, *, platform: str = "") -> Audit:
    """What is in a history, and what is wrong with it."""
    material = Material(subject)
    garbage.keep(material)
    style = naming.style(settings.naming, subject.runner)
    better = naming.suggested(material, style)
    found = [*_read(subject), *naming.unconventional(material, style, better)]
    found += dict.fromkeys(one for rule in RULES for one in rule(material))
    comments = suppression.comments(material)
    found += suppression.misspelt(comments)
    asked = suppression.suppressions(comments)
    found += suppression.idle(asked, found)
    silent = {one for hits in suppression.covered(asked, found).values() for one in hits}
    told = [one for one in found if one not in silent]
    kept = [one for one in told if one.code not in settings.ignore]
    by_path: dict[str, list[Finding]] = {}
    for one in sorted(kept, key=_order):
        by_path.setdefault(one.path, []).append(_finding(one, settings))
    every = sorted((*subject.files, *subject.aside), key=lambda read: read.migration.number)
    files = tuple(
        _file(material, read, style, better, by_path.pop(read.migration.path, ())) for read in every
    )
    return Audit(
        runner=subject.runner,
        platform=platform,
        naming=style.shown,
        files=files,
        beside=tuple(one for group in by_path.values() for one in group),
        suppressed=len(found) - len(told),
        ignored=Counter(one.code for one in told if one.code in settings.ignore),
    )


def _read(subject: Subject) -> Iterator[Found]:
    """What was found when the history was read."""
    for one in subject.findings:
        yield Found(
            code=one.code,
            message=one.message,
            path=one.span.path if one.span else "",
            place=one.span,
            severity=one.severity,
            help=one.help,
        )


def _order(found: Found) -> tuple[str, int, int, str, str]:
    place = found.place
    where = (place.line, place.column) if place else (0, 0)
    return found.path, *where, found.code, found.message


def _finding(found: Found, settings: Auditing) -> Finding:
    """What is told, with the severity that it has here."""
    own = found.severity or findings.MEANINGS[found.code].severity
    return Finding(
        code=found.code,
        severity=settings.severity.get(found.code, own),
        message=names.as_typed(credentials.hidden(masked_text(found.message))),
        span=found.place,
        help=found.help,
    )


def _file(
    material: Material,
    read: Read,
    style: naming.Style,
    better: Mapping[str, str],
    told: Sequence[Finding],
) -> FileAudit:
    migration, path = read.migration, read.migration.path
    statements = [one for one in read.statements if one.sql]
    down = migration.down
    aside = path not in material.migrations
    return FileAudit(
        path=path,
        version=migration.version,
        reading=Reading.ASIDE if aside else Reading.IN_PART if read.wrong else Reading.WHOLE,
        size=material.subject.sizes.get(path, 0),
        statements=len(statements),
        commands=dict(Counter(map(command, statements)).most_common()),
        well_named=style.accepts(PurePosixPath(path).name),
        suggested=better.get(path, ""),
        way_back="none" if down is None else "comment" if down.commented else "script",
        findings=tuple(told),
    )


__all__ = ["RULES", "Audit", "FileAudit", "Found", "Subject", "audit"]
