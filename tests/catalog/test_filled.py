"""How far the rows hold the numbers that sequences draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from consolidate.catalog import filled
from consolidate.catalog.filled import Filled
from consolidate.replay import connect, execute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from consolidate.servers.interface import Cluster

pytestmark = pytest.mark.pg

_TABLES = 50


def test_a_sequence_is_filled_as_far_as_rows_hold_its_numbers(
    database: Callable[..., tuple[Cluster, str]],
) -> None:
    cluster, name = database(18)
    with connect(cluster, name) as connection:
        execute(connection, "CREATE TABLE t (a serial, b text); CREATE TABLE u (a serial)")
        execute(connection, "INSERT INTO t VALUES (7), (3)")
        assert filled.read(connection) == {
            "public.t_a_seq": Filled(step=1, farthest=7),
            "public.u_a_seq": Filled(step=1, farthest=None),
        }


def test_the_columns_of_a_sequence_are_looked_for_once(
    database: Callable[..., tuple[Cluster, str]],
) -> None:
    columns = ", ".join(f"c{number} integer" for number in range(20))
    tables = [f"CREATE TABLE t{number} (a serial, {columns});" for number in range(_TABLES)]
    cluster, name = database(18)
    with connect(cluster, name) as connection:
        execute(connection, "".join(tables))
        query = f"EXPLAIN (ANALYZE, FORMAT JSON) {filled.FILLS}"
        ((found,),) = connection.execute(query.encode()).fetchall()
    assert max(_loops(found[0]["Plan"])) <= 10 * _TABLES


def _loops(node: dict[str, Any]) -> Iterator[int]:
    yield node["Actual Loops"]
    for below in node.get("Plans", ()):
        yield from _loops(below)
