"""What every engine promises, on every server that is at hand."""

from __future__ import annotations

import hashlib
import os
import queue
import shutil
import signal
import stat
import subprocess
import sysconfig
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import psycopg
import pytest

from consolidate import empty_database, truth
from consolidate.catalog import compare, digest, dump
from consolidate.replay import connect, execute
from consolidate.servers import open_server
from consolidate.trouble import ServerTrouble
from tests import engines
from tests.servers import inventory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from consolidate.servers.interface import Cluster, Server
    from tests.engines import Engine

PROGRAM = Path(sysconfig.get_path("scripts")) / "consolidate"
DOCKER = shutil.which("docker") or "docker"
PATIENCE = 120.0
KEYS = """
CREATE TABLE keys (id int PRIMARY KEY, label text NOT NULL DEFAULT 'none');
COMMENT ON TABLE keys IS 'What opens a door';
INSERT INTO keys VALUES (1, 'Great hall');
"""


@pytest.fixture(params=engines.ALL, scope="module")
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Each engine in turn."""
    with engines.opened(request.param) as one:
        yield one


@pytest.fixture
def server(engine: Engine) -> Server:
    """Its server."""
    return open_server(engine.url)


@pytest.fixture
def left(engine: Engine) -> Iterator[Callable[[], tuple[str, ...]]]:
    """What is there now that was not there before the test; nothing must be in the end."""
    me = os.getpid()
    before = inventory.take(of=me, dsn=engine.host)

    def beyond() -> tuple[str, ...]:
        return inventory.take(of=me, dsn=engine.host).beyond(before)

    yield beyond
    _wait_for(lambda: beyond() == ())  # a backend of a server that stays takes its time to go


def _wait_for(claim: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not claim():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.05)


pytestmark = pytest.mark.usefixtures("left")


def test_a_cluster_is_as_every_other(server: Server) -> None:
    with server.cluster() as cluster, connect(cluster) as connection:
        expected = {
            "server_encoding": "UTF8",
            "client_encoding": "UTF8",
            "TimeZone": "UTC",
            "password_encryption": "md5",
            "jit": "off",
            "synchronous_commit": "off",
        }
        found = {name: connection.execute(f"SHOW {name}").fetchone() for name in expected}
        assert found == {name: (value,) for name, value in expected.items()}
        execute(connection, "SET timezone = 'Europe/Berlin'")
        execute(connection, "DISCARD ALL")
        assert connection.execute("SHOW timezone").fetchone() == ("UTC",)
        locale = "SELECT datcollate, datctype FROM pg_database WHERE datname = current_database()"
        assert connection.execute(locale).fetchone() == ("C.UTF-8", "C.UTF-8")
        assert connection.info.dbname == cluster.database
        assert connection.info.server_version // 10000 == cluster.major == server.major
        assert cluster.version.startswith(f"{cluster.major}.")


def test_passwords_compare(engine: Engine) -> None:
    if "clerk" in engine.url:
        pytest.skip("clerk may make no roles")
    server = open_server(engine.url, allow_cluster_changes=True)
    with server.cluster() as cluster, connect(cluster) as connection:
        connection.execute("CREATE ROLE judge PASSWORD 'secret'")
        stored = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'judge'")
        assert stored.fetchone() == (
            "md5" + hashlib.md5(b"secretjudge").hexdigest(),  # noqa: S324 - PostgreSQL's way
        )


def test_a_history_is_applied_dumped_and_digested(server: Server) -> None:
    states, digests = [], []
    for text in (KEYS, KEYS, KEYS.replace("none", "some")):
        with empty_database.platform(server, "") as (cluster, connection):
            empty = digest.Digest(connection).read(connection)
            execute(connection, text)
            states.append(truth.observe(connection, cluster))
            catalogs = digest.Digest(connection)
            digests.append((empty, catalogs.read(connection), catalogs.read(connection)))
            assert [e.name for e in dump.entries(cluster, cluster.database) if e.type == "TABLE"]
    first, same, other = states
    assert compare.compare(first.facts, same.facts) == ()
    assert dump.compare(first.dump, same.dump) == ()
    assert first.rows == same.rows
    (difference,) = compare.compare(first.facts, other.facts)
    assert (difference.attribute, difference.left) == ("default", "'none'::text")
    assert [d.object.identity for d in dump.compare(first.dump, other.dump)] == [
        "TABLE public.keys"
    ]
    assert all(empty != once == twice for empty, once, twice in digests)


def test_two_clusters_know_nothing_of_each_other(server: Server) -> None:
    """Where they can not be up at once, the second waits for the first's end."""
    seen: queue.SimpleQueue[str] = queue.SimpleQueue()

    def second() -> None:
        with server.cluster() as cluster, connect(cluster) as connection:
            tables = connection.execute("SELECT to_regclass('keys') IS NULL").fetchone()
            seen.put(f"second, {tables}")

    with server.cluster() as cluster, connect(cluster) as connection:
        execute(connection, KEYS)
        thread = threading.Thread(target=second)
        thread.start()
        if server.side_by_side:
            thread.join(PATIENCE)
        seen.put("first")
    thread.join(PATIENCE)
    order = ["second, (True,)", "first"]
    assert [seen.get(), seen.get()] == (order if server.side_by_side else order[::-1])


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt])
def test_nothing_is_left_after_an_exception(
    error: type[BaseException], server: Server, left: Callable[[], tuple[str, ...]]
) -> None:
    def fail() -> NoReturn:
        with server.cluster() as cluster, connect(cluster):
            assert left() != ()
            raise error

    with pytest.raises(error):
        fail()


def test_a_server_that_dies_leaves_nothing_either(server: Server) -> None:
    def fail() -> None:
        with empty_database.platform(server, "") as (cluster, connection):
            _kill(cluster)
            execute(connection, "SELECT pg_sleep(20)")

    with pytest.raises(ServerTrouble) as caught:
        fail()
    assert caught.value.exit_code == 4


def _kill(cluster: Cluster) -> None:
    """Ends the server as an administrator, a crash or a lack of memory would."""
    if cluster.database == "postgres":
        with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
            folder = connection.execute("SHOW data_directory").fetchone()
        assert folder
        lock = Path(folder[0]) / "postmaster.pid"
        if lock.exists():
            os.kill(int(lock.read_text().split()[0]), signal.SIGKILL)
        else:
            name = next(iter(inventory.take(of=os.getpid()).containers)).split()[0]
            subprocess.run([DOCKER, "kill", name], check=True, capture_output=True)
        return
    with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


# -- the program as a whole ---------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project in a folder with an awkward name."""
    folder = tmp_path / "größer als „nötig“"
    (folder / "legacy").mkdir(parents=True)
    (folder / "legacy" / "1_keys.sql").write_text(KEYS, encoding="utf-8")
    return folder


def _start(project: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [PROGRAM, *arguments],
        cwd=project,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.parametrize("engine", engines.ONE_IMAGE, indirect=True)
def test_two_runs_at_once_do_not_disturb_each_other(engine: Engine, project: Path) -> None:
    runs = [_start(project, "plan", "legacy", "--server", engine.url) for _ in range(2)]
    told = [run.communicate(timeout=PATIENCE)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], told
    assert all("\nPlan: 3 statements in 1 file → " in text for text in told)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_of_a_run_that_is_ended(
    how: signal.Signals, engine: Engine, project: Path
) -> None:
    (project / "legacy" / "2_slow.sql").write_text("SELECT pg_sleep(60);\n", encoding="utf-8")
    run = _start(project, "run", "legacy", "--server", engine.url)
    _wait_for(lambda: bool(inventory.take(of=run.pid).processes))
    run.send_signal(how)
    told, _ = run.communicate(timeout=PATIENCE)
    assert run.returncode == (130 if how is signal.SIGINT else -how), told
    assert "Traceback" not in told
    _wait_for(lambda: inventory.take(of=run.pid) == inventory.NOTHING)
    assert sorted(path.name for path in project.iterdir()) == ["legacy"]


@pytest.mark.parametrize("engine", engines.ONE_IMAGE, indirect=True)
def test_a_home_that_can_not_be_written_or_entered_is_no_obstacle(
    engine: Engine, project: Path
) -> None:
    home = project / "home"
    home.mkdir(mode=0o500)
    run = _start(project, "plan", "legacy", "--server", engine.url, HOME=str(home))
    told, _ = run.communicate(timeout=PATIENCE)
    assert run.returncode == 0, told
    assert list(home.iterdir()) == []
    assert stat.S_IMODE(home.stat().st_mode) == 0o500
