"""Finds what looks like a secret in the rows and roles that a history makes.

They are written again, since the output builds the same database; a warning says where they are.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from consolidate import credentials, findings
from consolidate.model import Finding, Severity
from consolidate.phrases import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from consolidate.catalog.rows import Row, TableRows
    from consolidate.credentials import Secret
    from consolidate.model import ObjectId, SourceSpan, Statement
    from consolidate.truth import Truth

_HELP = "It is written again as it is. If it is in use, change it there."


def exposed(truth: Truth) -> tuple[Finding, ...]:
    """A warning for each column and kind of secret, and for each role's password.

    The rows are those of the end of the history, less the platform's own: what was taken away
    meanwhile is not written again.
    """
    return (*_in_rows(truth), *_of_roles(truth))


@dataclass(slots=True)
class _Found:
    """What one column has of one kind."""

    first: Secret
    rows: int = 0
    texts: set[str] = field(default_factory=set)


def _in_rows(truth: Truth) -> Iterator[Finding]:
    before = {held.table.object: held.rows for held in truth.platform.rows.tables}
    for held in truth.final.rows.tables:
        if held.table.object.kind == "table":
            found = _by_column(held, before.get(held.table.object, ()))
            for (column, kind), one in sorted(found.items()):
                yield _told_of_rows(truth, held.table.object, column, kind, one)


def _by_column(held: TableRows, brought: Sequence[Row]) -> Mapping[tuple[str, str], _Found]:
    found: dict[tuple[str, str], _Found] = {}
    known: Counter[Row] | None = None
    for row in held.rows:
        if not credentials.may_hold_some("\n".join(cell for cell in row if cell)):
            continue
        known = Counter(brought) if known is None else known
        if known[row]:
            known[row] -= 1
            continue
        for column, cell in zip(held.table.columns, row, strict=True):
            kinds: dict[str, list[Secret]] = defaultdict(list)
            for secret in credentials.secrets(cell or ""):
                kinds[secret.kind].append(secret)
            for kind, secrets in kinds.items():
                one = found.setdefault((column.quoted, kind), _Found(secrets[0]))
                one.rows += 1
                one.texts.update(secret.text for secret in secrets)
    return found


def _told_of_rows(truth: Truth, table: ObjectId, column: str, kind: str, found: _Found) -> Finding:
    holds = "holds" if found.rows == 1 else "hold"
    place = _place(_writers(truth, table), found.texts)
    return Finding(
        code=findings.EXPOSED,
        severity=Severity.WARNING,
        message=f"{table.identity}.{column}: {counted(found.rows, 'row')} {holds} what looks like "
        f"{kind} ({found.first.shown})",
        span=place,
        help=_HELP,
    )


def _writers(truth: Truth, table: ObjectId) -> Sequence[Statement]:
    return [truth.statements[s] for s, written in truth.trace.rows.items() if table in written]


def _place(writers: Sequence[Statement], texts: Iterable[str]) -> SourceSpan | None:
    """Where the first of them was written; if it was put together, by whom, if that is one."""
    wanted = sorted(texts)
    for statement in writers:
        if any(text in statement.sql or text in (statement.copy_data or "") for text in wanted):
            return statement.span
    return writers[0].span if len(writers) == 1 else None


def _of_roles(truth: Truth) -> Iterator[Finding]:
    before = {fact.object for fact in truth.platform.facts.facts if fact.attribute == "password"}
    for fact in sorted(truth.final.facts.facts):
        if fact.attribute == "password" and fact.object not in before:
            yield Finding(
                code=findings.EXPOSED,
                severity=Severity.WARNING,
                message=f"{fact.object} has a password, which its statements hold (***)",
                span=_giver(truth, fact.object),
                help=_HELP,
            )


_GIVERS = frozenset({"CreateRoleStmt", "AlterRoleStmt", "DoStmt"})
"""Statements that can give a role a password."""
_PASSWORD = re.compile("password", re.IGNORECASE)


def _giver(truth: Truth, role: ObjectId) -> SourceSpan | None:
    """Where the role was given its password last, as far as the text tells."""
    name = role.identity.strip('"')
    for statement in reversed(tuple(truth.statements.values())):
        if statement.kind in _GIVERS and name in statement.sql and _PASSWORD.search(statement.sql):
            return statement.span
    return None
