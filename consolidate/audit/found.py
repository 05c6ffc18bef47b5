"""What a rule finds, before it is known whether it is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate.audit.subject import beginning

if TYPE_CHECKING:
    from consolidate.audit.subject import Spot
    from consolidate.model import Severity, SourceSpan, Statement, StatementId


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing worth telling."""

    code: str
    message: str
    path: str = ""
    """Of the migration; empty where the whole history is meant."""
    place: SourceSpan | None = None
    statement: StatementId | None = None
    """The statement that it is about; None where the whole file is meant."""
    severity: Severity | None = None
    """Where it is another one than its code has."""
    help: str | None = None


def at(
    spot: Spot,
    code: str,
    message: str,
    *,
    severity: Severity | None = None,
    help: str = "",  # noqa: A002 - as findings call it
) -> Found:
    """Something about one statement."""
    message = f"in a block: {message}" if spot.in_block else message
    return about(spot.statement, code, message, severity=severity, help=help)


def about(
    statement: Statement,
    code: str,
    message: str,
    *,
    severity: Severity | None = None,
    help: str = "",  # noqa: A002 - as findings call it
) -> Found:
    """Something about a statement of the history."""
    return Found(
        code=code,
        message=message,
        path=statement.path,
        place=statement.span,
        statement=statement.id,
        severity=severity,
        help=help or None,
    )


def of_file(path: str, code: str, message: str) -> Found:
    """Something about a whole file."""
    return Found(code=code, message=message, path=path, place=beginning(path))
