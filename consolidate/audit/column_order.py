"""Which columns an INSERT or a COPY fills that lists none: those of the table, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pglast import ast

from consolidate import names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from consolidate.audit.subject import Spot
    from consolidate.effects import Effect
    from consolidate.model import StatementId

_COLUMN = "table column"


def unlisted(spots: Sequence[Spot]) -> Mapping[StatementId, Sequence[str]]:
    """The columns of each statement that writes rows and names none, as far as they are known."""
    columns: dict[str, list[str]] = {}
    found: dict[StatementId, Sequence[str]] = {}
    wanted = {spot.effect.statement for spot in spots if _lists_none(spot)}
    for spot in spots if wanted else ():  # as in most histories, where nobody need follow columns
        effect = spot.effect
        if effect.statement in wanted:
            found[effect.statement] = tuple(columns.get(effect.writes_rows[0].identity, ()))
        _follow(columns, effect)
    return found


def _lists_none(spot: Spot) -> bool:
    tree: Any = spot.statement.tree
    if not spot.effect.writes_rows:
        return False
    match tree:
        case ast.InsertStmt():
            return not tree.cols
        case ast.CopyStmt():
            return not tree.attlist
        case _:
            return False


def _follow(columns: dict[str, list[str]], effect: Effect) -> None:
    """What a statement does to the columns of tables."""
    _forget(columns, effect)
    for old, new in effect.renames:
        if old.kind == "table" and old.identity in columns:
            columns[new.identity] = columns.pop(old.identity)
    for old, new in effect.renames:
        if old.kind == _COLUMN:
            (_, before), (table, after) = map(_taken_apart, (old.identity, new.identity))
            columns[table] = [after if one == before else one for one in columns.get(table, ())]
    for name in effect.creates:
        if name.kind == _COLUMN:
            table, column = _taken_apart(name.identity)
            columns.setdefault(table, []).append(column)


def _forget(columns: dict[str, list[str]], effect: Effect) -> None:
    for name in effect.drops:
        if name.kind == "table":
            columns.pop(name.identity, None)
        elif name.kind == _COLUMN:
            table, column = _taken_apart(name.identity)
            if column in columns.get(table, ()):
                columns[table].remove(column)


def _taken_apart(identity: str) -> tuple[str, str]:
    """A table as it is identified, and what its column is called."""
    return names.parted(identity, ".")[0], names.split(identity)[-1]
