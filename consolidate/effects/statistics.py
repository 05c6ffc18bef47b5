"""Extended statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.effects import naming, resolve, targets
from consolidate.effects.effect import Reason
from consolidate.effects.references import Source, references, strings

if TYPE_CHECKING:
    from consolidate.effects.draft import Draft
    from consolidate.effects.things import Thing, Tree

_KIND = "statistics object"


def create(draft: Draft, node: Tree) -> None:
    """CREATE STATISTICS, which goes with the columns that it is about."""
    world = draft.world
    table = resolve.relation(world, resolve.dotted(node.relations[0]))
    columns = [resolve.column(world, table, e.name) for e in node.exprs if e.name]
    labels = tuple(e.name or "expr" for e in node.exprs)
    if node.defnames:
        where, name = resolve.place(world, strings(node.defnames))
    else:
        where = table.schema
        name = naming.statistics_name(world, where, table.name, labels)
    if node.if_not_exists and draft.spares(_KIND, where, name):
        return
    made = draft.create(_KIND, name, where, of=table, auto={table, *columns}, labels=labels)
    draft.need(made, table, Reason.KEY_COLUMN, tracked=False)
    for column in columns:
        draft.need(made, column, Reason.KEY_COLUMN, tracked=False)
    expressions = [e.expr for e in node.exprs]
    frame = (Source(table.name, table),)
    draft.refer(references(*expressions, frame=frame), made, Reason.INDEX)
    read = {t for t in made.needs if t.within is table}
    made.auto |= read
    made.needs -= read


def clone(draft: Draft, table: Thing, source: Thing) -> None:
    """The statistics of another table, under names of their own: LIKE … INCLUDING STATISTICS."""
    world = draft.world
    for own in world.bearing(source):
        if own.kind != _KIND or own.of is not source:
            continue
        name = naming.statistics_name(world, table.schema, table.name, own.labels)
        theirs = [t.name for t in own.auto if t.within is source]
        columns = [c for c in world.columns(table) if c.name in theirs]
        made = draft.create(
            _KIND, name, table.schema, of=table, auto={table, *columns}, labels=own.labels
        )
        for on in (table, *columns):
            draft.need(made, on, Reason.KEY_COLUMN, tracked=False)


def alter(draft: Draft, node: Tree) -> None:
    """ALTER STATISTICS … SET STATISTICS."""
    look = targets.known if node.missing_ok else targets.target
    found = look(draft.world, "OBJECT_STATISTIC_EXT", node.defnames)
    if found is not None:
        draft.alter(found, "statistics")


HANDLERS = {"CreateStatsStmt": create, "AlterStatsStmt": alter}
