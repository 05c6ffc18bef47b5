"""Gathers the values that a history adds to its enums into the statements that make them.

In one transaction a value that was added can not be used, unless the type was made in the same
transaction and, before PostgreSQL 17, not even then. A value that was there from the start can.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pglast import ast

from consolidate import names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from consolidate.model import Statement, StatementId

_MADE = re.compile(
    r"""create\s+type\s+(?:[\w$"]+\s*\.\s*)?(?P<name>"[^"]+"|[\w$]+)\s+as\s+enum\s*"""
    r"""\((?P<values>(?:'(?:[^']|'')*'|[^')])*)\)""",
    re.IGNORECASE,
)
_VALUE = re.compile(r"'((?:[^']|'')*)'")


@dataclass(frozen=True, slots=True)
class Gathered:
    """What to write in place of some statements."""

    texts: dict[StatementId, str]
    """Statements that make enums, with all their values."""
    spared: frozenset[StatementId]
    """Statements that added these values."""


def gathered(statements: Iterable[Statement]) -> Gathered:
    """Adds every value to the enum of its name that was made last before it, wherever that is."""
    texts: dict[StatementId, str] = {}
    makers: dict[str, StatementId] = {}
    spared: set[StatementId] = set()
    for statement in statements:
        for match in _MADE.finditer(statement.sql):
            makers[names.fold(match["name"])] = statement.id
            texts[statement.id] = statement.sql
        tree = statement.tree
        if not isinstance(tree, ast.AlterEnumStmt) or tree.oldVal or not tree.newVal:
            continue
        name = (tree.typeName or ())[-1].sval
        maker = makers.get(name)
        if maker is not None:
            texts[maker] = _with_value(texts[maker], name, tree)
            spared.add(statement.id)
    return Gathered(texts, frozenset(spared))


def _with_value(sql: str, name: str, added: ast.AlterEnumStmt) -> str:
    for match in _MADE.finditer(sql):
        if names.fold(match["name"]) != name:
            continue
        values = [value.replace("''", "'") for value in _VALUE.findall(match["values"])]
        if added.newVal in values:  # IF NOT EXISTS
            return sql
        at = len(values)
        if added.newValNeighbor in values:
            at = values.index(added.newValNeighbor) + bool(added.newValIsAfter)
        values.insert(at, added.newVal or "")
        listed = ", ".join(names.literal(value) for value in values)
        return sql[: match.start("values")] + listed + sql[match.end("values") :]
    return sql
