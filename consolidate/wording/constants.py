"""Constants in the authors' statements, and whether the server's text of a value means the same.

The server prints a value in one way, authors spell it in many. Two spellings whose likeness can
not be told here count as different; that costs the author's spelling of a cell, and nothing else.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pglast import ast, visitors

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping


@dataclass(frozen=True, slots=True)
class Constant:
    """What an author wrote down; None is NULL."""

    text: str | None


def constant(node: object) -> Constant | None:
    """The constant that an expression is, if it is one; a cast of a constant is one, too."""
    match node:
        case ast.A_Const(isnull=True):
            return Constant(None)
        case ast.A_Const(val=ast.Integer(ival=number)):
            return Constant(str(number or 0))
        case ast.A_Const(val=ast.Float(fval=text)) | ast.A_Const(val=ast.String(sval=text)):
            return Constant(text or "")
        case ast.A_Const(val=ast.Boolean(boolval=value)):
            return Constant("t" if value else "f")
        case ast.TypeCast(arg=inner):
            return constant(inner)
        case _:
            return None


def is_chosen(node: object) -> bool:
    """Whether a value is a constant, or one of several constants that a CASE chooses among."""
    match node:
        case ast.TypeCast(arg=ast.CaseExpr() as inner):
            return is_chosen(inner)
        case ast.CaseExpr(args=branches, defresult=default):
            return all(is_chosen(branch.result) for branch in branches or ()) and (
                default is None or is_chosen(default)
            )
        case ast.SetToDefault():
            return True
        case _:
            return constant(node) is not None


class _Collector(visitors.Visitor):
    """Gathers every constant of an expression."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Constant] = []

    def visit_A_Const(self, _: object, node: ast.A_Const) -> None:  # noqa: N802 - pglast's name
        if (found := constant(node)) is not None:
            self.found.append(found)


def constants_in(node: Any) -> tuple[Constant, ...]:  # noqa: ANN401 - a tree of any shape
    """Every constant that an expression names."""
    collector = _Collector()
    collector(node)
    return tuple(collector.found)


def same(one: str | None, other: str | None, base: str) -> bool:
    """Whether two texts are the same value of a type.

    Args:
        one: A text; None is NULL.
        other: Likewise.
        base: The type without modifiers, and a domain's innermost type instead of the domain.
    """
    if one is None or other is None:
        return one is other
    return one == other or spelled(one, base) == spelled(other, base)


def is_told_apart(base: str) -> bool:
    """Whether two texts of a type that count as different here are different values."""
    return base in _READERS or base in _AS_WRITTEN or "." in base  # a type of the history's own


def spelled(text: str, base: str) -> Hashable:
    """What all spellings of a value share, as far as the type's spellings are known here."""
    reader = _READERS.get(base)
    if reader is None:
        return text
    try:
        return reader(text)
    except (ValueError, InvalidOperation, RecursionError):
        return text


def _boolean(text: str) -> bool:
    word = text.strip().lower()
    if word in {"1", "on"} or (word and any(w.startswith(word) for w in ("true", "yes"))):
        return True
    if word in {"0", "off", "of"} or (word and any(w.startswith(word) for w in ("false", "no"))):
        return False
    raise ValueError(text)


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text.strip())
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _json(text: str) -> str:
    return json.dumps(json.loads(text, parse_float=Decimal), sort_keys=True, default=str)


_READERS: Mapping[str, Callable[[str], Hashable]] = {
    **dict.fromkeys(("smallint", "integer", "bigint", "numeric"), Decimal),
    **dict.fromkeys(("real", "double precision"), float),
    "boolean": _boolean,
    "uuid": lambda text: UUID(text.strip()),
    "date": lambda text: date.fromisoformat(text.strip()),
    "timestamp without time zone": lambda text: datetime.fromisoformat(text.strip()),
    "timestamp with time zone": _instant,
    "time without time zone": lambda text: time.fromisoformat(text.strip()),
    "jsonb": _json,
    "character": lambda text: text.rstrip(" "),
    "bytea": str.lower,
}
"""How the usual types are read; the replay's time zone is UTC. Of `json` the text itself counts."""

_AS_WRITTEN = {"text", "character varying", "name", "json", '"char"'}
"""Types whose text is the value."""
