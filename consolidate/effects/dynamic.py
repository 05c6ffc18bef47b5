"""The texts that EXECUTE runs, as far as they stand in the body that makes them up.

A text is taken apart into what is constant and holes. What fills a hole is not guessed: names
with a hole in them are left out of what the text refers to.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

import pglast

from consolidate.effects.references import References, references, strings
from consolidate.names import literal, quote
from consolidate.nesting import is_too_deep
from consolidate.parser import parse_sql

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from consolidate.effects.things import Tree


class Hole(Enum):
    """What a part of a text is of which only the kind is known."""

    NAME = "name"
    VALUE = "value"
    TEXT = "text"


Text: TypeAlias = tuple[str | Hole, ...]
"""A text made of constant pieces and holes."""

_HOLE = "consolidate_hole"
_UNKNOWN: Text = (Hole.TEXT,)
_SPECIFIER = re.compile(r"%(?:(\d+)\$)?(-?(?:\d+|\*(?:\d+\$)?)?)([sIL%])")
_FILLINGS = (_HOLE, "", "1")
"""What a hole in the text may be for the parser: a name, nothing, a value."""

_NAMES = frozenset({"regclass", "regtype", "regproc", "regprocedure", "regrole", "regnamespace"})
_DEEPEST = 200


def text_of(node: Tree, variables: Mapping[str, Sequence[Text]], depth: int = 0) -> Text:
    """What an expression makes of constants.

    Args:
        node: The expression.
        variables: What is assigned to the variables of the body.
        depth: How many expressions are around it.
    """
    found = _UNKNOWN
    kind = type(node).__name__ if depth <= _DEEPEST else ""
    match kind:
        case "A_Const":
            found = _constant(node)
        case "TypeCast":
            found = text_of(node.arg, variables, depth + 1)
            named = strings(node.typeName.names)[-1] in _NAMES
            found = (Hole.NAME,) if named and found == _UNKNOWN else found
        case "A_Expr" if strings(node.name) == ("||",) and node.lexpr is not None:
            sides = (text_of(side, variables, depth + 1) for side in (node.lexpr, node.rexpr))
            found = tuple(part for side in sides for part in side)
        case "FuncCall":
            found = _call(node, variables, depth)
        case "ColumnRef" if len(node.fields) == 1:
            known = variables.get("".join(strings(node.fields)), ())
            found = known[0] if len(known) == 1 else _UNKNOWN
        case _:
            pass
    return found


def _constant(node: Tree) -> Text:
    for slot in ("sval", "ival", "fval"):
        if hasattr(node.val, slot):
            return (str(getattr(node.val, slot)),)
    return _UNKNOWN


def _call(node: Tree, variables: Mapping[str, Sequence[Text]], depth: int) -> Text:
    arguments = [text_of(argument, variables, depth + 1) for argument in node.args or ()]
    match strings(node.funcname)[-1]:
        case "format" if arguments and _whole(arguments[0]) is not None:
            given = [] if node.func_variadic else arguments[1:]
            return _formatted(_whole(arguments[0]) or "", given)
        case "concat":
            return tuple(part for argument in arguments for part in argument)
        case "quote_ident" if arguments:
            return _name(arguments[0])
        case "quote_literal" | "quote_nullable" if arguments:
            return _value(arguments[0])
        case _:
            return _UNKNOWN


def _whole(text: Text) -> str | None:
    """The text, if all of it is constant."""
    pieces = [part for part in text if isinstance(part, str)]
    return "".join(pieces) if len(pieces) == len(text) else None


def _name(text: Text) -> Text:
    whole = _whole(text)
    return (Hole.NAME,) if whole is None else (quote(whole),)


def _value(text: Text) -> Text:
    whole = _whole(text)
    return (Hole.VALUE,) if whole is None else (literal(whole),)


def _formatted(template: str, arguments: Sequence[Text]) -> Text:
    """As `format()` puts its arguments in; one that is not there is not known."""
    found: list[str | Hole] = []
    done = following = 0
    for match in _SPECIFIER.finditer(template):
        found.append(template[done : match.start()])
        done = match.end()
        position, width, kind = match.groups()
        if kind == "%":
            found.append("%")
            continue
        number = int(position) - 1 if position else following
        following = number + 1
        given = arguments[number] if 0 <= number < len(arguments) and not width else _UNKNOWN
        found += {"s": given, "I": _name(given), "L": _value(given)}[kind]
    return (*found, template[done:])


def read(text: Text) -> tuple[References, str | None]:
    """What a text certainly refers to, and what keeps us from knowing all of it."""
    if all(isinstance(part, Hole) for part in text):
        return References(), "a text that is made up elsewhere"
    fillings = _FILLINGS if Hole.TEXT in text else _FILLINGS[:1]
    for filling in fillings:
        sql = _filled(text, filling)
        if is_too_deep(sql):
            break
        try:
            parsed = parse_sql(sql)
        except (pglast.Error, RecursionError):
            continue
        computed = Hole.TEXT in text or Hole.NAME in text
        reason = "a text of which a part is computed" if computed else None
        return _certain(references(*(statement.stmt for statement in parsed))), reason
    return References(), "a text that can not be parsed"


def _filled(text: Text, filling: str) -> str:
    values = {Hole.NAME: _HOLE, Hole.VALUE: f"'{_HOLE}'", Hole.TEXT: filling}
    return "".join(values[part] if isinstance(part, Hole) else part for part in text)


def _certain(found: References) -> References:
    """Without what has a hole in its name."""
    return References(
        relations=[v for v in found.relations if _solid(v.schemaname or "", v.relname)],
        types=[t for t in found.types if _solid(*strings(t.names))],
        calls=[call for call in found.calls if _solid(*call.name)],
        columns=[column for column in found.columns if _solid(*column.fields)],
        literals=[one for one in found.literals if _solid(one.text)],
        names=[name for name in found.names if _solid(*name)],
        made=[name for name in found.made if _solid(name)],
    )


def _solid(*names: str) -> bool:
    return not any(_HOLE in name for name in names)
