"""Rows as INSERT statements: every kind of cell, and rows that are looked up."""

from __future__ import annotations

from dataclasses import replace

import pglast
import pytest

from consolidate.catalog.rows import (
    Cell,
    Column,
    ForeignKey,
    JsonLeaf,
    MarkedRow,
    MarkedRows,
    MarkedTable,
    Table,
    Volatile,
    VolatileJson,
)
from consolidate.model import ObjectId
from consolidate.wording import conditions, values
from consolidate.wording.values import PER_STATEMENT, Insert

UUID = '"0f8fad5b-d9cb-469f-a165-70867728950e"'


def column(name: str, base: str = "text", *, generated: bool = False, own: bool = False) -> Column:
    quoted = name if name.islower() else f'"{name}"'
    return Column(name=name, quoted=quoted, type=base, base=base, generated=generated, identity=own)


def table(
    name: str,
    *columns: Column,
    primary: tuple[str, ...] = (),
    unique: tuple[tuple[str, ...], ...] = (),
    keys: tuple[ForeignKey, ...] = (),
) -> Table:
    return Table(
        object=ObjectId("table", f"public.{name}"),
        root=f"public.{name}",
        columns=columns,
        primary_key=primary,
        unique_keys=unique,
        foreign_keys=keys,
    )


def held(own: Table, *rows: MarkedRow) -> MarkedTable:
    return MarkedTable(table=own, rows=rows)


def insert(first: MarkedTable, *others: MarkedTable) -> Insert:
    found = values.insert(first, MarkedRows(tables=(first, *others), sequences=()))
    assert pglast.parse_sql(found.sql)
    return found


def cell(held_there: Cell, base: str) -> str:
    """How one cell is written."""
    sql = insert(held(table("t", column("a", base)), (held_there,))).sql
    head = "INSERT INTO public.t (a) VALUES\n    ("
    assert sql.startswith(head)
    assert sql.endswith(");")
    return sql[len(head) : -2]


@pytest.mark.parametrize(
    ("text", "base", "expected"),
    [
        ("1", "integer", "1"),
        ("-32768", "smallint", "-32768"),
        ("1.50", "numeric", "1.50"),
        ("0.1", "double precision", "0.1"),
        ("1e+20", "double precision", "'1e+20'"),
        ("NaN", "numeric", "'NaN'"),
        ("-Infinity", "real", "'-Infinity'"),
        ("t", "boolean", "true"),
        ("f", "boolean", "false"),
        ("t", "text", "'t'"),
        ("1", "text", "'1'"),
        ("1", "money", "'1'"),
        ("it's", "text", "'it''s'"),
        ("back\\slash", "text", "E'back\\\\slash'"),
        ("", "text", "''"),
        ("NULL", "text", "'NULL'"),
        ("{1,2}", "integer[]", "'{1,2}'"),
        ("2025-01-01", "date", "'2025-01-01'"),
        ("ab   ", "character", "'ab'"),
        ("ab ", "text", "'ab '"),
        ("a\tb\nc", "text", "'a\tb\nc'"),
        ("a\r\nb", "text", "E'a\\r\nb'"),
        ("\\\x01f", "text", "E'\\\\\\x01f'"),
    ],
)
def test_a_known_value_is_written_as_it_is(text: str, base: str, expected: str) -> None:
    assert cell(text, base) == conditions.constant(text, base) == expected


@pytest.mark.parametrize("base", ["real", "double precision"])
def test_a_negative_zero_keeps_its_sign(base: str) -> None:
    assert conditions.constant("-0", base) != "-0"  # SQL reads it as the integer 0


def test_null_is_no_text() -> None:
    assert cell(None, "text") == "NULL"


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("timestamp with time zone", "now()"),
        ("timestamp without time zone", "now()::timestamp"),
        ("date", "CURRENT_DATE"),
        ("time with time zone", "CURRENT_TIME"),
        ("time without time zone", "LOCALTIME"),
        ("uuid", "gen_random_uuid()"),
        ("integer", "DEFAULT"),
        ("text", "gen_random_uuid()::text"),
    ],
)
def test_a_volatile_value_comes_from_where_its_type_comes_from(base: str, expected: str) -> None:
    assert cell(Volatile("whatever", base), base) == expected


def test_a_volatile_text_is_as_long_as_its_column_allows() -> None:
    for type_, expected in (
        ("character varying(36)", "gen_random_uuid()::text"),
        ("character varying(8)", "left(md5(random()::text), 8)"),
    ):
        short = replace(column("a", "character varying"), type=type_)
        sql = insert(held(table("t", short), (Volatile("x", type_),))).sql
        assert sql.endswith(f"({expected});")


@pytest.mark.parametrize(
    ("base", "held_before", "made_up"),
    [
        ("text", "ann-0f8f", True),
        ("text", UUID.strip('"'), False),
        ("uuid", UUID.strip('"'), False),
        ("timestamp with time zone", "2026-11-27 07:45:00+00", False),
        ("timestamp with time zone", "2026-12-27 07:45:00+00", True),
        ("integer", "4711", True),
    ],
)
def test_it_is_told_where_something_else_is_drawn_than_its_author_did(
    base: str, held_before: str, *, made_up: bool
) -> None:
    marked = held(table("t", column("a", base)), (Volatile(held_before, base),))
    everything = MarkedRows(tables=(marked,), sequences=())
    found = values.insert(marked, everything, today="2026-11-27").made_up
    assert found == (frozenset({"a"}) if made_up else frozenset())


@pytest.mark.parametrize(("held_before", "made_up"), [("tk_0f8f", True), ("2026-11-27T07", False)])
def test_so_it_is_inside_of_json(held_before: str, *, made_up: bool) -> None:
    leaf = JsonLeaf("$.a", f'"{held_before}"', "string")
    cell = VolatileJson(type="jsonb", parts=('{"a": ', leaf, "}"))
    marked = held(table("t", column("a", "jsonb")), (cell,))
    everything = MarkedRows(tables=(marked,), sequences=())
    assert bool(values.insert(marked, everything, today="2026-11-27").made_up) is made_up


def test_a_volatile_value_is_its_columns_default_if_there_is_one() -> None:
    marked = held(table("t", column("A", "uuid")), (Volatile("x", "uuid"),))
    everything = MarkedRows(tables=(marked,), sequences=())
    assert "(gen_random_uuid())" in values.insert(marked, everything).sql
    found = values.insert(marked, everything, frozenset({'public.t."A"'}))
    assert "(DEFAULT)" in found.sql


def test_leaves_of_json_become_expressions() -> None:
    parts = (
        '{"it\'s": ',
        JsonLeaf("$.a", UUID, "string"),
        ', "b": [',
        JsonLeaf("$.b[*]", '"2025-01-01"', "string"),
        ", ",
        JsonLeaf("$.b[*]", "17.5", "number"),
        ", ",
        JsonLeaf("$.b[*]", "true", "boolean"),
        "]}",
    )
    assert cell(VolatileJson(parts, "jsonb"), "jsonb") == (
        "('{\"it''s\": ' || to_json(gen_random_uuid())::text || ', \"b\": [' || "
        "to_json(now())::text || ', ' || to_json(extract(epoch FROM clock_timestamp()))::text "
        "|| ', ' || 'true' || ']}')::jsonb"
    )


def test_columns_that_every_row_has_by_default_are_not_named() -> None:
    own = table("t", column("id", "uuid"), column("name"), column("note"), column("at", "date"))
    rows = (
        (Volatile("1", "uuid"), "Ann", None, "2025-01-01"),
        (Volatile("2", "uuid"), "Bo", None, None),
    )
    marked = held(own, *rows)
    everything = MarkedRows(tables=(marked,), sequences=())
    sql = values.insert(marked, everything, frozenset({"public.t.id"})).sql
    assert sql == (
        "INSERT INTO public.t (name, at) VALUES\n    ('Ann', '2025-01-01'),\n    ('Bo', NULL);"
    )


def test_a_null_is_said_where_the_column_would_get_something_else() -> None:
    marked = held(table("t", column("a"), column("b")), ("1", None))
    everything = MarkedRows(tables=(marked,), sequences=())
    assert "(a) VALUES" in values.insert(marked, everything).sql
    assert "(a, b) VALUES" in values.insert(marked, everything, frozenset({"public.t.b"})).sql
    domain = replace(column("b"), type="public.email")
    assert "(a, b) VALUES" in insert(held(table("t", column("a"), domain), ("1", None))).sql
    short = replace(column("b", "character varying"), type="character varying(8)")
    assert "(a) VALUES" in insert(held(table("t", column("a"), short), ("1", None))).sql


def test_some_column_is_always_named() -> None:
    sql = insert(held(table("t", column("a"), column("b")), (None, None), (None, None))).sql
    assert sql == "INSERT INTO public.t (a, b) VALUES\n    (NULL, NULL),\n    (NULL, NULL);"


def test_generated_columns_are_left_out() -> None:
    own = table("t", column("a"), column("b", generated=True), column("C"))
    sql = insert(held(own, ("1", "2", "3"))).sql
    assert sql == "INSERT INTO public.t (a, \"C\") VALUES\n    ('1', '3');"


def test_only_an_identity_is_overridden() -> None:
    plain = insert(held(table("t", column("a", "integer")), ("1",))).sql
    own = insert(held(table("t", column("a", "integer", own=True)), ("1",))).sql
    assert "OVERRIDING" not in plain
    assert own == "INSERT INTO public.t (a) OVERRIDING SYSTEM VALUE VALUES\n    (1);"


def test_rows_without_columns_are_counted() -> None:
    sql = insert(held(table("t"), (), ())).sql
    assert sql.splitlines() == ["INSERT INTO public.t DEFAULT VALUES;"] * 2


@pytest.mark.parametrize(
    ("rows", "statements"), [(1, 1), (PER_STATEMENT, 1), (PER_STATEMENT + 1, 2)]
)
def test_many_rows_are_several_statements_in_order(rows: int, statements: int) -> None:
    own = table("t", column("a", "integer"))
    sql = insert(held(own, *((str(number),) for number in range(rows)))).sql
    assert len(pglast.parse_sql(sql)) == statements
    lines = [line.strip(" ,;()") for line in sql.splitlines() if line.startswith("    (")]
    assert lines == [str(number) for number in range(rows)]


# -- rows that are looked up --------------------------------------------------------------

PEOPLE = table(
    "people", column("id", "uuid"), column("name"), column("seat", "integer"), primary=("id",)
)
ONE, TWO = Volatile("u1", "uuid"), Volatile("u2", "uuid")
PEOPLE_HELD = held(PEOPLE, (ONE, "Ann", "1"), (TWO, "Bo", None))
KEY = ForeignKey(columns=("who",), references="public.people", referenced_columns=("id",))
PETS = table("pets", column("name"), column("who", "uuid"), keys=(KEY,))


def test_a_row_is_looked_up_by_what_is_not_volatile() -> None:
    found = insert(held(PETS, ("Rex", TWO), ("Cat", ONE)), PEOPLE_HELD)
    assert found.looks_at == {PEOPLE.object}
    assert "'Rex', (SELECT id FROM public.people WHERE name = 'Bo')" in found.sql
    assert "'Cat', (SELECT id FROM public.people WHERE name = 'Ann')" in found.sql


def test_a_row_is_told_by_as_many_columns_as_it_takes() -> None:
    three = Volatile("u3", "uuid")
    people = held(PEOPLE, (ONE, "Ann", "1"), (TWO, "Ann", "2"), (three, "Bo", "2"))
    pets = held(PETS, ("Rex", ONE), ("Cat", TWO), ("Owl", three))
    sql = insert(pets, people).sql
    assert "'Rex', (SELECT id FROM public.people WHERE seat = 1)" in sql
    assert "'Cat', (SELECT id FROM public.people WHERE name = 'Ann' AND seat = 2)" in sql
    assert "'Owl', (SELECT id FROM public.people WHERE name = 'Bo')" in sql


def test_numbers_that_are_equal_in_other_words_do_not_tell_a_row() -> None:
    priced = replace(
        PEOPLE, columns=(*PEOPLE.columns[:1], column("price", "numeric"), column("name"))
    )
    rows = (ONE, "1.0", "Ann"), (TWO, "1.00", "Bo")
    sql = insert(held(PETS, ("Rex", ONE)), held(priced, *rows)).sql
    assert "WHERE name = 'Ann'" in sql


def test_a_value_without_its_row_is_not_looked_up() -> None:
    found = insert(held(PETS, ("Rex", Volatile("u3", "uuid"))), PEOPLE_HELD)
    assert found.looks_at == frozenset()
    assert "('Rex', gen_random_uuid())" in found.sql


def test_without_a_foreign_key_nothing_is_looked_up() -> None:
    found = insert(held(replace(PETS, foreign_keys=()), ("Rex", ONE)), PEOPLE_HELD)
    assert found.looks_at == frozenset()
    assert "('Rex', gen_random_uuid())" in found.sql


def test_a_row_of_the_same_table_is_looked_up_after_it_was_written() -> None:
    key = replace(KEY, columns=("boss",))
    own = replace(PEOPLE, columns=(*PEOPLE.columns, column("boss", "uuid")), foreign_keys=(key,))
    sql = insert(held(own, (ONE, "Ann", "1", None), (TWO, "Bo", "2", ONE))).sql
    lookup = "(SELECT id FROM public.people WHERE name = 'Ann')"
    (looking,) = (statement for statement in pglast.split(sql) if lookup in statement)
    assert "(gen_random_uuid(), 'Ann'" in sql
    assert "(gen_random_uuid(), 'Ann'" not in looking  # a statement does not see its own rows


def test_rows_that_nothing_tells_apart_are_told_by_their_place() -> None:
    twins = held(PEOPLE, (ONE, "Ann", "1"), (TWO, "Ann", "1"))
    sql = insert(held(PETS, ("Rex", ONE), ("Cat", TWO)), twins).sql
    place = "WHERE name = 'Ann' AND seat = 1 ORDER BY ctid LIMIT 1 OFFSET"
    assert f"'Rex', (SELECT id FROM public.people {place} 0)" in sql
    assert f"'Cat', (SELECT id FROM public.people {place} 1)" in sql


def test_rows_with_volatile_keys_are_written_in_one_order_whatever_lies_first() -> None:
    rows = (ONE, "Ann", "1"), (TWO, "Bo", "2")
    assert insert(held(PEOPLE, *rows)).sql == insert(held(PEOPLE, *rows[::-1])).sql


def test_numbered_rows_stand_in_the_order_of_their_numbers() -> None:
    columns = column("id", "integer"), column("part", "bigint"), column("name")
    own = table("t", *columns, primary=("id", "part"))
    rows = ("10", "1", "d"), ("9", "2", "c"), ("9", "-1", "b")
    sql = insert(held(own, *rows)).sql
    assert [line[-5:-2] for line in sql.replace(";", ",").splitlines()[1:]] == ["'b'", "'c'", "'d'"]
    up = ForeignKey(columns=("part",), references="public.t", referenced_columns=("id",))
    sql = insert(held(replace(own, foreign_keys=(up,)), *rows)).sql
    assert sql.index("'d'") < sql.index("'c'"), "a row may point at one that lies before it"


def test_rows_with_keys_of_their_own_keep_the_order_in_which_they_lie() -> None:
    rows = ("7", "Ann", "1"), ("5", "Bo", "2")
    assert insert(held(PEOPLE, *rows)).sql != insert(held(PEOPLE, *rows[::-1])).sql


def test_a_row_in_a_partition_is_found_through_the_partitioned_table() -> None:
    part = replace(PEOPLE, object=ObjectId("table", "public.people_1"))
    found = insert(held(PETS, ("Rex", ONE)), held(part, (ONE, "Ann", "1")))
    assert "SELECT id FROM public.people" in found.sql


def test_a_key_inside_json_is_looked_up_wherever_its_row_is() -> None:
    leaf = JsonLeaf("$.who", UUID, "string")
    own = table("notes", column("note", "jsonb"))
    person = (Volatile(UUID.strip('"'), "uuid"), "Ann", "1")
    found = insert(
        held(own, (VolatileJson(('{"who": ', leaf, "}"), "jsonb"),)), held(PEOPLE, person)
    )
    assert found.looks_at == {PEOPLE.object}
    lookup = "(SELECT id FROM public.people WHERE name = 'Ann')"
    assert f"to_json({lookup})::text" in found.sql


@pytest.mark.parametrize(
    ("primary", "unique", "row", "expected"),
    [
        (("id",), (), ("7", "Ann", "1"), "id = 7"),
        (("id", "name"), (), ("7", "Ann", "1"), "id = 7 AND name = 'Ann'"),
        (("id",), (("name",),), (Volatile("7", "x"), "Ann", "1"), "name = 'Ann'"),
        (("id",), (("name",), ("seat",)), (Volatile("7", "x"), None, "1"), "seat = 1"),
        (("id",), (("name",),), (Volatile("7", "x"), None, "1"), "name IS NULL AND seat = 1"),
        ((), (), (None, None, None), "id IS NULL AND name IS NULL AND seat IS NULL"),
        ((), (), (ONE, ONE, VolatileJson(("1",), "json")), "true"),
    ],
)
def test_a_row_is_told_by_its_first_whole_key_or_by_all_it_has(
    primary: tuple[str, ...],
    unique: tuple[tuple[str, ...], ...],
    row: MarkedRow,
    expected: str,
) -> None:
    own = table(
        "t",
        column("id", "integer"),
        column("name"),
        column("seat", "integer"),
        primary=primary,
        unique=unique,
    )
    assert conditions.condition(own, row) == expected


def test_a_value_like_a_condition_on_null_is_a_value() -> None:
    own = table("t", column("id"), column("name"), primary=("id",))
    assert conditions.condition(own, ("x IS NULL", "Ann")) == "id = 'x IS NULL'"


@pytest.mark.parametrize("base", ["json", "xml", "point"])
def test_a_value_that_can_not_be_compared_is_compared_as_text(base: str) -> None:
    own = table("t", column("a", base))
    assert conditions.condition(own, ("x",)) == "a::text = 'x'"


def test_a_real_is_not_compared_with_a_number_that_is_more_exact() -> None:
    own = table("t", column("a", "real"))
    assert conditions.condition(own, ("0.1",)) != "a = 0.1"  # false where a is 0.1::real
