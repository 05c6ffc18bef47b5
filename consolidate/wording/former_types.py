"""Tells how the cells of a column get from one type to another, and whether they lose by it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pglast import ast
from pglast.enums import AlterTableType

from consolidate import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from consolidate.catalog.casts import Casts
    from consolidate.model import Statement

_MODIFIED = re.compile(r"(.+?)\(([-\d]+(?:,[-\d]+)?)\)(.*)", re.DOTALL)
"""A type with its modifier, which may stand in the middle: `timestamp(3) with time zone`."""

_TEXTS = {"text", "character varying", "character", '"char"', "name"}
"""What PostgreSQL casts to and from every type, by its output and input."""

_WIDER = {
    "smallint": {"integer", "bigint", "numeric", "real", "double precision"},
    "integer": {"bigint", "numeric", "double precision"},
    "bigint": {"numeric"},
    "real": {"double precision"},
    "date": {"timestamp without time zone", "timestamp with time zone"},
    "jsonb": {"json"},
    "cidr": {"inet"},
}
"""Types that have room for every value of another one, and give it back."""

_LIMITLESS = {"text", "character varying"}
"""What has room for everything, by its output."""


def cast(column: str, source: str, target: str, casts: Casts) -> str:
    """The expression that turns a column's cells into another type, if need be by way of text."""
    via = "" if _are_cast(source, target, casts) else "::text"
    return f"{column}{via}::{target}"


def _are_cast(source: str, target: str, casts: Casts) -> bool:
    """Whether PostgreSQL has a cast: the elements of arrays are cast one by one."""
    plain, wanted = _split(source)[0], _split(target)[0]
    if plain.endswith("[]") and wanted.endswith("[]"):
        return _are_cast(plain[:-2], wanted[:-2], casts)
    return plain == wanted or not _TEXTS.isdisjoint({plain, wanted}) or (plain, wanted) in casts


def _split(spelled: str) -> tuple[str, tuple[int, ...]]:
    """A type without its modifier, and that."""
    match = _MODIFIED.fullmatch(spelled)
    if match is None:
        return spelled, ()
    return match[1] + match[3], tuple(int(number) for number in match[2].split(","))


def has_room(source: str, target: str) -> bool:
    """Whether a type holds all that another one holds, so that casting there loses nothing."""
    if source.endswith("[]") and target.endswith("[]"):
        return has_room(source[:-2], target[:-2])
    (plain, limit), (wanted, more) = _split(source), _split(target)
    if not more:
        return wanted == plain or wanted in _LIMITLESS or wanted in _WIDER.get(plain, ())
    if wanted == "numeric" and wanted in _WIDER.get(plain, ()):
        return all(scale >= 0 for scale in more[1:])  # what is too long it refuses
    if plain != wanted or not limit:
        return False
    if plain == "numeric":
        (digits, scale), (most, fine) = ((*one, 0)[:2] for one in (limit, more))
        return fine >= scale and most - fine >= digits - scale
    return more >= limit


def is_cast(statements: Iterable[Statement], column: str) -> bool:
    """Whether a column got another type by nothing but PostgreSQL's own cast.

    Args:
        statements: Those that changed its table; what stands in a block can not be read.
        column: Its name, as PostgreSQL quotes it.
    """
    found = [*_changes(statements, column)]
    return bool(found) and not any(_computes(command) for command in found)


def _changes(statements: Iterable[Statement], column: str) -> Iterator[ast.AlterTableCmd]:
    for statement in statements:
        if isinstance(statement.tree, ast.AlterTableStmt):
            for command in statement.tree.cmds or ():
                if (
                    command.subtype == AlterTableType.AT_AlterColumnType
                    and names.quote(command.name or "") == column
                ):
                    yield command


def _computes(command: ast.AlterTableCmd) -> bool:
    """Whether USING says more than the cast that PostgreSQL does without it."""
    changed = command.def_
    using = changed.raw_default if isinstance(changed, ast.ColumnDef) else None
    if isinstance(using, ast.TypeCast) and using.typeName == getattr(changed, "typeName", None):
        using = using.arg
    is_itself = isinstance(using, ast.ColumnRef) and _last(using) == command.name
    return using is not None and not is_itself


def _last(column: ast.ColumnRef) -> str | None:
    return getattr((column.fields or ())[-1], "sval", None)
