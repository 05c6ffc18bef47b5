"""VACUUM, ANALYZE, REINDEX and CLUSTER: what they are about stays as it is, but has to be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.effects import resolve
from consolidate.effects.effect import Reason

if TYPE_CHECKING:
    from consolidate.effects.draft import Draft
    from consolidate.effects.things import Tree


def vacuum(draft: Draft, node: Tree) -> None:
    """VACUUM and ANALYZE: no object changes."""
    draft.outside_transaction = bool(node.is_vacuumcmd)
    for one in node.rels or ():
        table = resolve.relation(draft.world, resolve.dotted(one.relation))
        draft.need(None, table, Reason.TARGET)
        for column in one.va_cols or ():
            needed = resolve.column(draft.world, table, column.sval)
            draft.need(None, needed, Reason.TARGET)


def reindex(draft: Draft, node: Tree) -> None:
    """REINDEX: no object changes."""
    names = {option.defname for option in node.params or ()}
    kind = node.kind.name
    whole = kind in {"REINDEX_OBJECT_DATABASE", "REINDEX_OBJECT_SYSTEM"}
    draft.outside_transaction = "concurrently" in names or whole
    if node.relation is not None:
        which = "index" if kind == "REINDEX_OBJECT_INDEX" else "table"
        found = resolve.relation(draft.world, resolve.dotted(node.relation), which)
        draft.need(None, found, Reason.TARGET)
    elif kind == "REINDEX_OBJECT_SCHEMA":
        draft.need(None, resolve.schema(draft.world, node.name), Reason.TARGET)


def cluster(draft: Draft, node: Tree) -> None:
    """CLUSTER: the rows get another order, and the index is remembered for the next time."""
    if node.relation is None:
        draft.outside_transaction = True  # what is all tables that were clustered before
        return
    table = resolve.relation(draft.world, resolve.dotted(node.relation))
    draft.outside_transaction = "partitioned" in table.form
    draft.need(None, table, Reason.TARGET)
    if node.indexname:
        index = resolve.assume_relation(draft.world, "index", node.indexname, table.schema)
        draft.alter(table, "cluster")
        draft.need(None, index, Reason.TARGET)


HANDLERS = {"VacuumStmt": vacuum, "ReindexStmt": reindex, "ClusterStmt": cluster}
