"""CREATE INDEX, and the indexes that partitions get from their parent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.effects import naming, resolve
from consolidate.effects.effect import Reason
from consolidate.effects.references import Source, references
from consolidate.effects.things import in_order

if TYPE_CHECKING:
    from collections.abc import Callable

    from consolidate.effects.draft import Draft
    from consolidate.effects.things import Thing, Tree


def create_index(draft: Draft, node: Tree) -> None:
    """CREATE [UNIQUE] INDEX [CONCURRENTLY]."""
    world = draft.world
    draft.outside_transaction = draft.outside_transaction or bool(node.concurrent)
    table = resolve.relation(world, resolve.dotted(node.relation))
    if node.if_not_exists and node.idxname and draft.spares("relation", table.schema, node.idxname):
        return
    _build(draft, table, node, node.idxname, None)


def _build(draft: Draft, table: Thing, node: Tree, name: str | None, parent: Thing | None) -> None:
    world = draft.world
    elements = [*(node.indexParams or ()), *(node.indexIncludingParams or ())]
    labels = naming.index_column_names(elements)
    plain = tuple(
        c
        for e in node.indexParams or ()
        if e.name and (c := resolve.column(world, table, e.name)) is not None
    )
    name = name or naming.relation_name(
        world, table.schema, table.name, naming.column_list(labels), "idx"
    )
    whole = len(plain) == len(node.indexParams or ()) and node.whereClause is None
    index = draft.create(
        "index",
        name,
        table.schema,
        of=table,
        columns=plain if whole else (),
        labels=tuple(labels),
        form="unique" if node.unique else "",
        parents=(parent,) if parent else (),
        auto={table, *plain} | ({parent} if parent else set()),
        temporary=table.temporary,
    )
    draft.need(index, table, Reason.INDEX, tracked=False)
    for element in elements:
        if element.name:
            column = resolve.column(world, table, element.name)
            draft.need(index, column, Reason.KEY_COLUMN, tracked=False)
            index.auto.add(column)
    if parent is not None:
        _attach(draft, index, parent)
    _expressions(draft, index, table, node)
    if node.relation.inh:
        for child in world.children(table):
            if child.form.startswith("partition"):
                _build(draft, child, node, None, index)


def _expressions(draft: Draft, index: Thing, table: Thing, node: Tree) -> None:
    frame = (Source(table.name, table),)
    expressions = [e.expr for e in node.indexParams or ()]
    draft.refer(references(*expressions, node.whereClause, frame=frame), index, Reason.INDEX)
    # PostgreSQL drops an index together with any column its expressions or predicate read.
    read = {t for t in index.needs if t.within is table}
    index.auto |= read
    index.needs -= read


def adopt_indexes(
    draft: Draft, child: Thing, parent: Thing, clone_key: Callable[[Draft, Thing, Thing], object]
) -> None:
    """The indexes a table gets when it becomes a partition.

    Args:
        draft: The statement.
        child: The new partition.
        parent: Its partitioned table.
        clone_key: Makes the child's constraint for a key constraint of the parent.
    """
    for index in draft.world.indexes(parent):
        key = next((c for c in index.auto if c.kind == "table constraint"), None)
        if _adopted(draft, child, index):
            continue
        if key is not None:
            clone_key(draft, child, key)
        else:
            clone_index(draft, child, index)


def _adopted(draft: Draft, child: Thing, index: Thing) -> bool:
    """Whether an index that the child has serves; it then belongs to the parent's index."""
    wanted = index.labels
    for own in draft.world.indexes(child):
        same = own.labels == wanted
        if same and own.form == index.form and not own.parents:
            own.parents = (index,)
            own.auto.add(index)
            _attach(draft, own, index)
            return True
    return False


def _attach(draft: Draft, own: Thing, index: Thing) -> None:
    """A partition's index belongs to one of its parent, and a key behind it to a key."""
    draft.need(own, index, Reason.INHERITANCE, tracked=False)
    if own.of is not None:
        draft.need(own, own.of, Reason.INDEX, tracked=False)
    keys = [next((c for c in i.auto if c.kind == "table constraint"), None) for i in (own, index)]
    if keys[0] is not None and keys[1] is not None:
        draft.need(keys[0], keys[1], Reason.INHERITANCE, tracked=False)


def clone_index(draft: Draft, child: Thing, index: Thing) -> None:
    """A partition's copy of an index, under a name of its own."""
    made = copy_index(draft, child, index)
    made.parents = (index,)
    made.auto.add(index)
    _attach(draft, made, index)
    for partition in draft.world.children(child):
        clone_index(draft, partition, made)


def copy_index(draft: Draft, child: Thing, index: Thing) -> Thing:
    """An index like another table's, under a name of its own."""
    world = draft.world
    columns = tuple(resolve.column(world, child, c.name) for c in index.columns)
    name = naming.relation_name(
        world,
        child.schema,
        child.name,
        naming.column_list(index.labels),
        "idx",
    )
    made = draft.create(
        "index",
        name,
        child.schema,
        of=child,
        columns=columns,
        labels=index.labels,
        form=index.form,
        auto={child, *(resolve.column(world, child, c.name) for c in _columns_of(index))},
    )
    draft.need(made, child, Reason.INDEX, tracked=False)
    for column in in_order(made.auto - {child}):
        draft.need(made, column, Reason.KEY_COLUMN, tracked=False)
    return made


def _columns_of(index: Thing) -> list[Thing]:
    return [t for t in index.auto if t.kind.endswith(" column")]


HANDLERS = {"IndexStmt": create_index}
