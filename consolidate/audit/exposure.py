"""The rule about secrets in a history: passwords of roles, keys and tokens in rows and comments."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pglast import ast

from consolidate import credentials, findings
from consolidate.audit.column_order import unlisted
from consolidate.audit.found import Found, at
from consolidate.audit.named_values import named_values
from consolidate.places import Places, SourceText

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from consolidate.audit.subject import Material, Spot
    from consolidate.credentials import Secret
    from consolidate.model import Migration, SourceSpan, Statement, StatementId

_RUNS_TEXT = frozenset({"CreateFunctionStmt", "DoStmt"})
_IN_TEXT = re.compile(
    r"\b(?:create|alter)\s+(?P<what>role|user\s+mapping|user|server)\b[^;]*?"
    r"\bpassword\s+(?:''|')(?P<password>[^'%]+)'",
    re.IGNORECASE,
)
"""A password in a text that is SQL itself, as in a DO block."""
_IN_UNPARSED = re.compile(
    r"\b(?:password|identified\s+by)\b\s*=?\s*(?P<quote>[\"']?)(?P<password>[^\s\"';]+)",
    re.IGNORECASE,
)
"""A password in a statement about a role that PostgreSQL's parser does not take."""
_ABOUT_A_ROLE = re.compile(r"\s*(?:create|alter|set)\s+(?:role|user|password)\b", re.IGNORECASE)
_OPTIONS = ("password", "passfile", "sslpassword")


def secrets(material: Material) -> Iterator[Found]:
    """Each place that looks like a secret; of what is found no more is told than its kind."""
    given: set[StatementId] = set()
    columns = {
        statement: filled
        for statement, filled in unlisted(material.spots).items()
        if any(map(credentials.is_name, filled))
    }
    for spot in material.spots:
        if told := _password(spot):
            given.add(spot.statement.id)
            yield at(spot, findings.SECRET, told)
    for path, migration in material.migrations.items():
        fills = any(statement.id in columns for statement in material.by_path[path])
        if fills or migration.assignments or credentials.may_hold_some(migration.text):
            yield from _in_text(migration, material.by_path[path], given, columns)


def _password(spot: Spot) -> str:
    """What to say of a password that a statement gives to a role, a server or a subscription."""
    tree: Any = spot.statement.tree
    holder, given = "", False
    match type(tree):
        case ast.CreateRoleStmt:
            holder, given = f"role {tree.role}", _given(tree.options)
        case ast.AlterRoleStmt:
            name = tree.role.rolename or "of the session"
            holder, given = f"role {name}", _given(tree.options)
        case ast.CreateUserMappingStmt | ast.AlterUserMappingStmt:
            holder, given = "the user mapping", _given(tree.options)
        case ast.CreateForeignServerStmt | ast.AlterForeignServerStmt:
            holder, given = f"server {tree.servername}", _given(tree.options)
        case ast.CreateForeignTableStmt:
            holder, given = f"foreign table {tree.base.relation.relname}", _given(tree.options)
        case ast.CreateSubscriptionStmt | ast.AlterSubscriptionStmt:
            holder = f"subscription {tree.subname}"
            given = "password=" in (tree.conninfo or "").replace(" ", "")
        case _ if spot.statement.kind in _RUNS_TEXT:
            sql = spot.statement.sql
            match = _IN_TEXT.search(sql) if "password" in sql.lower() else None
            what = " ".join(match["what"].lower().split()) if match else ""
            holder = "a role" if what == "user" else f"a {what}"
            given = match is not None and not credentials.is_placeholder(match["password"])
        case _ if tree is None and _ABOUT_A_ROLE.match(spot.statement.sql):
            holder = "a role"
            given = any(
                not credentials.is_placeholder(match["password"])
                for match in _IN_UNPARSED.finditer(spot.statement.sql)
                if match["quote"] or match["password"].lower() not in _NO_PASSWORD
            )
        case _:
            pass
    return f"{holder} has a password (***)" if given else ""


_NO_PASSWORD = frozenset({"null", "expire", "never", "default", "required"})


def _given(options: Any) -> bool:  # noqa: ANN401 - as above
    """Whether a password is among the options of a statement, and not only its place."""
    values = [
        getattr(one.arg, "sval", None) for one in options or () if one.defname.lower() in _OPTIONS
    ]
    return any(value and not credentials.is_placeholder(value) for value in values)


def _in_text(
    migration: Migration,
    file: tuple[Statement, ...],
    given: set[StatementId],
    columns: Mapping[StatementId, Sequence[str]],
) -> Iterator[Found]:
    """What looks like a secret in a file, its comments and rows included; each value once.

    What stands above a statement that gives a password is told, what it says itself was told.
    """
    places = Places(SourceText(path=migration.path, text=migration.text, origins=migration.origins))
    begins = {statement.id: statement.span.line for statement in file}
    told: set[str] = set()
    in_sql = (*credentials.secrets(migration.text), *_in_trees(file, columns))
    at = ((secret, places.span(secret.start, secret.start)) for secret in in_sql)
    for secret, place in (*_in_variables(migration), *at):
        within = _statement_at(file, secret.start)
        if secret.text in told or (within in given and within and place.line >= begins[within]):
            continue
        told.add(secret.text)
        yield Found(
            code=findings.SECRET,
            message=f"looks like {secret.kind} ({secret.shown})",
            path=migration.path,
            place=place,
            statement=within,
        )


def _in_variables(migration: Migration) -> Iterator[tuple[Secret, SourceSpan]]:
    """The secrets that a file gives to variables of psql, each with its place."""
    for name, value, place in migration.assignments:
        if credentials.is_secret(name, value):
            yield credentials.named(name, value, place.start), place
        for secret in credentials.secrets(value):
            yield replace(secret, start=place.start), place


def _in_trees(
    file: tuple[Statement, ...], columns: Mapping[StatementId, Sequence[str]]
) -> Iterator[Secret]:
    """The values that a statement gives to the names of secrets otherwise than by `=` or `:`."""
    begin = 0
    for statement in file:
        filled = columns.get(statement.id, ())
        if filled or credentials.may_hold_some(statement.text):
            for one in named_values(statement, filled):
                if credentials.is_secret(one.name, one.value):
                    yield credentials.named(one.name, one.value, begin + one.at)
        begin += len(statement.text)


def _statement_at(file: tuple[Statement, ...], offset: int) -> StatementId | None:
    """The statement that a place belongs to, with the comments before it and the rows behind."""
    end = 0
    for statement in file:
        end += len(statement.text)
        if offset < end:
            return statement.id
    return None


RULES = (secrets,)
