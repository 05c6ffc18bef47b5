"""Captures what the legacy history builds: the truth that everything else is measured against.

The history is replayed three times, each on a cluster of its own: *clean* (the truth itself),
*perturbed* (what differs from the clean replay is volatile) and *instrumented* (explains).
"""

from __future__ import annotations

from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from consolidate import chance, clock, graph
from consolidate.catalog import casts, depend, dump, facts, naming, projection, renames, rows
from consolidate.empty_database import platform
from consolidate.lines import cut_on_error
from consolidate.model import Manner, ObjectId, Snapshot, Statement, StatementId
from consolidate.names import parted, quote, split
from consolidate.replay import connect, execute, replay
from consolidate.trace import Trace, trace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import psycopg

    from consolidate.catalog.casts import Casts
    from consolidate.catalog.depend import Dependencies
    from consolidate.catalog.dump import Entry
    from consolidate.catalog.naming import Bearer, Key
    from consolidate.catalog.projection import Projection
    from consolidate.catalog.renames import Renames, Wanted
    from consolidate.catalog.rows import MarkedRows, Rows
    from consolidate.graph import DependencyGraph
    from consolidate.lines import Lines
    from consolidate.servers.interface import Cluster, Server

Files = tuple[tuple[Statement, ...], ...]
"""The legacy history, statement by statement, in apply order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One database, seen through every witness."""

    facts: Snapshot
    dump: str
    rows: Rows


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What the legacy history builds on one server, and how it came to be."""

    version: str
    """The server's full version."""
    prelude: str
    """The SQL that makes the platform's empty database."""
    files: Files
    manner: Manner
    """How their runner applies the legacy files."""
    platform: State
    """What the history begins with, each object called as the history calls it in the end."""
    final: State
    projection: Projection
    """The second witness's look at the final state."""
    perturbed: Rows
    """The rows of the perturbed replay."""
    marked: MarkedRows
    clocked: frozenset[tuple[str, str]]
    """Columns, as (table, column), that are filled from the clock."""
    entries: tuple[Entry, ...]
    """`pg_dump`'s entries that the platform does not have, or has otherwise."""
    platform_entries: tuple[Entry, ...]
    platform_volatile: frozenset[tuple[str, str]] = frozenset()
    """Columns, as (table, column), that the platform fills otherwise on every replay."""
    renames: Renames = renames.NONE
    """What of the platform's has another name in the end."""
    replaced: frozenset[ObjectId] = frozenset()
    """What the history dropped of the platform's, and whose name it gave to something new."""
    names: Mapping[int, ObjectId]
    """The object of each of `pg_dump`'s entries, by dump id, where it has one of its own."""
    depend: Dependencies
    casts: Casts = frozenset()
    """Those that the server has in the final state."""
    trace: Trace

    @cached_property
    def graph(self) -> DependencyGraph:
        """What the text of the history says, read without a server."""
        return graph.read(self.files, self.prelude, self.final.facts.major, self.manner)

    def __getstate__(self) -> dict[str, object]:
        """What goes to another process: not what can be worked out there."""
        return {part.name: getattr(self, part.name) for part in fields(self)}

    @cached_property
    def statements(self) -> Mapping[StatementId, Statement]:
        """Every legacy statement by its id, in apply order."""
        return {statement.id: statement for file in self.files for statement in file}

    @cached_property
    def order(self) -> Mapping[StatementId, int]:
        """The position of every legacy statement, from 0."""
        return {identifier: number for number, identifier in enumerate(self.statements)}

    @cached_property
    def previous(self) -> Mapping[StatementId, Statement]:
        """The statement before each, in the whole history; the first one has none."""
        following = islice(self.statements, 1, None)
        return dict(zip(following, self.statements.values(), strict=False))

    @cached_property
    def following(self) -> Mapping[StatementId, Statement]:
        """The statement after each, in the whole history; the last one has none."""
        return dict(zip(self.statements, islice(self.statements.values(), 1, None), strict=False))


def observe(
    connection: psycopg.Connection,
    cluster: Cluster,
    database: str | None = None,
    *,
    archived: bytes | None = None,
) -> State:
    """Reads one database through facts, dump and rows."""
    return State(
        facts=facts.read(connection),
        dump=dump.schema_dump(cluster, database or cluster.database, archived),
        rows=rows.read(connection),
    )


def capture(server: Server, prelude: str, files: Files, manner: Manner) -> Truth:
    """Replays the history three times, side by side; where one fails, the others are cut off.

    Raises:
        InputProblem: The prelude or a legacy statement fails.
        EnvironmentProblem: A server does not start, or can not go on.
    """
    with ThreadPoolExecutor(max_workers=3) as pool, cut_on_error() as lines:
        clean = pool.submit(_clean, server, prelude, files, manner, lines)
        perturbed = pool.submit(_perturbed, server, prelude, files, manner, lines)
        traced = pool.submit(_traced, server, prelude, files, manner, lines)
        _require_all(clean, perturbed, traced)
        captured, projected = clean.result()
        traced_history = traced.result()
        perturbed_platform, perturbed_final = perturbed.result()
        final, empty = captured.final, captured.empty
        volatile = _volatile(empty.state.rows, perturbed_platform)
        renamed = renames.NONE
        if asked := renames.wanted(empty.names, captured.bearers):
            empty, renamed = _under_new_names(server, prelude, asked, lines)
            renamed = replace(renamed, cleared=_cleared(captured.empty, empty, renamed))
        clocked = clock.columns(
            final.facts,
            final.rows,
            traced_history,
            {statement.id: statement for file in files for statement in file},
        )
        return Truth(
            version=captured.version,
            prelude=prelude,
            files=files,
            manner=manner,
            platform=empty.state,
            final=final,
            projection=projected,
            perturbed=perturbed_final,
            marked=rows.mark(final.rows, perturbed_final, clocked),
            clocked=clocked,
            entries=_added(empty.entries, captured.entries),
            platform_entries=empty.entries,
            platform_volatile=frozenset(_called(column, renamed) for column in volatile),
            renames=renamed,
            replaced=frozenset(
                renames.replaced(captured.empty.names, captured.bearers, renamed.today)
            ),
            names=captured.names,
            depend=captured.depend,
            casts=captured.casts,
            trace=traced_history,
        )


def replayed(truth: Truth, server: Server) -> Truth:
    """The truth as another clean replay on the same server shows it.

    What only explains it, and what makes it volatile, is taken as it is known.

    Raises:
        InputProblem: A legacy statement fails, this time.
        EnvironmentProblem: As `capture` does.
    """
    empty = _Empty(state=truth.platform, entries=truth.platform_entries, names={})
    with platform(server, truth.prelude) as (cluster, connection):
        _replayed(connection, truth.files, truth.manner)
        captured = _looked_at(connection, cluster, empty)
    return replace(
        truth,
        final=captured.final,
        marked=rows.mark(captured.final.rows, truth.perturbed, truth.clocked),
        entries=_added(truth.platform_entries, captured.entries),
        names=captured.names,
        depend=captured.depend,
        casts=captured.casts,
    )


def _require_all(*replays: Future[Any]) -> None:
    """Waits for them until one fails, and raises its error: those of the others follow from it."""
    done = wait(replays, return_when=FIRST_EXCEPTION).done
    for replayed in replays:
        if replayed in done:
            replayed.result()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Empty:
    """What a history begins with."""

    state: State
    entries: tuple[Entry, ...]
    names: Mapping[Key, Bearer]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clean:
    version: str
    empty: _Empty
    final: State
    entries: tuple[Entry, ...]
    """All that it has, the platform's own, too."""
    names: Mapping[int, ObjectId]
    bearers: Mapping[Key, Bearer]
    depend: Dependencies
    casts: Casts


def _clean(
    server: Server, prelude: str, files: Files, manner: Manner, lines: Lines
) -> tuple[_Clean, Projection]:
    with platform(server, prelude, lines=lines) as (cluster, connection):
        empty = _observed_empty(connection, cluster)
        _replayed(connection, files, manner)
        with ThreadPoolExecutor(max_workers=1) as pool:
            projected = pool.submit(_projected, cluster)
            return _looked_at(connection, cluster, empty), projected.result()


def _replayed(connection: psycopg.Connection, files: Files, manner: Manner) -> None:
    if chance.is_ours(connection, _texts(files)):
        chance.seed(connection, "")
    replay(connection, files, manner=manner)
    execute(connection, "DISCARD ALL")


def _texts(files: Files) -> Iterator[str]:
    return (statement.sql for file in files for statement in file)


def _looked_at(connection: psycopg.Connection, cluster: Cluster, empty: _Empty) -> _Clean:
    archived = dump.archive(cluster, cluster.database)
    entries = dump.entries(cluster, cluster.database, archived)
    found = depend.identities(connection, [(e.classid, e.oid) for e in entries if e.classid])
    return _Clean(
        version=cluster.version,
        empty=empty,
        final=observe(connection, cluster, archived=archived),
        entries=entries,
        names={
            entry.dump_id: found[entry.classid, entry.oid]
            for entry in entries
            if (entry.classid, entry.oid) in found
        },
        bearers=naming.read(connection),
        depend=depend.dependencies(connection),
        casts=casts.read(connection),
    )


def _projected(cluster: Cluster) -> Projection:
    """Beside what is read in the connection that the history was replayed in."""
    with connect(cluster) as connection:
        return projection.read(connection)


def _observed_empty(connection: psycopg.Connection, cluster: Cluster) -> _Empty:
    archived = dump.archive(cluster, cluster.database)
    return _Empty(
        state=observe(connection, cluster, archived=archived),
        entries=dump.entries(cluster, cluster.database, archived),
        names=naming.read(connection),
    )


def _under_new_names(
    server: Server, prelude: str, asked: Sequence[Wanted], lines: Lines
) -> tuple[_Empty, Renames]:
    """What the history begins with, called as it calls it in the end."""
    with platform(server, prelude, lines=lines) as (cluster, connection):
        renamed = renames.make(connection, asked)
        return _observed_empty(connection, cluster), renamed


def _cleared(before: _Empty, after: _Empty, renamed: Renames) -> frozenset[ObjectId]:
    """Roles that had a password until they got another name: one of MD5 is salted with it."""
    then, now = before.state.facts, after.state.facts
    return frozenset(
        old
        for old, new in renamed.today.items()
        if old.kind == "role" and "password" in then.of(old) and "password" not in now.of(new)
    )


def _called(column: tuple[str, str], renamed: Renames) -> tuple[str, str]:
    """A column, as (table, column), under its new name."""
    table, own = column
    name = renamed.today.get(ObjectId("table column", f"{table}.{quote(own)}"))
    if name is None:  # it is inherited, or as it was
        whole = ObjectId("table", table)
        return renamed.today.get(whole, whole).identity, own
    whole_name, part = parted(name.identity, ".")
    return whole_name, split(part)[0]


def _added(before: Sequence[Entry], after: Sequence[Entry]) -> tuple[Entry, ...]:
    known = {(entry.type, entry.schema, entry.name, entry.text) for entry in before}
    return tuple(e for e in after if (e.type, e.schema, e.name, e.text) not in known)


def perturbed_rows(
    server: Server, prelude: str, files: Files, manner: Manner, lines: Lines | None = None
) -> Rows:
    """The rows of a replay in other circumstances; what they do not share is volatile."""
    return _perturbed(server, prelude, files, manner, lines)[1]


def _perturbed(
    server: Server, prelude: str, files: Files, manner: Manner, lines: Lines | None
) -> tuple[Rows, Rows]:
    """The rows that the platform brings in other circumstances, and those of the history there."""
    with platform(server, prelude, perturbed=True, lines=lines) as (_, connection):
        known: rows.Known = {}
        brought = rows.read(connection, known)
        if chance.is_ours(connection, _texts(files)):
            chance.otherwise(connection)
            chance.seed(connection, "")
        replay(connection, files, manner=manner)
        execute(connection, "DISCARD ALL")
        return brought, rows.read(connection, known)


def _volatile(clean: Rows, perturbed: Rows) -> frozenset[tuple[str, str]]:
    """Columns with a cell that differs between two replays."""
    return frozenset(
        (marked.table.object.identity, marked.table.columns[place].name)
        for marked in rows.mark(clean, perturbed).tables
        for place in rows.volatile_places(marked)
    )


def _traced(server: Server, prelude: str, files: Files, manner: Manner, lines: Lines) -> Trace:
    with platform(server, prelude, lines=lines) as (_, connection):
        return trace(connection, files, manner)
