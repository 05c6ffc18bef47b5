"""What became of each data statement."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from consolidate.fates import DataStatements, Fate, fates
from consolidate.model import ObjectId, StatementId
from consolidate.trace import RowCounts
from consolidate.wording.units import Rung

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consolidate.plan import Step
    from consolidate.truth import Truth
    from tests.render.conftest import Maker

T = ObjectId("table", "public.t")
PATH = "migrations/01_core/a.sql"


def history(make: Maker, text: str, **written: tuple[int, int, int] | None) -> Truth:
    """One file; `s2=(1, 0, 0)`: the second statement inserted one row; None: into what is gone."""
    truth = make.truth({"1.sql": text})
    rows: dict[StatementId, Mapping[ObjectId, RowCounts]] = {}
    for name, counts in written.items():
        identifier = StatementId(f"0001#{name.removeprefix('s')}")
        rows[identifier] = (
            {T: RowCounts(inserted=counts[0], updated=counts[1], deleted=counts[2])}
            if counts
            else {}
        )
    sessions = dict.fromkeys(truth.statements, truth.trace.fresh)
    return replace(truth, trace=replace(truth.trace, rows=rows, sessions=sessions))


def rows(make: Maker, *sources: str, rung: Rung = Rung.VERBATIM, because: str = "") -> Step:
    name = f"public.t {sources[0]}" if rung is not Rung.SERVER else "public.t"
    step = make.step(
        name, "INSERT", *sources, kind="rows", type_="ROWS", rung=rung, family="public.t"
    )
    return replace(step, unit=replace(step.unit, because=because))


def told(make: Maker, truth: Truth, *steps: Step) -> list[DataStatements]:
    make.file("a", *steps)
    return list(fates(make.plan(), truth))


def test_a_statement_that_stands_there_is_kept(make: Maker) -> None:
    truth = history(make, "CREATE TABLE t (a int);\nINSERT INTO t VALUES (1);", s2=(1, 0, 0))
    assert told(make, truth, rows(make, "0001#2")) == [
        DataStatements(
            lines="1.sql:2",
            statements=1,
            command="INSERT",
            tables=("public.t",),
            fate=Fate.KEPT,
            into=(PATH,),
            reason="",
        )
    ]


def test_a_correction_is_folded_and_what_it_corrected_says_so(make: Maker) -> None:
    text = "INSERT INTO t VALUES (1);\nUPDATE t SET a = 2;"
    truth = history(make, text, s1=(1, 0, 0), s2=(0, 1, 0))
    insert, update = told(make, truth, rows(make, "0001#1", "0001#2", rung=Rung.FOLDED))
    assert (insert.fate, insert.reason) == (Fate.KEPT, "with what 1.sql:2 corrected")
    assert (update.fate, update.into) == (Fate.FOLDED, (PATH,))
    assert update.reason == "into the rows of 1.sql:1"


def test_rows_that_stand_as_values_say_why(make: Maker) -> None:
    text = "INSERT INTO t VALUES (1);\nDO $$ BEGIN INSERT INTO t VALUES (2); END $$;"
    truth = history(make, text, s1=(1, 0, 0), s2=(1, 0, 0))
    step = rows(make, "0001#1", "0001#2", rung=Rung.SERVER, because="1.sql:2: a DO block")
    insert, block = told(make, truth, step)
    assert (insert.command, insert.fate, insert.reason) == (
        "INSERT",
        Fate.VALUES,
        "1.sql:2: a DO block",
    )
    assert (block.command, block.fate) == ("DO", Fate.VALUES)
    assert block.reason == "a DO block writes them, which may do more than that"


def test_what_its_triggers_wrote_may_stand_as_values_beside_a_statement(make: Maker) -> None:
    truth = history(make, "INSERT INTO t VALUES (1);", s1=(1, 0, 0))
    log = make.step("public.log", "", "0001#1", kind="rows", type_="ROWS", rung=Rung.SERVER)
    log = replace(log, unit=replace(log.unit, because="triggers wrote them"))
    (insert,) = told(make, truth, rows(make, "0001#1"), log)
    assert insert.fate is Fate.KEPT
    assert insert.reason == "what followed from it stands as values: triggers wrote them"
    assert insert.beside == (PATH,)


def test_what_changes_nothing_on_a_fresh_database_is_told(make: Maker) -> None:
    truth = history(make, "UPDATE t SET a = 1;\nDELETE FROM t;\nCOPY t FROM stdin;\n\\.\n")
    (first, second, third) = told(make, truth)
    assert [one.fate for one in (first, second, third)] == [Fate.NO_EFFECT] * 3
    assert first.reason == "0 rows on a fresh database"


def test_rows_that_were_deleted_or_truncated_name_what_took_them(make: Maker) -> None:
    text = (
        "CREATE TABLE t (a int);\nINSERT INTO t VALUES (1);\nDELETE FROM t;\n"
        "INSERT INTO t VALUES (2);\nTRUNCATE t;"
    )
    truth = history(make, text, s2=(1, 0, 0), s3=(0, 0, 1), s4=(1, 0, 0))
    found = told(make, truth)
    assert [one.fate for one in found] == [Fate.GONE] * 4
    assert found[0].reason == "its rows were removed by 1.sql:3, 1.sql:5"
    assert found[2].reason == "its rows were removed by 1.sql:5"


def test_rows_of_a_dropped_table_name_its_drop(make: Maker) -> None:
    text = "CREATE TABLE t (a int);\nINSERT INTO t VALUES (1);\nDROP TABLE t;"
    (insert,) = told(make, history(make, text, s2=None))
    assert (insert.fate, insert.tables) == (Fate.GONE, ())
    assert insert.reason == "table public.t was dropped by 1.sql:3"


def test_a_position_is_told_with_the_file_that_sets_it(make: Maker) -> None:
    text = "CREATE SEQUENCE s;\nCREATE SEQUENCE r;\nSELECT setval('s', 7);\nSELECT setval('r', 1);"
    place = make.step(
        "public.s", "SELECT", kind="sequence set", type_="SEQUENCE SET", rung=Rung.SERVER
    )
    place = replace(place, unit=replace(place.unit, family=ObjectId("sequence", "public.s")))
    set_here, not_needed = told(make, history(make, text), place)
    assert (set_here.command, set_here.fate, set_here.into) == ("SELECT", Fate.VALUES, (PATH,))
    assert not_needed.fate is Fate.NO_EFFECT


def test_what_is_not_about_rows_is_not_listed(make: Maker) -> None:
    text = (
        "CREATE TABLE t (a int);\nSELECT 1;\nDO $$ BEGIN NULL; END $$;\n"
        "CREATE MATERIALIZED VIEW v AS SELECT 1;\nREFRESH MATERIALIZED VIEW v;\nCOPY t TO stdout;"
    )
    assert told(make, history(make, text)) == []


def test_statements_that_follow_each_other_share_a_line(make: Maker) -> None:
    text = "INSERT INTO t VALUES (1);\nINSERT INTO t\nVALUES (2);\nUPDATE t SET a = 3;"
    truth = history(make, text, s1=(1, 0, 0), s2=(1, 0, 0), s3=(0, 2, 0))
    steps = [rows(make, f"0001#{number}") for number in (1, 2, 3)]
    found = told(make, truth, *steps)
    assert [(one.lines, one.statements, one.command) for one in found] == [
        ("1.sql:1-3", 2, "INSERT"),
        ("1.sql:4", 1, "UPDATE"),
    ]


def test_what_an_as_was_component_brings_stands_there_in_its_order(make: Maker) -> None:
    truth = history(make, "INSERT INTO t VALUES (1);", s1=(1, 0, 0))
    step = make.step("public.t", "", "0001#1", type_="AS WAS", rung=Rung.AS_WAS)
    (insert,) = told(make, truth, step)
    assert (insert.fate, insert.into) == (Fate.AS_WAS, (PATH,))
