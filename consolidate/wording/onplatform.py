"""Words what a history changed on objects that the platform brought: as it was done.

There is no CREATE to word better: the authors' own statements, in legacy order, are the change.
Taking it back is known for what was dropped, for added columns and for settings.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pglast import ast

from consolidate import names
from consolidate.model import ObjectId, Statement, StatementId
from consolidate.wording.rights import on_this_database
from consolidate.wording.units import Choices, Rung, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from consolidate.truth import Truth

_WORDED_ELSEWHERE = (
    *(ast.GrantStmt, ast.GrantRoleStmt, ast.AlterDefaultPrivilegesStmt, ast.CommentStmt),
    *(ast.InsertStmt, ast.UpdateStmt, ast.DeleteStmt, ast.MergeStmt, ast.CopyStmt),
    ast.TransactionStmt,
)
"""What these change has a wording of its own."""

_NEW_ON_TABLE = (ast.CreateTrigStmt, ast.CreatePolicyStmt, ast.IndexStmt, ast.RuleStmt)
"""What these make on a table has one, too."""

_MADE_ANEW = {"trigger", "policy", "rule", "index"}
"""Kinds that a history changes by dropping and creating them."""

_LISTS = {
    *("search_path", "temp_tablespaces", "local_preload_libraries", "session_preload_libraries"),
    *("shared_preload_libraries", "unix_socket_directories"),
}
"""Settings that are lists of names."""

_SETTING = re.compile(r"setting (\S+?)( in database)?")


def word(truth: Truth, choices: Choices) -> tuple[Unit, ...]:
    """One unit per changed object of the platform."""
    units = []
    for name in sorted(choices.on_platform):
        statements = [
            truth.statements[s] for s in sorted(_touching(truth, name), key=truth.order.__getitem__)
        ]
        written = "\n".join(f"{statement.sql};" for statement in statements)
        written = written or "\n".join(_settings(truth, name))
        if not written:
            continue
        made = ObjectId("platform", str(name))
        units.append(
            Unit(
                object=made,
                type="PLATFORM",
                sql=written,
                rung=Rung.AS_WAS,
                ordinal=truth.order[statements[0].id] if statements else len(truth.order),
                sources=tuple(statement.id for statement in statements),
                members=frozenset({made}),
                needs=frozenset().union(*(truth.graph.speaks_of(s.id) for s in statements)),
                family=made,
                undo=tuple(_undo(truth, name)) or None,
            )
        )
    return tuple(units)


def _touching(truth: Truth, name: ObjectId) -> set[StatementId]:
    """The legacy statements that changed the object itself."""
    found = {touch.statement for touch in truth.trace.touches.get(name, ())}
    found |= {touch.statement for touch in truth.trace.vanished.get(name, ())}
    found |= {touch.statement_id for touch in truth.graph.life(name)}
    found |= {s.id for s in truth.statements.values() if _is_about(s, name)}
    on_table = () if name.kind in _MADE_ANEW else _NEW_ON_TABLE
    skipped = (*_WORDED_ELSEWHERE, *on_table)
    return {
        s
        for s in found
        if s in truth.statements and not isinstance(truth.statements[s].tree, skipped)
    }


def _is_about(statement: Statement, name: ObjectId) -> bool:
    """Whether the statement changes settings of the role or of the database."""
    tree = statement.tree
    if isinstance(tree, ast.AlterDatabaseSetStmt | ast.AlterDatabaseStmt):
        return name.kind == "database"
    if isinstance(tree, ast.AlterRoleSetStmt | ast.AlterRoleStmt):
        role = names.quote(tree.role.rolename or "") if tree.role else "ALL"
        return name == ObjectId("role", role)
    return False


def _undo(truth: Truth, name: ObjectId) -> Iterator[str]:
    """What takes the change back, as far as that is known."""
    before, after = truth.platform.facts.of(name), truth.final.facts.of(name)
    if not after or name.kind in _MADE_ANEW:
        own, _, table = name.identity.rpartition(" on ")
        if after:
            yield f"DROP {name.kind.upper()} {f'{own} ON {table}' if own else name.identity};"
        yield from _made_again(truth, name)
    for attribute in sorted({*before, *after}):
        if before.get(attribute) != after.get(attribute):
            yield from _setting(name, attribute, before)
    columns = {
        fact.object
        for fact in truth.final.facts.facts - truth.platform.facts.facts
        if fact.object.kind == f"{name.kind} column" and fact.attribute == "exists"
    }
    for column in sorted(columns):
        table, _, own = column.identity.rpartition(".")
        if table == name.identity:
            yield f"ALTER TABLE {table} DROP COLUMN {own};"


def _settings(truth: Truth, name: ObjectId) -> Iterator[str]:
    """What was set where no statement says so by itself, such as in a DO block."""
    before, after = truth.platform.facts.of(name), truth.final.facts.of(name)
    for attribute in sorted({*before, *after}):
        if before.get(attribute) != after.get(attribute):
            yield from _setting(name, attribute, after)


def _setting(name: ObjectId, attribute: str, wanted: Mapping[str, str]) -> Iterator[str]:
    """The statement that gives a role or the database the setting that is wanted."""
    match = _SETTING.fullmatch(attribute)
    if match is None:
        return
    setting, in_database = match.groups()
    value = wanted.get(attribute)
    action = f"RESET {setting}"
    if value is not None:  # the catalog has lists as SQL spells them
        action = f"SET {setting} TO {value if setting in _LISTS else names.literal(value)}"
    if name.kind == "role" and not in_database:
        yield f"ALTER ROLE {name.identity} {action};"
    elif name.kind == "database":
        yield on_this_database(f"ALTER DATABASE %I {action.replace('%', '%%')}")


def _made_again(truth: Truth, name: ObjectId) -> Iterator[str]:
    """The platform's own statements for an object that the history dropped."""
    own, _, table = name.identity.rpartition(" on ")
    tag = f"{table.rpartition('.')[2]} {own}" if own else name.identity
    told: set[str] = set()
    for entry in truth.platform_entries:
        qualified = f"{entry.schema}.{entry.name}" if entry.schema else entry.name
        is_it = entry.type.lower() == name.kind and tag in {entry.name, qualified}
        hangs_on_it = entry.type.startswith(f"{name.kind.upper()} ") and entry.name.startswith(
            f"{name.identity} "
        )
        if is_it:
            told.add(f"{name.kind.upper()} {entry.name}")
        if is_it or hangs_on_it or (entry.type in {"ACL", "COMMENT"} and entry.name in told):
            yield entry.text
