"""Throwaway clusters from PostgreSQL programs on this machine: no Docker, no installation."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from consolidate.errors import EnvironmentProblem
from consolidate.interrupts import held
from consolidate.servers import processes, tools
from consolidate.servers.cache import cached
from consolidate.servers.folders import delete_tree
from consolidate.servers.lifetime import close_at_exit, own
from consolidate.servers.places import data_places, socket_places, suits_a_socket
from consolidate.servers.settings import INITDB, settings

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator

    from consolidate.servers.processes import Account
    from consolidate.servers.programs import Programs

_PORT = 5432
"""Part of the socket's file name only: nothing listens on the network."""

_INITDB = ("-U", "postgres", *INITDB, "-A", "trust", "-N")

_SPARE = ("base/*/*_fsm", "base/*/*_vm")
"""A third of all files, which say where rows have room and which are old: a server that misses them
makes them anew."""

_KIND = sha256(repr((_INITDB, _SPARE)).encode()).hexdigest()[:8]

_FULL = "Make room there, or name a folder with more room in TMPDIR."

_BOOT_SECONDS = 60.0
_POLL_SECONDS = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class BinaryCluster:
    """A running cluster that is reached through a Unix socket in a private folder."""

    programs: Programs
    socket_folder: Path
    log_file: Path
    database: str = "postgres"

    @property
    def major(self) -> int:
        """PostgreSQL's major version, such as 18."""
        return self.programs.major

    @property
    def version(self) -> str:
        """The full version, such as `18.4`."""
        return self.programs.version

    def dsn(self, database: str | None = None) -> str:
        """A libpq connection string for the superuser.

        It says all that the variables `PGHOST`, `PGPORT`, `PGOPTIONS` … could say otherwise.
        """
        quoted = (database or self.database).replace("\\", "\\\\").replace("'", "\\'")
        return (
            f"host={self.socket_folder} port={_PORT} user=postgres dbname='{quoted}'"
            " client_encoding=UTF8 options=''"
        )

    def tool(self, name: str, *args: str, stdin: bytes | None = None) -> bytes:
        """What `tools.run` returns and raises, for the tools of the server's own version."""
        where = ("-h", str(self.socket_folder), "-p", str(_PORT), "-U", "postgres")
        return tools.run(self.programs, name, args, where=where, stdin=stdin)

    def log(self) -> tuple[str, ...]:
        """The last lines of the server's log."""
        try:
            return tools.last_lines(self.log_file.read_bytes())
        except OSError:
            return ()


@contextlib.contextmanager
def running(name: str, find: Callable[[Account], Programs]) -> Iterator[BinaryCluster]:
    """Boots a fresh cluster; leaving the context ends it and removes all traces of it.

    Args:
        name: Of the server, for messages.
        find: The programs to run, where the given account can run them.

    Raises:
        EnvironmentProblem: No programs, no place for their files, or the server does not start.
    """
    account = processes.server_account()
    with contextlib.ExitStack() as stack:
        close_at_exit(stack)
        try:
            cluster = _boot(stack, name, find(account), account)
        except OSError as error:
            full = error.errno in {errno.ENOSPC, errno.EDQUOT}
            raise EnvironmentProblem(
                f"{name} can not be started: {error.strerror or error}", hint=_FULL if full else ""
            ) from error
        yield cluster


def _boot(
    stack: contextlib.ExitStack, name: str, programs: Programs, account: Account
) -> BinaryCluster:
    """Starts a server on a copy of the template.

    Everything is undone in reverse order; the folders are deleted before the watcher is dismissed,
    so that it cleans up where we are killed in between.
    """
    template = cached(
        f"template-{programs.key}-{programs.major}-{_KIND}",
        lambda target: _initdb(programs, account, target),
        account,
    )
    home = own(stack, data_places(account), account)
    data, sockets = home / "data", home / "s"
    folders = [home]
    if not suits_a_socket(sockets):
        folders.append(own(stack, socket_places(account), account))
        sockets = folders[-1] / "s"
    watcher = processes.Watcher(folders)
    stack.callback(watcher.dismiss)
    for folder in folders:
        stack.callback(delete_tree, folder)
    sockets.mkdir(mode=0o700)
    account.give(sockets)
    _copy_data(template / "data", data, account)
    log = home / "log"
    with held():
        process = processes.start(
            [programs.folder / "postgres", *_arguments(programs, data, sockets)],
            account=account,
            cwd=home,
            log=log,
        )
        stack.callback(processes.end, process)
        watcher.guard(process.pid)
    _wait_until_ready(name, process, data, log)
    return BinaryCluster(programs=programs, socket_folder=sockets, log_file=log)


def _initdb(programs: Programs, account: Account, target: Path) -> None:
    """Makes the data folder that every cluster is a copy of."""
    account.give(target)
    result = processes.run(
        [programs.folder / "initdb", *_INITDB, "-D", target / "data"], account=account, cwd=target
    )
    if result.returncode != 0:
        raise EnvironmentProblem(
            f"initdb {programs.version} failed with exit code {result.returncode}",
            problems=tools.last_lines(result.stderr),
        )
    _leave_out_spare(target / "data")
    for path in (target, *target.rglob("*")):
        # Ours from now on, so that no server can change what later ones start from; they read it.
        os.chown(path, os.geteuid(), os.getegid())
        path.chmod(0o755 if path.is_dir() else 0o644)


def _leave_out_spare(data: Path) -> None:
    """Removes what every copy would carry and no server needs.

    Of the log it needs the segment of the last checkpoint, which is the first: initdb ended its
    server in good order, and the segments behind are there to be written.
    """
    _, *later = sorted(path for path in (data / "pg_wal").iterdir() if path.is_file())
    for path in (*later, *(found for pattern in _SPARE for found in data.glob(pattern))):
        path.unlink()


def _copy_data(source: Path, target: Path, account: Account) -> None:
    """Copies the template by `cp`, which takes half the time of a loop of ours for 1000 files.

    Raises:
        OSError: It can not be copied.
    """
    target.mkdir(mode=0o700)
    account.give(target)
    copied = processes.run(["cp", "-R", f"{source}/.", target], account=account, cwd=Path("/"))
    if copied.returncode != 0:
        said = " ".join(tools.last_lines(copied.stderr)[-1:])
        full = said.endswith(os.strerror(errno.ENOSPC))
        raise OSError(errno.ENOSPC if full else errno.EIO, said)


def _arguments(programs: Programs, data: Path, sockets: Path) -> Iterator[str]:
    yield from ("-D", str(data))
    yield from settings(
        programs.major,
        listen_addresses="",
        port=str(_PORT),
        unix_socket_directories=str(sockets),
        dynamic_shared_memory_type="mmap",  # in the data folder: /dev/shm outlives a killed server
    )


def _wait_until_ready(name: str, process: subprocess.Popen[bytes], data: Path, log: Path) -> None:
    """Waits until the server says so in the last line of its lock file, as `pg_ctl` does.

    Raises:
        EnvironmentProblem: It ended, or takes longer than a minute.
    """
    deadline = time.monotonic() + _BOOT_SECONDS
    lock = data / "postmaster.pid"
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if lock.read_text().splitlines()[7:] == ["ready   "]:
                return
        time.sleep(_POLL_SECONDS)
    ended = process.poll()
    what = f"did not get ready in {_BOOT_SECONDS:.0f} s" if ended is None else "ended at once"
    raise EnvironmentProblem(
        f"{name} was started and {what}", problems=tools.last_lines(log.read_bytes())
    )
