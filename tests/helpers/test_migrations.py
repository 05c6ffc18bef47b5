"""The helpers are migrations like others: they can be read, applied and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from pglast import ast, parse_sql

from consolidate.catalog import facts
from consolidate.helpers import REPLACEABLE, TITLES, migrations
from consolidate.platforms import prelude
from consolidate.replay import execute
from tests.helpers.expected import LIST

if TYPE_CHECKING:
    from collections.abc import Callable

    from consolidate.servers.interface import Cluster

THE_STORYS = """
CREATE FUNCTION check_migration_status() RETURNS TABLE (migration_name text) LANGUAGE sql
    AS 'SELECT NULL::text';
COMMENT ON FUNCTION check_migration_status() IS 'the first one';
REVOKE ALL ON FUNCTION check_migration_status() FROM PUBLIC;
"""

pg = pytest.mark.parametrize("major", [18, 16])
platforms = pytest.mark.parametrize("platform", ["plain", "supabase"])


def test_each_helper_is_named_after_its_function() -> None:
    helpers = migrations(LIST)
    assert [(h.name, h.title) for h in helpers] == list(TITLES.items())
    for helper in helpers:
        (made,) = [
            raw.stmt for raw in parse_sql(helper.up) if isinstance(raw.stmt, ast.CreateFunctionStmt)
        ]
        assert made.funcname
        assert [part.sval for part in made.funcname] == ["public", helper.name]


def test_no_helper_begins_or_ends_a_transaction() -> None:
    for helper in migrations(LIST):
        statements = [raw.stmt for raw in parse_sql(helper.up + helper.down)]
        assert statements
        assert not [s for s in statements if isinstance(s, ast.TransactionStmt)]


def test_awkward_names_are_quoted() -> None:
    status = migrations([("1", "o'clock {expected} \\ $x$")])[0]
    assert "('1', E'o''clock {expected} \\\\ $x$')" in status.up
    assert parse_sql(status.up)


@pytest.mark.parametrize("listed", [[], [("20250101_000000", "a"), ("20250101000000", "b")]])
def test_versions_that_can_not_be_told_apart_are_refused(listed: list[tuple[str, str]]) -> None:
    with pytest.raises(ValueError, match="a version of its own"):
        migrations(listed)


def test_nothing_else_can_be_replaced() -> None:
    with pytest.raises(ValueError, match=r"public\.f\(\)"):
        migrations(LIST, {"public.f()": "SELECT 1"})
    assert set(REPLACEABLE) == set(TITLES)


@pg
@platforms
def test_the_rollbacks_leave_nothing_behind(
    major: int,
    platform: str,
    database: Callable[..., tuple[Cluster, str]],
    connect: Callable[..., psycopg.Connection],
) -> None:
    connection = connect(*database(major, prelude=prelude(platform)))
    before = facts.read(connection)
    helpers = migrations(LIST)
    for helper in helpers:
        execute(connection, helper.up)
    assert facts.read(connection) != before
    for helper in reversed(helpers):
        execute(connection, helper.down)
    assert facts.read(connection) == before


@pg
def test_a_function_of_the_same_name_is_replaced_and_comes_back(
    major: int,
    database: Callable[..., tuple[Cluster, str]],
    connect: Callable[..., psycopg.Connection],
) -> None:
    connection = connect(*database(major, prelude=prelude("supabase")))
    execute(connection, THE_STORYS)
    before = facts.read(connection)
    status = migrations(LIST, {"public.check_migration_status()": THE_STORYS})[0]
    execute(connection, status.up)
    assert connection.execute("SELECT status FROM check_migration_status()").fetchall() == [
        ("not recorded",)
    ] * len(LIST)
    execute(connection, status.down)
    assert facts.read(connection) == before


@pg
def test_a_function_of_the_same_name_that_nobody_spoke_of_is_not_overwritten(
    major: int,
    database: Callable[..., tuple[Cluster, str]],
    connect: Callable[..., psycopg.Connection],
) -> None:
    connection = connect(*database(major))
    execute(connection, THE_STORYS)
    with pytest.raises(psycopg.errors.DuplicateFunction):
        execute(connection, migrations(LIST)[0].up)
