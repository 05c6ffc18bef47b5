"""A throwaway server that is killed like one whose machine stops, and that starts again."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from consolidate.servers import open_server, processes
from consolidate.servers.settings import settings
from tests.cli.running import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.servers.binaries import BinaryCluster


@dataclass(slots=True)
class Killable:
    """A cluster whose processes can be killed, all at once and without a word."""

    cluster: BinaryCluster
    _own: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def home(self) -> Path:
        """Where its data are."""
        return self.cluster.socket_folder.parent

    def connect(self) -> psycopg.Connection:
        """A session of the superuser."""
        return psycopg.connect(self.cluster.dsn(), autocommit=True, prepare_threshold=None)

    def psql(self, text: str) -> subprocess.Popen[str]:
        """Starts to apply a file as the README of an output says."""
        programs, where = self.cluster.programs, self.cluster.socket_folder
        command = ["psql", "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-h", str(where)]
        process = subprocess.Popen(
            [programs.folder / command[0], *command[1:], "-U", "postgres", "-f", "-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=processes.clean_environment(),
        )
        assert process.stdin
        process.stdin.write(text)
        process.stdin.close()
        process.stdin = None  # or `communicate` flushes what is closed
        return process

    def wait_until_blocked(self, looking: psycopg.Connection) -> None:
        """Waits until a session waits for a lock that another one holds."""
        query = "SELECT FROM pg_locks WHERE NOT granted"
        wait_for(lambda: looking.execute(query).fetchall())

    def kill(self) -> None:
        """Kills the postmaster first, so that it starts nothing anew, and then all the others."""
        with self.connect() as connection:
            found = connection.execute("SELECT pid FROM pg_stat_activity").fetchall()
        postmaster = int((self.home / "data/postmaster.pid").read_text().splitlines()[0])
        pids = [postmaster, *(pid for (pid,) in found)]
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):  # the session that asked has ended
                os.kill(pid, signal.SIGKILL)
        if self._own:
            self._own.pop().wait()
        else:
            os.waitpid(postmaster, 0)
        wait_for(lambda: not any(map(_runs, pids)))

    def restart(self) -> None:
        """Starts the server again, on the data as they are; it recovers by itself.

        From now on what is committed is written before that is said. Our clusters do without, since
        they are thrown away.
        """
        programs = self.cluster.programs
        arguments = settings(
            programs.major,
            listen_addresses="",
            port="5432",
            unix_socket_directories=str(self.cluster.socket_folder),
            dynamic_shared_memory_type="mmap",
            synchronous_commit="on",
        )
        process = processes.start(
            [programs.folder / "postgres", "-D", str(self.home / "data"), *arguments],
            account=processes.server_account(),
            cwd=self.home,
            log=self.cluster.log_file,
        )
        self._own.append(process)
        wait_for(self._answers)

    def end(self) -> None:
        """Ends what was started again."""
        for process in self._own:
            processes.end(process)

    def _answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True


def _runs(pid: int) -> bool:
    """Whether a process is more than an entry that nobody has asked for yet."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in {"Z", "X"}


@contextlib.contextmanager
def killable(major: int = 18) -> Iterator[Killable]:
    """A cluster of ours that may be killed."""
    with open_server(f"embedded://{major}").cluster() as cluster:
        found = Killable(cluster)  # type: ignore[arg-type]  # the embedded server's is one
        try:
            found.kill()
            found.restart()
            yield found
        finally:
            found.end()
