"""A cluster that is reached over a connection string, with the newest client tools at hand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from psycopg import pq
from psycopg.conninfo import make_conninfo

from consolidate.errors import EnvironmentProblem
from consolidate.servers import tools
from consolidate.servers.local import installed
from consolidate.servers.processes import Account, server_account
from consolidate.servers.wheel import FOLDERS, find_programs, find_wheel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from consolidate.servers.programs import Programs


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectedCluster:
    """A running cluster, and how libpq reaches it."""

    version: str
    parameters: Mapping[str, str]
    """libpq's, by keyword: host, port, user, password and so on, less the database."""
    database: str
    superuser: bool
    read_log: Callable[[], bytes] = bytes

    @property
    def major(self) -> int:
        """PostgreSQL's major version, such as 18."""
        return int(self.version.split(".", maxsplit=1)[0])

    def dsn(self, database: str | None = None) -> str:
        """A libpq connection string; it says all that libpq's variables could say otherwise."""
        return make_conninfo(
            **{"options": "", **self.parameters},
            dbname=database or self.database,
            client_encoding="UTF8",
        )

    def tool(self, name: str, *args: str, stdin: bytes | None = None) -> bytes:
        """What `tools.run` returns and raises.

        Who may not read passwords gets `pg_dumpall` without them.
        """
        if name == "pg_dumpall":
            args = (*args, "-l", self.database, *(() if self.superuser else _NO_PASSWORDS))
        return tools.run(
            newest_tools(self.major), name, args, where=(), stdin=stdin, environment=self._variables
        )

    def log(self) -> tuple[str, ...]:
        """The last lines of the server's log, where it can be read."""
        return tools.last_lines(self.read_log())

    @property
    def _variables(self) -> Mapping[str, str]:
        """The environment variables of libpq for the parameters."""
        known = {
            option.keyword.decode(): option.envvar.decode()
            for option in pq.Conninfo.get_defaults()
            if option.envvar
        }
        told = {**self.parameters, "dbname": self.database}
        return {known[keyword]: value for keyword, value in told.items() if keyword in known}


_NO_PASSWORDS = ("--no-role-passwords",)


def libpq() -> str:
    """The version of libpq that connections are made with, such as `18.6`."""
    version = pq.version()
    return f"{version // 10000}.{version % 10000}"


@cache
def newest_tools(least: int) -> Programs:
    """The newest client tools on this machine: one version of them reads every older server.

    Raises:
        EnvironmentProblem: All of them are older than the server.
    """
    major = max(FOLDERS)
    local = next(iter(installed().items()), None)
    if local and local[0] > major:
        major, programs = local
    else:
        us = server_account()
        self = Account(uid=us.uid, gid=us.gid, switched=False)  # tools may run as root
        programs = find_programs(find_wheel(), major, self)
    if major < least:
        raise EnvironmentProblem(
            f"the server is PostgreSQL {least}, and the newest pg_dump on this machine is of"
            f" PostgreSQL {major}, which does not read it",
            hint=f"Install the client tools of PostgreSQL {least} with its server programs.",
        )
    return programs
