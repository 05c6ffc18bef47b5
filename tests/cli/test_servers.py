"""Servers that are not there, or not as they should be, through the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import psycopg
import pytest

from consolidate.servers import open_server
from tests import engines
from tests.containers import docker
from tests.servers import inventory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.cli.conftest import Project

    Make = Callable[..., Project]

PATIENCE = 120.0
NOWHERE = {"DOCKER_HOST": "unix:///nowhere/docker.sock"}


@pytest.mark.parametrize(
    ("server", "code", "first", "hint"),
    [
        ("docker://postgres:17", 4, "error: Docker does not answer: No such file", "Start Docker"),
        ("local://3", 4, "error: PostgreSQL 3 is not installed on this machine", "Install it"),
        ("embedded://17", 2, "error: there is no server 'embedded://17'", "servers are docker://"),
        ("mysql://court", 2, "error: there is no server 'mysql://court'", "servers are docker://"),
        (
            "postgresql://clerk:secret@localhost:1/keys",
            4,
            "error: postgresql://clerk:***@localhost:1/keys does not answer: Connection refused",
            "See whether the server is up, and whether host and port are right.",
        ),
        (
            "postgresql://clerk:secret@[/keys",
            2,
            "error: postgresql://clerk:***@[/keys is no URL of a server",
            "It looks like postgresql://",
        ),
    ],
)
def test_a_server_that_is_not_there_is_told(
    server: str, code: int, first: str, hint: str, project: Make
) -> None:
    told = _ended(project(**NOWHERE), server, code=code)
    said = [line for line in told.splitlines() if line.startswith(("error", "hint"))]
    assert said[0].startswith(first)
    assert said[1].startswith(f"hint: {hint}")
    assert len(said) == 2
    assert "secret" not in told


def _ended(here: Project, server: str, *, code: int) -> str:
    """What a run says that ends with this code, and leaves nothing."""
    with here.start("run", "legacy", "--server", server) as process:
        assert process.wait(PATIENCE) == code, here.told
    assert "Traceback" not in here.told
    assert inventory.take(of=process.pid) == inventory.NOTHING
    assert sorted(path.name for path in here.folder.iterdir()) == ["legacy", "told"]
    return here.told


@pytest.mark.docker
def test_an_image_that_is_not_here_and_can_not_be_pulled_is_told(project: Make) -> None:
    told = _ended(project(), "docker://localhost:1/no/such:17", code=4)
    said = told.splitlines()[-2:]
    assert said[0].startswith(
        "error: there is no image localhost:1/no/such:17 here, and it can not be pulled: "
    )
    assert "--server embedded://18" in said[1]


@pytest.fixture
def image_without_postgresql() -> Iterator[str]:
    """An image that says a word and ends."""
    name = f"{engines.IMAGE}:none"
    container = docker("create", f"{engines.IMAGE}:17")
    docker("commit", "--change", 'ENTRYPOINT ["echo", "nobody", "here"]', container, name)
    docker("rm", "--volumes", container)
    yield name
    docker("rmi", name)


@pytest.mark.docker
def test_an_image_without_a_postgresql_is_told_with_what_it_said(
    image_without_postgresql: str, project: Make
) -> None:
    told = _ended(project(), f"docker://{image_without_postgresql}", code=4)
    assert ":none was started and ended at once, without a PostgreSQL that answers" in told
    assert "  nobody here " in told


@pytest.mark.pg
def test_a_role_that_may_make_no_databases_is_told_how_it_may(project: Make) -> None:
    with engines.opened("postgresql") as engine:
        before = inventory.take(dsn=engine.host).databases
        url = engine.url.replace("postgres@", "visitor@")
        done = project().run("run", "legacy", "--server", url)
        assert inventory.take(dsn=engine.host).databases == before
    said = done.stderr.splitlines()[-2:]
    assert done.returncode == 4
    assert said[0].endswith(": the role visitor may not create databases")
    assert said[1].startswith("hint: ALTER ROLE visitor CREATEDB")


@pytest.mark.pg
def test_a_password_that_is_wrong_is_told_and_never_shown(project: Make) -> None:
    with open_server("embedded://18").cluster() as cluster:
        with psycopg.connect(cluster.dsn(), autocommit=True) as connection:
            connection.execute("CREATE ROLE clerk LOGIN CREATEDB PASSWORD 'right'")
            connection.execute("COPY (SELECT 'local all clerk md5') TO PROGRAM 'cat > pg_hba.conf'")
            connection.execute("SELECT pg_reload_conf()")
        where = psycopg.conninfo.conninfo_to_dict(cluster.dsn())
        at = f"@/postgres?host={where['host']}&port={where['port']}"
        wrong = project().run("plan", "legacy", "--server", f"postgresql://clerk:wrong{at}")
        right = project().run("plan", "legacy", "--server", f"postgresql://clerk:right{at}")
        by_variable = project(PGPASSWORD="right").run(
            "plan", "legacy", "--server", f"postgresql://clerk{at}"
        )
    assert (wrong.returncode, right.returncode, by_variable.returncode) == (4, 0, 0)
    assert ' refuses us: password authentication failed for user "clerk"' in wrong.stderr
    assert "hint: Correct the user, the password or the database. " in wrong.stderr
    assert "wrong" not in wrong.stderr
    assert "right" not in right.stdout + right.stderr


@pytest.mark.pg
def test_a_server_of_another_major_than_the_projects_is_told(project: Make) -> None:
    here = project({"migrations/20240101000000_rooms.sql": "CREATE TABLE rooms (id int);\n"})
    here.write("legacy/config.toml", "[db]\nmajor_version = 15\n")
    done = here.run("plan", "legacy", "--server", "embedded://18")
    assert done.returncode == 0
    told = "server: embedded://18, it was asked for, and the project runs on PostgreSQL 15"
    assert told in done.stderr.splitlines()


@pytest.mark.pg
def test_extensions_and_icu_are_known_before_anything_is_replayed(project: Make) -> None:
    here = project(
        {
            "1.sql": "SELECT pg_sleep(60);\nCREATE EXTENSION IF NOT EXISTS hstore;\n",
            "2.sql": "CREATE COLLATION german (provider = icu, locale = 'de');\n",
        }
    )
    done = here.run("plan", "legacy", "--server", "embedded://18", "--format", "json")
    assert done.returncode == 4
    answer = json.loads(done.stdout)
    assert answer["message"] == "The history needs what the server does not have: ICU, hstore."
    assert [problem.partition(";")[0] for problem in answer["problems"]] == [
        "1.sql:2:1: embedded://18 lacks hstore",
        "2.sql:1:1: embedded://18 lacks collations of ICU",
    ]


@pytest.mark.pg
@pytest.mark.local
def test_the_server_that_has_them_is_named_and_auto_takes_it(project: Make) -> None:
    here = project({"1.sql": "CREATE EXTENSION hstore;\nCREATE TABLE t (a hstore);\n"}, **NOWHERE)
    refused = here.run("plan", "legacy", "--server", "embedded://18")
    assert refused.returncode == 4
    assert "1.sql:1:1: embedded://18 lacks hstore; local://15 has it" in refused.stderr
    assert "hint: `--server local://15` has all of it." in refused.stderr
    chosen = here.run("plan", "legacy")
    assert chosen.returncode == 0
    told = "server: local://15, embedded://18 lacks hstore; embedded://16 lacks hstore"
    assert told in chosen.stderr.splitlines()


@pytest.mark.pg
@pytest.mark.local
def test_syntax_that_is_newer_than_the_server_is_told_as_that(project: Make) -> None:
    here = project(
        {"1.sql": "CREATE TABLE t (a int);\nCREATE VIEW v AS\n  SELECT * FROM (TABLE t);\n"}
    )
    done = here.run("plan", "legacy", "--server", "local://15")
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1] == (
        "PostgreSQL 15 does not know the syntax at 1.sql:3:17, which is of a newer version:"
        " name a newer server with --server."
    )
    assert here.run("plan", "legacy", "--server", "embedded://18").returncode == 0
