"""What the program asks of a PostgreSQL server, whatever brings it up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from consolidate.servers.offer import Offer


class Cluster(Protocol):
    """One running throwaway cluster that nobody else uses.

    Every engine's clusters are alike: superuser and first database `postgres`, encoding UTF8,
    locale C.UTF-8, time zone UTC, `password_encryption = md5` (so that passwords compare),
    reachable from this machine only. On a server that is not ours, `given.py` says what of it
    holds.
    """

    @property
    def major(self) -> int:
        """PostgreSQL's major version, such as 18."""
        ...

    @property
    def version(self) -> str:
        """The full version, such as `18.4`."""
        ...

    @property
    def database(self) -> str:
        """The database that histories are applied to."""
        ...

    def dsn(self, database: str | None = None) -> str:
        """A libpq connection string for the superuser; to `database` where none is named.

        It may hold a password, so it is never shown.
        """
        ...

    def tool(self, name: str, *args: str, stdin: bytes | None = None) -> bytes:
        """Runs a client tool (`pg_dump`, `pg_restore`, `pg_dumpall`) against this cluster.

        Returns what it prints. The connection parameters are added; `args` are the rest.

        Raises:
            EnvironmentProblem: The tool failed; the message is its own.
        """
        ...

    def log(self) -> tuple[str, ...]:
        """The last lines that the server wrote, where they can be had."""
        ...


class Server(Protocol):
    """A kind of server that can bring up any number of clusters."""

    @property
    def url(self) -> str:
        """As the user writes it, such as `embedded://18`, less its password."""
        ...

    @property
    def major(self) -> int:
        """PostgreSQL's major version; a server that has to be asked is asked once.

        Raises:
            EnvironmentProblem: It can not be told, because there is no such server.
        """
        ...

    @property
    def side_by_side(self) -> bool:
        """Whether two clusters may be up at once; else the second waits for the first's end."""
        ...

    @property
    def guest(self) -> bool:
        """Whether the clusters are databases on a server that others use, too."""
        ...

    @property
    def allow_cluster_changes(self) -> bool:
        """Whether a history may make roles on it."""
        ...

    def offer(self) -> Offer:
        """What a history may ask of it; a cluster is booted once to know it.

        Raises:
            EnvironmentProblem: It can not be brought up.
        """
        ...

    def cluster(self) -> AbstractContextManager[Cluster]:
        """Boots a fresh cluster; leaving the context ends it and removes all traces of it.

        Raises:
            EnvironmentProblem: It can not be brought up.
        """
        ...
