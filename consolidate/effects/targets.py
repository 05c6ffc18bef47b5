"""The object that COMMENT, GRANT, DROP, RENAME and the like are about."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from consolidate.effects import lookup, resolve
from consolidate.effects.references import strings
from consolidate.effects.things import Thing, Tree

if TYPE_CHECKING:
    from consolidate.effects.world import World

RELATION_KINDS = {
    "OBJECT_TABLE": "table",
    "OBJECT_VIEW": "view",
    "OBJECT_MATVIEW": "materialized view",
    "OBJECT_INDEX": "index",
    "OBJECT_SEQUENCE": "sequence",
    "OBJECT_FOREIGN_TABLE": "foreign table",
}
PLAIN_KINDS = {
    "OBJECT_SCHEMA": "schema",
    "OBJECT_ROLE": "role",
    "OBJECT_EXTENSION": "extension",
    "OBJECT_PUBLICATION": "publication",
    "OBJECT_EVENT_TRIGGER": "event trigger",
    "OBJECT_LANGUAGE": "language",
    "OBJECT_DATABASE": "database",
    "OBJECT_TABLESPACE": "tablespace",
    "OBJECT_ACCESS_METHOD": "access method",
    "OBJECT_FDW": "foreign-data wrapper",
    "OBJECT_FOREIGN_SERVER": "server",
    "OBJECT_SUBSCRIPTION": "subscription",
    "OBJECT_LARGEOBJECT": "large object",
    "OBJECT_PARAMETER_ACL": "parameter ACL",
}
SCHEMA_KINDS = {
    "OBJECT_COLLATION": "collation",
    "OBJECT_CONVERSION": "conversion",
    "OBJECT_STATISTIC_EXT": "statistics object",
    "OBJECT_TSCONFIGURATION": "text search configuration",
    "OBJECT_TSDICTIONARY": "text search dictionary",
    "OBJECT_TSPARSER": "text search parser",
    "OBJECT_TSTEMPLATE": "text search template",
}
PART_KINDS = {
    "OBJECT_TABCONSTRAINT": "table constraint",
    "OBJECT_TRIGGER": "trigger",
    "OBJECT_POLICY": "policy",
    "OBJECT_RULE": "rule",
}
ROUTINE_KINDS = {
    "OBJECT_FUNCTION": "function",
    "OBJECT_PROCEDURE": "procedure",
    "OBJECT_ROUTINE": "function",
    "OBJECT_AGGREGATE": "aggregate",
}


def known(world: World, object_type: str, node: Tree) -> Thing | None:
    """The object, or None if the history has not made it or its kind is not covered."""
    finder = _FINDERS.get(object_type)
    return finder(world, node) if finder else None


def target(world: World, object_type: str, node: Tree) -> Thing | None:
    """The object, assumed to exist where the history has not made it.

    None means that the kind is not covered.
    """
    maker = _MAKERS.get(object_type)
    return known(world, object_type, node) or (maker(world, node) if maker else None)


def is_covered(object_type: str) -> bool:
    """Whether objects of that kind are followed."""
    return object_type in _FINDERS


def names(node: Tree) -> tuple[str, ...]:
    """The dotted name in whichever way the parser keeps it for the kind of object."""
    match type(node).__name__:
        case "RangeVar":
            return resolve.dotted(node)
        case "TypeName" | "ObjectWithArgs":
            return strings(node.names if hasattr(node, "names") else node.objname)
        case "String" | "Integer" | "Float":
            value = next(getattr(node, slot) for slot in ("sval", "ival", "fval") if slot in node)
            return (str(value),)
        case _:
            return strings(node)


def composite_relation(world: World, thing: Thing) -> Thing | None:
    """The `pg_class` side of a composite type."""
    if thing.kind != "type" or thing.within is None:
        return None
    found = world.find("relation", thing.within, thing.name)
    return found if found is not None and found.kind == "composite type" else None


Finder = Callable[["World", "Tree"], "Thing | None"]


def _plain(kind: str) -> tuple[Finder, Finder]:
    return (
        lambda world, node: world.find(kind, None, names(node)[-1]),
        lambda world, node: resolve.assume(world, kind, names(node)[-1]),
    )


def _relation(kind: str) -> tuple[Finder, Finder]:
    return (
        lambda world, node: resolve.find(world, "relation", names(node)),
        lambda world, node: resolve.relation(world, names(node), kind),
    )


def _part(kind: str) -> tuple[Finder, Finder]:
    def find(world: World, node: Tree) -> Thing | None:
        *owner, part = names(node)
        relation = resolve.find(world, "relation", owner) if owner else None
        return world.find(kind, relation, part) if relation else None

    def make(world: World, node: Tree) -> Thing:
        *owner, part = names(node)
        relation = resolve.relation(world, owner or [part])  # which PostgreSQL refuses
        if kind == "column":
            return resolve.column(world, relation, part)
        return resolve.assume(world, kind, part, relation)

    return find, make


def _routine(kind: str) -> tuple[Finder, Finder]:
    return (
        resolve.routine,
        lambda world, node: resolve.routine_or_assumed(world, node, kind),
    )


def _in_schema(kind: str) -> tuple[Finder, Finder]:
    def make(world: World, node: Tree) -> Thing:
        where, name = resolve.place(world, names(node))
        return resolve.assume(world, kind, name, where)

    return lambda world, node: resolve.find(world, kind, names(node)), make


def _per_access_method(kind: str) -> tuple[Finder, Finder]:
    """Operator classes and families, whose name stands behind that of their access method."""
    return (
        lambda world, node: lookup.of_method(world, kind, strings(node)[1:], strings(node)[0]),
        lambda world, node: lookup.assume_of_method(
            world, kind, strings(node)[1:], strings(node)[0]
        ),
    )


def _find_cast(world: World, node: Tree) -> Thing | None:
    return lookup.by_inputs(world.all("cast", None, ""), resolve.inputs(world, node))


def _make_cast(world: World, node: Tree) -> Thing:
    return lookup.assume_by_inputs(world, "cast", None, "", resolve.inputs(world, node))


def _find_transform(world: World, node: Tree) -> Thing | None:
    of_language = world.all("transform", None, node[1].sval)
    return lookup.by_inputs(of_language, resolve.inputs(world, node[:1]))


def _make_transform(world: World, node: Tree) -> Thing:
    inputs = resolve.inputs(world, node[:1])
    return lookup.assume_by_inputs(world, "transform", None, node[1].sval, inputs)


def _find_type(world: World, node: Tree) -> Thing | None:
    return resolve.find(world, "type", names(node))


def _make_type(world: World, node: Tree) -> Thing | None:
    base = resolve.type_name(world, names(node))
    return base if isinstance(base, Thing) else None


def _find_domain_constraint(world: World, node: Tree) -> Thing | None:
    domain = _find_type(world, node[0])
    return world.find("domain constraint", domain, node[1].sval) if domain else None


def _make_domain_constraint(world: World, node: Tree) -> Thing:
    return resolve.assume(world, "domain constraint", node[1].sval, _make_type(world, node[0]))


_KINDS: dict[str, tuple[Finder, Finder]] = {
    **{key: _relation(kind) for key, kind in RELATION_KINDS.items()},
    **{key: _plain(kind) for key, kind in PLAIN_KINDS.items()},
    **{key: _part(kind) for key, kind in PART_KINDS.items()},
    **{key: _routine(kind) for key, kind in ROUTINE_KINDS.items()},
    **{key: _in_schema(kind) for key, kind in SCHEMA_KINDS.items()},
    "OBJECT_OPCLASS": _per_access_method("operator class"),
    "OBJECT_OPFAMILY": _per_access_method("operator family"),
    "OBJECT_OPERATOR": (lookup.find, lookup.find_or_assume),
    "OBJECT_CAST": (_find_cast, _make_cast),
    "OBJECT_TRANSFORM": (_find_transform, _make_transform),
    "OBJECT_COLUMN": _part("column"),
    "OBJECT_ATTRIBUTE": _part("column"),
    "OBJECT_TYPE": (_find_type, _make_type),
    "OBJECT_DOMAIN": (_find_type, _make_type),
    "OBJECT_DOMCONSTRAINT": (_find_domain_constraint, _make_domain_constraint),
}
_FINDERS = {key: pair[0] for key, pair in _KINDS.items()}
_MAKERS = {key: pair[1] for key, pair in _KINDS.items()}
