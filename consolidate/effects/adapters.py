"""What is made of functions: casts, transforms, conversions, languages and access methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.effects import lookup, resolve
from consolidate.effects.effect import Reason
from consolidate.effects.references import strings

if TYPE_CHECKING:
    from consolidate.effects.draft import Draft
    from consolidate.effects.things import Thing, Tree


def create_cast(draft: Draft, node: Tree) -> None:
    """CREATE CAST."""
    _of_types(draft, "cast", "", (node.sourcetype, node.targettype), (node.func,))


def create_transform(draft: Draft, node: Tree) -> None:
    """CREATE [OR REPLACE] TRANSFORM."""
    functions = (node.fromsql, node.tosql)
    made = _of_types(draft, "transform", node.lang, (node.type_name,), functions)
    language = draft.world.find("language", None, node.lang)
    if language is not None:
        draft.need(made, language, Reason.MEMBER)


def _of_types(
    draft: Draft, kind: str, name: str, types: tuple[Tree, ...], functions: tuple[Tree, ...]
) -> Thing:
    world = draft.world
    inputs = resolve.inputs(world, types)
    made = lookup.by_inputs(world.all(kind, None, name), inputs)
    if made is not None and not made.assumed:
        draft.replace(made)
    else:
        signature = lookup.signature(world, inputs)
        made = draft.create(kind, name, None, signature=signature)
    for type_ in types:
        draft.need_type(made, type_, Reason.SIGNATURE)
    for function in functions:
        found = resolve.routine(world, function) if function is not None else None
        if found is not None:
            draft.need(made, found, Reason.BODY)
    return made


def create_conversion(draft: Draft, node: Tree) -> None:
    """CREATE CONVERSION."""
    where, name = resolve.place(draft.world, strings(node.conversion_name))
    _handled(draft, draft.create("conversion", name, where), node.func_name)


def create_language(draft: Draft, node: Tree) -> None:
    """CREATE [OR REPLACE] LANGUAGE; without a handler it is CREATE EXTENSION (`gram.y`)."""
    known = draft.world.find("language", None, node.plname) if node.replace else None
    if known is not None:
        made = known
        draft.replace(made)
    else:
        made = draft.create("language", node.plname)
    for function in (node.plhandler, node.plinline, node.plvalidator):
        _handled(draft, made, function)


def create_access_method(draft: Draft, node: Tree) -> None:
    """CREATE ACCESS METHOD."""
    _handled(draft, draft.create("access method", node.amname), node.handler_name)


def _handled(draft: Draft, made: Thing, function: tuple[Tree, ...] | None) -> None:
    for found in draft.routines(strings(function)) if function else ():
        draft.need(made, found, Reason.BODY)


HANDLERS = {
    "CreateCastStmt": create_cast,
    "CreateTransformStmt": create_transform,
    "CreateConversionStmt": create_conversion,
    "CreatePLangStmt": create_language,
    "CreateAmStmt": create_access_method,
}
