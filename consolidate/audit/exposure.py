"""The rule about secrets in a history: passwords of roles, keys and tokens in rows and comments."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

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
    r"\b(?:password|identified\s+by)\b\s*=?\s*(?P<quote>[\"']?)(?P<password>[^\s:\"';][^\s\"';]*)",
    re.IGNORECASE,
)
"""A password in a statement about a role that PostgreSQL's parser does not take."""
_IN_CONNECTION = re.compile(r"\bpassword\s*=\s*'?(?P<password>[^\s']+)", re.IGNORECASE)
_ABOUT_A_ROLE = re.compile(r"\s*(?:create|alter|set)\s+(?:role|user|password)\b", re.IGNORECASE)
_OPTIONS = ("password", "passfile", "sslpassword")


def secrets(material: Material) -> Iterator[Found]:
    """Each place that looks like a secret; of what is found no more is told than its kind."""
    given: dict[StatementId, list[str]] = {}
    columns = {
        statement: filled
        for statement, filled in unlisted(material.spots).items()
        if any(map(credentials.is_name, filled))
    }
    for spot in material.spots:
        for one in _passwords(spot):
            known = given.setdefault(spot.statement.id, [])
            if one.value not in known:
                known.append(one.value)
                yield _at(spot, one)
    for path, migration in material.migrations.items():
        fills = any(statement.id in columns for statement in material.by_path[path])
        if fills or migration.psql_arguments or credentials.may_hold_some(migration.text):
            yield from _in_text(migration, material.by_path[path], given, columns)


class _Password(NamedTuple):
    """One that a statement gives."""

    holder: str
    value: str
    at: int = 0
    """Where it stands in the statement's `sql`; 0 if the tree does not tell."""


def _at(spot: Spot, password: _Password) -> Found:
    found = at(spot, findings.SECRET, f"{password.holder} has a password (***)")
    if password.at:
        start = spot.statement.span.start + password.at
        return replace(found, place=_places(spot.migration).span(start, start))
    return found


def _passwords(spot: Spot) -> Iterator[_Password]:
    """The passwords that a statement gives to a role, a server or a subscription."""
    tree: Any = spot.statement.tree
    if holder := _holder(tree):
        yield from _given(holder, tree.options)
    elif isinstance(tree, (ast.CreateSubscriptionStmt, ast.AlterSubscriptionStmt)):
        if match := _IN_CONNECTION.search(tree.conninfo or ""):
            yield _Password(f"subscription {tree.subname}", match["password"])
    elif spot.statement.kind in _RUNS_TEXT:
        yield from _in_body(spot.statement.sql)
    elif tree is None and _ABOUT_A_ROLE.match(spot.statement.sql):
        for match in _IN_UNPARSED.finditer(spot.statement.sql):
            is_word = not match["quote"] and match["password"].lower() in _NO_PASSWORD
            if not is_word and not credentials.is_placeholder(match["password"]):
                yield _Password("a role", match["password"])


def _holder(tree: Any) -> str:  # noqa: ANN401 - pglast's trees are not typed
    """Who gets a password that is among the options of a statement; empty if it has none."""
    match type(tree):
        case ast.CreateRoleStmt:
            return f"role {tree.role}"
        case ast.AlterRoleStmt:
            return f"role {tree.role.rolename or 'of the session'}"
        case ast.CreateUserMappingStmt | ast.AlterUserMappingStmt:
            return "the user mapping"
        case ast.CreateForeignServerStmt | ast.AlterForeignServerStmt:
            return f"server {tree.servername}"
        case ast.CreateForeignTableStmt:
            return f"foreign table {tree.base.relation.relname}"
        case _:
            return ""


def _in_body(sql: str) -> Iterator[_Password]:
    """Those in the text of a function or a block."""
    for match in _IN_TEXT.finditer(sql) if "password" in sql.lower() else ():
        if not credentials.is_placeholder(match["password"]):
            what = " ".join(match["what"].lower().split())
            holder = "a role" if what == "user" else f"a {what}"
            yield _Password(holder, match["password"], match.start("password"))


_NO_PASSWORD = frozenset({"null", "expire", "never", "default", "required"})


def _given(holder: str, options: Any) -> Iterator[_Password]:  # noqa: ANN401 - pglast's trees are not typed
    """The passwords among the options of a statement, and not only the place for one."""
    for one in options or ():
        value = getattr(one.arg, "sval", None) if one.defname.lower() in _OPTIONS else None
        if value and not credentials.is_placeholder(value):
            yield _Password(holder, value)


def _places(migration: Migration) -> Places:
    return Places(SourceText(path=migration.path, text=migration.text, origins=migration.origins))


def _in_text(
    migration: Migration,
    file: tuple[Statement, ...],
    given: Mapping[StatementId, Sequence[str]],
    columns: Mapping[StatementId, Sequence[str]],
) -> Iterator[Found]:
    """What looks like a secret in a file, its comments and rows included; each value once.

    What stands above a statement that gives a password is told, the password itself was told.
    """
    places = _places(migration)
    begins = {statement.id: statement.span.line for statement in file}
    told: set[str] = set()
    in_sql = (*credentials.secrets(migration.text), *_in_trees(file, columns))
    at = ((secret, places.span(secret.start, secret.start)) for secret in in_sql)
    for secret, place in (*_in_commands(migration), *at):
        within = _statement_at(file, secret.start)
        own = given.get(within, ()) if within and place.line >= begins[within] else ()
        if secret.text in told or any(one in secret.text or secret.text in one for one in own):
            continue
        told.add(secret.text)
        yield Found(
            code=findings.SECRET,
            message=f"looks like {secret.kind} ({secret.shown})",
            path=migration.path,
            place=place,
            statement=within,
        )


def _in_commands(migration: Migration) -> Iterator[tuple[Secret, SourceSpan]]:
    """The secrets that a file tells commands of psql, each with its place."""
    for name, value, place in migration.psql_arguments:
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
