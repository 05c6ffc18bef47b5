"""Finding the object that a name means, as PostgreSQL finds it: along the search_path."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pglast

from consolidate.effects.references import Column, strings
from consolidate.effects.things import SYSTEM_SCHEMAS, SYSTEM_TYPES, Signature, Thing, TypeUse
from consolidate.functions import BUILT_IN
from consolidate.parser import parse_sql

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from consolidate.effects.references import Call, Frame, Given, Operation, References, Source
    from consolidate.effects.things import Tree
    from consolidate.effects.world import World

TEMPORARY = "pg_temp"


def assume(world: World, kind: str, name: str, within: Thing | None = None) -> Thing:
    """The object of that kind, place and name; made known where no statement created it."""
    found = world.find(kind, within, name)
    return found or world.add(Thing(kind=kind, name=name, within=within, assumed=True))


def schema(world: World, name: str) -> Thing:
    """The schema of that name."""
    return assume(world, "schema", name)


def path(world: World) -> tuple[Thing, ...]:
    """The schemas that are looked through for a name without one, temporary objects first.

    `pg_catalog` comes before them all and is left out: its objects are nobody's to build.
    """
    scope = world.scope
    if world.path is not None and world.path[0] is scope:
        return world.path[1]
    names = [TEMPORARY]
    for name in scope.search_path:
        actual = scope.role if name == "$user" else name
        if name != "$user" or world.find("schema", None, actual):
            names.append(actual)
    places = tuple(schema(world, name) for name in names if name not in SYSTEM_SCHEMAS)
    world.path = scope, places
    return places


def creation_schema(world: World) -> Thing:
    """Where an object without a schema in its name comes to be."""
    places = path(world)
    return places[1] if len(places) > 1 else schema(world, "public")


def find(world: World, which: str, name: Sequence[str]) -> Thing | None:
    """The object of a dotted name, or None if the history has not made it."""
    *qualifier, last = name
    if qualifier:
        return world.find(which, world.find("schema", None, qualifier[-1]), last)
    for where in path(world):
        found = world.find(which, where, last)
        if found is not None:
            return found
    return None


def dotted(var: Tree) -> tuple[str, ...]:
    """A RangeVar's name."""
    return (var.schemaname, var.relname) if var.schemaname else (var.relname,)


def place(world: World, name: Sequence[str], *, temporary: bool = False) -> tuple[Thing, str]:
    """The schema and the bare name of an object to be created."""
    if temporary:
        return schema(world, TEMPORARY), name[-1]
    if len(name) > 1:
        return schema(world, name[-2]), name[-1]
    return creation_schema(world), name[-1]


def relation(world: World, name: Sequence[str], kind: str = "table") -> Thing:
    """The table, view, index or sequence; assumed to be of `kind` where it is unknown."""
    found = find(world, "relation", name)
    if found:
        return found
    system = len(name) == 1 and name[0].startswith("pg_")
    where = schema(world, "pg_catalog") if system else place(world, name)[0]
    return assume_relation(world, kind, name[-1], where)


def assume_relation(world: World, kind: str, name: str, where: Thing) -> Thing:
    """A relation that some statement uses although none made it."""
    found = world.find("relation", where, name)
    return found or world.add(Thing(kind=kind, name=name, within=where, assumed=True))


def column(world: World, relation: Thing, name: str) -> Thing:
    """A relation's column, assumed where it is unknown."""
    found = world.find("column", relation, name)
    kind = f"{relation.kind} column"
    return found or world.add(Thing(kind=kind, name=name, within=relation, assumed=True))


def type_name(world: World, name: Sequence[str], *, make: bool = True) -> Thing | str | None:
    """The type of a dotted name: one of the history, or the bare name of a system type."""
    *qualifier, last = name
    if (qualifier or ["pg_catalog"])[-1] == "pg_catalog" and last in SYSTEM_TYPES:
        return last
    found = find(world, "type", name) or find(world, "relation", name)
    if found or not make:
        return found
    return assume(world, "type", last, place(world, name)[0])


def type_use(world: World, node: Tree) -> TypeUse:
    """The type that a TypeName means; `table.column%TYPE` is that column's type now."""
    name = strings(node.names)
    if node.pct_type:
        owner = find(world, "relation", name[:-1])
        source = world.find("column", owner, name[-1]) if owner else None
        return source.type if source and source.type else TypeUse("unknown")
    base = type_name(world, name)
    if base is None:  # pragma: no cover - type_name makes up what it does not find
        return TypeUse("unknown")
    return TypeUse(base, array=bool(node.arrayBounds), modified=bool(node.typmods))


def inputs(world: World, nodes: Sequence[Tree]) -> tuple[TypeUse, ...]:
    """Argument types as they tell overloaded routines apart."""
    return tuple(type_use(world, n) for n in nodes)


def routine(world: World, node: Tree) -> Thing | None:
    """The routine that an ObjectWithArgs names, or None if the history has not made it."""
    name = strings(node.objname)
    candidates = routines(world, name)
    if node.args_unspecified:
        return candidates[-1] if candidates else None
    wanted = inputs(world, _written_inputs(node))
    every = inputs(world, [n for n in node.objargs or () if n is not None])
    for thing in candidates:
        if thing.signature is not None and thing.signature.inputs in {wanted, every}:
            return thing
    return None


def routine_or_assumed(world: World, node: Tree, kind: str = "function") -> Thing:
    """The routine that an ObjectWithArgs names."""
    found = routine(world, node)
    if found:
        return found
    where, name = place(world, strings(node.objname))
    wanted = () if node.args_unspecified else inputs(world, _written_inputs(node))
    return assume_routine(world, kind, where, name, wanted)


def assume_routine(
    world: World, kind: str, where: Thing, name: str, wanted: tuple[TypeUse, ...]
) -> Thing:
    """A routine that some statement uses although none made it."""
    signature = Signature(inputs=wanted, required=len(wanted), major=world.scope.major)
    thing = Thing(kind=kind, name=name, within=where, signature=signature, assumed=True)
    return world.add(thing)


def routines(world: World, name: Sequence[str]) -> tuple[Thing, ...]:
    """All routines of a dotted name, in the first schema of the path that has any."""
    *qualifier, last = name
    if qualifier:
        return world.all("routine", world.find("schema", None, qualifier[-1]), last)
    return next((found for s in path(world) if (found := world.all("routine", s, last))), ())


def called(world: World, call: Call, *, make: bool) -> tuple[Thing, ...]:
    """The routines a call can mean: those of the name that take so many arguments.

    Of several that which takes just the types of the arguments is meant, if these can be told.

    An unknown name without a schema may be one of PostgreSQL's own functions (`is_known`); one with
    a schema is a routine whose argument types nobody knows, spelled `unknown`.
    """
    found = routines(world, call.name)
    fitting = tuple(t for t in found if t.signature and t.signature.accepts(call.arguments))
    if len(fitting) > 1:
        uses = tuple(given_type(world, given) for given in call.given)
        fitting = tuple(t for t in fitting if _takes(t, uses, call.bare)) or fitting
    if fitting or len(call.name) == 1 or call.name[-2] in SYSTEM_SCHEMAS or not make:
        return fitting
    where, name = place(world, call.name)
    wanted = (TypeUse("unknown"),) * call.arguments
    return (assume_routine(world, "function", where, name, wanted),)


def is_known(world: World, call: Call) -> bool:
    """Whether a call may mean something although no routine of the history fits it.

    With a schema it does. A bare name may be PostgreSQL's own, or routines of the name take other
    arguments; `name(x)` may be a cast to a type, and `name(t)` the column `t.name`.
    """
    name = call.name[-1]
    if len(call.name) > 1 or name in BUILT_IN or name in SYSTEM_TYPES or not name:
        return True
    if routines(world, call.name) or type_name(world, call.name, make=False) is not None:
        return True
    given = call.given[0] if call.given else None
    return isinstance(given, Column) and any(
        source.alias == given.fields[-1] for frame in given.frames for source in frame
    )


def _takes(thing: Thing, uses: Sequence[TypeUse | None], bare: Sequence[int]) -> bool:
    """Whether a routine or an operator takes just these types; a string without one fits any."""
    inputs = thing.signature.inputs if thing.signature else ()
    return any(use is not None for use in uses) and all(
        position in bare if use is None else inputs[position : position + 1] == (use,)
        for position, use in enumerate(uses)
    )


def given_type(world: World, given: Given) -> TypeUse | None:
    """The type of an expression that is a cast or a column; None if that is not known."""
    if given is None:
        return None
    if isinstance(given, Column):
        found = columns(world, given)
        return found[0].type if len(found) == 1 else None
    base = type_name(world, strings(given.names), make=False)
    return TypeUse(base, array=bool(given.arrayBounds)) if base is not None else None


def used_operators(world: World, wanted: Operation) -> tuple[Thing, ...]:
    """The operator of the history that is meant, as far as its operands tell their types."""
    *qualifier, last = wanted.name
    places = [world.find("schema", None, qualifier[-1])] if qualifier else list(path(world))
    found = [thing for place in places for thing in world.all("operator", place, last)]
    uses = tuple(given_type(world, given) for given in wanted.operands) if found else ()
    return tuple(thing for thing in found if _takes(thing, uses, wanted.bare))[:1]


def all_columns(world: World, found: References) -> list[Thing]:
    """All columns that are meant, also by a NATURAL JOIN, which names none."""
    known: dict[int, Around] = {}
    named = [thing for column in found.columns for thing in columns(world, column, known)]
    return [*named, *_shared(world, found.natural)] if found.natural else named


def _shared(world: World, natural: Sequence[tuple[Frame, Frame]]) -> Iterator[Thing]:
    """The columns that both sides of a NATURAL JOIN have; its left side may be another one."""
    done: Frame = ()
    held: dict[str, list[Thing]] = {}
    for left, right in sorted(natural, key=lambda sides: len(sides[0])):
        if left[: len(done)] != done:
            done, held = (), {}
        _add_columns(world, held, left[len(done) :])
        done = left
        other: dict[str, list[Thing]] = {}
        _add_columns(world, other, right)
        for name in sorted(held.keys() & other.keys()):
            yield from (*held[name], *other[name])


def _add_columns(world: World, held: dict[str, list[Thing]], sources: Frame) -> None:
    for owner in (source_relation(world, source) for source in sources):
        for column in world.columns(owner) if owner is not None else ():
            held.setdefault(column.name, []).append(column)


class Around:
    """What the entries of one FROM clause are, found once for all columns in its reach."""

    def __init__(self, world: World, frame: Frame) -> None:
        self._frame = frame
        """Whose place in memory no other one has as long as it is held here."""
        self._by_alias: dict[str, list[Thing]] = {}
        self._owners: list[Thing] = []
        for source in frame:
            owners = self._by_alias.setdefault(source.alias, [])
            owner = source_relation(world, source)
            if owner is not None:
                owners.append(owner)
                self._owners.append(owner)
        self._by_name: dict[str, list[Thing]] = {}
        self._has_names = len(self._owners) > _FEW
        if self._has_names:
            _add_columns(world, self._by_name, frame)

    def find(self, world: World, fields: tuple[str, ...]) -> tuple[Thing, ...] | None:
        """The columns that a name means here; None if an outer clause has to be asked."""
        *qualifier, last = fields
        owners = self._by_alias.get(qualifier[-1]) if qualifier else self._owners
        found: list[Thing]
        if owners is None:
            return None
        if last == "*":
            found = [column for owner in owners for column in world.columns(owner)]
        elif self._has_names and not qualifier:
            found = self._by_name.get(last, [])
        else:
            hits = (world.find("column", owner, last) for owner in owners)
            found = [hit for hit in hits if hit is not None]
        return tuple(found) if found or qualifier else None


_FEW = 8
"""Entries of a FROM clause up to which each is asked for a column, instead of all for all."""


def columns(
    world: World, wanted: Column, known: dict[int, Around] | None = None
) -> tuple[Thing, ...]:
    """The columns that a reference can mean, given the FROM clauses around it.

    Args:
        world: What is there.
        wanted: The reference.
        known: What was found of these clauses for another reference, to be added to.
    """
    known = {} if known is None else known
    for frame in wanted.frames:
        around = known.get(id(frame))
        if around is None:
            around = known[id(frame)] = Around(world, frame)
        found = around.find(world, wanted.fields)
        if found is not None:
            return found
    return ()


def source_relation(world: World, source: Source) -> Thing | None:
    """What a FROM entry reads, if that is known."""
    if source.relation is None or isinstance(source.relation, Thing):
        return source.relation
    return find(world, "relation", dotted(source.relation))


def split_name(text: str) -> tuple[str, ...]:
    """The parts of a dotted name in a string, folded as PostgreSQL folds them."""
    try:
        parsed = parse_sql(f"SELECT NULL::{text.partition('(')[0]}")
    except pglast.Error:
        return (text,)
    select: Tree = parsed[0].stmt
    return strings(select.targetList[0].val.typeName.names)


def _written_inputs(node: Tree) -> list[Tree]:
    """The arguments of an ObjectWithArgs that belong to its identity: not OUT ones."""
    if node.objfuncargs:
        return [
            p.argType
            for p in node.objfuncargs
            if p.mode.name not in {"FUNC_PARAM_OUT", "FUNC_PARAM_TABLE"}
        ]
    return [n for n in node.objargs or () if n is not None]
