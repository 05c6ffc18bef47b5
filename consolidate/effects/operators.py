"""Operators, operator classes and operator families."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.effects import lookup, resolve
from consolidate.effects.effect import Reason
from consolidate.effects.references import strings
from consolidate.effects.things import NOTHING, Thing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consolidate.effects.draft import Draft
    from consolidate.effects.things import Tree, TypeUse

_FUNCTIONS = ("function", "procedure", "restrict", "join")
_SHELL = "shell"
_OPERATOR, _FUNCTION = 1, 2
"""What an item of an operator class may be; the third is its storage type."""


def create_operator(draft: Draft, node: Tree) -> None:
    """CREATE OPERATOR; a commutator or negator that is not there yet is made as a shell."""
    world = draft.world
    where, name = resolve.place(world, strings(node.defnames))
    options = {option.defname: option.arg for option in node.definition or ()}
    typed = lookup.types_in(node.definition)
    left, right = (typed.get(side) for side in ("leftarg", "rightarg"))
    inputs = lookup.operands(world, (left, right))
    shell = lookup.by_inputs(world.all("operator", where, name), inputs)
    if shell is not None and shell.form == _SHELL:
        made = shell
        made.form = ""
        draft.replace(made)
    else:
        made = _create(draft, where, name, inputs)
    for operand in (left, right):
        draft.need_type(made, operand, Reason.SIGNATURE)
    for option in _FUNCTIONS:
        for function in draft.routines(_dotted(options.get(option))):
            draft.need(made, function, Reason.BODY)
    partners = (("commutator", inputs[::-1]), ("negator", inputs))
    for option, operands in partners:
        if option in options:
            _partner(draft, _dotted(options[option]), operands)


def _dotted(node: Tree) -> tuple[str, ...]:
    """The name of a function or operator as the options of a definition have it."""
    names = getattr(node, "names", node)
    return (strings(names) if isinstance(names, tuple) else ()) or ("",)


def _create(draft: Draft, where: Thing, name: str, inputs: Sequence[TypeUse]) -> Thing:
    return draft.create("operator", name, where, signature=lookup.signature(draft.world, inputs))


def _partner(draft: Draft, name: Sequence[str], inputs: Sequence[TypeUse]) -> None:
    if (
        not name[-1]
        or inputs[-1] is NOTHING
        or lookup.operator(draft.world, name, inputs) is not None
    ):
        return
    where, last = resolve.place(draft.world, name)
    if not where.is_system:
        shell = _create(draft, where, last, inputs)
        shell.form = _SHELL


def alter_operator(draft: Draft, node: Tree) -> None:
    """ALTER OPERATOR … SET (…)."""
    found = lookup.find_or_assume(draft.world, node.opername)
    for option in node.options or ():
        draft.alter(found, option.defname)
        for function in draft.routines(_dotted(option.arg)):
            draft.need(found, function, Reason.BODY)


def create_class(draft: Draft, node: Tree) -> None:
    """CREATE OPERATOR CLASS, and the family of its name where none is named and none is there."""
    world = draft.world
    where, name = resolve.place(world, strings(node.opclassname))
    if node.opfamilyname:
        family = _family(draft, strings(node.opfamilyname), node.amname)
    else:
        own = (where.name, name)
        known = lookup.of_method(world, "operator family", own, node.amname)
        family = known or draft.create("operator family", name, where, form=node.amname)
        _access_method(draft, family, node.amname)
    made = draft.create("operator class", name, where, form=node.amname, auto={family})
    _access_method(draft, made, node.amname)
    draft.need(made, family, Reason.MEMBER, tracked=False)
    draft.need_type(made, node.datatype, Reason.SIGNATURE)
    _items(draft, made, node.items)


def _family(draft: Draft, name: Sequence[str], method: str) -> Thing:
    found = lookup.of_method(draft.world, "operator family", name, method)
    return found or lookup.assume_of_method(draft.world, "operator family", name, method)


def _access_method(draft: Draft, by: Thing, name: str) -> None:
    method = draft.world.find("access method", None, name)
    if method is not None:
        draft.need(by, method, Reason.MEMBER)


def _items(draft: Draft, by: Thing, items: Sequence[Tree] | None) -> None:
    """The operators, functions and the storage type of a class or a family."""
    for item in items or ():
        if item.itemtype == _OPERATOR and item.name is not None:
            operator = lookup.find(draft.world, item.name) if item.name.objargs else None
            if operator is not None:
                draft.need(by, operator, Reason.MEMBER)
        elif item.itemtype == _FUNCTION and item.name is not None:
            function = resolve.routine(draft.world, item.name)
            if function is not None:
                draft.need(by, function, Reason.MEMBER)
        draft.need_type(by, item.storedtype, Reason.SIGNATURE)


def create_family(draft: Draft, node: Tree) -> None:
    """CREATE OPERATOR FAMILY."""
    where, name = resolve.place(draft.world, strings(node.opfamilyname))
    made = draft.create("operator family", name, where, form=node.amname)
    _access_method(draft, made, node.amname)


def alter_family(draft: Draft, node: Tree) -> None:
    """ALTER OPERATOR FAMILY … ADD or DROP."""
    family = _family(draft, strings(node.opfamilyname), node.amname)
    draft.alter(family, "members")
    if not node.isDrop:
        _items(draft, family, node.items)


HANDLERS = {
    "AlterOperatorStmt": alter_operator,
    "CreateOpClassStmt": create_class,
    "CreateOpFamilyStmt": create_family,
    "AlterOpFamilyStmt": alter_family,
}
DEFINES = {"OBJECT_OPERATOR": create_operator}
