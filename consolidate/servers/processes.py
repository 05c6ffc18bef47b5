"""Running programs on behalf of a throwaway server: which account, which environment, whose death.

What to run, and with which settings, is said in `binaries.py`.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from consolidate.errors import EnvironmentProblem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import IO

_INHERITED = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_PATIENCE = 10.0
"""Seconds that a server gets for an immediate shutdown; PostgreSQL itself gives its children 5."""

_WATCH = """
trap '' HUP INT TERM
pid=
while read -r line; do
  case $line in
    end) exit 0 ;;
    *) pid=$line ;;
  esac
done
if [ -n "$pid" ] && kill -QUIT "$pid"; then
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    [ -e "$1/data/postmaster.pid" ] && kill -0 "$pid" || break
    sleep 0.1
  done
  kill -KILL "$pid"
fi
rm -rf -- "$@"
"""
"""Its arguments are folders."""

_WATCH_AND_RUN = """
trap '' HUP INT TERM
while read -r line; do
  case $line in
    end) exit 0 ;;
  esac
done
folder=$1
shift
"$@"
rm -rf -- "$folder"
"""
"""Its arguments are a folder and a command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The account of this machine that servers run as."""

    uid: int
    gid: int
    switched: bool
    """Whether it is another one than ours."""

    def give(self, path: Path) -> None:
        """Makes the account the owner of a file or folder."""
        if self.switched:
            os.chown(path, self.uid, self.gid)

    def can_enter(self, folder: Path) -> bool:
        """Whether the account can go through every folder on the way, and through this one."""
        if not self.switched:
            return True
        real = folder.resolve()
        return all(step.stat().st_mode & 0o001 for step in (real, *real.parents))


@cache
def server_account() -> Account:
    """Our own account, or `nobody` if we are root: PostgreSQL refuses to run as root.

    Raises:
        EnvironmentProblem: We are root, and there is no `nobody`.
    """
    if os.geteuid() != 0:
        return Account(uid=os.geteuid(), gid=os.getegid(), switched=False)
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise EnvironmentProblem(
            "PostgreSQL refuses to run as root, and this machine has no account `nobody` to run it",
            hint="run consolidate as an ordinary user, or add an account named nobody",
        ) from None
    return Account(uid=entry.pw_uid, gid=entry.pw_gid, switched=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Switch:
    """How a program of ours comes to run as another account."""

    before: tuple[str, ...] = ()
    """A program that becomes the one that is named after it, and its arguments."""
    user: int | None = None
    group: int | None = None
    extra_groups: tuple[int, ...] | None = None
    """What `subprocess` takes."""


@cache
def _switch(account: Account | None) -> _Switch:
    """By `setpriv`, where there is one that can: `subprocess` can not switch without a `fork`.

    That copies the map of all our memory, and afterwards each page that we write to: many times the
    work that it takes to start a small program. `setpriv` has our capabilities to its end, so it is
    `env` that finds out what the account may run.
    """
    if account is None or not account.switched:
        return _Switch()
    if program := shutil.which("setpriv"):
        whose = f"--reuid={account.uid}", f"--regid={account.gid}", "--clear-groups"
        before = (program, *whose, "env")
        tried = subprocess.run([*before, "true"], capture_output=True, check=False)  # noqa: S603 - as in run
        if tried.returncode == 0:
            return _Switch(before=before)
    return _Switch(user=account.uid, group=account.gid, extra_groups=())


def clean_environment() -> dict[str, str]:
    """An environment in which no variable of the user's changes what PostgreSQL's tools print."""
    kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return kept | {"LC_ALL": "C", "TZ": "UTC", "PGCLIENTENCODING": "UTF8"}


def run(
    command: Sequence[str | Path],
    *,
    account: Account | None = None,
    cwd: Path | None = None,
    stdin: bytes | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Runs a program to its end in the clean environment.

    Args:
        command: The program and its arguments.
        account: Who runs it; we ourselves by default.
        cwd: Where it runs.
        stdin: What it reads; nothing by default.
        environment: More variables for it.

    Raises:
        OSError: It can not be started.
    """
    switch = _switch(account)
    return subprocess.run(  # noqa: S603 - the program is PostgreSQL's, the arguments a list
        [*switch.before, *command],
        input=b"" if stdin is None else stdin,
        capture_output=True,
        check=False,
        cwd=cwd,
        env={**clean_environment(), **(environment or {})},
        user=switch.user,
        group=switch.group,
        extra_groups=switch.extra_groups,
    )


def start(
    command: Sequence[str | Path], *, account: Account, cwd: Path, log: Path
) -> subprocess.Popen[bytes]:
    """Starts a server in a session of its own, so that Ctrl-C reaches us and not it.

    Raises:
        OSError: It can not be started.
    """
    switch = _switch(account)
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - as in run
            [*switch.before, *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=cwd,
            env=clean_environment(),
            user=switch.user,
            group=switch.group,
            extra_groups=switch.extra_groups,
            start_new_session=True,
        )


class Watcher:
    """A shell that outlives us if we are killed, ends our server and deletes its folders.

    A server that is no process of ours is ended by a command.

    It waits for the end of a pipe that only we hold open. (`PR_SET_PDEATHSIG` would tie the server
    to the *thread* that started it, and exists on Linux only.)
    """

    def __init__(
        self,
        folders: Sequence[Path],
        command: Sequence[str] = (),
        *,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Starts it.

        Args:
            folders: What to delete; the first of them is the one with the server's data.
            command: What ends the server; without one it is the process that `guard` names.
            environment: Variables for the command.
        """
        script = _WATCH_AND_RUN if command else _WATCH
        self._shell = subprocess.Popen(  # noqa: S603 - a constant script, the rest are arguments
            ["/bin/sh", "-c", script, "sh", *folders, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )

    def guard(self, pid: int) -> None:
        """Names the server to end."""
        self._tell(f"{pid}\n")

    def dismiss(self) -> None:
        """Everything is cleaned up: nothing is left to do."""
        self._tell("end\n")
        with contextlib.suppress(OSError):
            self._pipe.close()
        self._shell.wait()

    @property
    def _pipe(self) -> IO[bytes]:
        pipe = self._shell.stdin
        if pipe is None:
            raise RuntimeError("the watcher was started without a pipe")
        return pipe

    def _tell(self, line: str) -> None:
        # A watcher that somebody killed must not keep us from going on.
        with contextlib.suppress(OSError):
            self._pipe.write(line.encode())
            self._pipe.flush()


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends a server by PostgreSQL's immediate shutdown: its data are thrown away anyway."""
    process.send_signal(signal.SIGQUIT)
    try:
        process.wait(timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def end_orphan(data: Path, account: Account) -> None:
    """Ends a server that still runs in the data folder of a dead process, where we can tell.

    The file with its process id may be as old as the machine, so the process must be the account's
    and stand in that very folder. Without `/proc` nothing is done: a server whose folder vanished
    ends by itself within a minute.
    """
    with contextlib.suppress(OSError, ValueError, IndexError):
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        process = Path(f"/proc/{pid}")
        if process.stat().st_uid == account.uid and (process / "cwd").readlink() == data.resolve():
            os.kill(pid, signal.SIGQUIT)
