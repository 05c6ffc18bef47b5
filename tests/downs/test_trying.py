"""Down scripts on a server: each is told for what it is, and none disturbs the next."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from consolidate import pipeline
from consolidate.downs.results import Outcome
from consolidate.model import Runner
from tests.history.folders import write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from consolidate.downs.results import Result
    from consolidate.servers.interface import Server

pytestmark = [pytest.mark.pg, pytest.mark.xdist_group("downs")]

CASES: Mapping[str, tuple[str, str, Outcome, tuple[str, ...]]] = {
    "a table": (
        """CREATE TABLE rooms (id serial PRIMARY KEY, name text, size int);
        INSERT INTO rooms (name) VALUES ('Hall'), ('Cell');""",
        "DROP TABLE rooms;",
        Outcome.EXACT,
        (),
    ),
    "a column that is added": (
        "ALTER TABLE rooms ADD floor int NOT NULL DEFAULT 1;",
        "ALTER TABLE rooms DROP floor;",
        Outcome.EXACT,
        (),
    ),
    "a function that is made again under another number": (
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';",
        "DROP FUNCTION f();",
        Outcome.EXACT,
        (),
    ),
    "a function that is dropped": (
        "DROP FUNCTION f();",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';",
        Outcome.EXACT,
        (),
    ),
    "a column that is dropped": (
        "ALTER TABLE rooms DROP name;",
        "ALTER TABLE rooms ADD name text;",
        Outcome.DIFFERS,
        (
            "table public.rooms: order of columns",
            "table public.rooms: row id=1 · name Hall → NULL; row id=2 · name Cell → NULL",
        ),
    ),
    "rows that are not taken back": (
        "INSERT INTO rooms (size) VALUES (3);",
        "DELETE FROM rooms WHERE size = 3;",
        Outcome.DIFFERS,
        ("sequence public.rooms_id_seq",),
    ),
    "a forgotten view": (
        "CREATE VIEW v AS SELECT id FROM rooms; CREATE TABLE keys (room int REFERENCES rooms);",
        "DROP TABLE keys;",
        Outcome.DIFFERS,
        ("view public.v is left",),
    ),
    "a dependent in the way": (
        "COMMENT ON TABLE rooms IS 'ours';",
        "COMMENT ON TABLE rooms IS NULL;\n  DROP TABLE rooms;",
        Outcome.FAILS,
        ("a dependent in the way.down.sql:2:3: cannot drop table rooms",),
    ),
    "a deferred key": (
        "ALTER TABLE rooms ADD UNIQUE (size) DEFERRABLE INITIALLY DEFERRED;",
        "UPDATE rooms SET size = 3;",
        Outcome.FAILS,
        ("a deferred key.down.sql:1:1: duplicate key",),
    ),
    "an enum": (
        "CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE m (mood mood);",
        "ALTER TYPE mood ADD VALUE 'ok'; INSERT INTO m VALUES ('ok');",
        Outcome.UNTRIED,
        ("it uses a value of an enum that it has just added",),
    ),
    "a role": (
        "CREATE ROLE downs_reader; SET search_path = pg_catalog; RESET search_path;",
        "SET ROLE downs_reader; RESET ROLE; DROP ROLE downs_reader; SET search_path = nowhere;",
        Outcome.EXACT,
        (),
    ),
    "numbers that are drawn": (
        "CREATE SEQUENCE s; SELECT nextval('s');",
        "SELECT nextval('s'), nextval('rooms_id_seq'); DROP SEQUENCE s;",
        Outcome.DIFFERS,
        ("sequence public.rooms_id_seq",),
    ),
    "numbers that are drawn in vain": (
        "SELECT setval('s', 40);",
        "SELECT nextval('s'), 1 / 0;",
        Outcome.FAILS,
        ("numbers that are drawn in vain.down.sql:1:1: division by zero",),
    ),
    "a position that is set back": (
        "SELECT nextval('s');",
        "SELECT setval('s', 40);",
        Outcome.EXACT,
        (),
    ),
    "an index": (
        "CREATE INDEX CONCURRENTLY i ON rooms (size);",
        "DROP INDEX CONCURRENTLY i;",
        Outcome.EXACT,
        (),
    ),
    "a lock": (
        "SELECT pg_advisory_lock(1);",
        "SELECT pg_advisory_lock(1);",
        Outcome.UNTRIED,
        ("it waits for a lock that the session holds in which the history is applied: a lock.",),
    ),
    "nothing": ("SELECT 1;", "-- nothing to do\n", Outcome.EMPTY, ()),
    "no SQL": ("SELECT 1;", "ask the DBA", Outcome.UNREADABLE, ("no SQL.down.sql:1:1: ",)),
}


def prepared(folder: Path, order: Path) -> pipeline.Job:
    return pipeline.prepare(
        pipeline.Request(
            folder=folder,
            no_config=True,
            order=order,
            runner=Runner.PLAIN,
            platform="plain",
            servers=("embedded://18",),
            try_downs=True,
        )
    )


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> pipeline.Job:
    folder = tmp_path_factory.mktemp("downs")
    for name, (up, down, *_) in CASES.items():
        write(folder, {f"{name}.sql": up, f"{name}.down.sql": down})
    named = folder / "order"
    named.write_text("\n".join(f"{name}.sql" for name in CASES))
    return prepared(folder, named)


@pytest.fixture(scope="module")
def tried(job: pipeline.Job) -> Mapping[str, Result]:
    with pipeline.downs_tried(job, job.servers[0]) as results:
        found = results()
    assert found is not None
    assert [one.migration for one in found.scripts] == [f"{name}.sql" for name in CASES]
    assert (found.major, found.migrations) == (18, len(CASES))
    return {one.migration.removesuffix(".sql"): one for one in found.scripts}


@pytest.mark.parametrize("name", CASES)
def test_a_down_script_is_told_for_what_it_is(name: str, tried: Mapping[str, Result]) -> None:
    _, _, outcome, told = CASES[name]
    result = tried[name]
    assert result.outcome is outcome, result.told
    assert len(result.told) == len(told), result.told
    assert [line[: len(start)] for line, start in zip(result.told, told, strict=True)] == [*told]


def test_what_no_server_tries_is_told_for_that(job: pipeline.Job) -> None:
    asked = replace(job, tries_downs=False)
    in_turns = cast("Server", SimpleNamespace(side_by_side=False))
    for one, why in ((asked, "--try-downs"), (job, "two databases at once")):
        with pipeline.downs_tried(one, in_turns) as results:
            found = results()
        assert found is not None
        assert why in found.why
        assert found.major is None
        outcomes = {r.migration: r.outcome for r in found.scripts}
        assert outcomes["a table.sql"] is Outcome.UNTRIED
        assert outcomes["nothing.sql"] is Outcome.EMPTY
        assert [r.migration for r in found.wanting] == ["nothing.sql", "no SQL.sql"]


def test_where_nobody_wrote_a_way_back_nothing_is_told(job: pipeline.Job) -> None:
    with pipeline.downs_tried(replace(job, downs=()), job.servers[0]) as results:
        assert results() is None
