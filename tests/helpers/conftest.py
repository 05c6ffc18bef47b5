"""Clusters on which the helpers stand in a healthy database of Supabase's, to be copied."""

from __future__ import annotations

import contextlib
import itertools
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from psycopg import sql

from consolidate.helpers import migrations
from consolidate.platforms import prelude
from consolidate.replay import connect, execute
from consolidate.servers import open_server
from tests import engines
from tests.helpers.expected import LIST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import psycopg

    from consolidate.servers.interface import Cluster

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="module", params=engines.DISPOSABLE)
def healthy(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """A cluster whose first database is healthy and has the helpers, and with a role `Clerk`."""
    with open_server(request.param).cluster() as cluster:
        with connect(cluster) as connection:
            execute(connection, prelude("supabase"))
            execute(connection, 'CREATE ROLE "Clerk"')
            execute(connection, Path(__file__).with_name("healthy.sql").read_text(encoding="utf-8"))
            for helper in migrations(LIST):
                execute(connection, helper.up)
        yield cluster


@pytest.fixture
def copy(healthy: Cluster) -> Iterator[Callable[[], psycopg.Connection]]:
    """`copy()` is a session in a copy of the healthy database, which is dropped after the test."""
    with contextlib.ExitStack() as stack:
        other = stack.enter_context(connect(healthy, "template1"))

        def make() -> psycopg.Connection:
            name = f"copy_{next(_NUMBERS)}"
            identifier = sql.Identifier(name)
            other.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE postgres STRATEGY file_copy").format(
                    identifier
                )
            )
            stack.callback(
                other.execute, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier)
            )
            return stack.enter_context(connect(healthy, name))

        yield make
