"""Statements about what hangs on objects: rights, comments, policies, triggers; and about rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.names import literal, quote
from tests.generative.kinds import Pen, kind
from tests.generative.model import ROLES, Column, Table

if TYPE_CHECKING:
    from tests.generative.model import Model


def _grantable(model: Model) -> list[tuple[str, str]]:
    return [
        *(("SELECT", f"TABLE {relation}") for relation in (*model.tables, *model.views)),
        *(("INSERT, UPDATE", f"TABLE {table}") for table in model.tables),
        *((f"SELECT ({quote(c.name)})", f"TABLE {t}") for t, c in model.columns()),
        *(("USAGE", f"SEQUENCE {sequence}") for sequence in model.sequences),
        *(("EXECUTE", f"FUNCTION {function}(integer)") for function in model.functions),
        *(("USAGE", f"TYPE {enum}") for enum in model.enums),
        *(("USAGE", f"SCHEMA {quote(schema)}") for schema in model.schemas),
    ]


@kind("grant", _grantable)
def grant(pen: Pen, target: tuple[str, str]) -> str:
    right, what = target
    option = pen.pick(("", " WITH GRANT OPTION"))
    return f"GRANT {right} ON {what} TO {pen.pick(ROLES)}{option}"


@kind("revoke", _grantable)
def revoke(pen: Pen, target: tuple[str, str]) -> str:
    right, what = target
    return f"REVOKE {right} ON {what} FROM {pen.pick((*ROLES, 'PUBLIC'))}"


@kind("default privileges", lambda model: model.schemas)
def default_privileges(pen: Pen, schema: str) -> str:
    verb, way = pen.pick((("GRANT", "TO"), ("REVOKE", "FROM")))
    return (
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {quote(schema)} "
        f"{verb} SELECT ON TABLES {way} {pen.pick(ROLES)}"
    )


def _ownable(model: Model) -> list[str]:
    """No tables: their owners would have to be able to reach each other's keys."""
    return [
        *(f"VIEW {view}" for view in model.views if not view.materialized),
        *(f"FUNCTION {function}(integer)" for function in model.functions),
        *(f"SEQUENCE {sequence}" for sequence in model.sequences),
        *(f"TYPE {enum}" for enum in model.enums),
    ]


@kind("owner", _ownable)
def owner(pen: Pen, what: str) -> str:
    return f"ALTER {what} OWNER TO {pen.pick((*ROLES, 'CURRENT_USER'))}"


def _commentable(model: Model) -> list[str]:
    return [
        *(f"TABLE {table}" for table in model.tables),
        *(f"COLUMN {table}.{quote(column.name)}" for table, column in model.columns()),
        *(f"CONSTRAINT {quote(k.name)} ON {t}" for t in model.tables for k in t.constraints),
        *(f"{view.word} {view}" for view in model.views),
        *(f"FUNCTION {function}(integer)" for function in model.functions),
        *(f"TYPE {enum}" for enum in model.enums),
        *(f"SEQUENCE {sequence}" for sequence in model.sequences),
    ]


@kind("comment", _commentable)
def comment(pen: Pen, target: str) -> str:
    return f"COMMENT ON {target} IS {pen.pick((literal('told'), literal(chr(39)), 'NULL'))}"


@kind("create policy", lambda model: model.tables)
def create_policy(pen: Pen, table: Table) -> str:
    name = pen.name("p")
    table.policies.append(name)
    command, roles = pen.pick(("ALL", "SELECT", "DELETE")), pen.pick(("PUBLIC", ", ".join(ROLES)))
    return (
        f"CREATE POLICY {quote(name)} ON {table} FOR {command} TO {roles} "
        f"USING ({quote(table.key.name)} > {pen.pick((0, 1))})"
    )


def _policies(model: Model) -> list[tuple[Table, str]]:
    return [(table, name) for table in model.tables for name in table.policies]


@kind("alter policy", _policies)
def alter_policy(pen: Pen, target: tuple[Table, str]) -> str:
    table, name = target
    return f"ALTER POLICY {quote(name)} ON {table} TO {pen.pick((*ROLES, ', '.join(ROLES[::-1])))}"


@kind("drop policy", _policies)
def drop_policy(pen: Pen, target: tuple[Table, str]) -> str:
    table, name = target
    table.policies.remove(name)
    pen.released(name)
    return f"DROP POLICY {quote(name)} ON {table}"


@kind("row security", lambda model: model.tables)
def row_security(pen: Pen, table: Table) -> str:
    word = pen.pick(("ENABLE", "DISABLE", "FORCE", "NO FORCE"))
    return f"ALTER TABLE {table} {word} ROW LEVEL SECURITY"


@kind("create trigger", lambda model: model.tables)
def create_trigger(pen: Pen, table: Table) -> str:
    name = pen.name("g")
    table.triggers.append(name)
    event = pen.pick(("BEFORE UPDATE", "BEFORE UPDATE OF " + quote(table.key.name)))
    return (
        f"CREATE TRIGGER {quote(name)} {event} ON {table} FOR EACH ROW "
        f"EXECUTE FUNCTION suppress_redundant_updates_trigger()"
    )


def _triggers(model: Model) -> list[tuple[Table, str]]:
    return [(table, name) for table in model.tables for name in table.triggers]


@kind("switch trigger", _triggers)
def switch_trigger(pen: Pen, target: tuple[Table, str]) -> str:
    table, name = target
    word = pen.pick(("DISABLE", "ENABLE", "ENABLE ALWAYS"))
    return f"ALTER TABLE {table} {word} TRIGGER {quote(name)}"


@kind("drop trigger", _triggers)
def drop_trigger(pen: Pen, target: tuple[Table, str]) -> str:
    table, name = target
    table.triggers.remove(name)
    pen.released(name)
    return f"DROP TRIGGER {quote(name)} ON {table}"


def _cell(pen: Pen, column: Column) -> str:
    if column.references:
        referred = column.references
        return f"(SELECT min({quote(referred.key.name)}) FROM {referred})"
    may_be_null = not column.not_null and pen.flip()
    return "NULL" if may_be_null else pen.value(column.type)


def _writable(table: Table) -> list[Column]:
    return [column for column in table.columns if not column.generated]


@kind("insert", lambda model: model.tables)
def insert(pen: Pen, table: Table) -> str:
    columns = _writable(table)
    names = ", ".join(quote(column.name) for column in (table.key, *columns))
    rows = [
        ", ".join((str(pen.model.number()), *(_cell(pen, column) for column in columns)))
        for _ in range(pen.pick((1, 2, 3)))
    ]
    return f"INSERT INTO {table} ({names}) VALUES ({'), ('.join(rows)})"


@kind("update", lambda m: [(t, c) for t in m.tables for c in _writable(t)])
def update(pen: Pen, target: tuple[Table, Column]) -> str:
    table, column = target
    key = quote(table.key.name)
    last = f" WHERE {key} = (SELECT max({key}) FROM {table})"
    which = pen.pick(("", f" WHERE {key} % 2 = 0", last))
    return f"UPDATE {table} SET {quote(column.name)} = {_cell(pen, column)}{which}"


@kind("delete", lambda model: model.tables)
def delete(pen: Pen, table: Table) -> str:
    key = quote(table.key.name)
    return f"DELETE FROM {table} WHERE {key} % {pen.pick((2, 3, 5))} = 0"
