"""Writes the testing checklist: what a run has verified is ticked, the rest is left to people.

A line is ticked only if its checks have passed on every server.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate import markdown
from consolidate.model import CheckStatus
from consolidate.phrases import clipped, counted, listed
from consolidate.report.answer import place

if TYPE_CHECKING:
    from consolidate.report.summary import Summary

_REASON = 300
"""Characters of a reason that are shown."""
_NAMED = 4
_SAME = ("facts", "projection", "dump", "rows")
"""The checks that compare what was built with what the legacy history builds."""


@dataclass(frozen=True, slots=True)
class _Item:
    """One line; it can be ticked only where it names checks."""

    what: str
    told: str
    """What was verified, or what to do; Markdown already."""
    checks: tuple[str, ...] = ()
    holds: bool = True
    """Whether it may be ticked once these have passed."""


def checklist(summary: Summary) -> str:
    """The whole page."""
    places = ", ".join(_text(place(verdict)) for verdict in summary.verdicts)
    parts = [_INTRO.format(servers=places or "none")]
    for heading, items in _items(summary).items():
        parts.append(f"\n## {heading}\n")
        parts += [_line(item, summary) for item in items]
    return "\n".join(parts) + "\n"


def _line(item: _Item, summary: Summary) -> str:
    against = _against(item, summary)
    ticked = bool(item.checks) and item.holds and not against
    verified = not item.checks or not against
    told = item.told if verified else f"NOT verified: {listed(against, _NAMED)}"
    return f"- [{'x' if ticked else ' '}] {item.what}: {told}"


def _against(item: _Item, summary: Summary) -> list[str]:
    """Why the checks can not be said to have passed, server by server; empty if they have."""
    if not summary.verdicts:
        return ["nothing was checked"]
    found = []
    for verdict in summary.verdicts:
        known = {check.name: check for check in verdict.checks}
        for name in item.checks:
            check = known.get(name)
            if check is None:
                found.append(f"{name} was not checked on {_text(place(verdict))}")
            elif check.status is not CheckStatus.PASSED:
                why = f"{name} {check.status} on {place(verdict)}: {check.reason}"
                found.append(_text(why))
    return found


def _reason(summary: Summary, name: str) -> str:
    """What a check says it compared, on the first server."""
    for verdict in summary.verdicts[:1]:
        for check in verdict.checks:
            if check.name == name:
                return _text(check.reason)
    return name


def _items(summary: Summary) -> dict[str, tuple[_Item, ...]]:
    return {
        "Pre-migration": _before(summary),
        "During migration": _meanwhile(summary),
        "Post-migration": _after(summary),
    }


def _before(summary: Summary) -> tuple[_Item, ...]:
    rollbacks = _reason(summary, "rollback")
    against = "none against the legacy history"
    if summary.aside:
        against += f" less {counted(len(summary.aside), 'file')} set aside"
    if summary.irreversible:
        rollbacks += f"; {counted(len(summary.irreversible), 'step')} irreversible, see REPORT.md"
    return (
        _Item(
            "Backup database",
            "`pg_dump -Fc -f before.dump`, and see that `pg_restore -l before.dump` reads it",
        ),
        _Item(
            "Test migration in staging environment",
            "apply the files as `migrations/README.md` says, to a copy of the real data",
        ),
        _Item(
            "Verify rollback script works",
            rollbacks,
            ("rollback",),
            holds=not summary.irreversible,
        ),
        _Item(
            "Check for breaking changes",
            f"{against}: {', '.join(_reason(summary, name) for name in _SAME)}",
            _SAME,
        ),
        _Item("Estimate migration duration", r"`\timing on` in psql, in staging, on the real data"),
        _Item(
            "Schedule maintenance window if needed",
            "not for a new database; for one that exists, as long as the step above says",
        ),
    )


def _meanwhile(summary: Summary) -> tuple[_Item, ...]:
    return (
        _Item(
            "Monitor migration progress",
            "`SELECT pid, state, wait_event, left(query, 60) FROM pg_stat_activity`",
        ),
        _Item(
            "Check for errors in logs",
            "`psql -v ON_ERROR_STOP=1` ends at the first; see the server's log too",
        ),
        _Item("Verify data integrity", _reason(summary, "rows"), ("rows",)),
        _Item("Test application functionality", "against the database in staging"),
        _Item(
            "Monitor performance metrics",
            "`SELECT * FROM pg_stat_database WHERE datname = current_database()`",
        ),
    )


def _after(summary: Summary) -> tuple[_Item, ...]:
    made = summary.made
    triggers = f"{counted(made.triggers, 'trigger')}, facts equal"
    if made.disabled:
        names = [markdown.code(clipped(name, _REASON)) for name in made.disabled]
        triggers += f", but disabled, as the legacy history left them: {listed(names, _NAMED)}"
    equal = ("facts",)
    return (
        _Item("Verify all tables created", f"{counted(made.tables, 'table')}, facts equal", equal),
        _Item(
            "Verify all indexes created",
            f"{made.indexes:,} {'index' if made.indexes == 1 else 'indexes'}, facts equal",
            equal,
        ),
        _Item("Verify all triggers active", triggers, equal, holds=not made.disabled),
        _Item("Run smoke tests", "those of the application"),
        _Item("Check application logs", "for errors that name a table, a column or a right"),
        _Item("Monitor for 24 hours", "errors, slow queries, the database's log"),
    )


def _text(text: str) -> str:
    return markdown.cell(clipped(text, _REASON))


_INTRO = """\
# Migration testing checklist

Ticked is what the run that wrote this has verified on every one of its servers, with what it
counted on the first of them. Everything else needs your database, your application or your eyes.
`REPORT.md` tells what was proven, and what was not.

Servers: {servers}."""
