"""The test images keep the contract that the official image `postgres` documents."""

from __future__ import annotations

import contextlib
import gzip
import subprocess
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tests.containers import IMAGES, docker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Create = Callable[..., "Container"]

pytestmark = pytest.mark.docker

READY = "database system is ready to accept connections"
SET_UP = "PostgreSQL init process complete"
KEPT = "Skipping initialization"


@dataclass(frozen=True)
class Container:
    """One that may not have been started yet."""

    identity: str

    def copy(self, source: Path, target: str) -> None:
        docker("cp", str(source), f"{self.identity}:{target}")

    def start(self, how: str = "start") -> str:
        """Waits until the server is up or has ended; what was logged since the start."""
        since = datetime.now(UTC).isoformat()  # its first line may be older than its `StartedAt`
        docker(how, self.identity)
        command = ["docker", "logs", "--follow", "--since", since, self.identity]
        logged, final = "", False
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as logs:
            assert logs.stdout is not None
            limit = threading.Timer(60, logs.kill)
            limit.start()
            for line in logs.stdout:
                logged += line
                final = final or SET_UP in line or KEPT in line
                if final and READY in line:
                    break
            limit.cancel()
            logs.kill()
        return logged

    def ended(self) -> int:
        """Waits for its end; the exit code."""
        return int(docker("wait", self.identity))

    def run(self, *command: str) -> str:
        return docker("exec", self.identity, *command)

    @contextlib.contextmanager
    def connect(self, **parameters: str) -> Iterator[psycopg.Connection[Any]]:
        """Over TCP, as from another machine."""
        port = docker("port", self.identity, "5432").rpartition(":")[2]
        address = make_conninfo(host="127.0.0.1", port=port, **parameters)
        with psycopg.connect(address, autocommit=True) as connection:
            yield connection


@pytest.fixture
def create() -> Iterator[Create]:
    """`create(17, "-c", "fsync=off", options=[…], POSTGRES_USER="clerk")` is a new container."""
    with contextlib.ExitStack() as stack:

        def make(
            major: int, *command: str, options: tuple[str, ...] = (), **variables: str
        ) -> Container:
            named = [part for pair in variables.items() for part in ("--env", "=".join(pair))]
            publish = ("--publish", "127.0.0.1::5432")
            made = docker("create", *publish, *named, *options, IMAGES[major], *command)
            stack.callback(docker, "rm", "--force", "--volumes", made)
            return Container(made)

        yield make


def one(connection: psycopg.Connection[Any], query: str) -> object:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize("major", IMAGES)
def test_a_password_is_all_it_needs(major: int, create: Create) -> None:
    container = create(major, POSTGRES_PASSWORD="it's a secret")
    setting_up, _, later = container.start().partition(SET_UP)
    assert READY in setting_up
    assert READY in later
    assert "listening on Unix socket" in setting_up
    assert "listening on IPv4" not in setting_up
    assert "listening on IPv4" in later
    with container.connect(user="postgres", password="it's a secret") as connection:
        assert connection.info.server_version // 10000 == major
        assert one(connection, "SHOW server_encoding") == "UTF8"
        assert one(connection, "SHOW data_directory") == "/var/lib/postgresql/data"
        connection.execute("CREATE EXTENSION hstore; CREATE EXTENSION pg_stat_statements")
        connection.execute("CREATE COLLATION german (provider = icu, locale = 'de')")
        assert one(connection, "SELECT 'Öl' < 'Pol' COLLATE german") is True
    with (
        pytest.raises(psycopg.OperationalError, match="password authentication failed"),
        container.connect(user="postgres", password="wrong"),
    ):
        pass
    assert container.run("printenv", "PG_MAJOR") == str(major)
    assert container.run("pg_dump", "--version").split()[2].startswith(f"{major}.")
    assert container.run("stat", "--format", "%U", "/proc/1") == "postgres"
    assert container.run("cat", "/proc/1/comm") == "postgres"


@pytest.mark.parametrize("major", IMAGES)
def test_user_database_and_initdb_follow_the_variables(
    major: int, create: Create, tmp_path: Path
) -> None:
    container = create(
        major,
        POSTGRES_USER="clerk",
        POSTGRES_DB='the "office"',
        POSTGRES_PASSWORD_FILE="/secret",
        POSTGRES_INITDB_ARGS="--data-checksums --locale-provider=icu --icu-locale='de'",
        POSTGRES_INITDB_WALDIR="/var/lib/postgresql/wal",
        PGDATA="/var/lib/postgresql/data/inside",
    )
    (tmp_path / "secret").write_text("from a file\n")
    container.copy(tmp_path / "secret", "/secret")
    container.start()
    with container.connect(
        user="clerk", password="from a file", dbname='the "office"'
    ) as connection:
        assert one(connection, "SHOW data_checksums") == "on"
        assert one(connection, "SHOW data_directory") == "/var/lib/postgresql/data/inside"
        provider = "SELECT datlocprovider FROM pg_database WHERE datname = current_database()"
        assert one(connection, provider) == "i"
        assert one(connection, "SELECT rolname FROM pg_roles WHERE oid = 10") == "clerk"
    where = "/var/lib/postgresql/data/inside/pg_wal"
    assert container.run("readlink", where) == "/var/lib/postgresql/wal"


def test_options_behind_the_image_go_to_the_server_and_pick_the_authentication(
    create: Create,
) -> None:
    container = create(
        17, "-c", "password_encryption=md5", "-c", "work_mem=7MB", POSTGRES_PASSWORD="x"
    )
    container.start()
    assert "host all all all md5" in container.run("cat", "/var/lib/postgresql/data/pg_hba.conf")
    with container.connect(user="postgres", password="x") as connection:
        assert one(connection, "SHOW work_mem") == "7MB"
        stored = one(connection, "SELECT rolpassword FROM pg_authid WHERE rolname = 'postgres'")
    assert str(stored).startswith("SCRAM-SHA-256$")


def test_scripts_run_once_in_the_order_of_their_names(create: Create, tmp_path: Path) -> None:
    add = "INSERT INTO done (by) VALUES"
    run = f'psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --command "{add}'
    scripts = tmp_path / "docker-entrypoint-initdb.d"
    scripts.mkdir()
    (scripts / "1.sql").write_text("CREATE TABLE done (id serial, by text);")
    (scripts / "2 packed.sql.gz").write_bytes(gzip.compress(f"{add} ('gz');".encode()))
    (scripts / "3.sh").write_text(f"#!/bin/sh\n{run} ('program')\"\n")
    (scripts / "3.sh").chmod(0o755)
    (scripts / "4.sh").write_text(f"{run} ('sourced')\"\n")
    (scripts / "4.sh").chmod(0o644)
    (scripts / "5.txt").write_text("no SQL\n")
    container = create(17, POSTGRES_PASSWORD="x", POSTGRES_DB="office")
    container.copy(scripts, "/")
    logged = container.start()
    assert "ignoring /docker-entrypoint-initdb.d/5.txt" in logged
    assert KEPT in container.start("restart")
    with container.connect(user="postgres", password="x", dbname="office") as connection:
        rows = connection.execute("SELECT by FROM done ORDER BY id").fetchall()
    assert rows == [("gz",), ("program",), ("sourced",)]


def test_a_script_that_fails_ends_the_container(create: Create, tmp_path: Path) -> None:
    (tmp_path / "1.sql").write_text("SELECT 1/0; SELECT 'after';")
    container = create(17, POSTGRES_PASSWORD="x")
    container.copy(tmp_path / "1.sql", "/docker-entrypoint-initdb.d/")
    logged = container.start()
    assert "division by zero" in logged
    assert "after" not in logged
    assert SET_UP not in logged
    assert container.ended() != 0


def test_without_a_password_it_refuses_to_start(create: Create) -> None:
    container = create(17)
    logged = container.start()
    assert "set POSTGRES_PASSWORD" in logged
    assert container.ended() == 1


def test_a_password_that_is_given_twice_is_refused(create: Create) -> None:
    container = create(17, POSTGRES_PASSWORD="x", POSTGRES_PASSWORD_FILE="/dev/null")
    logged = container.start()
    assert "POSTGRES_PASSWORD and POSTGRES_PASSWORD_FILE are both set" in logged
    assert container.ended() == 1


def test_whoever_trusts_everybody_needs_no_password(create: Create) -> None:
    container = create(17, POSTGRES_HOST_AUTH_METHOD="trust")
    container.start()
    with container.connect(user="postgres") as connection:
        assert one(connection, "SELECT current_user") == "postgres"


@pytest.mark.parametrize(("user", "mount"), [("root", ""), ("4321:4321", ":uid=4321,mode=0700")])
def test_data_may_lie_in_memory_and_the_account_may_be_a_number(
    user: str, mount: str, create: Create
) -> None:
    options = ("--user", user, "--tmpfs", f"/var/lib/postgresql/data{mount}")
    container = create(17, options=options, POSTGRES_PASSWORD="x")
    container.start()
    with container.connect(user="postgres", password="x") as connection:
        assert one(connection, "SHOW data_directory") == "/var/lib/postgresql/data"
    assert " tmpfs " in container.run("grep", "/var/lib/postgresql/data", "/proc/mounts")
    assert docker("inspect", "--format", "{{json .Mounts}}", container.identity) == "[]"
    assert container.run("stat", "--format", "%u", "/proc/1") != "0"


def test_the_account_may_be_the_servers_own(create: Create) -> None:
    container = create(15, options=("--user", "postgres"), POSTGRES_PASSWORD="x")
    container.start()
    assert container.run("stat", "--format", "%U", "/proc/1") == "postgres"


def test_another_command_is_run_as_it_is() -> None:
    assert docker("run", "--rm", IMAGES[17], "id", "-un") == "root"
    assert docker("run", "--rm", IMAGES[17], "postgres", "--version").startswith("postgres ")
    assert docker("run", "--rm", IMAGES[17], "--version").startswith("postgres ")


def test_to_stop_a_container_is_a_fast_shutdown(create: Create) -> None:
    container = create(17, POSTGRES_PASSWORD="x")
    container.start()
    with container.connect(user="postgres", password="x") as connection:
        docker("stop", container.identity)
        with pytest.raises(psycopg.OperationalError, match="terminating connection"):
            connection.execute("SELECT 1")
    assert container.ended() == 0
