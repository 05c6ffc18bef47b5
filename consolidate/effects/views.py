"""Views and materialized views."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.effects import columns, queries, resolve
from consolidate.effects.effect import Reason
from consolidate.effects.references import references, strings
from consolidate.effects.things import in_order

if TYPE_CHECKING:
    from consolidate.effects.draft import Draft
    from consolidate.effects.things import Thing, Tree


def create_view(draft: Draft, node: Tree) -> None:
    """CREATE [OR REPLACE] VIEW."""
    world = draft.world
    temporary = node.view.relpersistence == "t"
    where, name = resolve.place(world, resolve.dotted(node.view), temporary=temporary)
    existing = world.find("relation", where, name)
    if node.replace and existing is not None and existing.kind == "view":
        view = existing
        draft.replace(view)
        view.assumed = False
    else:
        view = draft.create("view", name, where, temporary=temporary)
    draft.refer(references(node.query), view, Reason.QUERY)
    for column in queries.listed(queries.output_columns(world, node.query), strings(node.aliases)):
        if world.find("column", view, column.name) is None:
            columns.result_column(draft, view, column)


def refresh(draft: Draft, node: Tree) -> None:
    """REFRESH MATERIALIZED VIEW: its rows change, and WITH NO DATA empties it."""
    view = resolve.relation(draft.world, resolve.dotted(node.relation), "materialized view")
    draft.write(view)
    for source in () if node.skipData else _sources(view):
        draft.read(source)


def _sources(view: Thing) -> list[Thing]:
    readable = {"table", "view", "materialized view", "foreign table"}
    found = [t for t in view.needs if t.kind in readable]
    return in_order(found)


HANDLERS = {"ViewStmt": create_view, "RefreshMatViewStmt": refresh}
