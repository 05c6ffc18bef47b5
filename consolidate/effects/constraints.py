"""Table constraints with the names and indexes that PostgreSQL gives them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pglast.enums import ConstrType

from consolidate.effects import columns as column_rules
from consolidate.effects import naming, resolve
from consolidate.effects.effect import Reason
from consolidate.effects.references import Source, references, strings
from consolidate.effects.things import in_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consolidate.effects.draft import Draft
    from consolidate.effects.things import Thing, Tree

_KEYS = {"CONSTR_PRIMARY": "p", "CONSTR_UNIQUE": "u", "CONSTR_EXCLUSION": "x"}
_LABELS = {"p": "pkey", "u": "key", "x": "excl"}
_ORDER = {
    ConstrType.CONSTR_CHECK: 0,
    ConstrType.CONSTR_NOTNULL: 1,
    ConstrType.CONSTR_PRIMARY: 3,
    ConstrType.CONSTR_FOREIGN: 5,
}
_MERGED = frozenset({ConstrType.CONSTR_PRIMARY, ConstrType.CONSTR_UNIQUE})
_UNNAMED_NOT_NULL = 2
_INDEX_ORDER = 4


def add_all(draft: Draft, table: Thing, wanted: Sequence[tuple[Tree, Thing | None]]) -> None:
    """Constraints in the order in which PostgreSQL makes them, which decides generated names.

    Args:
        draft: The statement.
        table: Whose constraints they are.
        wanted: Each constraint with the column it is written behind, if any.
    """
    ordered = sorted(wanted, key=lambda pair: _rank(pair[0]))
    names: dict[tuple[object, ...], str | None] = {}
    for node, column in ordered:
        alike = _alike(node, column)
        names[alike] = names.get(alike) or node.conname
    for node, column in ordered:
        alike = _alike(node, column)
        if alike in names:
            add(draft, table, node, column, names.pop(alike))


def _alike(node: Tree, column: Thing | None) -> tuple[object, ...]:
    """What is equal for keys of which PostgreSQL makes one: `id int PRIMARY KEY UNIQUE`.

    The one has the first name that any of them is given.
    """
    if node.contype not in _MERGED or node.indexname:
        return (id(node),)
    names = strings(node.keys) or ((column.name,) if column else ())
    timing = (bool(node.deferrable), bool(node.initdeferred), bool(node.nulls_not_distinct))
    return (names, strings(node.including), *timing)


def of_column(node: Tree, column: Thing) -> list[tuple[Tree, Thing | None]]:
    """The constraints written behind a column."""
    return [(constraint, column) for constraint in node.constraints or ()]


def implied_not_null(draft: Draft, node: Tree, column: Thing) -> None:
    """NOT NULL of a serial or an identity column."""
    if column.form not in {"serial", "identity"}:
        return
    if ConstrType.CONSTR_NOTNULL not in {c.contype for c in node.constraints or ()}:
        column_rules.set_not_null(draft, column)


def add(
    draft: Draft, table: Thing, node: Tree, column: Thing | None = None, name: str | None = None
) -> None:
    """One constraint of CREATE TABLE, ADD COLUMN or ADD CONSTRAINT.

    Args:
        draft: The statement.
        table: Whose constraint it is.
        node: The constraint.
        column: The one that it is written behind, if any.
        name: The name that it is given, where another one gives it.
    """
    match node.contype.name:
        case "CONSTR_CHECK":
            _check(draft, table, node)
        case "CONSTR_NOTNULL":
            names = strings(node.keys) or ((column.name,) if column else ())
            for own in names:
                target = resolve.column(draft.world, table, own)
                valid = not node.skip_validation
                column_rules.set_not_null(draft, target, node.conname, valid=valid)
        case "CONSTR_FOREIGN":
            _foreign(draft, table, node, column)
        case "CONSTR_PRIMARY" | "CONSTR_UNIQUE" | "CONSTR_EXCLUSION":
            _key(draft, table, node, column, name or node.conname)
        case _:
            return


def _rank(node: Tree) -> int:
    if node.contype == ConstrType.CONSTR_NOTNULL and not node.conname:
        return _UNNAMED_NOT_NULL
    return _ORDER.get(node.contype, _INDEX_ORDER)


def _check(draft: Draft, table: Thing, node: Tree) -> None:
    world = draft.world
    frame = (Source(table.name, table),)
    found = references(node.raw_expr, frame=frame)
    read: dict[Thing, None] = {}
    for wanted in found.columns:
        read.update(dict.fromkeys(resolve.columns(world, wanted)))
    only = next(iter(read)).name if len(read) == 1 else None
    name = node.conname or naming.constraint_name(world, table.schema, table.name, only, "check")
    if world.find("table constraint", table, name) is not None:
        return
    made = draft.create(
        "table constraint", name, table, form="c", columns=tuple(read), auto=set(read)
    )
    draft.refer(found, made, Reason.CHECK)
    made.needs -= made.auto
    if not node.is_no_inherit:
        column_rules.spread_constraint(draft, made)


@dataclass(frozen=True, slots=True)
class _Key:
    """A primary key, a unique or an exclusion constraint."""

    name: str
    form: str
    columns: tuple[Thing, ...]
    included: tuple[Thing, ...] = ()


def _key(draft: Draft, table: Thing, node: Tree, column: Thing | None, given: str | None) -> None:
    if node.indexname:
        _key_from_index(draft, table, node)
        return
    world = draft.world
    form = _KEYS[node.contype.name]
    elements = [pair[0] for pair in node.exclusions or ()]
    names = list(strings(node.keys)) or ([column.name] if column else [])
    names = names or [e.name for e in elements if e.name]
    included = strings(node.including)
    listed = naming.index_column_names(elements) if elements else names
    second = None if form == "p" else naming.column_list([*listed, *included])
    name = given or naming.key_name(world, table.schema, table.name, second, _LABELS[form])
    key = _Key(
        name,
        form,
        tuple(resolve.column(world, table, n) for n in names),
        tuple(resolve.column(world, table, n) for n in included),
    )
    made = _make_key(draft, table, key)
    expressions = [e.expr for e in elements]
    frame = (Source(table.name, table),)
    draft.refer(references(*expressions, node.where_clause, frame=frame), made, Reason.INDEX)
    for child in _partitions(draft, table):
        clone_key(draft, child, made)


def _make_key(draft: Draft, table: Thing, key: _Key) -> Thing:
    """A key constraint, its index, and what a primary key adds: NOT NULL on its columns."""
    every = (*key.columns, *key.included)
    if key.form == "p":
        for column in key.columns:
            column_rules.set_not_null(draft, column)
    made = draft.create(
        "table constraint",
        key.name,
        table,
        form=key.form,
        columns=key.columns,
        auto=set(every),
    )
    for column in every:
        draft.need(made, column, Reason.KEY_COLUMN, tracked=False)
    index = draft.create(
        "index",
        key.name,
        table.schema,
        of=table,
        columns=key.columns,
        labels=tuple(c.name for c in every),
        form="unique" if key.form in {"p", "u"} else "exclusion",
        auto={made},
        temporary=table.temporary,
    )
    draft.need(index, made, Reason.PART_OF, tracked=False)
    return made


def clone_key(draft: Draft, child: Thing, key: Thing) -> None:
    """A partition's copy of a key constraint, under a name of its own."""
    made = copy_key(draft, child, key)
    made.auto.add(key)
    attach_key(draft, made, key)
    for partition in _partitions(draft, child):
        clone_key(draft, partition, made)


def _partitions(draft: Draft, table: Thing) -> list[Thing]:
    return [c for c in draft.world.children(table) if c.form.startswith("partition")]


def attach_key(draft: Draft, own: Thing, key: Thing) -> None:
    """A partition's key, and the index behind it, belong to those of its parent."""
    draft.need(own, key, Reason.INHERITANCE, tracked=False)
    for index in _behind(draft, own):
        for parent in _behind(draft, key):
            draft.need(index, parent, Reason.INHERITANCE, tracked=False)
            index.auto.add(parent)
        if own.within is not None:
            draft.need(index, own.within, Reason.INDEX, tracked=False)


def _behind(draft: Draft, key: Thing) -> list[Thing]:
    return [i for i in draft.world.bearing(key) if i.kind == "index" and key in i.auto]


def copy_key(draft: Draft, child: Thing, key: Thing) -> Thing:
    """A key constraint like another table's, under a name of its own."""
    columns = tuple(resolve.column(draft.world, child, c.name) for c in key.columns)
    second = None if key.form == "p" else naming.column_list([c.name for c in columns])
    name = naming.key_name(draft.world, child.schema, child.name, second, _LABELS[key.form])
    return _make_key(draft, child, _Key(name, key.form, columns))


def _key_from_index(draft: Draft, table: Thing, node: Tree) -> None:
    world = draft.world
    index = resolve.assume_relation(world, "index", node.indexname, table.schema)
    form = _KEYS[node.contype.name]
    name = node.conname or index.name
    if name != index.name:
        draft.rename([index], name, None)
    if form == "p":
        for member in index.columns:
            column_rules.set_not_null(draft, member)
    made = draft.create(
        "table constraint", name, table, form=form, columns=index.columns, auto=set(index.columns)
    )
    for member in index.columns:
        draft.need(made, member, Reason.KEY_COLUMN, tracked=False)
    # From now on the index is the constraint's own and goes with it.
    draft.need(None, index, Reason.TARGET)
    draft.need(index, made, Reason.PART_OF, tracked=False)
    index.auto = {made}


def _foreign(draft: Draft, table: Thing, node: Tree, column: Thing | None) -> None:
    world = draft.world
    names = list(strings(node.fk_attrs)) or ([column.name] if column else [])
    target = resolve.relation(world, resolve.dotted(node.pktable))
    name = node.conname or naming.constraint_name(
        world, table.schema, table.name, naming.column_list(names), "fkey"
    )
    target_names = strings(node.pk_attrs)
    key = tuple(resolve.column(world, table, n) for n in names)
    made = draft.create("table constraint", name, table, form="f", columns=key, auto=set(key))
    for own in key:
        draft.need(made, own, Reason.KEY_COLUMN, tracked=False)
    draft.need(made, target, Reason.FOREIGN_KEY)
    unique = _unique_index(draft, target, target_names)
    columns = tuple(resolve.column(world, target, n) for n in target_names)
    for there in columns or (unique.columns if unique else ()):
        draft.need(made, there, Reason.FOREIGN_KEY)
    if unique is not None:
        draft.need(made, unique, Reason.FOREIGN_KEY)
    for child in _partitions(draft, table):
        clone_foreign(draft, child, made)


def clone_foreign(draft: Draft, child: Thing, foreign: Thing) -> None:
    """A partition's copy of a foreign key, under the same name."""
    columns = tuple(resolve.column(draft.world, child, c.name) for c in foreign.columns)
    for own in draft.world.parts(child, "table constraint"):
        same = own.form == "f" and own.columns == columns and own.needs == foreign.needs
        if same or own.name == foreign.name:
            own.auto.add(foreign)
            return
    made = draft.create(
        "table constraint",
        foreign.name,
        child,
        form="f",
        columns=columns,
        auto={*columns, foreign},
        needs=set(foreign.needs),
    )
    draft.need(made, foreign, Reason.INHERITANCE, tracked=False)
    for on in in_order(foreign.needs):
        draft.need(made, on, Reason.FOREIGN_KEY)
    for partition in _partitions(draft, child):
        clone_foreign(draft, partition, made)


def _unique_index(draft: Draft, target: Thing, names: Sequence[str]) -> Thing | None:
    """The unique index that a foreign key to these columns (or to the primary key) rests on."""
    wanted = sorted(names)
    for index in draft.world.indexes(target):
        if index.form != "unique" or not index.columns:
            continue
        constraint = next((c for c in index.auto if c.kind == "table constraint"), None)
        is_primary = constraint is not None and constraint.form == "p"
        if sorted(c.name for c in index.columns) == wanted or (not wanted and is_primary):
            return index
    return None
