from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consolidate import render
from consolidate.model import ObjectId
from consolidate.wording.units import Rung

if TYPE_CHECKING:
    from tests.render.conftest import Maker

LEGACY = {
    "1.sql": "-- keys\nCREATE TABLE keys (\n  id int\n);\nSELECT 1;\nCREATE TABLE a (b int);\n",
    "0.sql": "CREATE TABLE c (d int);\nALTER TABLE c ADD e int;",
}


def body(text: str) -> str:
    """What follows the header and the guard."""
    return text.partition("$guard$;\n\n")[2] or text.partition("\n\n")[2]


def test_steps_stand_as_they_are_with_one_blank_line_between_them(make: Maker) -> None:
    make.file("1_a", make.step("public.a", "CREATE TABLE a ();"), make.step("public.b", "-- b\nB;"))
    (text,) = render.migrations(make.plan(), make.truth()).values()
    assert body(text) == "CREATE TABLE a ();\n\n-- b\nB;\n"


def test_the_authors_line_ends_and_blanks_survive(make: Maker) -> None:
    sql = "CREATE FUNCTION f() RETURNS text\r\nAS $$\r\n\tSELECT 'é  '\r\n$$;"
    make.file("1_a", make.step("public.f()", sql, kind="function", type_="FUNCTION"))
    make.file("2_a", make.step("public.a", "A;\n"), make.step("public.b", "B;\n\n"))
    texts = render.migrations(make.plan(), make.truth())
    assert body(texts["migrations/01_core/1_a.sql"]) == sql + "\n"
    assert body(texts["migrations/01_core/2_a.sql"]) == "A;\n\nB;\n"


def test_a_path_is_made_of_folder_phase_and_name(make: Maker) -> None:
    make.file("1_a", make.step("public.a", "A;"), phase="02_more")
    make.file("01_rows", make.step("public.a", "B;", type_="ROWS"), phase="")
    assert list(render.migrations(make.plan(), make.truth())) == [
        "migrations/02_more/1_a.sql",
        "seed/01_rows.sql",
    ]


def test_the_header_names_title_rollback_and_the_legacy_lines(make: Maker) -> None:
    make.file(
        "1_keys",
        make.step("public.keys", "K;", "0001#1"),
        make.step("public.a", "A;", "0001#3", "0002#1", "0002#2"),
        title="Keys\nand more",
        phase="",
    )
    (text,) = render.migrations(make.plan(), make.truth(LEGACY)).values()
    assert text.startswith(
        "-- Keys and more\n"
        "-- Rollback: rollback/seed/1_keys_rollback.sql\n"
        "-- From: 1.sql:2-4, 6\n"
        "--       0.sql:1-2\n"
        "\n"
        "K;\n"
    )


def test_many_places_of_one_file_are_counted(make: Maker) -> None:
    legacy = {"1.sql": "SELECT 1;\n" * 30}
    odd = [f"0001#{number}" for number in range(1, 31, 2)]
    make.file("1_a", make.step("public.a", "A;", *odd))
    (text,) = render.migrations(make.plan(), make.truth(legacy)).values()
    assert "-- From: 1.sql:1, 3, 5, 7, 9, 11, 13, 15 and 7 more\n" in text.replace(", and", " and")


def test_many_files_are_counted_and_their_first_and_last_named(make: Maker) -> None:
    legacy = {f"{number}.sql": "SELECT 1;\n" for number in range(18, 1, -1)}
    make.file("1_a", make.step("public.a", "A;", *(f"{n:04}#1" for n in range(1, 18))))
    (text,) = render.migrations(make.plan(), make.truth(legacy)).values()
    assert (
        "-- From: 17 legacy files, listed in manifest.json:\n"
        "--       18.sql:1\n"
        "--       …\n"
        "--       2.sql:1\n"
        "\n"
    ) in text


@pytest.mark.parametrize(
    ("stem", "title"),
    [
        ("20250105_000000_keys_tables", "Keys tables"),
        ("01_reference_data", "Reference data"),
        ("7", "7"),
    ],
)
def test_a_file_without_a_title_is_called_by_its_name(make: Maker, stem: str, title: str) -> None:
    assert render.title(make.file(stem, make.step("public.a", "A;")).slot) == title


def test_what_is_as_it_was_is_said(make: Maker) -> None:
    steps = [make.step(f"public.t{n}", "A;", rung=Rung.AS_WAS) for n in range(6)]
    make.file("1_a", *steps)
    (text,) = render.migrations(make.plan(), make.truth()).values()
    assert (
        "-- As the legacy history wrote it: table public.t0, table public.t1, table public.t2, "
        "table public.t3 and 2 more\n"
    ) in text


def test_a_name_with_a_line_end_can_not_leave_the_header(make: Maker) -> None:
    make.file("1_a", make.step('public."x\n; DROP"', "A;", rung=Rung.AS_WAS))
    (text,) = render.migrations(make.plan(), make.truth()).values()
    assert 'table public."x\\n; DROP"\n' in text


def test_a_file_that_can_not_run_in_a_transaction_is_marked(make: Maker) -> None:
    make.file("1_a", make.step("public.a", "A;"))
    make.file("2_b", make.step("public.b", "B;", outside=True))
    texts = render.migrations(make.plan(), make.truth())
    marked = [path for path, text in texts.items() if "-- Apply it without -1" in text]
    assert marked == ["migrations/01_core/2_b.sql"]


def test_rights_that_follow_each_other_stand_under_one_comment(make: Maker) -> None:
    make.file(
        "1_a",
        make.step("public.a", "A;"),
        make.step("table public.a", "GRANT 1;\nGRANT 2;", kind="rights", type_="RIGHTS"),
        make.step("table public.b", "GRANT 3;", kind="rights", type_="RIGHTS"),
        make.step("public.b", "B;"),
        make.step("table public.c", "GRANT 4;", kind="rights", type_="RIGHTS"),
    )
    (text,) = render.migrations(make.plan(), make.truth()).values()
    assert body(text) == (
        "A;\n\n-- Rights\nGRANT 1;\nGRANT 2;\nGRANT 3;\n\nB;\n\n-- Rights\nGRANT 4;\n"
    )


# -- the guard --------------------------------------------------------------------------------


def test_only_the_first_migration_is_guarded(make: Maker) -> None:
    make.file("2_b", make.step("public.b", "B;", ordinal=0))
    make.file("1_a", make.step("public.a", "A;", ordinal=9))
    make.file("01_rows", make.step("a", "R;", kind="rows", type_="ROWS"), phase="")
    texts = render.migrations(make.plan(), make.truth())
    assert [path for path, text in texts.items() if "DO $guard$" in text] == [
        "migrations/01_core/1_a.sql"
    ]
    assert "'public.b',\n        'public.a'\n" in texts["migrations/01_core/1_a.sql"]


def test_the_guard_asks_for_ten_tables_and_none_of_the_platforms(make: Maker) -> None:
    steps = [make.step(f"public.t{n:02}", "A;", ordinal=n) for n in range(12)]
    make.file("1_a", *steps)
    known = [ObjectId("table", "public.t03")]
    (text,) = render.migrations(make.plan(), make.truth(platform=known)).values()
    asked = [n for n in range(12) if f"'public.t{n:02}'" in text]
    assert asked == [0, 1, 2, 4, 5, 6, 7, 8, 9, 10]


def test_a_history_without_tables_is_guarded_by_what_it_makes(make: Maker) -> None:
    make.file("1_a", make.step("public.f(integer)", "F;", kind="function", type_="FUNCTION"))
    (text,) = render.migrations(make.plan(), make.truth()).values()
    assert "pg_catalog.to_regprocedure(name)" in text
    assert "'public.f(integer)'" in text


def test_nothing_to_ask_for_means_no_guard(make: Maker) -> None:
    make.file("1_a", make.step("table public.a", "G;", kind="rights", type_="RIGHTS"))
    (text,) = render.migrations(make.plan(), make.truth()).values()
    assert "DO $" not in text


def test_the_runners_table_is_asked_on_supabase_only(make: Maker) -> None:
    make.file("1_a", make.step("public.a", "A;"))
    supabase = [ObjectId("schema", "auth"), ObjectId("role", "service_role")]
    (plain,) = render.migrations(make.plan(), make.truth()).values()
    (asking,) = render.migrations(make.plan(), make.truth(platform=supabase)).values()
    assert "schema_migrations" not in plain
    assert "supabase_migrations.schema_migrations" in asking


def test_a_name_can_not_close_the_guard(make: Maker) -> None:
    make.file("1_a", make.step('public."$guard$"', "A;"))
    (text,) = render.migrations(make.plan(), make.truth()).values()
    assert "DO $guard_$\n" in text
    assert text.count("$guard_$") == 2
