"""ATTACH and DETACH PARTITION, INHERIT and NO INHERIT."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.effects import columns, naming, resolve, tables
from consolidate.effects.effect import Reason
from consolidate.effects.things import in_order

if TYPE_CHECKING:
    from consolidate.effects.draft import Draft
    from consolidate.effects.things import Thing, Tree


def attach(draft: Draft, parent: Thing, command: Tree) -> None:
    """A table (or an index) becomes a partition and gets what it lacks."""
    child = resolve.relation(draft.world, resolve.dotted(command.def_.name), parent.kind)
    draft.alter(parent, "attach partition")
    draft.alter(child, "attached")
    draft.need(child, parent, Reason.INHERITANCE, tracked=False)
    child.parents = (*child.parents, parent)
    child.auto.add(parent)
    if parent.kind == "index":
        if child.of is not None:
            draft.need(child, child.of, Reason.INDEX, tracked=False)
        return
    child.form = "partition partitioned" if "partitioned" in child.form else "partition"
    _merge_columns(draft, child, parent)
    for column in draft.world.columns(child):
        column.inherited = True  # a partition declares nothing by itself
    tables.become_partition(draft, child, parent)


def detach(draft: Draft, parent: Thing, command: Tree) -> None:
    """A partition becomes a table again and keeps its indexes, but not its cloned triggers."""
    child = resolve.relation(draft.world, resolve.dotted(command.def_.name))
    if command.def_.concurrent:
        draft.outside_transaction = True
        _keep_bounds(draft, child, parent)
    draft.alter(parent, "detach partition")
    draft.alter(child, "detached")
    cloned = [
        t
        for t in draft.world.parts(child, "trigger")
        if any(a.kind == "trigger" and a.within is parent for a in t.auto)
    ]
    draft.drop(cloned)
    child.form = child.form.replace("partition partitioned", "partitioned").replace(
        "partition", "" if child.form == "partition" else "partition"
    )
    _part(draft, child, parent)


def _keep_bounds(draft: Draft, child: Thing, parent: Thing) -> None:
    """CONCURRENTLY leaves a CHECK in the place of the bounds (`DetachAddConstraintIfNeeded`).

    Those of the partitioned tables above count, too; those of a hash are none. That another CHECK
    implies them already only a server knows.
    """
    world = draft.world
    bounds: dict[str, None] = {}
    above: Thing | None = parent
    while above is not None:
        bounds.update(dict.fromkeys(column.name for column in above.columns))
        above = next((one for one in above.parents if "partition" in above.form), None)
    if not bounds:
        return
    only = next(iter(bounds)) if len(bounds) == 1 else None
    name = naming.constraint_name(world, child.schema, child.name, only, "check")
    read = tuple(resolve.column(world, child, column) for column in bounds)
    made = draft.create("table constraint", name, child, form="c", columns=read, auto=set(read))
    for column in read:
        draft.need(made, column, Reason.CHECK, tracked=False)


def inherit(draft: Draft, child: Thing, command: Tree) -> None:
    """A table gets another parent."""
    parent = resolve.relation(draft.world, resolve.dotted(command.def_))
    draft.alter(child, "inherit")
    draft.need(child, parent, Reason.INHERITANCE)
    child.parents = (*child.parents, parent)
    _merge_columns(draft, child, parent)


def disinherit(draft: Draft, child: Thing, command: Tree) -> None:
    """A table loses a parent and keeps its columns."""
    parent = resolve.relation(draft.world, resolve.dotted(command.def_))
    draft.alter(child, "no inherit")
    child.needs.discard(parent)
    _part(draft, child, parent)


def _merge_columns(draft: Draft, child: Thing, parent: Thing) -> None:
    for column in draft.world.columns(parent):
        columns.inherit_column(draft, child, column)
    for constraint in draft.world.parts(parent, "table constraint"):
        same = draft.world.find("table constraint", child, constraint.name)
        if same is not None and constraint.form in {"c", "n"}:
            same.auto.add(constraint)


def _part(draft: Draft, child: Thing, parent: Thing) -> None:
    """Cuts every tie between the two tables, their columns, constraints and indexes."""
    world = draft.world
    theirs = {parent, *world.parts(parent), *world.indexes(parent)}
    for thing in (child, *world.parts(child), *world.indexes(child)):
        for lost in in_order(theirs & {*thing.parents, *thing.auto}):
            draft.release(thing, lost)
        thing.parents = tuple(p for p in thing.parents if p not in theirs)
        thing.inherited = thing.inherited and bool(thing.parents)
        thing.auto -= theirs
