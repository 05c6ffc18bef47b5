"""What became of each statement that is not about rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.definitions import Became, DefiningStatements, definitions
from consolidate.wording.units import Rung

if TYPE_CHECKING:
    from consolidate.plan import Step
    from tests.render.conftest import Maker

PATH = "migrations/01_core/a.sql"


def told(make: Maker, text: str, *steps: Step) -> list[tuple[str, Became, str]]:
    make.file("a", *steps)
    found = definitions(make.plan(), make.truth({"1.sql": text}), {})
    return [(one.lines, one.became, one.reason) for one in found]


def test_what_stands_there_as_it_was_written_is_kept(make: Maker) -> None:
    text = "CREATE TABLE a (b int);\nCREATE INDEX ON a (b);\n"
    make.file(
        "a",
        make.step("public.a", "CREATE TABLE a (b int);", "0001#1", "0001#2", rung=Rung.VERBATIM),
        make.step("public.i", "CREATE INDEX ON a (b);", "0001#2", kind="index", rung=Rung.VERBATIM),
    )
    assert definitions(make.plan(), make.truth({"1.sql": text}), {}) == (
        DefiningStatements(
            lines="1.sql:1-2", statements=2, became=Became.KEPT, into=(PATH,), reason=""
        ),
    )


def test_what_a_folded_statement_holds_is_folded_into_it(make: Maker) -> None:
    text = "CREATE TABLE a (b int);\nALTER TABLE a ADD c int;\n"
    step = make.step(
        "public.a", "CREATE TABLE a (b int, c int);", "0001#1", "0001#2", rung=Rung.FOLDED
    )
    assert told(make, text, step) == [("1.sql:1-2", Became.FOLDED, "into table public.a")]


def test_what_was_dropped_is_cancelled_with_what_dropped_it(make: Maker) -> None:
    text = "CREATE TABLE a (b int);\nALTER TABLE a ADD c int;\nDROP TABLE a;\n"
    made, altered, dropped = told(make, text)
    assert made == ("1.sql:1", Became.CANCELLED, "table public.a was dropped by 1.sql:3")
    assert altered[1] is not Became.KEPT
    assert dropped == ("1.sql:3", Became.CANCELLED, "drops table public.a, made by 1.sql:1")


def test_what_was_replaced_is_superseded(make: Maker) -> None:
    text = "CREATE VIEW v AS SELECT 1 AS a;\nCREATE OR REPLACE VIEW v AS SELECT 2 AS a;\n"
    step = make.step(
        "public.v",
        "CREATE OR REPLACE VIEW v AS SELECT 2 AS a;",
        *("0001#1", "0001#2"),
        kind="view",
        rung=Rung.VERBATIM,
    )
    assert told(make, text, step) == [
        ("1.sql:1", Became.SUPERSEDED, "view public.v was replaced by 1.sql:2"),
        ("1.sql:2", Became.KEPT, ""),
    ]


def test_what_the_server_words_says_why(make: Maker) -> None:
    step = make.step("public.a", "CREATE TABLE public.a ();", "0001#1", rung=Rung.SERVER)
    assert told(make, "CREATE TABLE a ();", step) == [
        ("1.sql:1", Became.SERVER, "in table public.a")
    ]


def test_settings_and_transactions_leave_nothing(make: Maker) -> None:
    text = "BEGIN;\nSET lock_timeout = 1;\nCREATE TABLE IF NOT EXISTS a ();\n"
    text += "CREATE TABLE IF NOT EXISTS a ();\nCOMMIT;\n"
    step = make.step("public.a", "CREATE TABLE IF NOT EXISTS a ();", "0001#3", rung=Rung.FOLDED)
    assert told(make, text, step) == [
        ("1.sql:1", Became.NO_EFFECT, "each file is a transaction of its own"),
        ("1.sql:2", Became.NO_EFFECT, "a setting of its session"),
        ("1.sql:3", Became.FOLDED, "into table public.a"),
        ("1.sql:4", Became.NO_EFFECT, "what it makes was there already"),
        ("1.sql:5", Became.NO_EFFECT, "each file is a transaction of its own"),
    ]


def test_statements_about_rows_are_told_elsewhere(make: Maker) -> None:
    text = "CREATE TABLE a (b int);\nINSERT INTO a VALUES (1);\nCREATE TABLE c ();\n"
    make.file("a")
    truth = make.truth({"1.sql": text})
    second = list(truth.statements)[1]
    assert sum(one.statements for one in definitions(make.plan(), truth, {second})) == 2
