"""The rule about statements that PostgreSQL refuses inside of a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate import findings
from consolidate.audit.commands import command
from consolidate.audit.found import at
from consolidate.model import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.audit.found import Found
    from consolidate.audit.subject import Material

_BEGIN, _END = "begin", frozenset({"commit", "rollback", "prepare transaction"})


def outside(material: Material) -> Iterator[Found]:
    """Each such statement: in a file of its own it is only to be known of."""
    beside = {
        path: sum(1 for one in file if one.sql and one.kind not in _HARMLESS)
        for path, file in material.by_path.items()
    }
    begun: str | None = None
    for spot in material.spots:
        path = spot.statement.path
        if spot.effect.transaction in {_BEGIN, "start"}:
            begun = path
        elif spot.effect.transaction in _END:
            begun = None
        if not spot.effect.outside_transaction:
            continue
        what = f"{command(spot.statement)} can not run in a transaction"
        if begun == path:
            told = f"{what}, and stands in one"
            yield at(spot, findings.OUTSIDE_TRANSACTION, told, severity=Severity.ERROR)
        elif beside[path] > 1:
            told = f"{what}: what else the file does stays done when it fails"
            yield at(spot, findings.OUTSIDE_TRANSACTION, told)
        else:
            yield at(spot, findings.OUTSIDE_TRANSACTION, what, severity=Severity.INFO)


_HARMLESS = frozenset({"VariableSetStmt", "TransactionStmt"})

RULES = (outside,)
