"""What a rollback checks before it drops or deletes a row."""

from __future__ import annotations

import hashlib

import pglast
import pytest

from consolidate.catalog.rows import Column, Row, Table, TableRows
from consolidate.model import ObjectId
from consolidate.quietly import quietly
from consolidate.rowguard import Known, changed, digest, guard, is_guard, written
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
    assert found.place == "\"Name\" = 'Ann' AND note::text = '1' AND id IS NOT NULL"
    elsewhere = written(own, ("7", "Ann", "1"), {("public.u", "id")})
    assert elsewhere.place == "id = 7"
    everything = {("public.t", name) for name in ("id", "Name", "note")}
    assert written(own, ("7", "Ann", None), everything).place == (
        'id IS NOT NULL AND "Name" IS NOT NULL AND note IS NULL'
    )


def test_what_is_drawn_tells_no_row_and_what_a_row_hides_only_where_no_key_does() -> None:
    own = table(*PLAIN, column("at"), primary=("id",))
    row = ("7", "Ann", None, "now")
    volatile = {("public.t", "at")}
    assert written(own, row, volatile).place == "id = 7"
    found = written(own, row, volatile, drawn={"id"})
    assert found.place == "\"Name\" = 'Ann' AND note IS NULL AND at IS NOT NULL"
    assert (found.told, found.rest) == (('"Name"', "note", "at IS NULL"), ())


def test_what_is_equal_only_by_its_worth_is_compared_to_the_letter() -> None:
    own = table(column("n", "numeric"), column("a", "public.address"))
    assert written(own, ("1.0", "(x)"), NOTHING).place == "n::text = '1.0' AND a::text = '(x)'"


def test_a_row_is_known_by_its_key_and_by_its_other_cells() -> None:
    own = table(*PLAIN, primary=("id",))
    found = written(own, ("7", None, "1"), {("public.t", "note")})
    assert (found.told, found.rest) == (("id",), ('"Name"', "note IS NULL"))
    assert found.digest == digest(["7"]) + digest([None, "f"])
    back = changed(own, ("7", "Ann", "1"), [own.columns[1]], NOTHING)
    assert (back.back, back.told, back.rest) == (('"Name"',), ("id",), ('"Name"',))


def test_a_row_that_is_all_key_or_has_none_can_not_be_changed() -> None:
    keyed = table(column("id", "integer"), primary=("id",))
    assert written(keyed, ("7",), NOTHING).rest == ()
    assert written(table(*PLAIN), ("7", "Ann", "1"), NOTHING).rest == ()


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ([], "()"),
        (["7", None, "Ann"], "(7,,Ann)"),
        (
            ["", "a b", "a,b", "(", ')"', "c\\d", "\t"],
            r'("","a b","a,b","(",")""","c\\d","	")',
        ),
    ],
)
def test_a_row_is_digested_as_postgresql_prints_it(cells: list[str | None], text: str) -> None:
    assert digest(cells) == hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:16]


def test_without_rows_and_tables_there_is_no_guard() -> None:
    assert guard([]) == []


def test_a_guard_lists_what_each_table_is_expected_to_hold() -> None:
    full = Known(relation="public.t", goes="dropped", told=("id", '"It\'s"'), rows=("abc", "def"))
    (sql,) = guard([Known(relation='public."e"', goes="dropped"), full])
    assert (
        r"""('public.t', 'dropped', E'{id,"\\"It''s\\""}'::text[], '{}'::text[], '{}'::text[], """
        "'', '', '{abc,def}'::text[])\n        UNION ALL\n"
    ) in sql
    assert "ARRAY[\n            'public.\"e\"'\n        ]" in sql
    assert "{known}" not in sql
    blocks = pglast.split(sql.partition("\n")[2])
    assert len(blocks) == len([block for block in blocks if is_guard(block)]) == 2


def test_rows_of_which_the_same_is_known_stand_together() -> None:
    own, other = table(*PLAIN, primary=("id",)), table(*PLAIN, primary=("id",), name="public.u")
    rows = [written(t, (n, "A", None), NOTHING) for t, n in ((own, "1"), (own, "2"), (other, "3"))]
    (sql,) = guard([], rows)
    digests = ",".join(sorted(row.digest for row in rows[:2]))
    assert f"'{{{digests}}}'::text[])" in sql
    assert sql.count("'deleted', E'{id}") + sql.count("'deleted', '{id}") == 2


def test_rows_without_a_key_are_held_against_all_that_look_like_them() -> None:
    own = table(*PLAIN)
    held = TableRows(table=own, rows=[("1", "A", None)] * 2 + [("2", "B", None)])
    found = written(own, ("1", "A", None), NOTHING)
    (sql,) = guard([], [found], {"public.t": held})
    assert f"'{{{found.digest},{found.digest}}}'" in sql


def test_a_text_that_holds_the_end_of_the_block_does_not_end_it() -> None:
    cut = Known(relation="public.t", goes="cut", place="a <> '$guard$ $guard_$'", apart=("a",))
    (sql,) = guard([cut])
    assert "\n$guard__$;\nDO $guarded$\n" in sql
    assert len(pglast.parse_sql(sql)) == 2


def test_statements_about_rows_become_one_that_names_the_tables_as_texts() -> None:
    sql = quietly(['public."it\'s"', "public.t"], ["DELETE FROM ONLY public.t;"])
    assert "ARRAY['public.\"it''s\"', 'public.t']::regclass[]" in sql
    assert "\n    DELETE FROM ONLY public.t;\n" in sql
    assert len(pglast.parse_sql(sql)) == 1


def test_rows_that_hold_the_end_of_the_block_do_not_end_it() -> None:
    sql = quietly(["public.t"], ["INSERT INTO public.t VALUES ('$rows$ $rows_$');"])
    assert sql.endswith("\n$rows__$;")
    assert len(pglast.parse_sql(sql)) == 1
