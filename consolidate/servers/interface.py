"""What the program asks of a PostgreSQL server, whatever brings it up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


class Cluster(Protocol):
    """One running throwaway cluster that nobody else uses.

    Every engine's clusters are alike: superuser and first database `postgres`, encoding UTF8,
    locale C.UTF-8, time zone UTC, `password_encryption = md5` (so that passwords compare),
    reachable from this machine only.
    """

    @property
    def major(self) -> int:
        """PostgreSQL's major version, such as 18."""
        ...

    @property
    def version(self) -> str:
        """The full version, such as `18.4`."""
        ...

    def dsn(self, database: str = "postgres") -> str:
        """A libpq connection string for the superuser."""
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
    """A kind of server that can bring up any number of clusters, side by side."""

    @property
    def url(self) -> str:
        """As the user writes it, such as `embedded://18`."""
        ...

    def extensions(self) -> frozenset[str]:
        """The extensions that CREATE EXTENSION finds there; nothing is started to know them."""
        ...

    def cluster(self) -> AbstractContextManager[Cluster]:
        """Boots a fresh cluster; leaving the context ends it and removes all traces of it."""
        ...
