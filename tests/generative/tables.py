"""Statements about tables, their columns, constraints and indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.names import quote
from tests.generative.kinds import TYPES, WIDER, Pen, kind
from tests.generative.model import Column, Constraint, Function, Index, Table

if TYPE_CHECKING:
    from tests.generative.model import Enum, Model, OfTable


def _spelled(type_: str | Enum) -> str:
    return str(type_)


def _type(pen: Pen) -> str | Enum:
    types: list[str | Enum] = [*TYPES, *pen.model.enums]
    return pen.pick(types)


def _constraints(model: Model) -> list[tuple[Table, Constraint]]:
    return [(table, made) for table in model.tables for made in table.constraints]


def _indexes(model: Model) -> list[tuple[Table, Index]]:
    return [(table, made) for table in model.tables for made in table.indexes]


@kind("create table", lambda model: model.schemas)
def create_table(pen: Pen, schema: str) -> str:
    table = Table(schema, pen.name("t"), key=Column(pen.name("id"), "integer"))
    columns = [f"{quote(table.key.name)} integer"]
    for _ in range(pen.pick((1, 2, 3))):
        column = Column(pen.name("c"), _type(pen))
        table.columns.append(column)
        columns.append(f"{quote(column.name)} {_spelled(column.type)}")
    if pen.flip():
        made = Constraint(pen.name("pk"), table.key)
        table.constraints.append(made)
        columns.append(f"CONSTRAINT {quote(made.name)} PRIMARY KEY ({quote(table.key.name)})")
    pen.model.tables.append(table)
    return f"CREATE TABLE {table} ({', '.join(columns)})"


@kind("rename table", lambda model: model.tables)
def rename_table(pen: Pen, table: Table) -> str:
    before, old, table.name = str(table), table.name, pen.name("t")
    pen.released(old)
    return f"ALTER TABLE {before} RENAME TO {quote(table.name)}"


@kind("move table", lambda model: [t for t in model.tables if len(model.schemas) > 1])
def move_table(pen: Pen, table: Table) -> str:
    before = str(table)
    table.schema = pen.pick([name for name in pen.model.schemas if name != table.schema])
    return f"ALTER TABLE {before} SET SCHEMA {quote(table.schema)}"


@kind("drop table", lambda model: model.unneeded_tables() if len(model.tables) > 1 else [])
def drop_table(pen: Pen, table: Table) -> str:
    pen.model.tables.remove(table)
    pen.released(table.name, *(column.name for column in table.columns))
    return f"DROP TABLE {table}"


@kind("set table options", lambda model: model.tables)
def set_options(pen: Pen, table: Table) -> str:
    action = pen.pick(
        (
            "RESET (fillfactor)",
            "SET (fillfactor = 70)",
            "SET (autovacuum_enabled = off)",
            "REPLICA IDENTITY FULL",
            "REPLICA IDENTITY DEFAULT",
        )
    )
    return f"ALTER TABLE {table} {action}"


@kind("add column", lambda model: model.tables)
def add_column(pen: Pen, table: Table) -> str:
    column = Column(pen.name("c"), _type(pen))
    table.columns.append(column)
    default = ""
    if pen.flip():
        column.default = pen.value(column.type)
        default = f" DEFAULT {column.default}"
    return f"ALTER TABLE {table} ADD COLUMN {quote(column.name)} {_spelled(column.type)}{default}"


@kind("add generated column", lambda model: model.tables)
def add_generated(pen: Pen, table: Table) -> str:
    column = Column(pen.name("g"), "integer", generated=True)
    table.columns.append(column)
    return (
        f"ALTER TABLE {table} ADD COLUMN {quote(column.name)} integer "
        f"GENERATED ALWAYS AS ({quote(table.key.name)} * {pen.pick((2, 3))}) STORED"
    )


@kind("rename column", lambda m: [(t, c) for t in m.tables for c in (*t.columns, t.key)])
def rename_column(pen: Pen, target: OfTable) -> str:
    table, column = target
    old, column.name = column.name, pen.name("c")
    pen.released(old)
    return f"ALTER TABLE {table} RENAME COLUMN {quote(old)} TO {quote(column.name)}"


@kind("drop column", lambda model: model.loose())
def drop_column(pen: Pen, target: OfTable) -> str:
    table, column = target
    table.drop(column)
    pen.released(column.name)
    return f"ALTER TABLE {table} DROP COLUMN {quote(column.name)}"


@kind("alter type", lambda m: [(t, c) for t, c in m.loose() if c.is_plain and c.type in WIDER])
def alter_type(pen: Pen, target: OfTable) -> str:
    table, column = target
    if isinstance(column.type, str):
        column.type = WIDER[column.type]
    del pen  # nothing to choose
    return f"ALTER TABLE {table} ALTER COLUMN {quote(column.name)} TYPE {column.type}"


@kind("set default", lambda m: [(t, c) for t, c in m.columns() if c.is_plain])
def set_default(pen: Pen, target: OfTable) -> str:
    table, column = target
    options: list[str | Function] = [pen.value(column.type)]
    if column.type == "integer":
        options += pen.model.functions
    column.default = pen.pick(options)
    text = f"{column.default}(1)" if isinstance(column.default, Function) else column.default
    return f"ALTER TABLE {table} ALTER COLUMN {quote(column.name)} SET DEFAULT {text}"


@kind("drop default", lambda m: [(t, c) for t, c in m.columns() if c.default])
def drop_default(pen: Pen, target: OfTable) -> str:
    table, column = target
    column.default = None
    del pen
    return f"ALTER TABLE {table} ALTER COLUMN {quote(column.name)} DROP DEFAULT"


@kind("set not null", lambda m: [(t, c) for t, c in m.columns() if c.is_plain])
def set_not_null(pen: Pen, target: OfTable) -> str:
    table, column = target
    column.not_null = True
    name = quote(column.name)
    return (
        f"UPDATE {table} SET {name} = {pen.value(column.type)} WHERE {name} IS NULL; "
        f"ALTER TABLE {table} ALTER COLUMN {name} SET NOT NULL"
    )


@kind("drop not null", lambda m: [(t, c) for t, c in m.columns() if c.not_null])
def drop_not_null(pen: Pen, target: OfTable) -> str:
    table, column = target
    column.not_null = False
    del pen
    return f"ALTER TABLE {table} ALTER COLUMN {quote(column.name)} DROP NOT NULL"


@kind("add check", lambda m: [(t, c) for t, c in m.columns() if c.is_plain])
def add_check(pen: Pen, target: OfTable) -> str:
    table, column = target
    made = Constraint(pen.name("k"), column)
    table.constraints.append(made)
    limit, unproven = pen.pick((100, 200)), pen.pick(("", " NOT VALID"))
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {quote(made.name)} "
        f"CHECK (length({quote(column.name)}::text) < {limit}){unproven}"
    )


@kind("add key", lambda model: [t for t in model.tables if t not in set(model.referable())])
def add_key(pen: Pen, table: Table) -> str:
    made = Constraint(pen.name("pk"), table.key)
    table.constraints.append(made)
    word = pen.pick(("PRIMARY KEY", "UNIQUE"))
    return f"ALTER TABLE {table} ADD CONSTRAINT {quote(made.name)} {word} ({quote(table.key.name)})"


@kind("add foreign key", lambda model: [(t, r) for t in model.tables for r in model.referable()])
def add_foreign_key(pen: Pen, target: tuple[Table, Table]) -> str:
    table, other = target
    column = Column(pen.name("r"), "integer", references=other)
    made = Constraint(pen.name("fk"), column)
    table.columns.append(column)
    table.constraints.append(made)
    action = pen.pick(("SET NULL", "CASCADE"))
    return (
        f"ALTER TABLE {table} ADD COLUMN {quote(column.name)} integer "
        f"CONSTRAINT {quote(made.name)} REFERENCES {other} ({quote(other.key.name)}) "
        f"ON DELETE {action}"
    )


@kind("rename constraint", _constraints)
def rename_constraint(pen: Pen, target: tuple[Table, Constraint]) -> str:
    table, made = target
    old, made.name = made.name, pen.name("k")
    pen.released(old)
    return f"ALTER TABLE {table} RENAME CONSTRAINT {quote(old)} TO {quote(made.name)}"


def _droppable(model: Model) -> list[tuple[Table, Constraint]]:
    needed = {id(column.references) for _, column in model.columns()}
    return [(t, made) for t, made in _constraints(model) if id(t) not in needed]


@kind("drop constraint", _droppable)
def drop_constraint(pen: Pen, target: tuple[Table, Constraint]) -> str:
    table, made = target
    table.constraints.remove(made)
    made.column.references = None
    pen.released(made.name)
    return f"ALTER TABLE {table} DROP CONSTRAINT {quote(made.name)}"


@kind("create index", lambda model: model.columns())
def create_index(pen: Pen, target: OfTable) -> str:
    table, column = target
    made = Index(pen.name("i"), column)
    table.indexes.append(made)
    name, key = quote(column.name), quote(table.key.name)
    shape = pen.pick((f"({name})", f"({key}, {name} DESC)", f"({name}) WHERE {key} > 1"))
    return f"CREATE INDEX {quote(made.name)} ON {table} {shape}"


@kind("rename index", _indexes)
def rename_index(pen: Pen, target: tuple[Table, Index]) -> str:
    table, made = target
    old, made.name = made.name, pen.name("i")
    pen.released(old)
    return f"ALTER INDEX {quote(table.schema)}.{quote(old)} RENAME TO {quote(made.name)}"


@kind("drop index", _indexes)
def drop_index(pen: Pen, target: tuple[Table, Index]) -> str:
    table, made = target
    table.indexes.remove(made)
    pen.released(made.name)
    return f"DROP INDEX {quote(table.schema)}.{quote(made.name)}"
