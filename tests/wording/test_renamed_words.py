"""The authors' statement about one table, in today's names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from consolidate.catalog.depend import Dependencies
from consolidate.model import ObjectId, StatementId
from consolidate.wording import renamed
from tests.render.conftest import Maker

INDEX = ObjectId("index", "public.rooms_size")
TRIGGER = ObjectId("trigger", "watch on public.rooms")
POLICY = ObjectId("policy", "mine on public.rooms")


def today(
    sql: str,
    name: ObjectId,
    *renames: str,
    table: str = "public.rooms",
) -> str | None:
    """The statement after columns of its table were renamed (`old new`)."""
    found = ObjectId("table", table)
    pairs = [rename.split() for rename in renames]
    later = "".join(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new};" for old, new in pairs)
    touched = [f"0001#{number}" for number in range(2, len(renames) + 2)]
    truth = replace(
        Maker().truth({"1.sql": f"{sql};{later}"}, trace=Maker.trace({found: touched})),
        depend=Dependencies(needs={}, parent={name: found}),
    )
    kind = "DOMAIN" if "DOMAIN" in sql else name.kind.upper()
    return renamed.word(truth, kind, name, truth.statements[StatementId("0001#1")])


def test_where_nothing_was_renamed_there_is_nothing_to_say() -> None:
    assert today("CREATE INDEX rooms_size ON rooms (size)", INDEX) is None


def test_an_index_takes_its_own_new_name() -> None:
    told = today("CREATE INDEX old_name ON rooms (size)", INDEX)
    assert told == "CREATE INDEX rooms_size ON rooms (size)"


def test_an_index_without_a_name_of_its_own_is_given_the_one_that_it_has() -> None:
    told = today("CREATE INDEX ON rooms (size)", INDEX)
    assert told == "CREATE INDEX rooms_size ON rooms (size)"


@pytest.mark.parametrize(
    ("sql", "name", "expected"),
    [
        (
            "CREATE OR REPLACE FUNCTION old_name(a int) RETURNS int AS 'SELECT 1' LANGUAGE sql",
            ObjectId("function", "public.new_name(integer)"),
            "CREATE OR REPLACE FUNCTION new_name(a int) RETURNS int AS 'SELECT 1' LANGUAGE sql",
        ),
        (
            "CREATE TYPE public.old_name AS (a int)",
            ObjectId("type", 'public."New name"'),
            'CREATE TYPE public."New name" AS (a int)',
        ),
        (
            "CREATE SEQUENCE IF NOT EXISTS numbers",
            ObjectId("sequence", "archive.numbers"),
            "CREATE SEQUENCE IF NOT EXISTS archive.numbers",
        ),
        (
            "CREATE VIEW a.v AS SELECT 1",
            ObjectId("view", "b.v"),
            "CREATE VIEW b.v AS SELECT 1",
        ),
        (
            "CREATE MATERIALIZED VIEW v AS SELECT 1",
            ObjectId("materialized view", "public.w"),
            "CREATE MATERIALIZED VIEW w AS SELECT 1",
        ),
        ("CREATE DOMAIN Old AS text", ObjectId("type", "public.old"), None),
    ],
)
def test_what_stands_in_a_schema_takes_its_name_of_today(
    sql: str, name: ObjectId, expected: str | None
) -> None:
    assert today(sql, name) == expected


def test_columns_of_an_index_are_renamed_but_no_functions_and_texts() -> None:
    told = today(
        "CREATE INDEX rooms_size ON rooms (size, lower(kind), size(1)) WHERE kind <> 'size'",
        INDEX,
        "size area",
        'kind "Kind"',
    )
    expected = (
        'CREATE INDEX rooms_size ON rooms (area, lower("Kind"), size(1)) WHERE "Kind" <> \'size\''
    )
    assert told == expected


def test_a_column_renamed_twice_has_its_last_name() -> None:
    told = today("CREATE INDEX rooms_size ON rooms (a)", INDEX, "a b", "b c")
    assert told == "CREATE INDEX rooms_size ON rooms (c)"


def test_columns_that_swapped_their_names_are_swapped() -> None:
    told = today("CREATE INDEX rooms_size ON rooms (a, b)", INDEX, "a tmp", "b a", "tmp b")
    assert told == "CREATE INDEX rooms_size ON rooms (b, a)"


def test_a_column_of_the_tables_own_name_leaves_the_table_alone() -> None:
    told = today("CREATE INDEX rooms_size ON rooms (rooms)", INDEX, "rooms area")
    assert told == "CREATE INDEX rooms_size ON rooms (area)"


@pytest.mark.parametrize(
    ("written", "now", "expected"),
    [
        ("rooms", "public.places", "places"),
        ("public.rooms", "public.places", "public.places"),
        ("rooms", "old.rooms", "old.rooms"),
        ("rooms", 'public."Places"', '"Places"'),
        ('"rooms"', "public.places", "places"),
    ],
)
def test_the_table_takes_its_new_name(written: str, now: str, expected: str) -> None:
    told = today(f"CREATE INDEX rooms_size ON {written} (size)", INDEX, table=now)
    assert told == f"CREATE INDEX rooms_size ON {expected} (size)"


def test_a_trigger_knows_columns_of_the_new_and_the_old_row() -> None:
    told = today(
        "CREATE TRIGGER watch BEFORE UPDATE ON rooms FOR EACH ROW "
        "WHEN (NEW.size > OLD.size) EXECUTE FUNCTION size()",
        TRIGGER,
        "size area",
    )
    assert told == (
        "CREATE TRIGGER watch BEFORE UPDATE ON rooms FOR EACH ROW "
        "WHEN (NEW.area > OLD.area) EXECUTE FUNCTION size()"
    )


def test_the_columns_that_a_trigger_waits_for_are_renamed() -> None:
    told = today(
        "CREATE TRIGGER watch BEFORE UPDATE OF size ON rooms EXECUTE FUNCTION f()",
        TRIGGER,
        "size area",
    )
    expected = "CREATE TRIGGER watch BEFORE UPDATE OF area ON rooms EXECUTE FUNCTION f()"
    assert told == expected


def test_a_policy_renames_its_own_columns_and_not_those_of_others() -> None:
    told = today(
        "CREATE POLICY mine ON rooms USING (owner = 1 AND rooms.owner = o.owner)",
        POLICY,
        "owner owner_id",
    )
    assert told == ("CREATE POLICY mine ON rooms USING (owner_id = 1 AND rooms.owner_id = o.owner)")


def test_a_policys_own_name_may_be_quoted() -> None:
    told = today('CREATE POLICY "is mine" ON rooms USING (true)', POLICY)
    assert told == "CREATE POLICY mine ON rooms USING (true)"


def test_a_name_that_is_a_keyword_too_is_found_in_its_place() -> None:
    told = today("CREATE TRIGGER trigger AFTER INSERT ON rooms EXECUTE FUNCTION f()", TRIGGER)
    assert told == "CREATE TRIGGER watch AFTER INSERT ON rooms EXECUTE FUNCTION f()"


def test_other_statements_are_not_worded() -> None:
    assert today("CREATE TABLE places (a int)", ObjectId("table", "public.rooms")) is None
