"""A server that is not ours, at `postgresql://…`: clusters are databases that we make on it.

Roles and their rights belong to the whole server, so the sides of a comparison take turns on it,
unless there are two of them. Its settings stay as they are; what a session may set is set as for
every other engine. Nobody else may make roles there while a history that makes some is replayed.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import re
import sys
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from consolidate.errors import EnvironmentProblem, UsageProblem
from consolidate.masking import masked
from consolidate.names import quote
from consolidate.servers import offer, shared
from consolidate.servers.connected import ConnectedCluster
from consolidate.servers.lifetime import close_at_exit, own
from consolidate.servers.places import data_places
from consolidate.servers.processes import Watcher, server_account

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import psycopg

    from consolidate.servers.shared import Shared

SCHEMES = ("postgresql://", "postgres://")
_ANSWER_SECONDS = 10
"""How long a server may take to answer, where its URL does not say it."""
_OLDEST = 13
"""The first major version with DROP DATABASE … WITH (FORCE)."""
COMMENT = "consolidate: a throwaway database; remove it with consolidate doctor --clean"

_SESSION = {
    "timezone": "UTC",
    "password_encryption": "md5",
    "jit": "off",
    "synchronous_commit": "off",
}
_SESSION_SINCE = {18: {"md5_password_warnings": "off"}}

_KEY = "hashtext('consolidate'), hashtext(%s)"
"""Advisory locks are taken in one database, but pg_locks shows them in all."""


@dataclass(frozen=True, eq=False)
class GivenServer:
    """Makes databases on the server of one URL, or on two servers alike."""

    urls: tuple[str, ...]
    """As libpq takes them, passwords included."""
    allow_cluster_changes: bool = False
    """Whether a history may make roles there, and set what roles have set.

    It is all put back when their side is done.
    """
    guest = True
    _free: queue.SimpleQueue[str] = field(default_factory=queue.SimpleQueue, init=False)

    def __post_init__(self) -> None:
        for url in self.urls:
            self._free.put(url)

    @property
    def url(self) -> str:
        """As the user wrote it, with `***` for a password."""
        return ",".join(map(masked, self.urls))

    @property
    def side_by_side(self) -> bool:
        """Whether there are two servers."""
        return len(self.urls) > 1

    @cached_property
    def major(self) -> int:
        """That of the server, or of both.

        Raises:
            EnvironmentProblem: It does not answer, or the two are not of one major version.
        """
        found = {}
        for url in self.urls:
            with connected(url) as connection:
                found[masked(url)] = connection.info.server_version // 10000
        if len(set(found.values())) > 1:
            told = " and ".join(f"{name} is PostgreSQL {major}" for name, major in found.items())
            raise EnvironmentProblem(
                f"the two sides of a proof need servers of one major version: {told}",
                hint="Name them in two --server options to prove on each.",
            )
        return next(iter(found.values()))

    def offer(self) -> offer.Offer:
        """What `offer.ask` returns and raises."""
        return offer.ask(self)

    @contextlib.contextmanager
    def cluster(self) -> Iterator[ConnectedCluster]:
        """A fresh database; leaving the context drops it, and the roles made meanwhile.

        Waits until a server is free.

        Raises:
            EnvironmentProblem: The server does not answer, our role may not make databases, or
                the server is otherwise than before when the context is left.
        """
        url = self._free.get()
        try:
            with contextlib.ExitStack() as stack:
                close_at_exit(stack)
                yield _make(stack, url, allowed=self.allow_cluster_changes)
        finally:
            self._free.put(url)


def split(text: str) -> tuple[str, ...]:
    """The URLs that a text names: one, or two with a comma between them.

    Raises:
        UsageProblem: libpq does not understand one, or there are more.
    """
    from psycopg import ProgrammingError  # noqa: PLC0415 - a slow import
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415

    urls = tuple(re.split(r",(?=postgres(?:ql)?://)", text))
    try:
        for url in urls:
            conninfo_to_dict(url)
    except ProgrammingError as error:
        raise UsageProblem(
            f"{masked(text)} is no URL of a server: {masked(str(error).strip())}",
            hint="It looks like postgresql://user@host:5432/database",
        ) from error
    if len(urls) > len(("one side", "the other")):
        raise UsageProblem(
            f"{len(urls)} URLs stand in one --server; a proof has two sides",
            hint="Name servers to prove on in an option each.",
        )
    return urls


@contextlib.contextmanager
def connected(url: str) -> Iterator[psycopg.Connection]:
    """A connection to the database that a URL names.

    Raises:
        EnvironmentProblem: The server does not answer, or refuses us.
    """
    import psycopg  # noqa: PLC0415 - a slow import
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415

    try:
        connection = psycopg.connect(
            url,
            autocommit=True,
            application_name="consolidate",
            connect_timeout=conninfo_to_dict(url).get("connect_timeout") or _ANSWER_SECONDS,
        )
    except (psycopg.OperationalError, psycopg.ProgrammingError) as error:
        raise _unreachable(masked(url), " ".join(str(error).split())) from error
    with connection:
        yield connection


def reached(connection: psycopg.Connection) -> dict[str, str]:
    """How a connection reached its server, as libpq's parameters; without database and options."""
    own = {"dbname", "application_name", "client_encoding", "options"}
    told = {k: value for k, value in connection.info.get_parameters().items() if k not in own}
    return told | ({"password": connection.info.password} if connection.info.password else {})


def _unreachable(name: str, text: str) -> EnvironmentProblem:
    """Why there is no connection; libpq puts what it tried before what was said."""
    said = text.rpartition(" failed: ")[2]
    if said.startswith("FATAL:"):
        return EnvironmentProblem(
            f"{name} refuses us: {said.removeprefix('FATAL:').strip()}",
            hint="Correct the user, the password or the database. A password is kept in PGPASSFILE"
            " or PGPASSWORD better than in a URL.",
        )
    return EnvironmentProblem(
        f"{name} does not answer: {said}",
        hint="See whether the server is up, and whether host and port are right.",
    )


def _make(stack: contextlib.ExitStack, url: str, *, allowed: bool) -> ConnectedCluster:
    told = masked(url)
    connection = stack.enter_context(connected(url))
    superuser = _rights(connection, told)
    if allowed:
        connection.execute(f"SELECT pg_advisory_lock({_KEY})".encode(), ("cluster-wide",))
    name = _free_name(connection)
    before = shared.look(connection)
    account = server_account()
    folder = own(stack, data_places(account), account)
    reaper = [sys.executable, "-m", "consolidate.servers.reaper", "--database"]
    left = {"url": url, "database": name, "before": before.document() if allowed else None}
    watcher = Watcher([folder], reaper, environment={"CONSOLIDATE_REAP": json.dumps(left)})
    stack.callback(watcher.dismiss)
    stack.callback(_while_alive, connection, lambda: _leave(connection, before, allowed, told))
    stack.callback(_while_alive, connection, lambda: drop(connection, name))
    _create(connection, name, told)
    version = connection.info.parameter_status("server_version") or ""
    return ConnectedCluster(
        version=version.split()[0],
        parameters={**reached(connection), "options": _options(connection)},
        database=name,
        superuser=superuser,
    )


def _rights(connection: psycopg.Connection, name: str) -> bool:
    """Whether our role is a superuser.

    Raises:
        EnvironmentProblem: It may not even make databases, or the server is too old for ours to be
            dropped while somebody is connected to them.
    """
    if connection.info.server_version < _OLDEST * 10000:
        raise EnvironmentProblem(
            f"{name} is PostgreSQL {connection.info.server_version // 10000}; it takes {_OLDEST} or"
            " newer",
            hint="Name another server with --server.",
        )
    ((role, superuser, creates),) = connection.execute(
        "SELECT rolname, rolsuper, rolcreatedb FROM pg_catalog.pg_roles"
        " WHERE rolname = session_user"
    ).fetchall()
    if not (superuser or creates):
        raise EnvironmentProblem(
            f"{name}: the role {role} may not create databases",
            hint=f"ALTER ROLE {quote(role)} CREATEDB; or name another role in the URL.",
        )
    return bool(superuser)


def _free_name(connection: psycopg.Connection) -> str:
    """A name for our database, locked for as long as the connection lives."""
    number = 0
    while True:
        name = f"{shared.PREFIX}{os.getpid()}" + (f"_{number}" if number else "")
        (row,) = connection.execute(
            "SELECT CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = %s)"
            f" THEN false ELSE pg_try_advisory_lock({_KEY}) END".encode(),
            (name, name),
        ).fetchall()
        if row[0]:
            return name
        number += 1


def _create(connection: psycopg.Connection, name: str, told: str) -> None:
    import psycopg  # noqa: PLC0415

    try:
        connection.execute(
            f"CREATE DATABASE {quote(name)} TEMPLATE template0 ENCODING 'UTF8'"
            " LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'".encode()
        )
        connection.execute(f"COMMENT ON DATABASE {quote(name)} IS '{COMMENT}'".encode())
    except psycopg.Error as error:
        raise EnvironmentProblem(
            f"{told}: no database can be made: {error.diag.message_primary or error}",
            hint=error.diag.message_hint or "",
        ) from error


def _options(connection: psycopg.Connection) -> str:
    """The session's settings, as a connection asks for them; RESET and DISCARD keep them."""
    named = dict(_SESSION)
    for first, since in _SESSION_SINCE.items():
        if connection.info.server_version // 10000 >= first:
            named |= since
    return " ".join(f"-c {name}={value}" for name, value in named.items())


def leftovers(url: str) -> tuple[str, ...]:
    """The databases of ours on a server that no process works with any more.

    What another role left there is not ours to drop.

    Raises:
        EnvironmentProblem: The server does not answer.
    """
    with _telling(url), connected(url) as connection:
        return tuple(
            name for (name,) in connection.execute(_LEFT, (shared.PREFIX, COMMENT)).fetchall()
        )


_LEFT = """
SELECT datname FROM pg_catalog.pg_database AS d
WHERE starts_with(datname, %s) AND shobj_description(oid, 'pg_database') = %s
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_locks
        WHERE locktype = 'advisory' AND objsubid = 2
            AND classid::bigint = hashtext('consolidate')::bigint & 4294967295
            AND objid::bigint = hashtext(datname)::bigint & 4294967295)
    AND pg_has_role(datdba, 'USAGE')
ORDER BY datname
"""
"""pg_locks shows the two numbers of an advisory lock without their signs."""


def remove(url: str, name: str) -> None:
    """Drops one of these.

    Raises:
        EnvironmentProblem: The server does not answer, or refuses.
    """
    with _telling(url), connected(url) as connection:
        drop(connection, name)


@contextlib.contextmanager
def _telling(url: str) -> Iterator[None]:
    import psycopg  # noqa: PLC0415

    try:
        yield
    except psycopg.Error as error:
        told = error.diag.message_primary or " ".join(str(error).split())
        raise EnvironmentProblem(f"{masked(url)} refuses: {told}") from error


def drop(connection: psycopg.Connection, name: str) -> None:
    """Drops a database of ours, whoever is connected to it."""
    connection.execute(f"DROP DATABASE IF EXISTS {quote(name)} WITH (FORCE)".encode())


def _while_alive(connection: psycopg.Connection, end: Callable[[], None]) -> None:
    """Does it, unless the server went away: whoever used it then has told so already."""
    import psycopg  # noqa: PLC0415

    try:
        end()
    except psycopg.OperationalError:
        if not connection.closed:
            raise


def _leave(connection: psycopg.Connection, before: Shared, allowed: bool, name: str) -> None:  # noqa: FBT001 - of one call
    """Puts back what was changed of the server, where that is allowed, and looks at the rest.

    Raises:
        EnvironmentProblem: It is not as it was.
    """
    if allowed:
        shared.put_back(connection, before)
    changed = before.changed(shared.look(connection))
    if changed:
        raise EnvironmentProblem(
            f"{name} is not as it was: {', '.join(changed)}",
            hint="The history changes what belongs to the whole server, or somebody else did"
            " meanwhile. See to it by hand.",
        )
