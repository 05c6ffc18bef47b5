from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from consolidate import statements
from consolidate import truth as truths
from consolidate.model import Fact, Manner, ObjectId, Snapshot, StatementId
from consolidate.servers import open_server
from consolidate.trace import RowCounts, Touch
from consolidate.vanished import Removed, Renamed, RowsRemoved, Superseded, Vanished, vanished

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.render.conftest import Maker


def table(name: str) -> ObjectId:
    return ObjectId("table", f"public.{name}")


def seen(
    make: Maker,
    text: str,
    *,
    here: Sequence[ObjectId] = (),
    dropped: Mapping[ObjectId, str] | None = None,
    platform: Sequence[ObjectId] = (),
) -> Vanished:
    """What is said of a history of one file, of what is there in the end and what was dropped."""
    trace = make.trace()
    touches = {
        name: (Touch(StatementId(statement), "DROP"),)
        for name, statement in (dropped or {}).items()
    }
    truth = make.truth({"1.sql": text}, trace=replace(trace, vanished=touches), platform=platform)
    facts = frozenset(Fact(name, "exists", "yes") for name in here)
    final = replace(truth.final, facts=Snapshot(major=18, facts=facts))
    return vanished(replace(truth, final=final))


def test_a_dropped_table_is_told_with_its_makers_and_what_went_along(make: Maker) -> None:
    found = seen(
        make,
        "CREATE TABLE a (b int NOT NULL DEFAULT 1);\nCREATE INDEX i ON a (b);\nDROP TABLE a;",
        dropped={
            table("a"): "0001#3",
            ObjectId("type", "public.a"): "0001#3",
            ObjectId("type", "public.a[]"): "0001#3",
            ObjectId("index", "public.i"): "0001#3",
            ObjectId("default value", "for public.a.b"): "0001#3",
            ObjectId("trigger", '"RI_ConstraintTrigger_a_1" on public.a'): "0001#3",
        },
    )
    (gone,) = found.removed
    assert (gone.object, gone.by, gone.made, gone.first) == (table("a"), "1.sql:3", "1.sql:1", None)
    assert gone.along == (
        ObjectId("default value", "for public.a.b"),
        ObjectId("index", "public.i"),
        ObjectId("table column", "public.a.b"),
        ObjectId("table constraint", "a_b_not_null on public.a"),
    )


def test_a_dropped_column_is_known_from_the_text(make: Maker) -> None:
    text = "CREATE TABLE a (b int, c int);\nALTER TABLE a DROP COLUMN c;"
    kept = [table("a"), ObjectId("table column", "public.a.b")]
    column = ObjectId("table column", "public.a.c")
    assert seen(make, text, here=kept).removed == (
        Removed(object=column, by="1.sql:2", made="1.sql:1"),
    )


def test_what_the_server_still_has_did_not_disappear_whatever_the_text_says(make: Maker) -> None:
    text = "CREATE TABLE a (b int, c int);\nALTER TABLE a DROP COLUMN c;"
    names = [ObjectId("table column", f"public.a.{c}") for c in "bc"]
    traced = {table("other"): "0001#2"}
    found = seen(make, text, here=[table("a"), *names], dropped=traced)
    assert [one.object for one in found.removed] == [table("other")]
    assert found.superseded == ()


def test_what_a_block_dropped_is_known_from_the_trace(make: Maker) -> None:
    text = "CREATE TABLE a (b int);\nDO $$ BEGIN EXECUTE 'DROP TABLE a'; END $$;"
    (gone,) = seen(make, text, dropped={table("a"): "0001#2"}).removed
    assert (gone.object, gone.by, gone.made) == (table("a"), "1.sql:2", "1.sql:1")


def test_a_table_that_was_renamed_before_is_told_with_its_first_name(make: Maker) -> None:
    text = "CREATE TABLE a (b int);\nALTER TABLE a RENAME TO z;\nDROP TABLE z;"
    (gone,) = seen(make, text, dropped={table("z"): "0001#3"}).removed
    assert (gone.object, gone.first) == (table("z"), table("a"))


def test_what_the_platform_brought_is_told_as_such(make: Maker) -> None:
    brought = table("brought")
    (gone,) = seen(
        make, "DROP TABLE brought;", dropped={brought: "0001#1"}, platform=[brought]
    ).removed
    assert gone == Removed(object=brought, by="1.sql:1", brought=True)


def test_a_table_that_was_made_again_lost_only_what_the_new_one_lacks(make: Maker) -> None:
    text = "CREATE TABLE a (b int, c int);\nDROP TABLE a;\nCREATE TABLE a (b int);"
    policy = ObjectId("policy", "p on public.a")
    found = seen(
        make,
        text,
        here=[table("a"), ObjectId("table column", "public.a.b")],
        dropped={table("a"): "0001#2", policy: "0001#2"},
    )
    assert [one.object for one in found.removed] == [
        policy,
        ObjectId("table column", "public.a.c"),
    ]
    assert found.superseded == (Superseded(object=table("a"), dropped=("1.sql:2",)),)


def test_a_replaced_function_is_told_with_every_statement_that_replaced_it(make: Maker) -> None:
    text = "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';\n"
    function = ObjectId("function", "public.f()")
    found = seen(make, text * 3, here=[function])
    assert found.superseded == (Superseded(object=function, replaced=("1.sql:2", "1.sql:3")),)
    assert found.removed == ()


def test_a_rename_is_told_once_and_not_for_what_follows_it(make: Maker) -> None:
    text = (
        "CREATE TABLE a (b int PRIMARY KEY, c int);\nALTER TABLE a RENAME TO z;\n"
        "ALTER TABLE z RENAME COLUMN c TO d;"
    )
    found = seen(make, text, here=[table("z")])
    assert found.renamed == (
        Renamed(first=table("a"), object=table("z"), by=("1.sql:2",)),
        Renamed(
            first=ObjectId("table column", "public.a.c"),
            object=ObjectId("table column", "public.z.d"),
            by=("1.sql:2", "1.sql:3"),
        ),
    )


def test_deleted_rows_are_counted_and_truncated_tables_named(make: Maker) -> None:
    text = "CREATE TABLE a (b int);\nDELETE FROM a;\nTRUNCATE a;"
    truth = make.truth({"1.sql": text})
    counts = RowCounts(inserted=0, updated=0, deleted=3)
    rows = {StatementId("0001#2"): {table("a"): counts}}
    found = vanished(replace(truth, trace=replace(truth.trace, rows=rows)))
    assert found.rows == (
        RowsRemoved(table=table("a"), rows=3, by="1.sql:2"),
        RowsRemoved(table=table("a"), rows=None, by="1.sql:3"),
    )


def test_temporary_objects_never_were_part_of_the_database(make: Maker) -> None:
    text = "CREATE TEMP TABLE t (a int);\nDROP TABLE t;"
    dropped = {ObjectId("table", "pg_temp.t"): "0001#2"}
    assert seen(make, text, dropped=dropped).removed == ()


def test_what_an_extension_brought_goes_with_it(make: Maker) -> None:
    extension = ObjectId("extension", "citext")
    parts = [
        ObjectId("function", "public.citextin(pg_catalog.cstring)"),
        ObjectId("type", "public.c"),
    ]
    text = "CREATE EXTENSION citext;\nDROP EXTENSION citext;"
    made = {name: (Touch(StatementId("0001#1"), "CREATE FUNCTION"),) for name in parts}
    gone = (Touch(StatementId("0001#2"), "DROP"),)
    truth = make.truth({"1.sql": text})
    touches = {extension: gone} | {name: made[name] + gone for name in parts}
    found = vanished(replace(truth, trace=replace(truth.trace, vanished=touches)))
    assert found.removed == (
        Removed(object=extension, by="1.sql:2", made="1.sql:1", along=tuple(parts)),
    )


def test_what_a_change_of_type_builds_again_was_never_away(make: Maker) -> None:
    index = ObjectId("index", "public.i")
    text = "CREATE TABLE a (b int);\nCREATE INDEX i ON a (b);\nALTER TABLE a ALTER b TYPE bigint;"
    dropped = (Touch(StatementId("0001#3"), "DROP"),)
    truth = make.truth({"1.sql": text})
    trace = replace(truth.trace, vanished={index: dropped}, created={index: StatementId("0001#3")})
    assert vanished(replace(truth, trace=trace)).superseded == ()
    later = replace(trace, created={index: StatementId("0001#2")})
    assert [one.object for one in vanished(replace(truth, trace=later)).superseded] == [index]


ON_A_SERVER = """\
CREATE TABLE a (b int CHECK (b > 0), c text DEFAULT 'x');
CREATE INDEX i ON a (c);
CREATE TABLE gone (id serial PRIMARY KEY, "A b" int REFERENCES gone);
ALTER TABLE a ALTER COLUMN c TYPE varchar(9);
DO $$ BEGIN EXECUTE 'DROP TABLE gone'; END $$;
CREATE VIEW v AS SELECT b FROM a;
DROP VIEW v;
ALTER TABLE a DROP COLUMN c;
INSERT INTO a VALUES (1), (2), (3);
DELETE FROM a WHERE b > 1;
TRUNCATE a;
CREATE ROLE vanished_clerk;
DROP ROLE vanished_clerk;
"""


@pytest.mark.pg
@pytest.mark.parametrize("major", [18, 16])
def test_a_server_tells_what_the_text_does_not(make: Maker, major: int) -> None:
    files = statements.parse_all(make.history({"1.sql": ON_A_SERVER}))
    found = vanished(truths.capture(open_server(f"embedded://{major}"), "", files, Manner()))
    removed = {str(one.object): one for one in found.removed}
    assert {name: (one.by, one.made) for name, one in removed.items()} == {
        "table public.gone": ("1.sql:5", "1.sql:3"),
        "view public.v": ("1.sql:7", "1.sql:6"),
        "table column public.a.c": ("1.sql:8", "1.sql:1"),
        "index public.i": ("1.sql:8", "1.sql:2"),
        "role vanished_clerk": ("1.sql:13", "1.sql:12"),
    }
    along = {str(name) for name in removed["table public.gone"].along}
    assert {
        "sequence public.gone_id_seq",
        "index public.gone_pkey",
        "table constraint gone_pkey on public.gone",
        'table constraint "gone_A b_fkey" on public.gone',
    } <= along
    assert all("gone" in name for name in along)
    assert found.superseded == ()
    assert [(one.rows, one.by) for one in found.rows] == [(2, "1.sql:10"), (None, "1.sql:11")]
