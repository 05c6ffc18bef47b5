"""Applies the files of an output to a throwaway database, each as `psql -1` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate import chance, layout
from consolidate.model import Difference, DifferenceKind, ObjectId
from consolidate.replay import execute
from consolidate.trouble import watched

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

LIFTED = "SET consolidate.allow_data_loss = 'on';"
"""What a rollback is preceded by where rows may be lost."""

_NOT_ONE = "it ends its transaction by itself, so it would not be undone as a whole"


class Stuck(Exception):  # noqa: N818 - the answer of a proof, not a failure of ours
    """A file that the server refused."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message


def apply(connection: psycopg.Connection, path: str, text: str, *, lifted: bool = False) -> None:
    """Applies one file: all of it in one transaction, in a fresh session.

    What holds a statement that can not run in a transaction is refused, as `psql -1` refuses it.

    Args:
        connection: To the database, outside a transaction.
        path: Of the file, to say what was refused.
        text: What stands in it.
        lifted: Whether rows may be lost by it.

    Raises:
        Stuck: The server refuses it, or it is not one transaction; nothing has changed but what it
            committed by itself.
    """
    import psycopg  # noqa: PLC0415 - a third of a second that `--help` must not pay

    try:
        execute(connection, "BEGIN")
        began = _began(connection)
        execute(connection, f"{LIFTED}\n{text}" if lifted else text)
        whole = _began(connection) == began
        execute(connection, "COMMIT")
    except psycopg.Error as error:
        told = error.diag.message_primary or str(error).strip()
        detail = f" ({error.diag.message_detail})" if error.diag.message_detail else ""
        execute(connection, "ROLLBACK")
        execute(connection, "DISCARD ALL")
        raise Stuck(path, told + detail) from None
    execute(connection, "DISCARD ALL")
    if not whole:
        raise Stuck(path, _NOT_ONE)


def _began(connection: psycopg.Connection) -> object:
    """When the transaction began, which no two of one session share."""
    with watched(connection):
        return connection.execute("SELECT extract(epoch FROM pg_catalog.now())").fetchone()


def apply_all(connection: psycopg.Connection, tree: Mapping[str, str]) -> None:
    """Applies every file that is applied, in order, each with a seed of its own.

    Raises:
        Stuck: The server refuses one.
    """
    is_ours = chance.is_ours(connection, tree.values())
    for path in layout.in_order(tree):
        if is_ours:
            chance.seed(connection, path)
        apply(connection, path, tree[path])


def text_of(tree: Mapping[str, str], path: str) -> str:
    """The text of a file that ought to be there.

    Raises:
        Stuck: It is not.
    """
    if path not in tree:
        raise Stuck(path, "there is no such file")
    return tree[path]


def refused(stuck: Stuck) -> Difference:
    """A file that the server did not take, as a difference."""
    return Difference(
        kind=DifferenceKind.CHANGED,
        object=ObjectId("file", stuck.path),
        attribute="applies",
        left="yes",
        right=str(stuck),
    )
