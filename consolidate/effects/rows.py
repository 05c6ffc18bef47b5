"""Statements about rows: INSERT, UPDATE, DELETE, MERGE, COPY, TRUNCATE and SELECT."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.effects import columns, queries, resolve, session
from consolidate.effects.effect import Reason
from consolidate.effects.references import SEQUENCE, references, strings
from consolidate.effects.things import SYSTEM_SCHEMAS, SYSTEM_TYPES

if TYPE_CHECKING:
    from consolidate.effects.draft import Draft
    from consolidate.effects.things import Thing, Tree

_WRITES = frozenset({"InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"})
_HARMLESS_WORDS = """
    count max min sum avg coalesce now clock_timestamp current_setting version nextval setval
    currval lastval set_config format concat to_jsonb jsonb_build_object row_to_json length
    lower upper pg_notify pg_sleep pg_typeof to_regclass has_table_privilege gen_random_uuid
    random generate_series unnest array_agg string_agg json_agg jsonb_agg pg_get_serial_sequence
    pg_advisory_lock pg_advisory_unlock pg_advisory_xact_lock pg_try_advisory_lock greatest
    least to_char to_timestamp date_trunc round floor ceil abs md5 replace trim substring
    setseed
"""
_HARMLESS = frozenset(_HARMLESS_WORDS.split())
"""Functions of PostgreSQL that a SELECT may call without our asking what they do."""

_HARMLESS_PREFIXES = ("pg_get_", "has_", "to_reg", "col_description", "obj_description")


def change_rows(draft: Draft, node: Tree) -> None:
    """INSERT, UPDATE, DELETE and MERGE, with all that their WITH queries change."""
    written = _written(draft, node)
    _needs(draft, node, written)
    for target in written[:1]:
        for column in _target_columns(draft, node, target):
            draft.need(None, column, Reason.ROWS)
        if type(node).__name__ == "InsertStmt" and node.onConflictClause:
            _conflict(draft, node.onConflictClause, target)
    _sequences(draft, node)


def _written(draft: Draft, node: Tree) -> list[Thing]:
    """The tables that the statement and its WITH queries write."""
    found: list[Thing] = []
    if type(node).__name__ in _WRITES:
        found.append(resolve.relation(draft.world, resolve.dotted(node.relation)))
    with_clause = getattr(node, "withClause", None)
    for item in with_clause.ctes if with_clause else ():
        found += _written(draft, item.ctequery)
    for thing in found:
        draft.write(thing)
        if thing.is_system:
            draft.opaque = f"rows of {thing.identity} are changed, which may change any object"
    return found


def _needs(draft: Draft, node: Tree, written: list[Thing]) -> None:
    """What the statement refers to; what it only writes it does not read."""
    found = references(node)
    draft.refer(found, None, Reason.ROWS)
    named = [resolve.relation(draft.world, resolve.dotted(var)) for var in found.relations]
    for thing in dict.fromkeys(named):
        if named.count(thing) > written.count(thing):
            draft.read(thing)


def _target_columns(draft: Draft, node: Tree, target: Thing) -> tuple[Thing, ...]:
    """The columns that get values; without their names an INSERT fills them from the left."""
    kind = type(node).__name__
    if kind == "InsertStmt" and not node.cols:
        return draft.world.columns(target)[: _width(node.selectStmt)]
    items = node.targetList if kind == "UpdateStmt" else getattr(node, "cols", None)
    return _named_columns(draft, items, target)


def _width(query: Tree) -> int | None:
    """How many values a row of an INSERT has; None where a query says so."""
    if query is None:  # DEFAULT VALUES
        return 0
    return len(query.valuesLists[0]) if query.valuesLists else None


def _named_columns(
    draft: Draft, items: tuple[Tree, ...] | None, target: Thing
) -> tuple[Thing, ...]:
    names = [item.name for item in items or () if item.name]
    found = (draft.world.find("column", target, name) for name in names)
    return tuple(column for column in found if column is not None)


def _conflict(draft: Draft, node: Tree, target: Thing) -> None:
    """ON CONFLICT needs what is unique, and for DO UPDATE the columns that it sets."""
    for column in _named_columns(draft, node.targetList, target):
        draft.need(None, column, Reason.ROWS)
    if node.infer is None:
        return
    if node.infer.conname:
        part = resolve.assume(draft.world, "table constraint", node.infer.conname, target)
        draft.need(None, part, Reason.ROWS)
        return
    inferred = _named_columns(draft, node.infer.indexElems, target)
    for column in inferred:
        draft.need(None, column, Reason.ROWS)
    for index in draft.world.indexes(target):
        if index.form == "unique" and inferred and set(index.columns) == set(inferred):
            draft.need(None, index, Reason.ROWS)


def select(draft: Draft, node: Tree) -> None:
    """A SELECT is run for what it does: setval(), set_config(), a function of the history."""
    if node.intoClause:
        found = references(node)
        found.relations = [var for var in found.relations if var is not node.intoClause.rel]
        draft.refer(found, None, Reason.QUERY)
        _select_into(draft, node)
        return
    _needs(draft, node, _written(draft, node))
    _sequences(draft, node)
    for call in references(node).calls:
        name = call.name[-1]
        harmless = name in _HARMLESS or name in SYSTEM_TYPES  # `float8(1)` is a cast
        harmless = harmless or name.startswith(_HARMLESS_PREFIXES)
        unknown = len(call.name) == 1 and not harmless and not node.fromClause
        foreign = len(call.name) > 1 and call.name[-2] not in SYSTEM_SCHEMAS
        known = resolve.called(draft.world, call, make=False)
        if known or unknown or foreign:
            draft.opaque = f"SELECT calls {'.'.join(call.name)}(), which may do anything"
    for target in node.targetList or ():
        value = target.val
        if type(value).__name__ == "FuncCall" and strings(value.funcname)[-1] == "set_config":
            session.set_config(draft, value.args or ())


def _sequences(draft: Draft, node: Tree) -> None:
    """setval() and nextval() move a sequence."""
    for literal in references(node).literals:
        if literal.type == SEQUENCE:
            sequence = resolve.find(draft.world, "relation", resolve.split_name(literal.text))
            if sequence is not None and sequence.kind == "sequence":
                draft.alter(sequence, "value")
                draft.write(sequence)


def _select_into(draft: Draft, node: Tree) -> None:
    where, name = resolve.place(draft.world, resolve.dotted(node.intoClause.rel))
    names = queries.output_columns(draft.world, node)
    made = draft.create("table", name, where, temporary=where.name == resolve.TEMPORARY)
    for column in queries.listed(names, ()):
        columns.result_column(draft, made, column)
    target = node.intoClause.rel
    for var in references(node).relations:
        if var is not target:
            draft.read(resolve.relation(draft.world, resolve.dotted(var)))
    draft.write(made)


def copy(draft: Draft, node: Tree) -> None:
    """COPY … FROM writes rows, COPY … TO reads them."""
    if node.query:
        _needs(draft, node.query, _written(draft, node.query))
        return
    table = resolve.relation(draft.world, resolve.dotted(node.relation))
    if node.is_from:
        draft.write(table)
    else:
        draft.read(table)
    named = [resolve.column(draft.world, table, name) for name in strings(node.attlist)]
    for column in named or draft.world.columns(table):
        draft.need(None, column, Reason.ROWS)
    if node.is_program or node.filename:
        draft.opaque = "COPY with a file or a program of the server"


def truncate(draft: Draft, node: Tree) -> None:
    """TRUNCATE; RESTART IDENTITY and CASCADE reach further."""
    world = draft.world
    tables_hit = [resolve.relation(world, resolve.dotted(var)) for var in node.relations]
    for table in tables_hit:
        tables_hit += [c for c in world.children(table) if c not in tables_hit]
        if node.behavior.name == "DROP_CASCADE":
            tables_hit += [t for t in _referring(draft, table) if t not in tables_hit]
    for table in tables_hit:
        draft.write(table)
        if node.restart_seqs:
            for column in world.columns(table):
                for sequence in columns.owned_sequences(draft, column):
                    draft.alter(sequence, "value")
                    draft.write(sequence)


def _referring(draft: Draft, table: Thing) -> list[Thing]:
    return [
        c.within
        for c in draft.world.bearing(table)
        if c.kind == "table constraint" and c.form == "f" and table in c.needs and c.within
    ]


HANDLERS = {
    **dict.fromkeys(_WRITES, change_rows),
    "SelectStmt": select,
    "CopyStmt": copy,
    "TruncateStmt": truncate,
}
