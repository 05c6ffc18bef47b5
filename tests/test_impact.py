"""What a rollback does, read from its text, and how the README tells it."""

from __future__ import annotations

import pytest

from consolidate import impact, rollback_readme, rowguard
from consolidate.catalog.rows import ForeignKey, Rows, Table, TableRows
from consolidate.model import ObjectId
from consolidate.quietly import quietly

TEXT = f"""\
-- Takes back migrations/01_core/1_keys.sql.

{rowguard.guard([rowguard.Known(relation="public.keys", goes="dropped")])[0]}
{rowguard.ALL_ROWS}
{quietly(["public.kinds"], ["DELETE FROM ONLY public.kinds WHERE id = 1;"])}
-- Irreversible: type public.grade: PostgreSQL can not drop a value of an enum: 'c'
REVOKE SELECT ON TABLE public.rooms FROM reader;
ALTER TABLE public.rooms ALTER COLUMN label DROP DEFAULT;
DROP FUNCTION IF EXISTS public.f(integer);
DROP POLICY IF EXISTS own ON public.rooms;
DROP TABLE IF EXISTS public.keys;
DROP TABLE IF EXISTS public.key_orders;
"""


def held(name: str, *references: str) -> TableRows:
    keys = tuple(
        ForeignKey(columns=("a",), references=one, referenced_columns=("id",)) for one in references
    )
    table = Table(
        object=ObjectId("table", name),
        root=name,
        columns=(),
        primary_key=(),
        unique_keys=(),
        foreign_keys=keys,
    )
    return TableRows(table=table, rows=())


ROWS = Rows(tables=(held("public.keys", "public.doors"), held("public.rooms", "x")), sequences=())


@pytest.fixture
def found() -> impact.Impact:
    return impact.of("rollback/1.sql", TEXT, ROWS)


def test_what_goes_is_told_by_kind_and_what_stays_counted(found: impact.Impact) -> None:
    assert found.dropped == {
        "function": ("public.f(integer)",),
        "policy": ("own ON public.rooms",),
        "table": ("public.keys", "public.key_orders"),
    }
    assert found.changed == 3  # the rows, the right and the default


def test_each_table_is_told_with_its_strongest_lock(found: impact.Impact) -> None:
    assert found.locks == {
        "ACCESS EXCLUSIVE": ("public.doors", "public.key_orders", "public.keys", "public.rooms"),
        "EXCLUSIVE": ("public.kinds",),
    }


def test_rows_go_with_tables_and_from_those_that_the_file_wrote_to(found: impact.Impact) -> None:
    assert found.rows == ("public.keys", "public.key_orders", "public.kinds")
    assert found.irreversible == (
        "type public.grade: PostgreSQL can not drop a value of an enum: 'c'",
    )


def test_the_readme_has_a_line_for_each_with_a_few_names() -> None:
    paths = ["migrations/01_core/1_keys.sql"]
    back = "rollback/01_core/1_keys_rollback.sql"
    text = rollback_readme.build(paths, {back: TEXT}, ROWS)
    assert (
        "| `01_core/1_keys_rollback.sql` | 1 function, 1 policy, 2 tables | 3 | ACCESS EXCLUSIVE "
        "on `public.doors`, `public.key_orders`, `public.keys` and 1 more; EXCLUSIVE on "
        "`public.kinds` | `public.keys`, `public.key_orders`, `public.kinds` |\n"
    ) in text
    assert (
        "### What no rollback takes back\n\n- type public.grade: PostgreSQL can not drop a value "
        "of an enum: 'c' (`01_core/1_keys_rollback.sql`)\n"
    ) in text


def test_few_things_are_named() -> None:
    one = "DROP INDEX public.a;\nDROP INDEX public.b;\nDROP POLICY p ON public.c;\n"
    text = rollback_readme.build(["seed/1.sql"], {"rollback/seed/1_rollback.sql": one}, ROWS)
    assert "| 2 indexes (`public.a`, `public.b`), 1 policy (`p ON public.c`) | - |" in text
    assert "no rollback takes back" not in text


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("DROP MATERIALIZED VIEW IF EXISTS a, b", "1 materialized view (`a, b`)"),
        ("DROP TEXT SEARCH PARSER p CASCADE", "1 text search parser (`p`)"),
        ("DROP USER MAPPING IF EXISTS FOR PUBLIC SERVER s", "1 user mapping (`PUBLIC SERVER s`)"),
        ("DROP OPERATOR CLASS public.o USING hash", "1 operator class (`public.o USING hash`)"),
    ],
)
def test_a_kind_may_have_several_words(sql: str, told: str) -> None:
    text = rollback_readme.build(["seed/1.sql"], {"rollback/seed/1_rollback.sql": f"{sql};"}, ROWS)
    assert f"| {told} |" in text


def test_a_readme_without_the_texts_tells_the_order_alone() -> None:
    assert "## Impact" not in rollback_readme.build(["migrations/1.sql"], {}, ROWS)
