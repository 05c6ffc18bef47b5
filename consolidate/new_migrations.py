"""Tries the migrations that came after the baseline: do they apply, and can they be taken back?

They have no legacy to be compared with. What is asked of them is that they apply to a database that
is in use and to one that is built from nothing, and that their rollbacks lead back to the baseline.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from consolidate import clusterwide, layout, statements
from consolidate.applying import LIFTED
from consolidate.catalog import compare, facts, rows
from consolidate.empty_database import platform
from consolidate.errors import InputProblem
from consolidate.model import Check, CheckStatus, Difference, Manner, Migration
from consolidate.phrases import counted, listed
from consolidate.replay import apply_file, execute

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import psycopg

    from consolidate.catalog.rows import Rows, SequencePosition
    from consolidate.model import Snapshot, Statement
    from consolidate.servers.interface import Server

NAME = "new"
"""What the check is called."""

_FROM_NOTHING = "built from nothing"
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class _State:
    facts: Snapshot
    rows: Rows
    """Without the positions of sequences."""
    positions: tuple[SequencePosition, ...]


def try_out(prelude: str, tree: Mapping[str, str], new: Sequence[str], server: Server) -> Check:
    """Applies the new migrations to throwaway databases and takes them back.

    To a database with the baseline and its seeds, as it is in use: up; every rollback from the last
    to the first, each of which must lead back to the state before its migration; and up again. And
    to one that is built from nothing, in the order of paths, where they come before the seeds: both
    must end as the same database.

    Positions of sequences are not compared: a number that was drawn can not be given back. Nor are
    the rows of the two databases with each other, as seeds find other tables in them.

    Args:
        prelude: What the empty database holds.
        tree: The output, new migrations included; its baseline applies.
        new: Their paths, in apply order.
        server: Where to try.

    Raises:
        EnvironmentProblem: The server can not go on, or a new migration changes what belongs to the
            whole server, and that is not ours.
    """
    missing = [layout.rollback_of(path) for path in new if layout.rollback_of(path) not in tree]
    if missing:
        return _failed([f"{path} is missing" for path in missing])
    try:
        files = {path: _parsed(path, tree[path]) for path in _touched(new)}
        clusterwide.require(files.values(), [server])
        found, idle = _used(prelude, tree, new, files, server)
    except InputProblem as problem:
        return _failed(problem.problems)
    if found:
        reason = counted(len(found), "difference")
        return Check(name=NAME, status=CheckStatus.FAILED, reason=reason, differences=tuple(found))
    told = counted(len(new), "new migration")
    reason = f"{told} applied after the baseline, taken back, and up again; and from nothing"
    if idle:
        reason += f"; no change came of {listed(idle, _SHOWN)}"
    return Check(name=NAME, status=CheckStatus.PASSED, reason=reason)


def _failed(problems: Sequence[str]) -> Check:
    reason = listed(list(problems), _SHOWN)
    return Check(name=NAME, status=CheckStatus.FAILED, reason=reason)


def _touched(new: Sequence[str]) -> tuple[str, ...]:
    return (*new, *map(layout.rollback_of, new))


def _parsed(path: str, text: str) -> tuple[Statement, ...]:
    digest = sha256(text.encode()).hexdigest()
    return statements.parse(Migration(number=1, path=path, version="", text=text, sha256=digest))


class _Database:
    """A throwaway database to which the files of an output are applied, as `psql -1` does."""

    def __init__(
        self,
        connection: psycopg.Connection,
        tree: Mapping[str, str],
        files: Mapping[str, tuple[Statement, ...]],
    ) -> None:
        self._connection = connection
        self._tree = tree
        self._files = files
        self._manner = Manner(wrapped=frozenset(files))

    def apply(self, path: str, *, lifted: bool = False) -> None:
        if lifted:
            execute(self._connection, LIFTED)
        if path in self._files:
            apply_file(self._connection, self._files[path], self._manner)
        else:
            self._apply_ours(path)
        execute(self._connection, "DISCARD ALL")

    def _apply_ours(self, path: str) -> None:
        """A file of the baseline; it applied before, but not to what the new migrations made."""
        import psycopg  # noqa: PLC0415 - a third of a second that `--help` must not pay

        try:
            execute(self._connection, self._tree[path])
        except psycopg.Error as error:
            told = f"{path}: {error.diag.message_primary or str(error).strip()}"
            raise InputProblem("A file does not apply.", problems=(told,)) from None

    def state(self) -> _State:
        found = rows.read(self._connection)
        return _State(facts.read(self._connection), replace(found, sequences=()), found.sequences)


def _used(
    prelude: str,
    tree: Mapping[str, str],
    new: Sequence[str],
    files: Mapping[str, tuple[Statement, ...]],
    server: Server,
) -> tuple[list[Difference], list[str]]:
    """Tries them on a database in use, and then on one from nothing.

    Returns:
        What differs, and the migrations that change nothing, as a template does that nobody edited.

    Raises:
        InputProblem: A file does not apply.
    """
    found: list[Difference] = []
    known: set[Difference] = set()
    with platform(server, prelude) as (_, connection):
        database = _Database(connection, tree, files)
        for path in layout.in_order(tree):
            if path not in new:
                database.apply(path)
        before = [database.state()]
        for path in new:
            database.apply(path)
            before.append(database.state())
        idle = [
            path for path, *states in zip(new, before, before[1:], strict=False) if _same(*states)
        ]
        top = before.pop().facts
        for path, wanted in reversed(list(zip(new, before, strict=True))):
            rollback = layout.rollback_of(path)
            database.apply(rollback, lifted=True)
            left = [d for d in _compared(wanted, database.state()) if d not in known]
            found += _told(left, f"after {rollback}")
            known |= set(left)  # what one rollback leaves, the others find as well
        if found:
            return found, idle  # where something was left, going up again only stumbles over it
        for path in new:
            database.apply(path)
        found += _told(compare.compare(top, database.state().facts), "up again")
    found += _from_nothing(prelude, tree, files, server, top)
    return found, idle


def _same(one: _State, other: _State) -> bool:
    return one == other


def _from_nothing(
    prelude: str,
    tree: Mapping[str, str],
    files: Mapping[str, tuple[Statement, ...]],
    server: Server,
    wanted: Snapshot,
) -> Sequence[Difference]:
    with platform(server, prelude) as (_, connection):
        database = _Database(connection, tree, files)
        try:
            for path in layout.in_order(tree):
                database.apply(path)
        except InputProblem as problem:
            told = tuple(f"{line} ({_FROM_NOTHING})" for line in problem.problems)
            raise InputProblem(problem.message, problems=told) from None
        return _told(compare.compare(wanted, database.state().facts), _FROM_NOTHING)


def _compared(wanted: _State, found: _State) -> Sequence[Difference]:
    differences = list(compare.compare(wanted.facts, found.facts))
    if wanted.rows != found.rows:
        marked = (rows.mark(one.rows, one.rows) for one in (wanted, found))
        differences += rows.compare(*marked)
    return differences


def _told(found: Sequence[Difference], when: str) -> Sequence[Difference]:
    return [replace(one, attribute=f"{one.attribute} ({when})".strip()) for one in found]
