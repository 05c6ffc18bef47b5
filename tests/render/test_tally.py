from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from consolidate import tally
from consolidate.model import ObjectId
from consolidate.wording.units import Rung

if TYPE_CHECKING:
    from tests.render.conftest import Maker


def test_statements_are_counted_for_real(make: Maker) -> None:
    legacy = {"1.sql": "CREATE TABLE a (b int); -- x\nSELECT ';';\n-- end\n", "2.sql": "-- only\n"}
    make.file(
        "1_a",
        make.step("public.a", "CREATE TABLE a (b int);\nCOMMENT ON TABLE a IS ';';"),
        make.step("public.f()", "-- f;\nSELECT $$ ; $$;", rung=Rung.SERVER),
    )
    make.file("01_r", make.step("rows", "SELECT 1;", type_="ROWS", family="public.a"), phase="")
    found = tally.tally(make.plan(), make.truth(legacy).files)
    assert (found.legacy_statements, found.legacy_files) == (2, 2)
    assert (found.statements, found.files, found.phases) == (4, 2, 1)
    assert found.rungs == {Rung.VERBATIM: 2, Rung.FOLDED: 0, Rung.SERVER: 1, Rung.AS_WAS: 0}


def test_rows_are_what_the_statements_inserted_or_what_the_table_holds(make: Maker) -> None:
    truth = make.truth(
        {"1.sql": "SELECT 1;"},
        sizes={"public.a": 3, "public.b": 7},
        inserted={"0001#1": {"public.a": 3, "public.log": 3}},
    )
    file = make.file(
        "1_a",
        make.step("a", "A;", "0001#1", type_="ROWS", family="public.a"),
        make.step("b", "B;", type_="ROWS", family="public.b", rung=Rung.SERVER),
        make.step("public.c", "C;"),
    )
    assert tally.rows(file.steps, truth) == {
        ObjectId("table", "public.a"): 3,
        ObjectId("table", "public.b"): 7,
    }


def test_rows_of_partitions_are_those_of_their_table(make: Maker) -> None:
    leaves = {"public.y1": 2, "public.y2": 3}
    truth = make.truth({"1.sql": "SELECT 1;"}, sizes=leaves, inserted={"0001#1": leaves})
    tables = tuple(
        replace(held, table=replace(held.table, root="public.events"))
        for held in truth.final.rows.tables
    )
    final = replace(truth.final, rows=replace(truth.final.rows, tables=tables))
    file = make.file("1_a", make.step("a", "A;", "0001#1", type_="ROWS", family="public.y1"))
    assert tally.rows(file.steps, replace(truth, final=final)) == {
        ObjectId("table", "public.events"): 5
    }


def test_a_table_is_empty_without_seeds_if_only_seeds_fill_it(make: Maker) -> None:
    truth = make.truth(
        {"1.sql": "SELECT 1;\nSELECT 2;"},
        sizes={"public.a": 3, "public.b": 7, "public.log": 3},
        inserted={"0001#1": {"public.a": 2, "public.log": 2}, "0001#2": {"public.b": 1}},
    )
    make.file("1_b", make.step("b", "B;", "0001#2", type_="ROWS", family="public.b"))
    make.file(
        "01_seed",
        make.step("a", "A;", "0001#1", type_="ROWS", family="public.a"),
        make.step("b2", "B;", type_="ROWS", family="public.b", rung=Rung.SERVER),
        phase="",
    )
    assert tally.empty_without_seeds(make.plan(), truth) == (
        ObjectId("table", "public.a"),
        ObjectId("table", "public.log"),
    )
