"""Types that an expression needs without naming them, as far as they can be told from columns.

PostgreSQL records them: the constant in `status = 'open'` is of the enum that the column has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.effects import resolve
from consolidate.effects.references import is_bare
from consolidate.effects.things import DOMAIN, Thing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.effects.references import Call, Column, References
    from consolidate.effects.things import Tree, TypeUse
    from consolidate.effects.world import World


def types(world: World, found: References) -> tuple[Thing, ...]:
    """The types that strings without one take on, and the fields of composite types."""
    return (*_taken_on(world, found), *_fields(world, found))


def of_default(use: TypeUse | None, expression: Tree) -> Thing | None:
    """The type that a default takes on: a string any, and every expression that of a domain.

    A domain's check is made where a value becomes one of it.
    """
    base = use.base if use is not None else None
    if not isinstance(base, Thing):
        return None
    return base if base.form == DOMAIN or is_bare(expression) else None


def _taken_on(world: World, found: References) -> Iterator[Thing]:
    """An operator on a domain takes its base type, so a string beside it does not become one."""
    known: dict[int, resolve.Around] = {}
    for column in found.compared:
        for base in _bases(world, column, known):
            if base.form != DOMAIN:
                yield base
    for call in found.calls:
        yield from _parameters(world, call)


def _parameters(world: World, call: Call) -> Iterator[Thing]:
    routines = resolve.called(world, call, make=False) if call.bare else ()
    for routine in routines:
        inputs = routine.signature.inputs if routine.signature else ()
        for position in call.bare:
            base = inputs[position].base if position < len(inputs) else None
            if isinstance(base, Thing):
                yield base


def _fields(world: World, found: References) -> Iterator[Thing]:
    known: dict[int, resolve.Around] = {}
    for column, name in found.fields:
        for base in _bases(world, column, known):
            relation = world.find("relation", base.within, base.name)
            field = world.find("column", relation, name) if relation is not None else None
            if field is not None:
                yield field


def _bases(world: World, column: Column, known: dict[int, resolve.Around]) -> Iterator[Thing]:
    for thing in resolve.columns(world, column, known):
        if thing.type is not None and isinstance(thing.type.base, Thing):
            yield thing.type.base
