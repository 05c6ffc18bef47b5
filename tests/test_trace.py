"""What the instruments' numbers mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consolidate import statements
from consolidate.model import Manner, Migration, ObjectId
from consolidate.replay import connect
from consolidate.trace import RowCounts, Windows, trace

if TYPE_CHECKING:
    from collections.abc import Callable

    from consolidate.servers.interface import Cluster


def test_a_number_belongs_to_what_was_entered_last_before_it() -> None:
    windows = Windows(["a", "b", "c"], [10, 20, 25])
    found = [windows.find(number) for number in (9, 10, 19, 20, 24, 25, 1000)]
    assert found == [None, "a", "a", "b", "b", "c", "c"]


def test_where_nothing_was_entered_nobody_is_found() -> None:
    assert Windows([], []).find(1) is None


@given(st.lists(st.integers(0, 50), min_size=1, unique=True).map(sorted), st.integers(0, 60))
def test_it_is_what_looking_at_all_of_them_would_find(starts: list[int], number: int) -> None:
    before = [start for start in starts if start <= number]
    assert Windows(starts, starts).find(number) == (before[-1] if before else None)


def test_a_statement_that_was_rolled_back_did_nothing(
    database: Callable[..., tuple[Cluster, str]],
) -> None:
    text = """\
CREATE TABLE t (a integer); INSERT INTO t VALUES (1);
BEGIN; INSERT INTO t VALUES (2); ALTER TABLE t ADD b integer; ROLLBACK;
BEGIN; SAVEPOINT s; UPDATE t SET a = 3; ROLLBACK TO s; INSERT INTO t VALUES (4); COMMIT;
"""
    migration = Migration(number=1, path="a.sql", version="", text=text, sha256="")
    cluster, name = database(18)
    with connect(cluster, name) as connection:
        seen = trace(connection, [statements.parse(migration)], Manner())
    table = ObjectId("table", "public.t")
    assert sorted(seen.rows) == ["0001#11", "0001#2"]
    assert [(touch.statement, touch.tag) for touch in seen.touches[table]] == [
        ("0001#1", "CREATE TABLE")
    ]


def test_what_alters_the_attributes_of_a_composite_type_touches_the_type(
    database: Callable[..., tuple[Cluster, str]],
) -> None:
    text = (
        "CREATE TYPE c AS (a int, b text); ALTER TYPE c DROP ATTRIBUTE a; COMMENT ON TYPE c IS '';"
    )
    migration = Migration(number=1, path="a.sql", version="", text=text, sha256="")
    cluster, name = database(18)
    with connect(cluster, name) as connection:
        seen = trace(connection, [statements.parse(migration)], Manner())
    assert [
        (touch.statement, touch.tag) for touch in seen.touches[ObjectId("type", "public.c")]
    ] == [
        ("0001#1", "CREATE TYPE"),
        ("0001#2", "ALTER TYPE"),
        ("0001#3", "COMMENT"),
    ]


@pytest.mark.pg
@pytest.mark.parametrize("major", [16, 18])
@pytest.mark.parametrize("wrapped", [True, False])
def test_rows_belong_to_the_statement_that_wrote_them_and_to_no_later_one(
    major: int,
    database: Callable[..., tuple[Cluster, str]],
    wrapped: bool,  # noqa: FBT001 - how pytest passes it
) -> None:
    texts = (
        "CREATE TABLE t (id integer); INSERT INTO t VALUES (1), (2);",
        "ALTER TABLE t ADD COLUMN note text; UPDATE t SET note = '' WHERE id = 7;",
        "UPDATE t SET note = 'x' WHERE id = 1; DELETE FROM t WHERE id = 2;",
        "DO $$ BEGIN INSERT INTO t VALUES (3); END $$;",
    )
    files = tuple(
        statements.parse(
            Migration(number=number, path=f"{number}.sql", version="", text=text, sha256="")
        )
        for number, text in enumerate(texts, 1)
    )
    cluster, name = database(major)

    paths = [f"{n}.sql" for n in range(1, 5)] if wrapped else []
    manner = Manner(wrapped=frozenset(paths))
    with connect(cluster, name) as connection:
        traced = trace(connection, files, manner)

    table = ObjectId("table", "public.t")
    assert traced.rows == {
        "0001#2": {table: RowCounts(inserted=2, updated=0, deleted=0)},
        "0003#1": {table: RowCounts(inserted=0, updated=1, deleted=0)},
        "0003#2": {table: RowCounts(inserted=0, updated=0, deleted=1)},
        "0004#1": {table: RowCounts(inserted=1, updated=0, deleted=0)},
    }
