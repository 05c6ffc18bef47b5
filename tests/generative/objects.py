"""Statements about what is no table: schemas, enums, views, functions and sequences."""

from __future__ import annotations

from consolidate.names import literal, quote
from tests.generative.kinds import Pen, kind
from tests.generative.model import Enum, Function, Sequence, Table, View


@kind("create schema", lambda model: [model] if len(model.schemas) < 3 else [])
def create_schema(pen: Pen, _: object) -> str:
    name = pen.name("s")
    pen.model.schemas.append(name)
    return f"CREATE SCHEMA {quote(name)}"


@kind("create enum", lambda model: model.schemas)
def create_enum(pen: Pen, schema: str) -> str:
    enum = Enum(schema, pen.name("e"), labels=["low", "high"])
    pen.model.enums.append(enum)
    return f"CREATE TYPE {enum} AS ENUM ('low', 'high')"


@kind("add enum label", lambda model: model.enums)
def add_label(pen: Pen, enum: Enum) -> str:
    at = pen.pick(range(len(enum.labels) + 1))
    new = f"label {pen.model.number()}"
    where = f" BEFORE {literal(enum.labels[at])}" if at < len(enum.labels) else ""
    enum.labels.insert(at, new)
    return f"ALTER TYPE {enum} ADD VALUE {literal(new)}{where}"


@kind("rename enum label", lambda model: model.enums)
def rename_label(pen: Pen, enum: Enum) -> str:
    at = pen.pick(range(len(enum.labels)))
    old, enum.labels[at] = enum.labels[at], f"label {pen.model.number()}"
    return f"ALTER TYPE {enum} RENAME VALUE {literal(old)} TO {literal(enum.labels[at])}"


@kind("rename enum", lambda model: model.enums)
def rename_enum(pen: Pen, enum: Enum) -> str:
    before, old, enum.name = str(enum), enum.name, pen.name("e")
    pen.released(old)
    return f"ALTER TYPE {before} RENAME TO {quote(enum.name)}"


@kind("drop enum", lambda model: model.unneeded_enums())
def drop_enum(pen: Pen, enum: Enum) -> str:
    pen.model.enums.remove(enum)
    pen.released(enum.name)
    return f"DROP TYPE {enum}"


def _query(pen: Pen, view: View) -> str:
    columns = zip(view.columns, view.shown, strict=True)
    listed = ", ".join(f"{quote(column.name)} AS {quote(name)}" for column, name in columns)
    key = quote(view.table.key.name)
    return f"SELECT {listed} FROM {view.table} WHERE {key} > {pen.pick((0, 1))}"


@kind("create view", lambda model: model.tables)
def create_view(pen: Pen, table: Table) -> str:
    columns = [table.key, *table.columns[: pen.pick((0, 1, 2))]]
    view = View(
        pen.pick(pen.model.schemas),
        pen.name("v"),
        table,
        columns,
        [column.name for column in columns],
        materialized=pen.flip(),
    )
    pen.model.views.append(view)
    empty = pen.pick(("", " WITH NO DATA")) if view.materialized else ""
    return f"CREATE {view.word} {view} AS {_query(pen, view)}{empty}"


@kind("replace view", lambda model: [view for view in model.views if not view.materialized])
def replace_view(pen: Pen, view: View) -> str:
    return f"CREATE OR REPLACE VIEW {view} AS {_query(pen, view)}"


@kind("rename view", lambda model: model.views)
def rename_view(pen: Pen, view: View) -> str:
    before, old, view.name = str(view), view.name, pen.name("v")
    pen.released(old)
    return f"ALTER {view.word} {before} RENAME TO {quote(view.name)}"


@kind("refresh", lambda model: [view for view in model.views if view.materialized])
def refresh(pen: Pen, view: View) -> str:
    return f"REFRESH MATERIALIZED VIEW {view}{pen.pick(('', ' WITH NO DATA'))}"


@kind("drop view", lambda model: model.views)
def drop_view(pen: Pen, view: View) -> str:
    pen.model.views.remove(view)
    pen.released(view.name)
    return f"DROP {view.word} {view}"


def _body(pen: Pen, function: Function) -> str:
    how, number = pen.pick(("", " STRICT", " STABLE")), pen.pick((1, 2, 3))
    head = f"FUNCTION {function}(x integer) RETURNS integer LANGUAGE sql{how}"
    return f"{head} AS 'SELECT x + {number}'"


@kind("create function", lambda model: model.schemas)
def create_function(pen: Pen, schema: str) -> str:
    function = Function(schema, pen.name("f"))
    pen.model.functions.append(function)
    return f"CREATE {_body(pen, function)}"


@kind("replace function", lambda model: model.functions)
def replace_function(pen: Pen, function: Function) -> str:
    return f"CREATE OR REPLACE {_body(pen, function)}"


@kind("rename function", lambda model: model.functions)
def rename_function(pen: Pen, function: Function) -> str:
    before, old, function.name = str(function), function.name, pen.name("f")
    pen.released(old)
    return f"ALTER FUNCTION {before}(integer) RENAME TO {quote(function.name)}"


@kind("drop function", lambda model: model.unneeded_functions())
def drop_function(pen: Pen, function: Function) -> str:
    pen.model.functions.remove(function)
    pen.released(function.name)
    return f"DROP FUNCTION {function}(integer)"


@kind("create sequence", lambda model: model.schemas)
def create_sequence(pen: Pen, schema: str) -> str:
    sequence = Sequence(schema, pen.name("q"))
    pen.model.sequences.append(sequence)
    return f"CREATE SEQUENCE {sequence} START {pen.pick((1, 5))}"


@kind("alter sequence", lambda model: model.sequences)
def alter_sequence(pen: Pen, sequence: Sequence) -> str:
    return f"ALTER SEQUENCE {sequence} {pen.pick(('INCREMENT 2', 'CYCLE', 'NO CYCLE', 'CACHE 3'))}"


@kind("use sequence", lambda model: model.sequences)
def use_sequence(pen: Pen, sequence: Sequence) -> str:
    name = literal(str(sequence))
    return f"SELECT {pen.pick((f'nextval({name})', f'setval({name}, 9)'))}"


@kind("drop sequence", lambda model: model.sequences)
def drop_sequence(pen: Pen, sequence: Sequence) -> str:
    pen.model.sequences.remove(sequence)
    pen.released(sequence.name)
    return f"DROP SEQUENCE {sequence}"
