"""The rule about statements that PostgreSQL refuses inside of a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate import findings
from consolidate.audit.commands import command
from consolidate.audit.found import at
from consolidate.model import Severity
from consolidate.phrases import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from consolidate.audit.found import Found
    from consolidate.audit.subject import Material, Spot
    from consolidate.model import Statement

_BEGIN, _END = "begin", frozenset({"commit", "rollback", "prepare transaction"})


def outside(material: Material) -> Iterator[Found]:
    """Such statements: in a file of its own one is only to be known of.

    Several statements that a runner puts into one transaction, or sends as one text, which makes
    them one, include none of these.
    """
    begun: str | None = None
    beside: dict[str, list[Spot]] = {}
    for spot in material.spots:
        path = spot.statement.path
        if spot.effect.transaction in {_BEGIN, "start"}:
            begun = path
        elif spot.effect.transaction in _END:
            begun = None
        if not spot.effect.outside_transaction:
            continue
        if begun == path:
            told = f"{_what(spot)}, and stands in one"
            yield at(spot, findings.OUTSIDE_TRANSACTION, told, severity=Severity.ERROR)
        else:
            beside.setdefault(path, []).append(spot)
    for path, spots in beside.items():
        yield from _beside_others(material.by_path[path], spots)


def _what(spot: Spot) -> str:
    return f"{command(spot.statement)} can not run in a transaction"


def _beside_others(file: Sequence[Statement], spots: Sequence[Spot]) -> Iterator[Found]:
    """What to say of those of a file that stand in no transaction of its own, once for all."""
    first, *more = spots
    statements = [one for one in file if one.sql]
    own = any(one.kind == "TransactionStmt" for one in statements)
    others = dict.fromkeys(one.statement.span.line for one in more)
    others.pop(first.statement.span.line, None)
    lines = listed(list(map(str, others)), 20)
    also = f"; so in {'lines' if len(others) > 1 else 'line'} {lines}" if others else ""
    if first.migration.transactional and len(statements) > 1 and not own:
        told = f"{_what(first)}, and the runner applies the whole file in one{also}"
        yield at(first, findings.OUTSIDE_TRANSACTION, told, severity=Severity.ERROR)
    elif sum(one.kind not in _HARMLESS for one in statements) > 1:
        told = f"{_what(first)}: what else the file does stays done when it fails{also}"
        yield at(first, findings.OUTSIDE_TRANSACTION, told)
    else:
        yield at(first, findings.OUTSIDE_TRANSACTION, _what(first), severity=Severity.INFO)


_HARMLESS = frozenset({"VariableSetStmt", "TransactionStmt"})

RULES = (outside,)
