"""Tries the down scripts of a history: does each lead back to the database before its migration?

The history is applied once more, on a cluster of its own. After each migration what takes it back
runs in a transaction beside it, is looked at in there, and is rolled back. So no script can disturb
the next, and none can be tried that needs transactions of its own.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from consolidate import names
from consolidate.catalog import compare, digest, facts, rows
from consolidate.downs import telling
from consolidate.downs.results import Outcome, Result, Results
from consolidate.empty_database import platform
from consolidate.replay import DoesNotReplay, apply_file, apply_within, connect, execute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import psycopg

    from consolidate.catalog.rows import Rows, SequencePosition
    from consolidate.downs.scripts import Script
    from consolidate.lines import Lines
    from consolidate.model import Difference, Manner, Snapshot, Statement
    from consolidate.servers.interface import Server

    Files = Sequence[tuple[Statement, ...]]

_PATIENCE = "SET lock_timeout = '3s'"
"""Nobody is there who would let go of a lock but autovacuum, which gives way after a second."""

_NEEDS_ITS_OWN = {
    "25001": "it can not run in a transaction",
    "2D000": "it ends transactions of its own",
    "55P03": "it waits for a lock that the session holds in which the history is applied",
    "55P04": "it uses a value of an enum that it has just added",
}
"""SQLSTATEs by which the server refuses not the script, but the way in which it is tried."""


@dataclass(frozen=True, slots=True)
class _State:
    catalogs: digest.Reading
    rows: Rows


def untried(scripts: Sequence[Script], migrations: int, why: str) -> Results:
    """What is known of the scripts where no server tries them."""
    return Results(
        migrations=migrations,
        major=None,
        why=why,
        scripts=tuple(_known(script) or _untried(script, why) for script in scripts),
    )


def attempt(  # noqa: PLR0913 - what a replay takes, and what is tried in it
    server: Server,
    prelude: str,
    files: Files,
    manner: Manner,
    scripts: Sequence[Script],
    *,
    lines: Lines | None = None,
) -> Results:
    """Tries every script that can be tried.

    Args:
        server: One of which two clusters may be up at once.
        prelude: What the empty database holds.
        files: The legacy history; it applies.
        manner: How their runner applies them.
        scripts: What takes them back.
        lines: By which to connect, where it is done beside other work.

    Raises:
        InputProblem: A legacy statement fails, this time.
        EnvironmentProblem: A server does not start, or can not go on.
    """
    found: dict[str, Result] = {one.migration: r for one in scripts if (r := _known(one))}
    asked = {script.migration: script for script in scripts if script.migration not in found}
    with ExitStack() as stack:
        cluster, connection = stack.enter_context(platform(server, prelude, lines=lines))
        beside = stack.enter_context(connect(cluster))
        if lines is not None:
            lines.hold(beside)

        def begin() -> psycopg.Connection:
            return stack.enter_context(platform(server, prelude, lines=lines))[1]

        trier = _Trier(beside, _Behind(files, manner, begin))
        before: _State | None = None
        for number, file in enumerate(files):
            if not asked:
                break
            script = asked.pop(file[0].path, None) if file else None
            if script and before is None:
                before = trier.look()
            if number == 0 or not manner.keeps_session:
                execute(connection, "DISCARD ALL")
            apply_file(connection, file, manner)
            if script and before:
                after = trier.look(before)
                found[script.migration] = trier.result(number, script, before, after)
                before = after
            else:
                before = None
    for script in asked.values():
        found[script.migration] = _untried(script, "there is no command in its migration")
    return Results(
        migrations=len(files),
        major=server.major,
        scripts=tuple(found[script.migration] for script in scripts),
    )


def _known(script: Script) -> Result | None:
    """What is to be said of a script without a server; None if it is to be tried."""
    if script.problems:
        return _result(script, Outcome.UNREADABLE, *script.problems)
    if script.untried:
        return _untried(script, script.untried)
    return None if script.commands else _result(script, Outcome.EMPTY)


def _untried(script: Script, why: str) -> Result:
    return _result(script, Outcome.UNTRIED, why)


def _result(script: Script, outcome: Outcome, *told: str) -> Result:
    return Result(
        migration=script.migration,
        place=script.place,
        outcome=outcome,
        commented=script.commented,
        told=told,
    )


class _Trier:
    """Tries scripts in a session beside the one that the history is applied in."""

    def __init__(self, connection: psycopg.Connection, behind: _Behind) -> None:
        self._connection = connection
        self._behind = behind
        self._digest = digest.Digest(connection)
        self._known: rows.Known = {}

    def look(self, since: _State | None = None) -> _State:
        """The database as it is now."""
        read = self._digest.read(self._connection, since.catalogs if since else None)
        like = since.rows if since and read == since.catalogs else None
        return _State(read, rows.read(self._connection, self._known, like=like))

    def result(self, number: int, script: Script, before: _State, after: _State) -> Result:
        """What came of one script.

        Args:
            number: Of the migration that it takes back, from 0.
            script: The script.
            before: The database before the migration.
            after: As it is now.
        """
        execute(self._connection, _PATIENCE)
        execute(self._connection, "BEGIN")
        moved: Mapping[str, SequencePosition] = {}
        try:
            apply_within(self._connection, script.commands)
            execute(self._connection, _AS_A_READER)
            differences, positions = self._differences(number, before)
            moved = {place.identity: place for place in positions}
        except DoesNotReplay as problem:
            return _failed(script, problem)
        finally:
            execute(self._connection, "ROLLBACK")
            execute(self._connection, "DISCARD ALL")
            self._restore(after.rows, moved)
        told = telling.lines(differences)
        return _result(script, Outcome.DIFFERS if told else Outcome.EXACT, *told)

    def _differences(
        self, number: int, before: _State
    ) -> tuple[Sequence[Difference], Sequence[SequencePosition]]:
        """How the database within the transaction differs from an earlier one; its sequences."""
        same = self._digest.read_within(self._connection, before.catalogs) == before.catalogs
        like = before.rows if same else None
        now = rows.read_within(self._connection, self._known, like=like)
        found: list[Difference] = []
        if not same:
            back = facts.read_within(self._connection)
            found += compare.compare(self._behind.facts(number), back)
        whole = {one.object for one in found if not one.attribute}
        found += (one for one in _of_rows(before.rows, now) if one.object not in whole)
        return found, now.sequences

    def _restore(self, wanted: Rows, moved: Mapping[str, SequencePosition]) -> None:
        """Sets sequences back: what a transaction drew stays drawn when it is rolled back."""
        for place in wanted.sequences:
            if moved.get(place.identity) != place:
                called = "true" if place.is_called else "false"
                execute(
                    self._connection,
                    f"SELECT pg_catalog.setval({names.literal(place.identity)}, "
                    f"{place.last_value}, {called})",
                )


_AS_A_READER = "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL"
"""What a script may have set is no concern of whoever looks at what it did."""


def _failed(script: Script, problem: DoesNotReplay) -> Result:
    if why := _NEEDS_ITS_OWN.get(problem.failure.sqlstate):
        return _untried(script, f"{why}: {problem.failure}")
    return _result(script, Outcome.FAILS, str(problem.failure))


def _of_rows(wanted: Rows, found: Rows) -> Iterator[Difference]:
    """The rows and positions that two states of one database do not share."""
    if wanted != found:
        for one in rows.compare(rows.mark(wanted, wanted), rows.mark(found, found)):
            if one.attribute != _COLUMNS:
                yield one


_COLUMNS = "columns"
"""What the comparison of rows says of a table whose columns differ, as the facts do."""


class _Behind:
    """A second replay that is always as far as is asked for, to read the facts there.

    Most scripts lead back to the very catalogs, and then nobody asks.
    """

    def __init__(
        self, files: Files, manner: Manner, begin: Callable[[], psycopg.Connection]
    ) -> None:
        self._files = files
        self._manner = manner
        self._begin = begin
        self._applied = 0

    @cached_property
    def _connection(self) -> psycopg.Connection:
        return self._begin()

    def facts(self, number: int) -> Snapshot:
        """The facts after that many files; asked for with numbers that grow."""
        while self._applied < number:
            if self._applied == 0 or not self._manner.keeps_session:
                execute(self._connection, "DISCARD ALL")
            apply_file(self._connection, self._files[self._applied], self._manner)
            self._applied += 1
        return facts.read(self._connection)
