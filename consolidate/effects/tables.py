"""CREATE TABLE in all its forms, and what a table takes from parents and from LIKE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pglast.enums import ConstrType

from consolidate.effects import columns, constraints, indexes, queries, resolve, statistics
from consolidate.effects.effect import Reason
from consolidate.effects.references import Source, references, strings
from consolidate.effects.things import Thing, in_order

if TYPE_CHECKING:
    from consolidate.effects.draft import Draft
    from consolidate.effects.things import Tree

_BEFORE_KEYS = frozenset({ConstrType.CONSTR_CHECK, ConstrType.CONSTR_NOTNULL})
_LIKE_DEFAULTS = 1 << 3
_LIKE_CONSTRAINTS = 1 << 2
_LIKE_IDENTITY = 1 << 5
_LIKE_GENERATED = 1 << 4
_LIKE_INDEXES = 1 << 6
_LIKE_STATISTICS = 1 << 7


def create_table(draft: Draft, node: Tree, kind: str = "table") -> Thing | None:
    """CREATE TABLE: columns, then constraints, then what partitions get from their parent.

    None: a table of that name is there, and IF NOT EXISTS was said.
    """
    world = draft.world
    temporary = node.relation.relpersistence == "t"
    where, name = resolve.place(world, resolve.dotted(node.relation), temporary=temporary)
    if node.if_not_exists and draft.spares("relation", where, name):
        return None
    parents = tuple(resolve.relation(world, resolve.dotted(var)) for var in node.inhRelations or ())
    form = "partitioned" if node.partspec else ""
    if node.partbound:
        form = "partition" if not form else "partition partitioned"
    table = draft.create(kind, name, where, parents=parents, form=form, temporary=temporary)
    _storage(draft, table, node)
    for parent in parents:
        draft.need(table, parent, Reason.INHERITANCE, tracked=not node.partbound)
        if node.partbound:
            table.auto.add(parent)
        columns.inherit_columns(draft, table, parent)
    if node.ofTypename:
        _typed(draft, table, node.ofTypename)
    _elements(draft, table, [*(node.tableElts or ()), *(node.constraints or ())])
    for parent in parents:
        columns.inherit_not_null(draft, table, parent)
    if node.partspec:
        frame = (Source(table.name, table),)
        key = node.partspec.partParams
        found = references(*(part.expr for part in key), frame=frame)
        draft.refer(found, table, Reason.CHECK)
        if node.partspec.strategy.name != "PARTITION_STRATEGY_HASH":
            own = [resolve.column(world, table, part.name) for part in key if part.name]
            table.columns = (*own, *resolve.all_columns(world, found))
    if node.partbound:
        become_partition(draft, table, parents[0])
    return table


def _storage(draft: Draft, table: Thing, node: Tree) -> None:
    """The access method that keeps the rows, and how long."""
    if node.oncommit.name == "ONCOMMIT_DROP":
        draft.world.keep_until_commit(table)
    method = node.accessMethod and draft.world.find("access method", None, node.accessMethod)
    if method:
        draft.need(table, method, Reason.MEMBER)


def _elements(draft: Draft, table: Thing, elements: list[Tree]) -> None:
    wanted: list[tuple[Tree, Thing | None]] = []
    implied: list[tuple[Tree, Thing]] = []
    copied: list[Tree] = []
    for element in elements:
        match type(element).__name__:
            case "ColumnDef":
                column = columns.add_column(draft, table, element)
                wanted += constraints.of_column(element, column)
                implied.append((element, column))
            case "Constraint":
                wanted.append((element, None))
            case "TableLikeClause":
                _like_columns(draft, table, element)
                copied.append(element)
            case _:
                continue
    first: list[tuple[Tree, Thing | None]] = []
    rest: list[tuple[Tree, Thing | None]] = []
    for one in wanted:
        (first if one[0].contype in _BEFORE_KEYS else rest).append(one)
    constraints.add_all(draft, table, first)
    for element, column in implied:
        constraints.implied_not_null(draft, element, column)
    constraints.add_all(draft, table, rest)
    for element in copied:
        _like_indexes(draft, table, element)


def become_partition(draft: Draft, table: Thing, parent: Thing) -> None:
    """The parent's indexes, keys, foreign keys and row triggers."""
    indexes.adopt_indexes(draft, table, parent, constraints.clone_key)
    for constraint in draft.world.parts(parent, "table constraint"):
        if constraint.form == "f":
            constraints.clone_foreign(draft, table, constraint)
    for trigger in draft.world.parts(parent, "trigger"):
        if trigger.form == "row":
            clone_trigger(draft, table, trigger)


def clone_trigger(draft: Draft, child: Thing, trigger: Thing) -> None:
    """A partition's copy of a row trigger, under the same name."""
    if draft.world.find("trigger", child, trigger.name) is None:
        made = draft.create(
            "trigger", trigger.name, child, form="row", auto={trigger}, needs=set(trigger.needs)
        )
        for on in in_order(trigger.needs):
            draft.need(made, on, Reason.TRIGGER)
        for partition in draft.world.children(child):
            clone_trigger(draft, partition, made)


def _typed(draft: Draft, table: Thing, node: Tree) -> None:
    draft.need_type(table, node, Reason.INHERITANCE)
    base = resolve.type_use(draft.world, node).base
    composite = (
        draft.world.find("relation", base.schema, base.name) if isinstance(base, Thing) else None
    )
    for attribute in draft.world.columns(composite) if composite else ():
        made = draft.create("table column", attribute.name, table, type=attribute.type)
        if attribute.type and isinstance(attribute.type.base, Thing):
            draft.need(made, attribute.type.base, Reason.COLUMN_TYPE)


def _like_columns(draft: Draft, table: Thing, node: Tree) -> None:
    world = draft.world
    source = resolve.relation(world, resolve.dotted(node.relation))
    draft.need(None, source, Reason.INHERITANCE)
    for column in world.columns(source):
        made = draft.create("table column", column.name, table, type=column.type)
        if column.type and isinstance(column.type.base, Thing):
            draft.need(made, column.type.base, Reason.COLUMN_TYPE)
        if node.options & _LIKE_IDENTITY and column.form == "identity":
            columns.own_sequence(draft, table, made, None, form="identity")
        if node.options & (_LIKE_DEFAULTS | _LIKE_GENERATED):
            for default in world.parts(column, "default value"):
                copy = draft.create("default value", "", made)
                for on in in_order(default.needs):
                    draft.need(copy, on, Reason.DEFAULT)
    for constraint in world.parts(source, "table constraint"):
        if constraint.form == "n" or (constraint.form == "c" and node.options & _LIKE_CONSTRAINTS):
            columns.inherit_constraint(draft, table, constraint)
            own = world.find("table constraint", table, constraint.name)
            if own is not None:
                own.auto.discard(constraint)


def _like_indexes(draft: Draft, table: Thing, node: Tree) -> None:
    source = resolve.relation(draft.world, resolve.dotted(node.relation))
    if node.options & _LIKE_STATISTICS:
        statistics.clone(draft, table, source)
    if not node.options & _LIKE_INDEXES:
        return
    for index in draft.world.indexes(source):
        key = next((c for c in index.auto if c.kind == "table constraint"), None)
        if key is not None:
            constraints.copy_key(draft, table, key)
        else:
            indexes.copy_index(draft, table, index)


def create_table_as(draft: Draft, node: Tree) -> None:
    """CREATE TABLE AS, SELECT INTO and CREATE MATERIALIZED VIEW."""
    world = draft.world
    into = node.into
    temporary = into.rel.relpersistence == "t"
    where, name = resolve.place(world, resolve.dotted(into.rel), temporary=temporary)
    if node.if_not_exists and draft.spares("relation", where, name):
        return
    kind = "materialized view" if node.objtype.name == "OBJECT_MATVIEW" else "table"
    if type(node.query).__name__ == "ExecuteStmt":
        draft.opaque = "the query of EXECUTE is not known"
        draft.create(kind, name, where)
        return
    names = queries.output_columns(world, node.query)
    made = draft.create(kind, name, where, temporary=temporary)
    if into.onCommit.name == "ONCOMMIT_DROP":
        world.keep_until_commit(made)
    found = references(node.query)
    # A table keeps no tie to the query that filled it; a materialized view does.
    sources = draft.refer(found, made if kind != "table" else None, Reason.QUERY)
    for source in sources:
        draft.read(source)
    if not into.skipData:
        draft.write(made)
    for column in queries.listed(names, strings(into.colNames)):
        columns.result_column(draft, made, column)


def create_sequence(draft: Draft, node: Tree) -> None:
    """CREATE SEQUENCE."""
    temporary = node.sequence.relpersistence == "t"
    where, name = resolve.place(draft.world, resolve.dotted(node.sequence), temporary=temporary)
    if node.if_not_exists and draft.spares("relation", where, name):
        return
    made = draft.create("sequence", name, where, temporary=temporary)
    _sequence_options(draft, made, node.options)


def alter_sequence(draft: Draft, node: Tree) -> None:
    """ALTER SEQUENCE; RESTART changes the position, which is data."""
    name = resolve.dotted(node.sequence)
    if node.missing_ok and resolve.find(draft.world, "relation", name) is None:
        return
    sequence = resolve.relation(draft.world, name, "sequence")
    aspects = {option.defname for option in node.options or ()}
    if "restart" in aspects:
        draft.alter(sequence, "value")
        draft.write(sequence)
    if "owned_by" in aspects:
        draft.alter(sequence, "owned by")
    if aspects - {"restart", "owned_by"}:
        draft.alter(sequence, "options")
    _sequence_options(draft, sequence, node.options)


def _sequence_options(draft: Draft, sequence: Thing, options: tuple[Tree, ...] | None) -> None:
    for option in options or ():
        if option.defname == "owned_by":
            names = strings(option.arg)
            if sequence.of is not None:
                draft.release(sequence, sequence.of)
                sequence.auto.discard(sequence.of)
                sequence.of = None
            if len(names) > 1:  # else it is NONE
                owner = resolve.relation(draft.world, names[:-1])
                column = resolve.column(draft.world, owner, names[-1])
                sequence.of = column
                sequence.auto.add(column)
                draft.need(sequence, column, Reason.OWNED_BY, tracked=False)


HANDLERS = {
    "CreateStmt": create_table,
    "CreateTableAsStmt": create_table_as,
    "CreateSeqStmt": create_sequence,
    "AlterSeqStmt": alter_sequence,
}
