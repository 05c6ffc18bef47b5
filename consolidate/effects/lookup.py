"""Finds the objects that are told apart by more than a name: by operand types, or access method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.effects import resolve
from consolidate.effects.references import strings
from consolidate.effects.things import NOTHING, Signature, Thing, TypeUse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from consolidate.effects.things import Tree
    from consolidate.effects.world import World


def by_inputs(things: Iterable[Thing], inputs: Sequence[TypeUse]) -> Thing | None:
    """The one whose operand or argument types are these."""
    wanted = tuple(inputs)
    return next((t for t in things if t.signature and t.signature.inputs == wanted), None)


def signature(world: World, inputs: Sequence[TypeUse]) -> Signature:
    """The signature of what always takes as many operands."""
    return Signature(inputs=tuple(inputs), required=len(inputs), major=world.scope.major)


def assume_by_inputs(
    world: World, kind: str, within: Thing | None, name: str, inputs: Sequence[TypeUse]
) -> Thing:
    """An object of such types that some statement uses although none made it."""
    return world.add(
        Thing(kind=kind, name=name, within=within, signature=signature(world, inputs), assumed=True)
    )


def types_in(options: Sequence[Tree] | None) -> dict[str, Tree]:
    """The options of a definition that name a type or a function; PostgreSQL refuses others."""
    return {o.defname: o.arg for o in options or () if type(o.arg).__name__ == "TypeName"}


def operands(world: World, nodes: Sequence[Tree | None]) -> tuple[TypeUse, ...]:
    """The operand types of an operator; a prefix operator has none on the left."""
    return tuple(NOTHING if n is None else resolve.type_use(world, n) for n in nodes)


def find(world: World, node: Tree) -> Thing | None:
    """The operator that an ObjectWithArgs names, or None if the history has not made it."""
    return operator(world, strings(node.objname), operands(world, node.objargs or ()))


def find_or_assume(world: World, node: Tree) -> Thing:
    """The operator that an ObjectWithArgs names."""
    name = strings(node.objname)
    inputs = operands(world, node.objargs or ())
    found = operator(world, name, inputs)
    return found or assume_by_inputs(world, "operator", *resolve.place(world, name), inputs)


def operator(world: World, name: Sequence[str], inputs: Sequence[TypeUse]) -> Thing | None:
    """The operator of a dotted name for these operands."""
    *qualifier, last = name
    places = [world.find("schema", None, qualifier[-1])] if qualifier else list(resolve.path(world))
    found = (by_inputs(world.all("operator", place, last), inputs) for place in places if place)
    return next((thing for thing in found if thing), None)


def of_method(world: World, kind: str, name: Sequence[str], method: str) -> Thing | None:
    """The operator class or family of a dotted name for an access method."""
    *qualifier, last = name
    places = [world.find("schema", None, qualifier[-1])] if qualifier else list(resolve.path(world))
    found = (t for place in places if place for t in world.all(kind, place, last))
    return next((thing for thing in found if thing.form == method), None)


def assume_of_method(world: World, kind: str, name: Sequence[str], method: str) -> Thing:
    """An operator class or family that some statement uses although none made it."""
    where, last = resolve.place(world, name)
    return world.add(Thing(kind=kind, name=last, within=where, form=method, assumed=True))
