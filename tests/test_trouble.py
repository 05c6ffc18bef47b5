"""Telling a server that can not go on from one that refuses a statement."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from consolidate.empty_database import platform
from consolidate.errors import EnvironmentProblem
from consolidate.replay import execute
from consolidate.servers import open_server
from consolidate.trouble import ServerTrouble, diagnose

if TYPE_CHECKING:
    from collections.abc import Callable

    from consolidate.servers.interface import Cluster

SERVER = open_server("embedded://18")


def said(sqlstate: str, message: str = "no", function: str = "mdextendv") -> psycopg.Error:
    """What a server says, made by hand."""
    error = psycopg.errors.lookup(sqlstate)("as libpq says it\nand more")
    told = SimpleNamespace(
        message_primary=message,
        message_detail="It is.",
        message_hint=None,
        source_function=function,
    )
    made = type("Said", (type(error),), {"diag": told})
    return cast("psycopg.Error", made("as libpq says it\nand more"))


def diagnosed(error: psycopg.Error, *, closed: bool = False) -> str | None:
    connection: Any = SimpleNamespace(closed=closed)
    trouble = diagnose(connection, error)
    return trouble.message if trouble else None


@pytest.mark.parametrize(
    ("sqlstate", "told"),
    [
        ("53100", "The server has no room left on its disk: no It is."),
        ("53200", "The server has no memory left: no It is."),
        ("53300", "The server has no connections left: no It is."),
        ("58030", "The server can not read or write its files: no It is."),
    ],
)
def test_what_a_server_lacks_is_its_own_trouble(sqlstate: str, told: str) -> None:
    assert diagnosed(said(sqlstate)) == told
    assert diagnosed(said(sqlstate, function="exec_stmt_raise")) is None  # a RAISE says so


@pytest.mark.parametrize(
    "sqlstate", ["42P01", "58P01", "53400", "54000", "57P01", "57014", "P0001"]
)
def test_what_a_statement_brings_about_is_not(sqlstate: str) -> None:
    assert diagnosed(said(sqlstate)) is None


def test_a_connection_that_is_gone_is_whatever_was_said() -> None:
    assert diagnosed(said("P0001"), closed=True) == "The server went away: no It is."
    panic = said("53100", "could not write")  # of the log: there it ends the server, too
    assert diagnosed(panic, closed=True) == (
        "The server has no room left on its disk: could not write It is."
    )
    lost = psycopg.OperationalError("consuming input failed: server closed it\n\tThis means")
    assert diagnosed(lost, closed=True) == "The server went away: server closed it"


def test_it_is_told_with_statement_server_log_and_phase() -> None:
    trouble = ServerTrouble("went away", "bye", "Run it again.")
    trouble.at("1.sql:2:3")
    trouble.on("embedded://18", ("one", "two\x1b"))
    trouble.during("render")
    assert trouble.message == "embedded://18 went away: bye"
    assert trouble.problems == (
        "1.sql:2:3: this statement ran",
        "its log: one",
        "its log: two\\x1b",
        "in phase: render",
    )


# -- on a server --------------------------------------------------------------------------------


def _kill(cluster: Cluster, connection: psycopg.Connection) -> None:
    folder = Path(str(conninfo_to_dict(cluster.dsn())["host"])).parent
    server = int((folder / "data" / "postmaster.pid").read_text().split()[0])
    for process in (server, connection.info.backend_pid):
        os.kill(process, signal.SIGKILL)


def _dump(cluster: Cluster, _: psycopg.Connection) -> None:
    cluster.tool("pg_dump", "-s", "postgres")


def _pass_over(_: Cluster, connection: psycopg.Connection) -> None:
    with contextlib.suppress(psycopg.Error):
        connection.execute("SELECT 1")


def _bypass(_: Cluster, connection: psycopg.Connection) -> None:
    connection.execute("SELECT 1")


def _send(_: Cluster, connection: psycopg.Connection) -> None:
    execute(connection, "SELECT 1")


@pytest.mark.pg
@pytest.mark.parametrize("ask", [_dump, _pass_over, _bypass, _send])
def test_a_server_that_went_away_is_noticed_whoever_asked_it(
    ask: Callable[[Cluster, psycopg.Connection], None],
) -> None:
    def work() -> None:
        with platform(SERVER, "") as (cluster, connection):
            _kill(cluster, connection)
            ask(cluster, connection)

    with pytest.raises(ServerTrouble, match=r"embedded://18 went away: ") as caught:
        work()
    assert any("database system is ready" in line for line in caught.value.problems)


@pytest.mark.pg
def test_a_tool_that_fails_by_itself_is_told_as_that() -> None:
    with (
        pytest.raises(EnvironmentProblem, match=r"^pg_dump 18\.\d+ failed") as caught,
        platform(SERVER, "") as (cluster, _),
    ):
        cluster.tool("pg_dump", "--no-such-option")
    assert not isinstance(caught.value, ServerTrouble)


@pytest.mark.pg
def test_a_prelude_that_lets_nobody_in_is_told() -> None:
    closing = "ALTER ROLE postgres NOLOGIN"
    told = r"embedded://18 can not be reached: .*not permitted to log in"
    with (
        pytest.raises(ServerTrouble, match=told),
        platform(SERVER, closing),
    ):
        pass
