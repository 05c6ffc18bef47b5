"""Throwaway clusters from the PostgreSQL programs in a wheel: no installation, no Docker."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from consolidate.errors import EnvironmentProblem
from consolidate.servers import processes
from consolidate.servers.cache import cached
from consolidate.servers.folders import delete_tree, own_folder, sweep
from consolidate.servers.places import data_places, socket_places, suits_a_socket
from consolidate.servers.wheel import (
    FOLDERS,
    Programs,
    Wheel,
    extensions,
    find_programs,
    find_wheel,
)

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

    from consolidate.servers.processes import Account

MAJORS = tuple(FOLDERS)
"""The major versions there are, newest first."""

_PORT = 5432
"""Part of the socket's file name only: nothing listens on the network."""

_INITDB = (
    *("-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust", "-N"),
    "--wal-segsize=1",  # 15 MB less to copy for every cluster
)
_SETTINGS = {
    "listen_addresses": "",
    "port": str(_PORT),
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "md5",
    "wal_level": "logical",  # or else CREATE PUBLICATION warns
    "max_connections": "20",
    "max_locks_per_transaction": "2048",  # one transaction may drop all that a long history made
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "autovacuum": "off",
    "jit": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "dynamic_shared_memory_type": "mmap",  # in the data folder: /dev/shm outlives a killed server
}
_SETTINGS_SINCE = {18: {"md5_password_warnings": "off"}}

_BOOT_SECONDS = 60.0
_POLL_SECONDS = 0.005
_LOG_LINES = 8

_CONNECTING_TOOLS = frozenset({"pg_dump", "pg_dumpall", "psql"})


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedCluster:
    """A running cluster that is reached through a Unix socket in a private folder."""

    programs: Programs
    socket_folder: Path
    log_file: Path

    @property
    def major(self) -> int:
        """PostgreSQL's major version, such as 18."""
        return self.programs.major

    @property
    def version(self) -> str:
        """The full version, such as `18.4`."""
        return self.programs.version

    def dsn(self, database: str = "postgres") -> str:
        """A libpq connection string for the superuser.

        It says all that the variables `PGHOST`, `PGPORT`, `PGOPTIONS` … could say otherwise.
        """
        quoted = database.replace("\\", "\\\\").replace("'", "\\'")
        return (
            f"host={self.socket_folder} port={_PORT} user=postgres dbname='{quoted}'"
            " client_encoding=UTF8 options=''"
        )

    def tool(self, name: str, *args: str, stdin: bytes | None = None) -> bytes:
        """Runs one of PostgreSQL's client tools as ourselves and returns what it prints.

        `pg_dump`, `pg_dumpall` and `psql` are told how to connect; `pg_restore` only where it is
        told to which database, since it also turns archives into text.

        Raises:
            EnvironmentProblem: The tool failed; the problems are its own last lines.
        """
        named = any(arg.startswith(("-d", "--dbname")) for arg in args)
        options: list[str] = []
        if named or name in _CONNECTING_TOOLS:
            options = ["-h", str(self.socket_folder), "-p", str(_PORT), "-U", "postgres", "-w"]
        if name == "psql":
            options.append("-X")
        command: list[str | Path] = [self.programs.folder / name, *options, *args]
        try:
            result = processes.run(command, stdin=stdin)
        except OSError as error:
            raise EnvironmentProblem(f"{name} can not be run: {error}") from error
        if result.returncode != 0:
            raise EnvironmentProblem(
                f"{name} {self.version} failed with exit code {result.returncode}",
                problems=_last_lines(result.stderr),
            )
        return result.stdout

    def log(self) -> tuple[str, ...]:
        """The last lines of the server's log."""
        try:
            return _last_lines(self.log_file.read_bytes())
        except OSError:
            return ()


@dataclass(frozen=True, slots=True)
class EmbeddedServer:
    """Brings up clusters of one major version."""

    major: int
    wheel: Wheel | None = None
    """Where the programs are; the installed wheel by default."""

    @property
    def url(self) -> str:
        """Such as `embedded://18`."""
        return f"embedded://{self.major}"

    def extensions(self) -> frozenset[str]:
        """Those that the wheel has a control file of.

        Raises:
            EnvironmentProblem: There is no wheel.
        """
        return extensions(self.wheel or find_wheel(), self.major)

    @contextlib.contextmanager
    def cluster(self) -> Iterator[EmbeddedCluster]:
        """Boots a fresh cluster; leaving the context ends it and removes all traces of it.

        Raises:
            EnvironmentProblem: No wheel, no place for its files, or the server does not start.
        """
        account = processes.server_account()
        with contextlib.ExitStack() as stack:
            _close_at_exit(stack)
            try:
                programs = find_programs(self.wheel or find_wheel(), self.major, account)
                cluster = _boot(stack, programs, account)
            except OSError as error:
                raise EnvironmentProblem(f"{self.url} can not be started: {error}") from error
            yield cluster


def _close_at_exit(stack: contextlib.ExitStack) -> None:
    """Closes the stack at the latest when this very process ends (and not a fork of it)."""
    owner = os.getpid()

    def close() -> None:
        if os.getpid() == owner:
            stack.close()

    atexit.register(close)
    stack.callback(atexit.unregister, close)


def _boot(stack: contextlib.ExitStack, programs: Programs, account: Account) -> EmbeddedCluster:
    """Starts a server on a copy of the template.

    Everything is undone in reverse order; the folders are deleted before the watcher is dismissed,
    so that it cleans up where we are killed in between.
    """
    template = cached(
        f"cluster-{programs.key}-{programs.major}-{sha256(repr(_INITDB).encode()).hexdigest()[:8]}",
        lambda target: _initdb(programs, account, target),
        account,
    )
    home = _own(stack, data_places(account), account)
    data, sockets = home / "data", home / "s"
    folders = [home]
    if not suits_a_socket(sockets):
        folders.append(_own(stack, socket_places(account), account))
        sockets = folders[-1] / "s"
    watcher = processes.Watcher(folders)
    stack.callback(watcher.dismiss)
    for folder in folders:
        stack.callback(delete_tree, folder)
    sockets.mkdir(mode=0o700)
    account.give(sockets)
    _copy_data(template / "data", data, account)
    log = home / "log"
    process = processes.start(
        [programs.folder / "postgres", *_arguments(programs, data, sockets)],
        account=account,
        cwd=home,
        log=log,
    )
    stack.callback(processes.end, process)
    watcher.guard(process.pid)
    _wait_until_ready(process, data, log)
    return EmbeddedCluster(programs=programs, socket_folder=sockets, log_file=log)


def _own(stack: contextlib.ExitStack, places: Iterator[Path], account: Account) -> Path:
    """A new folder of ours in the first of these places, removed at the end.

    What killed processes left there is removed first.
    """
    refusals = []
    for place in places:
        sweep(place, lambda stale: processes.end_orphan(stale / "data", account))
        try:
            # The server's account passes through to the folders in it that are its own.
            folder = own_folder(place, 0o711 if account.switched else 0o700)
        except OSError as error:
            refusals.append(f"{place}: {error}")
            continue
        stack.callback(folder.remove)
        return folder.path
    raise EnvironmentProblem(
        "no folder can hold the data and the socket of an embedded server",
        problems=tuple(refusals),
        hint="set TMPDIR to a folder that can be written",
    )


def _initdb(programs: Programs, account: Account, target: Path) -> None:
    """Makes the data folder that every cluster is a copy of."""
    account.give(target)
    result = processes.run(
        [programs.folder / "initdb", *_INITDB, "-D", target / "data"], account=account, cwd=target
    )
    if result.returncode != 0:
        raise EnvironmentProblem(
            f"initdb {programs.version} failed with exit code {result.returncode}",
            problems=_last_lines(result.stderr),
        )
    for path in (target, *target.rglob("*")):
        # Ours from now on, so that no server can change what later ones start from.
        os.chown(path, os.geteuid(), os.getegid())


def _copy_data(source: Path, target: Path, account: Account) -> None:
    target.mkdir(mode=0o700)
    account.give(target)
    with os.scandir(source) as entries:
        for entry in entries:
            copy = target / entry.name
            if entry.is_dir(follow_symlinks=False):
                _copy_data(Path(entry.path), copy, account)
            else:
                shutil.copyfile(entry.path, copy)
                copy.chmod(0o600)
                account.give(copy)


def _arguments(programs: Programs, data: Path, sockets: Path) -> Iterator[str]:
    settings = _SETTINGS | {"unix_socket_directories": str(sockets)}
    for major, more in _SETTINGS_SINCE.items():
        if programs.major >= major:
            settings |= more
    yield from ("-D", str(data))
    for name, value in settings.items():
        yield from ("-c", f"{name}={value}")


def _wait_until_ready(process: subprocess.Popen[bytes], data: Path, log: Path) -> None:
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
        f"the embedded server was started and {what}", problems=_last_lines(log.read_bytes())
    )


def _last_lines(output: bytes) -> tuple[str, ...]:
    return tuple(output.decode(errors="replace").strip().splitlines()[-_LOG_LINES:])
