"""Looks at the two sides of a comparison: builds what is to be built, and reads what is there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from consolidate import chance
from consolidate.catalog import dump, facts, privileges, projection, rows, witnesses
from consolidate.catalog.rows import MarkedRows
from consolidate.catalog.witnesses import Sight
from consolidate.empty_database import platform
from consolidate.errors import EnvironmentProblem
from consolidate.lines import cut_on_error
from consolidate.phrases import counted
from consolidate.replay import execute, replay
from consolidate.servers.connected import ConnectedCluster
from consolidate.servers.given import connected, reached
from consolidate.truth import perturbed_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from consolidate.catalog.rows import Rows
    from consolidate.comparison.sides import Existing, Recipe
    from consolidate.lines import Lines
    from consolidate.model import ObjectId
    from consolidate.servers.interface import Server


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One side, as all witnesses saw it."""

    version: str
    """The full version of its server."""
    sight: Sight
    rows: Rows | None
    """None if they were not to be read."""
    again: Rows | None = None
    """The rows of another build of it, to tell what is volatile; None if it was not built."""
    unread: frozenset[ObjectId] = frozenset()
    """Tables and sequences whose rows or positions could not be read."""
    limits: tuple[str, ...] = ()
    """What could not be read, a line each."""

    @property
    def marked(self) -> MarkedRows:
        """The rows, as far as two builds share them; without any if they were not read."""
        if self.rows is None:
            return MarkedRows(tables=(), sequences=())
        return rows.mark(self.rows, self.again or self.rows)


def build(recipe: Recipe, prelude: str, server: Server, *, with_rows: bool) -> Seen:
    """Builds a side on throwaway clusters, twice where its rows are read.

    Raises:
        InputProblem: The prelude or a statement fails.
        EnvironmentProblem: A server does not start, or can not go on.
    """
    workers = 2 if server.side_by_side else 1
    with ThreadPoolExecutor(max_workers=workers) as pool, cut_on_error() as lines:
        first = pool.submit(_built, recipe, prelude, server, lines, with_rows=with_rows)
        if not with_rows:
            return first.result()
        manner = recipe.manner
        again = pool.submit(perturbed_rows, server, prelude, recipe.files, manner, lines)
        return replace(first.result(), again=again.result())


def _built(recipe: Recipe, prelude: str, server: Server, lines: Lines, *, with_rows: bool) -> Seen:
    with platform(server, prelude, lines=lines) as (cluster, connection):
        if chance.is_ours(connection, (s.sql for file in recipe.files for s in file)):
            chance.seed(connection, "")
        replay(connection, recipe.files, manner=recipe.manner)
        execute(connection, "DISCARD ALL")
        return Seen(
            version=cluster.version,
            sight=witnesses.look(connection, cluster),
            rows=rows.read(connection) if with_rows else None,
            limits=privileges.limits(connection),
        )


def major_of(side: Existing) -> int:
    """The major version of a database's server.

    Raises:
        EnvironmentProblem: It does not answer, or refuses us.
    """
    with connected(side.url) as connection:
        return connection.info.server_version // 10000


def read(side: Existing, *, timeout: int, with_rows: bool, with_dump: bool) -> Seen:
    """Reads a database that is there, without changing anything.

    Args:
        side: Where it is.
        timeout: Seconds that one query may take.
        with_rows: Whether rows are read.
        with_dump: Whether `pg_dump` is asked.

    Raises:
        EnvironmentProblem: The server does not answer, refuses us, or a query took too long.
    """
    with connected(side.url) as connection, _reading(connection, side.name, timeout):
        sight = Sight(
            facts=facts.read(connection), projection=projection.read(connection), dump=None
        )
        unread = rows.unreadable(connection) if with_rows else ()
        return Seen(
            version=_version(connection),
            sight=_with_dump(sight, connection) if with_dump else sight,
            rows=rows.read(connection, everything=False) if with_rows else None,
            unread=frozenset(unread),
            limits=(
                *privileges.limits(connection),
                *(f"rows of {named}, which this role may not read" for named in unread),
            ),
        )


def _version(connection: psycopg.Connection) -> str:
    """Such as `18.4`, without what a distribution puts behind it."""
    return (connection.info.parameter_status("server_version") or "").split()[0]


@contextmanager
def _reading(connection: psycopg.Connection, name: str, seconds: int) -> Iterator[None]:
    import psycopg  # noqa: PLC0415 - a third of a second that `--help` must not pay

    connection.execute(
        "SELECT set_config('default_transaction_read_only', 'on', false),"
        " set_config('consolidate.statement_timeout', %s, false)",
        (f"{seconds}s",),
    )
    try:
        yield
    except psycopg.errors.QueryCanceled as error:
        raise EnvironmentProblem(
            f"{name}: a query took longer than {counted(seconds, 'second')}",
            hint="--timeout SECONDS allows more; --waive rows leaves rows out.",
        ) from error
    except psycopg.Error as error:
        told = error.diag.message_primary or " ".join(str(error).split())
        raise EnvironmentProblem(f"{name} refuses: {told}") from error


def _with_dump(sight: Sight, connection: psycopg.Connection) -> Sight:
    """The same with what `pg_dump` says, or why it says nothing."""
    cluster = ConnectedCluster(
        version=_version(connection),
        parameters=reached(connection),
        database=connection.info.dbname,
        superuser=privileges.is_superuser(connection),
    )
    try:
        return replace(sight, dump=dump.schema_dump(cluster, cluster.database))
    except EnvironmentProblem as problem:
        why = "; ".join((problem.message, *problem.problems[:1]))
        return replace(sight, dump_missing=why)
