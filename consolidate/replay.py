"""Applies SQL to a throwaway database the way its runner would, one statement at a time.

Two things are applied: a legacy history, with its runner's transaction boundaries and a fresh
session per file, and the files of a consolidated history, each in one transaction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pglast import ast, enums

from consolidate.errors import InputProblem
from consolidate.phrases import one_line
from consolidate.trouble import ServerTrouble, unreachable, watched

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from consolidate.model import Manner, Statement
    from consolidate.servers.interface import Cluster

PERTURBATION = 1000
"""How many OIDs and transaction ids are burned before the perturbed replay."""

_OUTSIDE_TRANSACTION = (
    ast.AlterSystemStmt,
    ast.CreatedbStmt,
    ast.CreateSubscriptionStmt,
    ast.CreateTableSpaceStmt,
    ast.DropdbStmt,
    ast.DropTableSpaceStmt,
    ast.VacuumStmt,
)


class Observer(Protocol):
    """Someone who wants to know which statement runs next, on the same connection."""

    def before(self, statement: Statement, *, first: bool) -> str:
        """Called before the statement's own transaction (or subtransaction) begins.

        Args:
            statement: The one that runs next.
            first: Whether it is the first of a transaction, in which nothing was done yet.

        Returns:
            SQL to run first inside of it.
        """

    def after(self, statement: Statement) -> None:
        """Called when the statement has succeeded, still inside its transaction."""


def connect(cluster: Cluster, database: str | None = None) -> psycopg.Connection:
    """An autocommit connection that prepares nothing, so that each text runs as psql sends it.

    Raises:
        ServerTrouble: The server takes none.
    """
    import psycopg  # noqa: PLC0415 - a third of a second that `--help` must not pay

    try:
        return psycopg.connect(cluster.dsn(database), autocommit=True, prepare_threshold=None)
    except psycopg.Error as error:
        raise unreachable(error) from error


def execute(connection: psycopg.Connection, sql: str) -> None:
    """Sends text as it is, without parameters: several statements are one transaction.

    Raises:
        ServerTrouble: The server can not go on, which is no answer to the text.
        psycopg.Error: The server refuses it.
    """
    if sql.strip():
        with watched(connection):
            connection.execute(sql.encode())


def perturb(connection: psycopg.Connection) -> None:
    """Burns OIDs and transaction ids, so that values which depend on them come out otherwise."""
    execute(connection, f"SELECT lo_unlink(lo_create(0)) FROM generate_series(1, {PERTURBATION})")
    execute(
        connection,
        f"DO $$ BEGIN FOR i IN 1..{PERTURBATION} LOOP "
        "PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$",
    )


def runs_outside_transaction(statement: Statement) -> bool:
    """Whether PostgreSQL refuses the statement inside a transaction block."""
    tree = statement.tree
    match tree:
        case ast.VacuumStmt():
            return bool(tree.is_vacuumcmd)
        case ast.ReindexStmt():
            asked = any(option.defname == "concurrently" for option in tree.params or ())
            return asked or tree.kind not in _REINDEXED_ALONE
        case ast.AlterTableStmt():
            detach = enums.AlterTableType.AT_DetachPartition
            commands = tree.cmds or ()
            return any(c.subtype == detach and c.def_.concurrent for c in commands)
        case ast.DiscardStmt() | ast.ClusterStmt():
            everything = getattr(tree, "target", None) == enums.DiscardMode.DISCARD_ALL
            return everything or (isinstance(tree, ast.ClusterStmt) and tree.relation is None)
        case ast.IndexStmt() | ast.DropStmt():
            return bool(tree.concurrent)
        case _:
            return isinstance(tree, _OUTSIDE_TRANSACTION)


_REINDEXED_ALONE = {
    enums.ReindexObjectType.REINDEX_OBJECT_INDEX,
    enums.ReindexObjectType.REINDEX_OBJECT_TABLE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A legacy statement that the server refused."""

    statement: Statement
    place: str
    """`file:line:col`, where the server knows it within the statement."""
    message: str
    """The server's, with its detail and hint, on one line."""
    sqlstate: str
    """PostgreSQL's error code."""

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class DoesNotReplay(InputProblem):
    """The legacy history stops at a statement."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(
            "The legacy history does not replay.",
            problems=(str(failure),),
            hint="Everything must apply from the platform's empty database: "
            "name the platform (--platform), add what is missing (--prelude FILE) "
            "or correct the order (--order FILE).",
        )
        self.failure = failure


def replay(
    connection: psycopg.Connection,
    files: Sequence[tuple[Statement, ...]],
    *,
    manner: Manner,
    observer: Observer | None = None,
) -> None:
    """Applies a legacy history, each file in a fresh session unless its runner keeps one.

    A file that holds a statement which cannot run in a transaction is applied without one, as
    whoever ran it by hand must have done.

    Args:
        connection: To a database that holds the platform.
        files: The statements of each file, in apply order.
        manner: How their runner applies them.
        observer: Told before and after each statement, within a transaction where one can be.

    Raises:
        DoesNotReplay: A statement failed.
        ServerTrouble: The server can not go on; with the statement that ran.
    """
    execute(connection, "DISCARD ALL")
    for number, statements in enumerate(files):
        if number and not manner.keeps_session:
            execute(connection, "DISCARD ALL")
        apply_file(connection, statements, manner, observer)


def apply_file(
    connection: psycopg.Connection,
    statements: Sequence[Statement],
    manner: Manner,
    observer: Observer | None = None,
) -> None:
    """Applies one legacy file in the session as it is.

    Raises:
        DoesNotReplay: A statement failed; a transaction that it leaves open is the caller's.
        ServerTrouble: As `replay` does.
    """
    commands = [statement for statement in statements if statement.kind]
    bare = any(runs_outside_transaction(command) for command in commands)
    whole = bool(commands) and commands[0].path in manner.wrapped and not bare
    for command in commands:
        if whole and _is_idle(connection):
            execute(connection, "BEGIN")
        _run(connection, command, None if _must_be_first(command) else observer)
    if not _is_idle(connection):
        if whole or manner.keeps_session:
            _commit(connection, commands[-1])
        else:
            execute(connection, "ROLLBACK")  # as psql leaves what a file does not commit


def apply_within(connection: psycopg.Connection, commands: Sequence[Statement]) -> None:
    """Applies commands in the transaction that is open, and leaves that open.

    What it has deferred is checked as at its end.

    Raises:
        DoesNotReplay: A command failed; the transaction is only good to be rolled back.
        ServerTrouble: As `replay` does.
    """
    import psycopg  # noqa: PLC0415

    for command in commands:
        _run(connection, command, None)
    try:
        execute(connection, "SET CONSTRAINTS ALL IMMEDIATE")
    except psycopg.Error as error:
        raise DoesNotReplay(explain(commands[-1], error)) from None


def _commit(connection: psycopg.Connection, last: Statement) -> None:
    """Ends a file's transaction; a constraint that was deferred speaks only now."""
    import psycopg  # noqa: PLC0415

    try:
        execute(connection, "COMMIT")
    except ServerTrouble as trouble:
        trouble.at(str(last.span))
        raise
    except psycopg.Error as error:
        raise DoesNotReplay(explain(last, error)) from None


def _is_idle(connection: psycopg.Connection) -> bool:
    return connection.info.transaction_status.name == "IDLE"


def _must_be_first(command: Statement) -> bool:
    """Transaction control, and SET TRANSACTION, before which no query may run."""
    tree = command.tree
    return isinstance(tree, ast.TransactionStmt) or (
        isinstance(tree, ast.VariableSetStmt)
        and tree.kind == enums.VariableSetKind.VAR_SET_MULTI
        and tree.name == "TRANSACTION"
    )


def _run(connection: psycopg.Connection, command: Statement, observer: Observer | None) -> None:
    import psycopg  # noqa: PLC0415

    try:
        if observer is None:
            _send(connection, command)
        else:
            _run_observed(connection, command, observer)
    except ServerTrouble as trouble:
        trouble.at(str(command.span))
        raise
    except psycopg.Error as error:
        raise DoesNotReplay(explain(command, error)) from None


def _run_observed(connection: psycopg.Connection, command: Statement, observer: Observer) -> None:
    """Runs a statement in a transaction or subtransaction of its own, if it can be in one."""
    alone = _is_idle(connection)
    bare = runs_outside_transaction(command) or (
        alone and isinstance(command.tree, ast.CallStmt | ast.DoStmt)  # may commit inside
    )
    with watched(connection):
        inside = observer.before(command, first=alone and not bare)
    begin = "BEGIN" if alone else "SAVEPOINT consolidate_statement"
    execute(connection, inside if bare else f"{begin}; {inside}")  # in one message
    _send(connection, command)
    with watched(connection):
        observer.after(command)
    if not bare and not _is_idle(connection):
        execute(connection, "COMMIT" if alone else "RELEASE SAVEPOINT consolidate_statement")


def _send(connection: psycopg.Connection, command: Statement) -> None:
    if command.copy_data is None:
        execute(connection, command.sql)
        return
    with (
        watched(connection),
        connection.cursor() as cursor,
        cursor.copy(command.sql.encode()) as copy,
    ):
        copy.write(command.copy_data)


_PATH = re.compile(r'"/[^"]+"')
"""A file of the server, which is another one on each machine."""


def explain(command: Statement, error: psycopg.Error) -> Failure:
    """Where in the legacy file the server stopped, and what it said."""
    line, column = command.span.line, command.span.column
    if error.diag.statement_position:
        before = command.sql[: int(error.diag.statement_position) - 1]
        if "\n" in before:
            line += before.count("\n")
            column = len(before) - before.rfind("\n")
        else:
            column += len(before)
    first = error.diag.message_primary or str(error).strip()
    more = [part for part in (error.diag.message_detail, error.diag.message_hint) if part]
    told = [part for part in more if not _PATH.search(part)]
    return Failure(
        statement=command,
        place=f"{command.span.path}:{line}:{column}",
        message=one_line(" ".join([f"{first}.", *told] if told else [first])),
        sqlstate=error.sqlstate or "",
    )
