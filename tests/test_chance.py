"""What a history draws by `random()` differs between two replays, however few values there are."""

from __future__ import annotations

import pytest

from consolidate import chance
from consolidate.catalog import facts, rows
from consolidate.empty_database import platform
from consolidate.replay import execute
from consolidate.servers import open_server

DRAWN = """
    CREATE TABLE drawn AS SELECT
        random() > 0.5 AS coin,
        (random() * 4 + 1)::int AS rating,
        (ARRAY['a', 'b', 'c'])[1 + floor(random() * 3)] AS letter,
        round((random() * 10)::numeric, 1) AS price
    FROM generate_series(1, 200);
"""


def replays(sql: str) -> tuple[rows.Rows, rows.Rows]:
    """The rows of both replays."""
    server = open_server("embedded://18")
    found = []
    for otherwise in (False, True):
        with platform(server, "", perturbed=otherwise) as (_, connection):
            if chance.is_ours(connection, [sql]):
                chance.seed(connection, "a.sql")
                if otherwise:
                    chance.otherwise(connection)
            execute(connection, sql)
            found.append(rows.read(connection))
    return found[0], found[1]


@pytest.mark.pg
def test_no_cell_that_is_drawn_is_alike_in_two_replays() -> None:
    (marked,) = rows.mark(*replays(DRAWN)).tables
    assert len(marked.rows) == 200
    assert not [row for row in marked.rows if any(isinstance(cell, str) for cell in row)]


@pytest.mark.pg
def test_a_history_that_sets_a_seed_draws_what_it_says() -> None:
    (marked,) = rows.mark(*replays("SELECT setseed(0.25);" + DRAWN)).tables
    assert all(isinstance(cell, str) for row in marked.rows for cell in row)


@pytest.mark.pg
def test_the_server_is_as_it_was_once_nothing_calls_it() -> None:
    server = open_server("embedded://18")
    with platform(server, "") as (_, connection):
        before = facts.read(connection)
        chance.otherwise(connection)
        assert facts.read(connection) != before
        chance.as_it_was(connection)
        assert facts.read(connection) == before


@pytest.mark.pg
def test_a_file_draws_what_it_drew_before_and_no_other_one_does() -> None:
    server = open_server("embedded://18")
    with platform(server, "") as (_, connection):
        drawn = []
        for name in ("a.sql", "b.sql", "a.sql"):
            chance.seed(connection, name)
            drawn.append(connection.execute("SELECT random()").fetchone())
    assert drawn[0] == drawn[2] != drawn[1]
