"""Columns: their types, defaults, sequences and NOT NULL constraints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.effects import inference, naming, resolve
from consolidate.effects.effect import Reason
from consolidate.effects.references import Source, references, strings
from consolidate.effects.things import DOMAIN, Thing, TypeUse, in_order

if TYPE_CHECKING:
    from consolidate.effects.draft import Draft
    from consolidate.effects.queries import Output
    from consolidate.effects.things import Tree

SERIAL = {
    "serial": "int4",
    "serial4": "int4",
    "bigserial": "int8",
    "serial8": "int8",
    "smallserial": "int2",
    "serial2": "int2",
}
"""Not types: the parser turns them into an integer, a sequence and a default."""

NAMED_NOT_NULL_SINCE = 18
"""PostgreSQL 18 keeps NOT NULL as a constraint with a name."""

NOT_VALID = "not valid"
"""Label of a NOT NULL that SET NOT NULL would validate."""


def add_column(draft: Draft, table: Thing, node: Tree) -> Thing:
    """A column of CREATE TABLE or ADD COLUMN with its type, default and sequence.

    Its constraints come after all columns: see `constraints.of_column`.
    """
    serial = SERIAL.get(strings(node.typeName.names)[-1]) if node.typeName else None
    if serial:
        type_use = TypeUse(serial)
    elif node.typeName:
        type_use = resolve.type_use(draft.world, node.typeName)
    else:
        type_use = TypeUse("unknown")
    existing = draft.world.find("column", table, node.colname)
    if existing and existing.parents:
        column = existing
        column.inherited = False
    else:
        column = draft.create(f"{table.kind} column", node.colname, table, type=type_use)
    if isinstance(type_use.base, Thing):
        draft.need(column, type_use.base, Reason.COLUMN_TYPE)
    if node.collClause:
        collation = resolve.find(draft.world, "collation", strings(node.collClause.collname))
        if collation is not None:
            draft.need(column, collation, Reason.COLUMN_TYPE)
    if serial:
        own_sequence(draft, table, column, None, form="serial")
        set_default(draft, column, None)
    for constraint in node.constraints or ():
        _column_constraint(draft, table, column, constraint)
    return column


def _column_constraint(draft: Draft, table: Thing, column: Thing, node: Tree) -> None:
    match node.contype.name:
        case "CONSTR_DEFAULT":
            set_default(draft, column, node.raw_expr)
        case "CONSTR_GENERATED":
            set_default(draft, column, node.raw_expr, Reason.GENERATED)
        case "CONSTR_IDENTITY":
            own_sequence(draft, table, column, node.options, form="identity")
        case _:
            return


def result_column(draft: Draft, relation: Thing, output: Output) -> None:
    """A column of a view, or of a table that a query makes."""
    use = output.type
    made = draft.create(
        f"{relation.kind} column", output.name, relation, type=use or TypeUse("unknown")
    )
    if use is not None and isinstance(use.base, Thing):
        draft.need(made, use.base, Reason.COLUMN_TYPE)


def own_sequence(
    draft: Draft, table: Thing, column: Thing, options: tuple[Tree, ...] | None, *, form: str
) -> Thing:
    """The sequence behind a serial or an identity column."""
    schema, name = table.schema, None
    for option in options or ():
        if option.defname == "sequence_name":
            schema, name = resolve.place(draft.world, strings(option.arg))
    name = name or naming.relation_name(draft.world, schema, table.name, column.name, "seq")
    sequence = draft.create(
        "sequence", name, schema, of=column, auto={column}, temporary=table.temporary, form=form
    )
    draft.need(sequence, column, Reason.OWNED_BY, tracked=False)
    column.form = form
    return sequence


def owned_sequences(draft: Draft, column: Thing) -> tuple[Thing, ...]:
    """The sequences that go when the column goes."""
    around = draft.world.bearing(column)
    return tuple(t for t in around if t.kind == "sequence" and t.of is column)


def set_default(
    draft: Draft, column: Thing, expression: Tree | None, why: Reason = Reason.DEFAULT
) -> None:
    """A new default; None is the `nextval()` of the column's own sequence."""
    drop_default(draft, column)
    if expression is not None and _is_nothing(column, expression):
        return
    made = _new_default(draft, column, why)
    if expression is None:
        for sequence in owned_sequences(draft, column):
            draft.need(made, sequence, why)
        return
    table = column.within
    frame = (Source(table.name, table),) if table else ()
    draft.refer(references(expression, frame=frame), made, why)
    taken_on = inference.of_default(column.type, expression)
    if taken_on is not None:
        draft.need(made, taken_on, why)


def _new_default(draft: Draft, column: Thing, why: Reason) -> Thing:
    """A default; with its expression a generated column goes (`pg_depend` type i)."""
    made = draft.create("default value", "", column)
    if why is Reason.GENERATED:
        column.auto.add(made)
    return made


def _is_nothing(column: Thing, expression: Tree) -> bool:
    """Whether it is NULL and nothing more: PostgreSQL does not keep such a default.

    It keeps what a domain, or a type with a length, makes of NULL.
    """
    use = column.type
    while type(expression).__name__ == "TypeCast" and not expression.typeName.typmods:
        expression = expression.arg
    bare = type(expression).__name__ == "A_Const" and expression.isnull
    domain = use is not None and isinstance(use.base, Thing) and use.base.form == DOMAIN
    return bare and not domain and (use is None or not use.modified)


def default(draft: Draft, column: Thing) -> Thing | None:
    """The column's default, or its expression if it is generated."""
    return next(iter(draft.world.parts(column, "default value")), None)


def drop_default(draft: Draft, column: Thing) -> None:
    """The end of a column's default, if it has one."""
    if standing := draft.world.parts(column, "default value"):
        column.auto -= set(standing)
        draft.drop(standing)


def set_not_null(
    draft: Draft, column: Thing, name: str | None = None, *, valid: bool = True
) -> None:
    """NOT NULL, which PostgreSQL 18 records as a constraint with a name."""
    table = column.within
    if table is None or not are_named(draft):
        return
    if not_null(draft, column) is not None:
        return
    name = name or naming.constraint_name(
        draft.world, table.schema, table.name, column.name, "not_null"
    )
    made = draft.create("table constraint", name, table, form="n", columns=(column,), auto={column})
    made.labels = () if valid else (NOT_VALID,)
    draft.need(made, column, Reason.NOT_NULL, tracked=False)


def are_named(draft: Draft) -> bool:
    """Whether NOT NULL constraints are kept with names, so that each of them is known."""
    return draft.world.scope.major >= NAMED_NOT_NULL_SINCE


def not_null(draft: Draft, column: Thing) -> Thing | None:
    """The column's NOT NULL constraint."""
    around = draft.world.bearing(column)
    return next((c for c in around if c.form == "n" and c.columns == (column,)), None)


def inherit_columns(draft: Draft, child: Thing, parent: Thing) -> None:
    """The parent's columns with their defaults, and its CHECK constraints."""
    for column in draft.world.columns(parent):
        inherit_column(draft, child, column)
    for constraint in draft.world.parts(parent, "table constraint"):
        if constraint.form == "c":
            inherit_constraint(draft, child, constraint)


def inherit_not_null(draft: Draft, child: Thing, parent: Thing) -> None:
    """The parent's NOT NULL constraints, under its names, where the child has none of its own."""
    for constraint in draft.world.parts(parent, "table constraint"):
        if constraint.form == "n":
            inherit_constraint(draft, child, constraint)


def inherit_column(draft: Draft, child: Thing, column: Thing) -> Thing:
    """One column of a parent in a child; a column the child already has is merged with it."""
    made = draft.world.find("column", child, column.name)
    if made is None:
        made = draft.create(
            f"{child.kind} column",
            column.name,
            child,
            type=column.type,
            parents=(column,),
            inherited=True,
        )
        if column.type and isinstance(column.type.base, Thing):
            draft.need(made, column.type.base, Reason.COLUMN_TYPE)
        theirs = default(draft, column)
        if theirs is not None:
            why = Reason.GENERATED if theirs in column.auto else Reason.DEFAULT
            own = _new_default(draft, made, why)
            for on in in_order(theirs.needs):
                draft.need(own, on, why)
    made.parents = (*made.parents, column) if column not in made.parents else made.parents
    return made


def spread_constraint(draft: Draft, constraint: Thing) -> None:
    """A new CHECK or NOT NULL constraint in all that inherits from its table."""
    table = constraint.within
    for child in draft.world.children(table) if table is not None else ():
        own = inherit_constraint(draft, child, constraint)
        if own is not None:
            spread_constraint(draft, own)


def inherit_constraint(draft: Draft, child: Thing, constraint: Thing) -> Thing | None:
    """One CHECK or NOT NULL constraint of a parent in a child, under the same name.

    None if the child has one that serves.
    """
    world = draft.world
    columns = tuple(c for own in constraint.columns if (c := world.find("column", child, own.name)))
    if world.find("table constraint", child, constraint.name) is not None:
        return None
    if constraint.form == "n" and columns and not_null(draft, columns[0]) is not None:
        return None
    made = draft.create(
        "table constraint",
        constraint.name,
        child,
        form=constraint.form,
        columns=columns,
        auto={*columns, constraint},
    )
    why = Reason.NOT_NULL if constraint.form == "n" else Reason.CHECK
    for column in columns:
        draft.need(made, column, why, tracked=False)
    for on in in_order(constraint.needs):
        draft.need(made, on, Reason.CHECK)
    return made
