"""The whole history as it was, in one file: the last resort, where no wording of ours holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pglast import ast

from consolidate.model import ObjectId, Statement
from consolidate.names import literal
from consolidate.replay import runs_outside_transaction
from consolidate.wording.copied import as_insert
from consolidate.wording.enums import Gathered, gathered
from consolidate.wording.units import Rung, Unit
from consolidate.wording.verbatim import bearer, own_words, without_concurrently

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from consolidate.truth import Truth
    from consolidate.wording.entries import Pieces

WHOLE = ObjectId("history", "whole")
"""The choice that gives up every wording of ours."""

MIGRATION = "legacy migration"
"""The kind of the units that hold one legacy file each."""

_FRESH = """\
-- A session of its own began here.
RESET SESSION AUTHORIZATION;
RESET ALL;
DISCARD TEMP;
DISCARD SEQUENCES;
DEALLOCATE ALL;"""
"""What `DISCARD ALL` does, as far as a transaction allows."""

_OF_SESSIONS = (
    *(ast.VariableSetStmt, ast.SelectStmt, ast.DoStmt, ast.CallStmt, ast.PrepareStmt),
    *(ast.CreateTableAsStmt, ast.InsertStmt),
)
"""Statements that may leave something in their session: a setting, a sequence's last value."""


def word(truth: Truth, found: Pieces) -> tuple[Unit, ...]:
    """One unit per legacy file, each after the one before it.

    All of them stand in one file: what a legacy file built on the way is in no catalog any more,
    so that only the whole can be taken back.
    """
    files = [file for file in truth.files if any(statement.sql for statement in file)]
    homes = {statement.id: file[0].path for file in files for statement in file}
    members: dict[str, set[ObjectId]] = {file[0].path: set() for file in files}
    roles = {name for name in truth.trace.created if name.kind == "role"}
    for name in {*found.all, *roles}:
        creator = truth.trace.created.get(bearer(name))
        members[homes[creator] if creator else files[-1][0].path].add(name)
    enums = gathered(truth.statements.values())
    units: list[Unit] = []
    for number, file in enumerate(files):
        name = ObjectId(MIGRATION, file[0].path)
        words = list(_words(file, enums))
        fresh = number and not truth.manner.keeps_session
        if fresh and any(_concerns_the_session(statement) for statement in files[number - 1]):
            words.insert(0, _FRESH)
        statements = [statement.id for statement in file if statement.sql]
        units.append(
            Unit(
                object=name,
                type="AS WAS",
                sql="\n\n".join(filter(None, words)),
                rung=Rung.AS_WAS,
                ordinal=truth.order[statements[0]],
                sources=tuple(statements),
                members=frozenset({name, *members[file[0].path]}),
                needs=frozenset({units[-1].object}) if units else frozenset(),
                family=name,
            )
        )
    return tuple(units)


def _words(file: Sequence[Statement], enums: Gathered) -> Iterator[str]:
    previous: Statement | None = None
    for statement in file:
        if statement.sql and _can_stay(statement) and statement.id not in enums.spared:
            words = spelled(statement, previous)
            yield words.replace(statement.sql, enums.texts.get(statement.id, statement.sql))
        previous = statement


def _can_stay(statement: Statement) -> bool:
    """Whether the statement says anything inside the one transaction of a file.

    Nothing that is left out changes what the database holds.
    """
    tree = statement.tree
    if isinstance(tree, ast.IndexStmt | ast.DropStmt):  # less its CONCURRENTLY
        return True
    return not isinstance(tree, ast.TransactionStmt) and not runs_outside_transaction(statement)


def spelled(statement: Statement, previous: Statement | None) -> str:
    """A legacy statement as it can stand in a file of ours."""
    words = without_concurrently(statement, own_words(statement, previous))
    if statement.copy_data is None:
        return words
    insert = as_insert(statement)
    if insert is None:  # nobody can apply it, so the trial must not think it did
        reason = literal(f"the COPY at {statement.place} can not be written as an INSERT")
        return f"DO $$ BEGIN RAISE EXCEPTION USING MESSAGE = {reason}; END $$;"
    return f"{insert};" if insert else ""


def _concerns_the_session(statement: Statement) -> bool:
    tree = statement.tree
    if isinstance(tree, ast.CreateStmt):
        return tree.relation is not None and tree.relation.relpersistence == "t"
    return isinstance(tree, _OF_SESSIONS)
