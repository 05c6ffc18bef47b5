"""Which changes of a column's type keep the rows as they are: those that only take more values.

ALTER TABLE does not write the rows anew where the old type is binary coercible to the new one and
what cuts the values to their modifiers has nothing to do (`ATColumnChangeRequiresRewrite`); that is
for the functions with planner support to say, which varchar, varbit, numeric and the types of time
have (`varchar_support`, `numeric_support`, `TemporalSimplify`, `interval_support`).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from pglast import ast
from pglast.enums import AlterTableType, ObjectType

from consolidate.effects.references import strings
from consolidate.names import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

    from consolidate.audit.subject import Spot
    from consolidate.model import StatementId

_TEXTS = frozenset({"text", "varchar"})
_FINEST = (6,)
"""Digits of a second, which a time has without a modifier."""
_ALL_FIELDS = 0x7FFF
"""What the modifiers of `interval` begin with where it has no fields (`INTERVAL_FULL_RANGE`)."""


_Modifiers: TypeAlias = "tuple[int, ...]"


class _Type(NamedTuple):
    """The type of a column, in its usual collation."""

    name: str
    modifiers: _Modifiers
    """As they are written: a length, a precision with a scale."""
    array: bool


def widened(spots: Sequence[Spot]) -> frozenset[tuple[StatementId, str]]:
    """The changes that keep the rows as they are: the statement, and the column that it names."""
    types: dict[str, _Type | None] = {}
    found: set[tuple[StatementId, str]] = set()
    wanted = frozenset(_wanted(spots))
    in_utc = _in_utc(spots) if wanted else frozenset()
    for spot in spots:
        for old, new in spot.effect.renames:
            if old.kind == "table column" and old.identity in types:
                types[new.identity] = types.pop(old.identity)
        for column, name, given in _given(spot, wanted):
            before = types.get(column)
            if name and before is not None and given is not None:
                here = spot.statement.id
                if keeps_rows(before, given) or (here in in_utc and _same_time(before, given)):
                    found.add((here, name))
            types[column] = given
    return frozenset(found)


def _in_utc(spots: Sequence[Spot]) -> frozenset[StatementId]:
    """The statements before which their file has set the time zone to UTC, for sure."""
    found: set[StatementId] = set()
    path, is_utc = "", False
    for spot in spots:
        if spot.statement.path != path or spot.effect.transaction in _ENDS:
            path, is_utc = spot.statement.path, False
        for setting, value in spot.effect.session:
            if setting in {"timezone", "all"}:
                is_utc = value.lower() in _UTC
        if is_utc:
            found.add(spot.statement.id)
    return frozenset(found)


_ENDS = frozenset({"commit", "rollback", "rollback to"})
_UTC = frozenset({"utc", "etc/utc", "gmt", "etc/gmt", "zulu", "0", "+00"})
"""Time zones without an offset at any time, as people write them."""
_MOMENTS = frozenset({"timestamp", "timestamptz"})


def _same_time(before: _Type, after: _Type) -> bool:
    """Whether a change between the types of a moment keeps the rows where the time is UTC.

    The number is the same (`TimestampTimestampTzRequiresRewrite`), and is not cut.
    """
    both = {before.name, after.name} == _MOMENTS and not (before.array or after.array)
    return both and after.modifiers in {(), _FINEST}


def _wanted(spots: Iterable[Spot]) -> Iterator[str]:
    """What a column is called at first that is given another type: its name then, or one before."""
    for spot in spots:
        tree: Any = spot.statement.tree
        if isinstance(tree, ast.AlterTableStmt):
            for command in tree.cmds or ():
                if command.subtype == AlterTableType.AT_AlterColumnType:
                    yield str(command.name)
        elif isinstance(tree, ast.RenameStmt) and tree.renameType == ObjectType.OBJECT_COLUMN:
            yield str(tree.subname)


def keeps_rows(before: _Type, after: _Type) -> bool:
    """Whether no row changes when a column of one type gets the other."""
    if before == after:
        return True
    if before.array or after.array:
        return False
    names = before.name, after.name
    kept = _longer if _TEXTS.issuperset(names) else _KEPT.get(names)
    return kept is not None and kept(before.modifiers, after.modifiers)


def _longer(old: _Modifiers, new: _Modifiers) -> bool:
    return not new or (bool(old) and old <= new)


def _more_digits(old: _Modifiers, new: _Modifiers) -> bool:
    return not new or (bool(old) and _scale(old) == _scale(new) and old[0] <= new[0])


def _scale(modifiers: _Modifiers) -> int:
    return modifiers[1] if modifiers[1:] else 0


def _finer(old: _Modifiers, new: _Modifiers) -> bool:
    return (old or _FINEST) <= (new or _FINEST)


def _longer_or_finer(old: _Modifiers, new: _Modifiers) -> bool:
    whole = all(not one or one[0] == _ALL_FIELDS for one in (old, new))
    return not new or (whole and _finer(old[1:], new[1:]))


_KEPT: Mapping[tuple[str, str], Callable[[_Modifiers, _Modifiers], bool]] = MappingProxyType(
    {
        ("varbit", "varbit"): _longer,
        ("numeric", "numeric"): _more_digits,
        **{(name, name): _finer for name in ("time", "timetz", "timestamp", "timestamptz")},
        ("interval", "interval"): _longer_or_finer,
        ("cidr", "inet"): lambda *_: True,
    }
)
"""By the types, what modifiers keep the rows."""


def _given(spot: Spot, wanted: Container[str]) -> Iterator[tuple[str, str, _Type | None]]:
    """The columns that a statement gives a type: identity, name if it had one before, the type."""
    tree: Any = spot.statement.tree
    effect = spot.effect
    if isinstance(tree, ast.CreateStmt):
        table = next((name.identity for name in effect.creates if name.kind == "table"), None)
        for element in tree.tableElts or () if table else ():
            if isinstance(element, ast.ColumnDef) and element.colname in wanted:
                yield f"{table}.{quote(str(element.colname))}", "", _type(element)
    elif isinstance(tree, ast.AlterTableStmt):
        table = next((name.identity for name, _ in effect.alters if name.kind == "table"), None)
        for command in tree.cmds or () if table else ():
            if command.subtype == AlterTableType.AT_AddColumn:
                if command.def_.colname not in wanted:
                    continue
                yield f"{table}.{quote(command.def_.colname)}", "", _type(command.def_)
            elif command.subtype == AlterTableType.AT_AlterColumnType:
                plain = _only_casts(command.def_.raw_default, command)
                given = _type(command.def_) if plain else None
                yield f"{table}.{quote(command.name)}", command.name, given


def _only_casts(using: Any, command: Any) -> bool:  # noqa: ANN401 - pglast's trees are not typed
    """Whether USING is left out, or says no more than what would be done without it."""
    if using is None:
        return True
    return (
        isinstance(using, ast.TypeCast)
        and isinstance(using.arg, ast.ColumnRef)
        and strings(using.arg.fields) == (command.name,)
        and using.typeName == command.def_.typeName
    )


def _type(column: Any) -> _Type | None:  # noqa: ANN401 - as above
    """The type of a column if it is in its usual collation, and its modifiers are numbers."""
    written = column.typeName
    if column.collClause or written.setof or written.pct_type:
        return None
    modifiers: list[Any] = [
        getattr(getattr(one, "val", None), "ival", None) for one in written.typmods or ()
    ]
    if None in modifiers:
        return None
    name = ".".join(part for part in strings(written.names) if part != "pg_catalog")
    return _Type(name, tuple(modifiers), bool(written.arrayBounds))
