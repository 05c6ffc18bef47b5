"""The names that PostgreSQL makes up for constraints, indexes, sequences and result columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from consolidate.effects.things import Thing, Tree
    from consolidate.effects.world import World

NAME_BYTES = 63
"""NAMEDATALEN - 1: longer names are cut, in bytes."""


def cut(name: str, limit: int = NAME_BYTES) -> str:
    """The longest beginning of the name that fits, without splitting a character."""
    return name.encode()[:limit].decode(errors="ignore")


def joined(first: str, second: str | None, label: str | None) -> str:
    """`first_second_label`, the longer of the first two cut until it fits (`makeObjectName`)."""
    whole = "_".join([part for part in (first, second, label) if part])
    if whole.isascii() and len(whole) <= NAME_BYTES:
        return whole
    room = NAME_BYTES
    room -= len(label.encode()) + 1 if label else 0
    room -= 1 if second else 0
    one, two = len(first.encode()), len(second.encode()) if second else 0
    while one + two > room:
        if one > two:
            one -= 1
        else:
            two -= 1
    parts = [cut(first, one)]
    if second:
        parts.append(cut(second, two))
    if label:
        parts.append(label)
    return "_".join(parts)


def relation_name(world: World, schema: Thing, first: str, second: str | None, label: str) -> str:
    """A name that no relation of the schema has (`ChooseRelationName`)."""

    def taken(name: str) -> bool:
        return world.find("relation", schema, name) is not None

    return _first_free(taken, first, second, label)


def key_name(world: World, schema: Thing, first: str, second: str | None, label: str) -> str:
    """A name that neither a relation nor a constraint of the schema has.

    A key is both, and `ChooseRelationName` looks at both.
    """

    def taken(name: str) -> bool:
        return world.find("relation", schema, name) is not None or world.constraint_names(
            schema, name
        )

    return _first_free(taken, first, second, label)


def constraint_name(world: World, schema: Thing, first: str, second: str | None, label: str) -> str:
    """A name that no constraint of the schema has (`ChooseConstraintName`)."""
    return _first_free(lambda name: world.constraint_names(schema, name), first, second, label)


def statistics_name(world: World, schema: Thing, table: str, labels: Sequence[str]) -> str:
    """A name that no statistics object of the schema has (`ChooseExtendedStatisticName`)."""

    def taken(name: str) -> bool:
        return world.find("statistics object", schema, name) is not None

    return _first_free(taken, table, column_list(labels), "stat")


def _first_free(taken: Callable[[str], bool], first: str, second: str | None, label: str) -> str:
    number = 0
    name = joined(first, second, label)
    while taken(name):
        number += 1
        name = joined(first, second, f"{label}{number}")
    return name


def column_list(names: Sequence[str]) -> str:
    """Column names joined for an index or foreign key name (`ChooseIndexNameAddition`)."""
    text = ""
    for name in names:
        text = f"{text}_{name}" if text else name
        if len(text.encode()) >= NAME_BYTES + 1:
            break
    return text


def index_column_names(elements: Sequence[Tree]) -> list[str]:
    """What `CREATE INDEX` calls its columns: repeated names get a number."""
    names: list[str] = []
    for element in elements:
        base = element.indexcolname or element.name or figured(element.expr)[1] or "expr"
        name, number = base, 0
        while name in names:
            number += 1
            name = f"{cut(base, NAME_BYTES - len(str(number)))}{number}"
        names.append(name)
    return names


_FIXED = {
    "GroupingFunc": "grouping",
    "A_ArrayExpr": "array",
    "RowExpr": "row",
    "CoalesceExpr": "coalesce",
    "JsonObjectConstructor": "json_object",
    "JsonArrayConstructor": "json_array",
    "JsonArrayQueryConstructor": "json_array",
    "JsonObjectAgg": "json_objectagg",
    "JsonArrayAgg": "json_arrayagg",
    "JsonParseExpr": "json",
    "JsonScalarExpr": "json_scalar",
    "JsonSerializeExpr": "json_serialize",
    "XmlSerialize": "xmlserialize",
}
_VALUE_FUNCTIONS = {
    "CURRENT_TIME_N": "current_time",
    "CURRENT_TIMESTAMP_N": "current_timestamp",
    "LOCALTIME_N": "localtime",
    "LOCALTIMESTAMP_N": "localtimestamp",
}
_STRONG, _WEAK, _NONE = 2, 1, 0


def figured(node: Tree) -> tuple[int, str | None]:
    """How sure `FigureColname` is of a name for an expression, and the name."""
    kind = type(node).__name__
    if kind in _FIXED:
        return _STRONG, _FIXED[kind]
    handler = _FIGURES.get(kind)
    return handler(node) if handler else (_NONE, None)


def result_name(target: Tree) -> str:
    """What a SELECT calls a result column."""
    return str(target.name or figured(target.val)[1] or "?column?")


def _last_field(fields: Sequence[Tree]) -> tuple[int, str | None]:
    names = [f.sval for f in fields if type(f).__name__ == "String"]
    return (_STRONG, names[-1]) if names else (_NONE, None)


def _figure_indirection(node: Tree) -> tuple[int, str | None]:
    sure, name = _last_field(node.indirection)
    return (sure, name) if name else figured(node.arg)


def _figure_cast(node: Tree) -> tuple[int, str | None]:
    sure, name = figured(node.arg)
    return (sure, name) if sure > _WEAK else (_WEAK, node.typeName.names[-1].sval)


def _figure_case(node: Tree) -> tuple[int, str | None]:
    sure, name = figured(node.defresult)
    return (sure, name) if sure > _WEAK else (_WEAK, "case")


def _figure_sublink(node: Tree) -> tuple[int, str | None]:
    match node.subLinkType.name:
        case "EXISTS_SUBLINK":
            return _STRONG, "exists"
        case "ARRAY_SUBLINK":
            return _STRONG, "array"
        case "EXPR_SUBLINK" if node.subselect.targetList:
            target = node.subselect.targetList[0]
            return (_STRONG, target.name) if target.name else figured(target.val)
        case _:
            return _NONE, None


def _figure_value_function(node: Tree) -> tuple[int, str | None]:
    name = node.op.name.removeprefix("SVFOP_")
    return _STRONG, _VALUE_FUNCTIONS.get(name, name.lower())


_FIGURES: dict[str, Callable[[Tree], tuple[int, str | None]]] = {
    "ColumnRef": lambda node: _last_field(node.fields),
    "A_Indirection": _figure_indirection,
    "FuncCall": lambda node: (_STRONG, node.funcname[-1].sval),
    "A_Expr": lambda node: (
        (_STRONG, "nullif") if node.kind.name == "AEXPR_NULLIF" else (_NONE, None)
    ),
    "TypeCast": _figure_cast,
    "CollateClause": lambda node: figured(node.arg),
    "SubLink": _figure_sublink,
    "CaseExpr": _figure_case,
    "MinMaxExpr": lambda node: (_STRONG, node.op.name.removeprefix("IS_").lower()),
    "SQLValueFunction": _figure_value_function,
    "XmlExpr": lambda node: (_STRONG, node.op.name.removeprefix("IS_").lower()),
}
