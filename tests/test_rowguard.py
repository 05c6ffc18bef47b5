"""What a rollback checks before it drops or deletes a row."""

from __future__ import annotations

import pglast
import pytest

from consolidate.catalog.rows import Column, ForeignKey, Row, Table
from consolidate.model import ObjectId
from consolidate.rowguard import Cut, Guarded, before_deletes, before_drops, quietly, written
from consolidate.wording import conditions

NOTHING: frozenset[tuple[str, str]] = frozenset()


def column(name: str, base: str = "text") -> Column:
    quoted = name if name.islower() else f'"{name}"'
    return Column(name=name, quoted=quoted, type=base, base=base, generated=False, identity=False)


def table(
    *columns: Column,
    primary: tuple[str, ...] = (),
    unique: tuple[tuple[str, ...], ...] = (),
    name: str = "public.t",
) -> Table:
    return Table(
        object=ObjectId("table", name),
        root=name,
        columns=columns,
        primary_key=primary,
        unique_keys=unique,
        foreign_keys=(),
    )


PLAIN = (column("id", "integer"), column("Name"), column("note", "json"))


@pytest.mark.parametrize(
    ("base", "cell", "expected"),
    [
        ("integer", "7", "a = 7"),
        ("boolean", "f", "a = false"),
        ("text", "it's", "a = 'it''s'"),
        ("text", None, "a IS NULL"),
        ("json", None, "a IS NULL"),
        ("json", '{"a": 1}', "a::text = '{\"a\": 1}'"),
        ("point", "(1,2)", "a::text = '(1,2)'"),
    ],
)
def test_a_cell_is_compared_as_its_type_can_be(base: str, cell: str | None, expected: str) -> None:
    assert conditions.equals("a", base, cell) == expected
    assert pglast.parse_sql(f"SELECT {expected}")


@pytest.mark.parametrize("base", ["json[]", "point[]", "jsonpath"])
def test_other_types_without_an_equality_are_compared_as_text(base: str) -> None:
    assert conditions.equals("a", base, "x") == "a::text = 'x'"


def test_a_real_is_not_compared_with_a_number_that_is_more_exact() -> None:
    assert conditions.equals("a", "real", "0.1") != "a = 0.1"  # false where a is 0.1::real


@pytest.mark.parametrize(
    ("primary", "unique", "row", "place"),
    [
        (("id",), (), ("7", "Ann", None), "id = 7"),
        (("id",), (("Name",),), (None, "Ann", None), "\"Name\" = 'Ann'"),
        (("id", "Name"), (), ("7", "Ann", None), "id = 7 AND \"Name\" = 'Ann'"),
        ((), (), ("7", None, "1"), "id = 7 AND \"Name\" IS NULL AND note::text = '1'"),
    ],
)
def test_a_row_is_found_by_its_first_whole_key(
    primary: tuple[str, ...], unique: tuple[tuple[str, ...], ...], row: Row, place: str
) -> None:
    assert written(table(*PLAIN, primary=primary, unique=unique), row, NOTHING).place == place


def test_what_is_volatile_tells_no_row() -> None:
    own = table(*PLAIN, primary=("id",))
    found = written(own, ("7", "Ann", "1"), {("public.t", "id")})
    assert found.place == "\"Name\" = 'Ann' AND note::text = '1'"
    elsewhere = written(own, ("7", "Ann", "1"), {("public.u", "id")})
    assert elsewhere.place == "id = 7"
    everything = {("public.t", name) for name in ("id", "Name", "note")}
    assert written(own, ("7", "Ann", "1"), everything).place == "true"


def test_a_row_is_changed_where_any_other_cell_is_not_what_was_written() -> None:
    own = table(*PLAIN, primary=("id",))
    assert written(own, ("7", None, "1"), NOTHING).changed == (
        "id = 7 AND (\"Name\" IS NOT NULL OR note::text IS DISTINCT FROM '1')"
    )
    told = written(own, ("7", "Ann", None), {("public.t", "note")}).changed
    assert told == "id = 7 AND (\"Name\" IS DISTINCT FROM 'Ann')"


def test_a_row_that_is_all_key_or_has_none_can_not_be_changed() -> None:
    keyed = table(column("id", "integer"), primary=("id",))
    assert written(keyed, ("7",), NOTHING).changed is None
    assert written(table(*PLAIN), ("7", "Ann", "1"), NOTHING).changed is None


def test_without_tables_there_is_no_guard() -> None:
    assert before_drops([]) == []
    assert before_deletes([], []) == []


def test_a_guard_lists_what_each_table_is_expected_to_hold() -> None:
    (sql,) = before_drops(
        [Guarded("public.t", 'id, "Name"', 3, "abc"), Guarded('public."it\'s"', "", 0, "")]
    )
    assert "('public.t', 'id, \"Name\"', 3::bigint, 'abc')," in sql
    assert "('public.\"it''s\"', '', 0::bigint, '')\n" in sql
    assert "{" not in sql
    assert len(pglast.parse_sql(sql)) == 1


def test_rows_that_were_changed_are_counted_by_table() -> None:
    own, other = table(*PLAIN, primary=("id",)), table(*PLAIN, primary=("id",), name="public.u")
    rows = [written(t, (n, "A", None), NOTHING) for t, n in ((own, "1"), (own, "2"), (other, "3"))]
    (sql,) = before_deletes(rows, [])
    assert "SELECT 'public.t, changed since', count(*) FROM ONLY public.t" in sql
    assert f"WHERE ({rows[0].changed})\n            OR ({rows[1].changed})" in sql
    assert f"FROM ONLY public.u\n        WHERE ({rows[2].changed})" in sql
    assert sql.count("UNION ALL") == 1
    assert len(pglast.parse_sql(sql)) == 1


def test_rows_that_others_point_at_are_counted_beyond_the_historys_own() -> None:
    own = table(column("id", "integer"), column("Kind"), primary=("id",))
    child = table(column("T", "integer"), column("k"), name="public.c")
    key = ForeignKey(columns=("T", "k"), references="public.t", referenced_columns=("id", "Kind"))
    rows = [written(own, (number, "A"), NOTHING) for number in ("1", "2")]
    (sql,) = before_deletes(rows, [(child, key, 4)])
    assert (
        "SELECT 'public.c, pointing at public.t', count(*) - 4 FROM ONLY public.c AS child" in sql
    )
    assert "WHERE (id = 1) OR (id = 2)) AS parent" in sql
    assert 'ON child."T" = parent.id AND child.k = parent."Kind"' in sql
    assert len(pglast.parse_sql(sql)) == 1


def test_rows_that_can_neither_change_nor_be_pointed_at_need_no_guard() -> None:
    keyed = table(column("id", "integer"), primary=("id",))
    assert before_deletes([written(keyed, ("1",), NOTHING)], []) == []


def test_rows_without_a_key_are_counted_for_others_may_look_like_them() -> None:
    rows = [written(table(*PLAIN), row, NOTHING) for row in [("1", "A", None)] * 2]
    (sql,) = before_deletes(rows, [])
    assert "'public.t, like rows of this history', count(*) - 2 FROM ONLY public.t" in sql
    assert sql.count("id = 1") == 1
    assert len(pglast.parse_sql(sql)) == 1


def test_a_column_that_goes_is_held_to_what_stood_in_it() -> None:
    there = "public.t WHERE a IS NOT NULL"
    cut = Cut(column="public.t.a", told=Guarded(there, "id, a", 2, "abc"))
    (sql,) = before_deletes([], [], cut=[cut])
    assert "SELECT 'public.t.a', CASE WHEN (count(*), md5(" in sql
    assert "IS DISTINCT FROM (2::bigint, 'abc') THEN count(*) ELSE 0 END" in sql
    assert f"FROM ONLY {there}) AS listed" in sql
    assert len(pglast.parse_sql(sql)) == 1


def test_statements_about_rows_become_one_that_names_the_tables_as_texts() -> None:
    sql = quietly(['public."it\'s"', "public.t"], ["DELETE FROM ONLY public.t;"])
    assert "ARRAY['public.\"it''s\"', 'public.t']::regclass[]" in sql
    assert "\n    DELETE FROM ONLY public.t;\n" in sql
    assert len(pglast.parse_sql(sql)) == 1


def test_rows_that_hold_the_end_of_the_block_do_not_end_it() -> None:
    sql = quietly(["public.t"], ["INSERT INTO public.t VALUES ('$rows$ $rows_$');"])
    assert sql.endswith("\n$rows__$;")
    assert len(pglast.parse_sql(sql)) == 1
