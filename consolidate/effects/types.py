"""Enums, domains, composite types and their ALTERs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.effects import columns, lookup, naming, resolve, targets
from consolidate.effects.effect import Reason
from consolidate.effects.references import references, strings
from consolidate.effects.things import DOMAIN, ENUM, Thing, TypeUse, in_order
from consolidate.names import literal

if TYPE_CHECKING:
    from consolidate.effects.draft import Draft
    from consolidate.effects.things import Tree

SHELL = "shell"
"""The form of a type that has a name and no definition yet."""

_DOMAIN_NOT_NULL_NAMED_SINCE = 17
"""PostgreSQL 17 keeps a domain's NOT NULL as a constraint with a name."""


def create_enum(draft: Draft, node: Tree) -> None:
    """CREATE TYPE … AS ENUM."""
    where, name = resolve.place(draft.world, strings(node.typeName))
    draft.create("type", name, where, form=ENUM, labels=strings(node.vals))


def alter_enum(draft: Draft, node: Tree) -> None:
    """ADD VALUE and RENAME VALUE."""
    base = resolve.type_name(draft.world, strings(node.typeName))
    if not isinstance(base, Thing) or (node.skipIfNewValExists and node.newVal in base.labels):
        return
    new = literal(node.newVal)
    old = literal(node.oldVal) if node.oldVal else ""
    draft.alter(base, f"rename value from {old} to {new}" if old else f"add value {new}")
    kept = tuple(label for label in base.labels if label != node.oldVal)
    base.labels = (*kept, node.newVal)


def create_range(draft: Draft, node: Tree) -> None:
    """CREATE TYPE … AS RANGE: the type, its multirange, their constructors, and a cast."""
    world = draft.world
    options = lookup.types_in(node.params)
    where, name = resolve.place(world, strings(node.typeName))
    made = _define(draft, where, name)
    draft.need_type(made, options.get("subtype"), Reason.SIGNATURE)
    for option in ("canonical", "subtype_diff"):
        for function in _functions(draft, options.get(option)):
            draft.need(made, function, Reason.BODY)
    given = options.get("multirange_type_name")
    if given is not None:
        multi = draft.create("type", *_placed(draft, strings(given.names)), auto={made})
    else:
        multi = draft.create("type", _multirange_name(name), where, auto={made})
    subtype = options.get("subtype")
    bound = resolve.type_use(world, subtype) if subtype else TypeUse("unknown")
    of_range, of_multirange = TypeUse(made), TypeUse(multi)
    text = TypeUse("text")
    for whole, inputs in (
        (made, (bound, bound)),
        (made, (bound, bound, text)),
        (multi, ()),
        (multi, (of_range,)),
        (multi, (TypeUse(made, array=True),)),
    ):
        signature = lookup.signature(world, inputs)
        function = draft.create(
            "function", whole.name, whole.within, signature=signature, auto={made}
        )
        draft.need(function, made, Reason.SIGNATURE, tracked=False)
    cast = lookup.signature(world, (of_range, of_multirange))
    draft.create("cast", "", None, signature=cast, auto={made})


def _placed(draft: Draft, name: tuple[str, ...]) -> tuple[str, Thing]:
    where, last = resolve.place(draft.world, name)
    return last, where


def _multirange_name(name: str) -> str:
    """As `makeMultirangeTypeName` makes it up; where that is taken PostgreSQL refuses."""
    first, found, last = name.partition("range")
    if found:
        return naming.cut(f"{first}multirange{last}")
    return naming.cut(name, naming.NAME_BYTES - len("_multirange")) + "_multirange"


def _functions(draft: Draft, option: Tree | None) -> tuple[Thing, ...]:
    """The functions that an option of a definition names."""
    names = strings(getattr(option, "names", None))
    return draft.routines(names) if names else ()


def create_base(draft: Draft, node: Tree) -> None:
    """CREATE TYPE of a base type, or of a shell that is filled in later."""
    made = _define(draft, *resolve.place(draft.world, strings(node.defnames)))
    if not node.definition:
        made.form = SHELL
        return
    for option, value in lookup.types_in(node.definition).items():
        if option in {"like", "element"}:
            draft.need_type(made, value, Reason.SIGNATURE)
        for function in _functions(draft, value):
            draft.need(made, function, Reason.BODY)


def _define(draft: Draft, where: Thing, name: str) -> Thing:
    """A new type, or a shell of that name with its definition."""
    shell = draft.world.find("type", where, name)
    if shell is None or shell.form != SHELL:
        return draft.create("type", name, where)
    draft.replace(shell)
    shell.form = ""
    return shell


def create_composite(draft: Draft, node: Tree) -> None:
    """CREATE TYPE … AS (…): a type, and the relation that holds its attributes."""
    where, name = resolve.place(draft.world, resolve.dotted(node.typevar))
    made = draft.create("type", name, where)
    relation = draft.create("composite type", name, where, auto={made})
    draft.need(relation, made, Reason.PART_OF, tracked=False)
    for attribute in node.coldeflist or ():
        columns.add_column(draft, relation, attribute)


def create_domain(draft: Draft, node: Tree) -> None:
    """CREATE DOMAIN with its default and constraints."""
    world = draft.world
    where, name = resolve.place(world, strings(node.domainname))
    base = resolve.type_use(world, node.typeName)
    made = draft.create("type", name, where, form=DOMAIN, type=base)
    draft.need_type(made, node.typeName)
    for constraint in node.constraints or ():
        _constraint(draft, made, constraint)


def _constraint(draft: Draft, domain: Thing, node: Tree) -> None:
    labels = {"CONSTR_CHECK": "check", "CONSTR_NOTNULL": "not_null"}
    kind = node.contype.name
    if kind == "CONSTR_DEFAULT":
        draft.refer(references(node.raw_expr), domain, Reason.DEFAULT)
        return
    if kind not in labels:
        return
    if kind == "CONSTR_NOTNULL" and draft.world.scope.major < _DOMAIN_NOT_NULL_NAMED_SINCE:
        return
    name = node.conname or naming.constraint_name(
        draft.world, domain.schema, domain.name, None, labels[kind]
    )
    form = "c" if kind == "CONSTR_CHECK" else "n"
    made = draft.create("domain constraint", name, domain, form=form)
    if form == "n":
        draft.need(made, domain, Reason.NOT_NULL, tracked=False)
    draft.refer(references(node.raw_expr), made, Reason.CHECK)


def alter_domain(draft: Draft, node: Tree) -> None:
    """ALTER DOMAIN: the parser keeps the form as a letter."""
    found = resolve.type_name(draft.world, strings(node.typeName))
    if not isinstance(found, Thing):
        return
    match node.subtype:
        case "T":
            draft.alter(found, "default")
            for old in in_order(thing for thing in found.needs if thing.kind != "type"):
                draft.release(found, old)
                found.needs.discard(old)
            draft.refer(references(node.def_), found, Reason.DEFAULT)
        case "C":
            draft.alter(found, "constraint")
            _constraint(draft, found, node.def_)
        case "X":
            _drop_constraint(draft, found, node)
        case "V":
            draft.alter(found, "constraint")
            part = resolve.assume(draft.world, "domain constraint", node.name, found)
            draft.alter(part, "validated")
        case _:
            _not_null(draft, found, on=node.subtype == "O")


def _drop_constraint(draft: Draft, domain: Thing, node: Tree) -> None:
    part = draft.world.find("domain constraint", domain, node.name)
    if part is None and node.missing_ok:
        return
    draft.alter(domain, "drop constraint")
    part = part or resolve.assume(draft.world, "domain constraint", node.name, domain)
    draft.drop([part], cascade=node.behavior.name == "DROP_CASCADE")


def _not_null(draft: Draft, domain: Thing, *, on: bool) -> None:
    draft.alter(domain, "set not null" if on else "drop not null")
    if draft.world.scope.major < _DOMAIN_NOT_NULL_NAMED_SINCE:
        return
    made = [c for c in draft.world.parts(domain, "domain constraint") if c.form == "n"]
    if not on:
        draft.drop(made)
    elif not made:
        name = naming.constraint_name(draft.world, domain.schema, domain.name, None, "not_null")
        made_now = draft.create("domain constraint", name, domain, form="n")
        draft.need(made_now, domain, Reason.NOT_NULL, tracked=False)


def alter_type(draft: Draft, node: Tree) -> None:
    """ALTER TYPE … SET (…): properties of a base type."""
    found = targets.target(draft.world, "OBJECT_TYPE", node.typeName)
    if found is not None:
        draft.alter(found, "options")


HANDLERS = {
    "CreateEnumStmt": create_enum,
    "CreateRangeStmt": create_range,
    "AlterEnumStmt": alter_enum,
    "CompositeTypeStmt": create_composite,
    "CreateDomainStmt": create_domain,
    "AlterDomainStmt": alter_domain,
    "AlterTypeStmt": alter_type,
}
DEFINES = {"OBJECT_TYPE": create_base}
