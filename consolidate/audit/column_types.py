"""Which changes of a column's type keep the rows as they are: from one text to a longer one.

ALTER TABLE does not write the rows anew where the old type is binary coercible to the new one and
no length becomes shorter; that is so between `varchar` and `text`, and their indexes stay, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pglast import ast
from pglast.enums import AlterTableType

from consolidate.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from consolidate.audit.subject import Spot
    from consolidate.model import StatementId

_TEXTS = frozenset({"text", "varchar"})


class _Text(NamedTuple):
    """The type of a column of text; None stands for any other."""

    length: int | None
    """The longest text that it takes; None where there is no limit."""


def widened(spots: Iterable[Spot]) -> frozenset[tuple[StatementId, str]]:
    """The changes that keep the rows as they are: the statement, and the column that it names."""
    types: dict[str, _Text | None] = {}
    found: set[tuple[StatementId, str]] = set()
    for spot in spots:
        for old, new in spot.effect.renames:
            if old.kind == "table column" and old.identity in types:
                types[new.identity] = types.pop(old.identity)
        for column, name, given in _given(spot):
            before = types.get(column)
            if name and before is not None and given is not None and _fits(before, given):
                found.add((spot.statement.id, name))
            types[column] = given
    return frozenset(found)


def _fits(before: _Text, after: _Text) -> bool:
    if after.length is None:
        return True
    return before.length is not None and before.length <= after.length


def _given(spot: Spot) -> Iterator[tuple[str, str, _Text | None]]:
    """The columns that a statement gives a type: identity, name if it had one before, the type."""
    tree: Any = spot.statement.tree
    effect = spot.effect
    if isinstance(tree, ast.CreateStmt):
        table = next((name.identity for name in effect.creates if name.kind == "table"), None)
        for element in tree.tableElts or () if table else ():
            if isinstance(element, ast.ColumnDef):
                yield f"{table}.{quote(str(element.colname))}", "", _text(element)
    elif isinstance(tree, ast.AlterTableStmt):
        table = next((name.identity for name, _ in effect.alters if name.kind == "table"), None)
        for command in tree.cmds or () if table else ():
            if command.subtype == AlterTableType.AT_AddColumn:
                yield f"{table}.{quote(command.def_.colname)}", "", _text(command.def_)
            elif command.subtype == AlterTableType.AT_AlterColumnType:
                yield f"{table}.{quote(command.name)}", command.name, _text(command.def_)


def _text(column: Any) -> _Text | None:  # noqa: ANN401 - pglast's trees are not typed
    """The type of a column if it is a text in its usual collation."""
    written = column.typeName
    name = written.names[-1].sval
    if name not in _TEXTS or written.arrayBounds or column.collClause or column.raw_default:
        return None
    lengths = [getattr(getattr(one, "val", None), "ival", None) for one in written.typmods or ()]
    return _Text(lengths[0] if lengths else None)
