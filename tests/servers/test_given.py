"""A server that is not ours: how it is named, and how it is left."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import psycopg
import pytest

from consolidate import empty_database
from consolidate.errors import EnvironmentProblem, UsageProblem
from consolidate.masking import masked, masked_text
from consolidate.replay import connect, execute
from consolidate.servers import open_server, shared
from consolidate.servers.given import connected, split
from consolidate.trouble import ServerTrouble
from tests import engines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.servers.interface import Server
    from tests.engines import Engine


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://clerk:secret@court:5432/keys", "postgresql://clerk:***@court:5432/keys"),
        ("postgresql://clerk:s/e@c:r/t@court/keys", "postgresql://clerk:***@court/keys"),
        ("postgresql://clerk@court/keys?password=secret&x=1", "postgresql://clerk@court/keys?password=***&x=1"),
        ("postgresql://clerk:secret@[/keys", "postgresql://clerk:***@[/keys"),
        ("postgresql:///keys?sslpassword=secret", "postgresql:///keys?sslpassword=***"),
        ("postgresql://a:x@h/d,postgresql://b:y@h/d", "postgresql://a:***@h/d,postgresql://b:***@h/d"),
        ("postgresql://clerk@court:5432/keys", "postgresql://clerk@court:5432/keys"),
        ("postgresql://clerk:s?e,c@court/keys", "postgresql://clerk:***@court/keys"),
        ("postgresql://clerk:secret@one:1,two:2/keys", "postgresql://clerk:***@one:1,two:2/keys"),
    ],
)  # fmt: skip
def test_no_password_is_ever_shown(url: str, shown: str) -> None:
    assert masked(url) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see 'postgresq://a:secret@h/d', and", "see 'postgresq://a:***@h/d', and"),
        ("postgres:///d?password=secret fails: x@y", "postgres:///d?password=*** fails: x@y"),
        ("consolidate run --server docker://postgres:17@sha256:1", None),
        ("hint: a@b says c: d", None),
    ],
)
def test_no_password_is_shown_in_a_text(text: str, shown: str | None) -> None:
    assert masked_text(text) == (text if shown is None else shown)


def test_one_url_or_two_stand_in_one_option() -> None:
    assert split("postgresql://a,b/d") == ("postgresql://a,b/d",)  # libpq's own list of hosts
    assert split("postgresql://a/d,postgres://b/d") == ("postgresql://a/d", "postgres://b/d")
    with pytest.raises(UsageProblem, match="3 URLs stand in one"):
        split("postgresql://a/d,postgresql://b/d,postgresql://c/d")


@pytest.mark.parametrize("url", ["postgresql://clerk:secret@[/d", "postgresql:///d?colour=red"])
def test_a_url_that_libpq_does_not_understand_is_told(url: str) -> None:
    with pytest.raises(UsageProblem, match="is no URL of a server") as caught:
        open_server(url)
    assert "secret" not in str(caught.value)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with engines.opened("postgresql") as one:
        yield one


@pytest.fixture
def allowing(engine: Engine) -> Server:
    return open_server(engine.url, allow_cluster_changes=True)


def _shared(engine: Engine) -> shared.Shared:
    assert engine.host
    with psycopg.connect(engine.host, autocommit=True) as connection:
        return shared.look(connection)


@pytest.mark.pg
def test_what_a_history_makes_and_sets_of_roles_is_put_back(
    engine: Engine, allowing: Server
) -> None:
    assert engine.host
    with psycopg.connect(engine.host, autocommit=True) as connection:
        connection.execute("""ALTER ROLE clerk SET search_path = "$user", 'Keys, old'""")
    before = _shared(engine)
    with allowing.cluster() as cluster, connect(cluster) as connection:
        execute(connection, "CREATE ROLE judge; GRANT judge TO clerk; CREATE TABLE t ()")
        execute(connection, "ALTER TABLE t OWNER TO judge; ALTER ROLE clerk SET work_mem = '1MB'")
        execute(connection, "ALTER ROLE clerk SET search_path = public")
        assert _shared(engine).changed(before) == [
            "membership of clerk in judge",
            "role clerk",
            "role judge",
            "settings of clerk",
        ]
    assert _shared(engine) == before
    with allowing.cluster() as cluster, connect(cluster) as connection:
        assert connection.execute("SELECT to_regrole('judge') IS NULL").fetchone() == (True,)


@pytest.mark.pg
def test_a_role_that_comes_up_where_none_may_be_made_is_told_and_left_alone(
    engine: Engine,
) -> None:
    assert engine.host

    def make() -> None:
        with open_server(engine.url).cluster() as cluster, connect(cluster) as connection:
            execute(connection, "CREATE ROLE judge")  # whoever did it

    with pytest.raises(EnvironmentProblem, match="is not as it was: role judge"):
        make()
    with psycopg.connect(engine.host, autocommit=True) as connection:
        connection.execute("DROP ROLE judge")


@pytest.mark.pg
def test_databases_that_others_make_meanwhile_are_their_business(engine: Engine) -> None:
    assert engine.host
    with psycopg.connect(engine.host, autocommit=True) as connection:
        with open_server(engine.url).cluster():
            connection.execute("CREATE DATABASE theirs")
        with open_server(engine.url).cluster():
            connection.execute("DROP DATABASE theirs")


@pytest.mark.pg
def test_a_server_that_dies_with_all_its_databases_is_told() -> None:
    def lose() -> None:
        with (
            engines.opened("postgresql") as engine,
            empty_database.platform(open_server(engine.url), "") as (_, connection),
        ):
            folder = connection.execute("SHOW data_directory").fetchone()
            assert folder
            lock = Path(folder[0]) / "postmaster.pid"
            os.kill(int(lock.read_text().split()[0]), signal.SIGQUIT)
            execute(connection, "SELECT pg_sleep(20)")

    with pytest.raises(ServerTrouble) as caught:
        lose()
    assert caught.value.exit_code == 4


@pytest.mark.pg
def test_what_can_not_be_put_back_is_told(engine: Engine, allowing: Server) -> None:
    assert engine.host

    def alter() -> None:
        with allowing.cluster() as cluster, connect(cluster) as connection:
            execute(connection, "ALTER ROLE visitor NOLOGIN")

    with pytest.raises(EnvironmentProblem, match="is not as it was: role visitor"):
        alter()
    with psycopg.connect(engine.host, autocommit=True) as connection:
        connection.execute("ALTER ROLE visitor LOGIN")


@pytest.mark.pg
def test_two_servers_make_two_sides_at_once(engine: Engine) -> None:
    with engines.opened("postgresql") as other:
        pair = open_server(f"{engine.url},{other.url}")
        assert pair.side_by_side
        with pair.cluster() as one, pair.cluster() as two:
            assert one.dsn() != two.dsn()
            assert pair.major == one.major == two.major == 18


@pytest.mark.pg
def test_two_servers_of_one_pair_are_of_one_major(engine: Engine) -> None:
    with open_server("embedded://16").cluster() as cluster:
        where = psycopg.conninfo.conninfo_to_dict(cluster.dsn())
        older = f"postgresql://postgres@/postgres?host={where['host']}&port={where['port']}"
        pair = open_server(f"{engine.url},{older}")
        with pytest.raises(
            EnvironmentProblem, match=r"need servers of one major version: .* 18 and"
        ):
            _ = pair.major


@pytest.mark.pg
def test_a_name_that_is_taken_is_passed_over(engine: Engine, allowing: Server) -> None:
    assert engine.host
    with allowing.cluster() as cluster:
        taken = cluster.database
    with psycopg.connect(engine.host, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {taken}".encode())
        try:
            with allowing.cluster() as cluster:
                assert cluster.database == f"{taken}_1"
            left = connection.execute("SELECT datname FROM pg_database WHERE datname ~ '^consol'")
            assert left.fetchall() == [(taken,)]
        finally:
            connection.execute(f"DROP DATABASE {taken}".encode())


def test_a_server_that_nobody_answers_for_is_not_waited_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[object] = []

    def refuse(_: str, *, connect_timeout: object, **__: object) -> NoReturn:
        asked.append(connect_timeout)
        raise psycopg.OperationalError("timeout expired")

    monkeypatch.setattr(psycopg, "connect", refuse)
    for url in ("postgresql://h/x", "postgresql://h/x?connect_timeout=20"):
        with pytest.raises(EnvironmentProblem, match="timeout expired"), connected(url):
            pass
    assert asked == [10, "20"]


def test_a_time_to_wait_that_is_none_is_told() -> None:
    url = "postgresql://localhost:1/x?connect_timeout=long"
    with pytest.raises(EnvironmentProblem, match="bad value for connect_timeout"), connected(url):
        pass
