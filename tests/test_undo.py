"""The inverse of one step."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pglast
import pytest

from consolidate.catalog.depend import Dependencies
from consolidate.catalog.dump import Entry
from consolidate.config import Rollback
from consolidate.model import Fact, ObjectId, Snapshot, StatementId
from consolidate.undo import IrreversibleStep, drop, undo
from consolidate.wording.units import Rung
from tests.render.conftest import Maker

if TYPE_CHECKING:
    from consolidate.plan import Step
    from consolidate.truth import Truth

CAREFUL = Rollback(cascade=False, if_exists=True)
STRICT = Rollback(cascade=False, if_exists=False)
RUTHLESS = Rollback(cascade=True, if_exists=True)

DROPS = [
    ("role", "reader", "DROP ROLE IF EXISTS reader;"),
    ("schema", '"S"', 'DROP SCHEMA IF EXISTS "S";'),
    ("extension", "citext", "DROP EXTENSION IF EXISTS citext;"),
    ("table", "public.t", "DROP TABLE IF EXISTS public.t;"),
    ("foreign table", "public.t", "DROP FOREIGN TABLE IF EXISTS public.t;"),
    ("view", "public.v", "DROP VIEW IF EXISTS public.v;"),
    ("materialized view", "public.v", "DROP MATERIALIZED VIEW IF EXISTS public.v;"),
    ("sequence", "public.s", "DROP SEQUENCE IF EXISTS public.s;"),
    ("index", "public.i", "DROP INDEX IF EXISTS public.i;"),
    ("type", "public.mood", "DROP TYPE IF EXISTS public.mood;"),
    ("function", "public.f(integer)", "DROP FUNCTION IF EXISTS public.f(integer);"),
    ("procedure", "public.p(integer)", "DROP PROCEDURE IF EXISTS public.p(integer);"),
    ("aggregate", "public.a(integer)", "DROP AGGREGATE IF EXISTS public.a(integer);"),
    (
        "operator",
        "public.+(integer,text)",
        "DROP OPERATOR IF EXISTS public.+(integer,text);",
    ),
    (
        "operator class",
        "public.o USING btree",
        "DROP OPERATOR CLASS IF EXISTS public.o USING btree;",
    ),
    (
        "operator family",
        "public.o USING btree",
        "DROP OPERATOR FAMILY IF EXISTS public.o USING btree;",
    ),
    ("cast", "(text AS public.mood)", "DROP CAST IF EXISTS (text AS public.mood);"),
    ("collation", "public.c", "DROP COLLATION IF EXISTS public.c;"),
    ("conversion", "public.c", "DROP CONVERSION IF EXISTS public.c;"),
    ("language", "plx", "DROP LANGUAGE IF EXISTS plx;"),
    ("access method", "m", "DROP ACCESS METHOD IF EXISTS m;"),
    (
        "transform",
        "for integer language plx",
        "DROP TRANSFORM IF EXISTS FOR integer LANGUAGE plx;",
    ),
    ("text search parser", "public.p", "DROP TEXT SEARCH PARSER IF EXISTS public.p;"),
    ("text search template", "public.t", "DROP TEXT SEARCH TEMPLATE IF EXISTS public.t;"),
    (
        "domain constraint",
        "k on public.d",
        "ALTER DOMAIN public.d DROP CONSTRAINT IF EXISTS k;",
    ),
    ("statistics object", "public.s", "DROP STATISTICS IF EXISTS public.s;"),
    ("event trigger", "e", "DROP EVENT TRIGGER IF EXISTS e;"),
    ("publication", "p", "DROP PUBLICATION IF EXISTS p;"),
    ("foreign-data wrapper", "w", "DROP FOREIGN DATA WRAPPER IF EXISTS w;"),
    ("server", "s", "DROP SERVER IF EXISTS s;"),
    (
        "text search configuration",
        "public.c",
        "DROP TEXT SEARCH CONFIGURATION IF EXISTS public.c;",
    ),
    (
        "text search dictionary",
        "public.d",
        "DROP TEXT SEARCH DICTIONARY IF EXISTS public.d;",
    ),
    ("trigger", "x on public.t", "DROP TRIGGER IF EXISTS x ON public.t;"),
    ("policy", '"a on b" on public.t', 'DROP POLICY IF EXISTS "a on b" ON public.t;'),
    ("rule", "r on public.t", "DROP RULE IF EXISTS r ON public.t;"),
    (
        "table constraint",
        "k on public.t",
        "ALTER TABLE public.t DROP CONSTRAINT IF EXISTS k;",
    ),
]

ALTERATIONS = [
    ("default value", "for public.t.a", "ALTER TABLE public.t ALTER COLUMN a DROP DEFAULT;"),
    ("row security", "public.t", "ALTER TABLE public.t DISABLE ROW LEVEL SECURITY;"),
    (
        "publication relation",
        "public.t in publication p",
        "ALTER PUBLICATION p DROP TABLE ONLY public.t;",
    ),
    (
        "publication namespace",
        "app in publication p",
        "ALTER PUBLICATION p DROP TABLES IN SCHEMA app;",
    ),
    ("sequence owned by", "public.s", "ALTER SEQUENCE public.s OWNED BY NONE;"),
    ("user mapping", "PUBLIC on server s", "DROP USER MAPPING IF EXISTS FOR PUBLIC SERVER s;"),
]


@pytest.fixture
def truth() -> Truth:
    return Maker().truth()


@pytest.mark.parametrize(("kind", "identity", "expected"), DROPS + ALTERATIONS)
def test_everything_is_dropped_by_its_own_command(
    kind: str, identity: str, expected: str, truth: Truth
) -> None:
    assert drop(ObjectId(kind, identity), truth, CAREFUL) == expected
    assert len(pglast.parse_sql(expected)) == 1


@pytest.mark.parametrize(("kind", "identity", "expected"), DROPS)
def test_the_policy_says_whether_a_missing_object_is_an_error(
    kind: str, identity: str, expected: str, truth: Truth
) -> None:
    strict = drop(ObjectId(kind, identity), truth, STRICT)
    assert strict == expected.replace("IF EXISTS ", "")


@pytest.mark.parametrize(("kind", "identity", "expected"), DROPS)
def test_the_policy_says_whether_dependents_go_along(
    kind: str, identity: str, expected: str, truth: Truth
) -> None:
    ruthless = drop(ObjectId(kind, identity), truth, RUTHLESS)
    tail = "" if kind == "role" else " CASCADE"  # there is no DROP ROLE … CASCADE
    assert ruthless == f"{expected[:-1]}{tail};"
    assert len(pglast.parse_sql(ruthless)) == 1


@pytest.mark.parametrize(
    ("kind", "identity", "expected"),
    [
        ("policy", 'p on public."a on b"', 'DROP POLICY IF EXISTS p ON public."a on b";'),
        (
            "default value",
            'for public.t."a.b"',
            'ALTER TABLE public.t ALTER COLUMN "a.b" DROP DEFAULT;',
        ),
    ],
)
def test_odd_names_are_taken_apart_where_their_quotes_end(
    kind: str, identity: str, expected: str, truth: Truth
) -> None:
    assert drop(ObjectId(kind, identity), truth, CAREFUL) == expected


@pytest.mark.parametrize("kind", ["large object", "tablespace", "role membership", "comment"])
def test_what_nothing_drops_is_irreversible(kind: str, truth: Truth) -> None:
    with pytest.raises(IrreversibleStep, match=f"{kind} public.x: nothing is known"):
        drop(ObjectId(kind, "public.x"), truth, CAREFUL)


@pytest.mark.parametrize("kind", ["table", "foreign table"])
def test_a_partition_is_detached_from_its_parent(kind: str, truth: Truth) -> None:
    part = Fact(ObjectId(kind, "public.part"), "partition of", "public.whole")
    final = replace(truth.final, facts=Snapshot(major=18, facts=frozenset([part])))
    told = drop(ObjectId("table attach", "public.part"), replace(truth, final=final), CAREFUL)
    assert told == "ALTER TABLE public.whole DETACH PARTITION public.part;"


def test_a_subscription_gives_up_its_slot_before_it_is_dropped(truth: Truth) -> None:
    own = ObjectId("subscription", '"S"')
    said = [line for line in drop(own, truth, STRICT).splitlines() if not line.startswith("--")]
    assert said == [
        'ALTER SUBSCRIPTION "S" DISABLE;',
        'ALTER SUBSCRIPTION "S" SET (slot_name = NONE);',
        'DROP SUBSCRIPTION "S";',
    ]
    careful = drop(own, truth, CAREFUL)
    assert "s.subname = 'S') THEN" in careful
    assert len(pglast.parse_sql(careful)) == 1


def test_a_unit_that_knows_its_way_back_takes_it(truth: Truth) -> None:
    step = Maker.step("public.t", "")
    known = replace(step, unit=replace(step.unit, undo=("SELECT 1;", "SELECT 2;")))
    assert undo(known, truth, CAREFUL) == ("SELECT 1;", "SELECT 2;")
    assert undo(step, truth, CAREFUL) == ("DROP TABLE IF EXISTS public.t;",)


def test_one_alter_table_that_added_several_constraints_loses_them_all(truth: Truth) -> None:
    also = ObjectId("table constraint", "b on public.t"), ObjectId("index", "public.b")
    step = Maker.step(
        "a on public.t", "", kind="table constraint", type_="CONSTRAINT", members=also
    )
    assert undo(step, truth, CAREFUL) == (
        "ALTER TABLE public.t DROP CONSTRAINT IF EXISTS b;",
        "ALTER TABLE public.t DROP CONSTRAINT IF EXISTS a;",
    )


# -- components as they were --------------------------------------------------------------


def test_a_component_goes_last_first_and_its_parts_go_along() -> None:
    table, late = ObjectId("table", "public.t"), ObjectId("type", "public.mood")
    index, elsewhere = ObjectId("index", "public.i"), ObjectId("index", "public.j")
    policy = ObjectId("policy", "p on public.u")
    column = ObjectId("default value", "for public.u.a")
    made = [table, index, late, elsewhere, policy, column]
    seen = replace(
        Maker.trace(),
        created={name: StatementId(f"0001#{number}") for number, name in enumerate(made, 1)},
    )
    other = ObjectId("table", "public.u")
    truth = replace(
        Maker().truth({"1.sql": "SELECT 1;" * len(made)}, trace=seen),
        depend=Dependencies(
            needs={}, parent={index: table, elsewhere: other, policy: other, column: other}
        ),
    )
    step = Maker.step(
        "public.t", "", type_="AS WAS", rung=Rung.AS_WAS, members=[*made[1:], ObjectId("x", "y")]
    )
    assert undo(step, truth, CAREFUL) == (
        "ALTER TABLE public.u ALTER COLUMN a DROP DEFAULT;",
        "DROP POLICY IF EXISTS p ON public.u;",
        "DROP INDEX IF EXISTS public.j;",
        "DROP TYPE IF EXISTS public.mood;",
        "DROP TABLE IF EXISTS public.t;",
    )


# -- what the platform had ----------------------------------------------------------------


def entry(name: str, text: str, type_: str = "FUNCTION", schema: str | None = "public") -> Entry:
    return Entry(
        dump_id=1,
        classid=1,
        oid=1,
        dependencies=(),
        name=name,
        type=type_,
        schema=schema,
        owner="postgres",
        text=text,
    )


def replaced(name: str, *entries: Entry, on_platform: bool = True) -> tuple[str, ...]:
    """How a function is taken back that the history wrote over."""
    found = ObjectId("function", name)
    truth = replace(
        Maker().truth(platform=[found] if on_platform else []), platform_entries=entries
    )
    step: Step = Maker.step(name, "", kind="function", type_="FUNCTION")
    return undo(step, truth, CAREFUL)


def test_a_function_that_the_platform_had_is_written_back() -> None:
    had = entry("f(integer)", "CREATE FUNCTION public.f(integer) AS 'CREATE FUNCTION';")
    back = "CREATE OR REPLACE FUNCTION public.f(integer) AS 'CREATE FUNCTION';"
    assert replaced("public.f(integer)", had) == (back,)
    assert replaced("public.f(integer)", had, on_platform=False) == (
        "DROP FUNCTION IF EXISTS public.f(integer);",
    )


def test_its_rights_and_comments_are_not_what_is_written_back() -> None:
    had = entry("f(integer)", "CREATE FUNCTION public.f(integer) AS '';")
    others = [
        entry("f(integer)", "GRANT …", "ACL"),
        entry("f(integer)", "COMMENT …", "COMMENT"),
        entry("f(integer)", "CREATE FUNCTION other.f(integer) AS '';", schema="other"),
    ]
    (back,) = replaced("public.f(integer)", *others, had)
    assert back == "CREATE OR REPLACE FUNCTION public.f(integer) AS '';"


def test_a_function_is_not_taken_for_another_of_its_name() -> None:
    text = entry("f(text)", "CREATE FUNCTION public.f(text) AS 'text';")
    number = entry("f(integer)", "CREATE FUNCTION public.f(integer) AS 'integer';")
    (back,) = replaced("public.f(integer)", text, number)
    assert back == "CREATE OR REPLACE FUNCTION public.f(integer) AS 'integer';"


def test_a_function_that_is_named_in_quotes_is_known_again() -> None:
    had = entry("Do It(integer)", "CREATE FUNCTION public.\"Do It\"(integer) AS '';")
    (back,) = replaced('public."Do It"(integer)', had)
    assert back.startswith('CREATE OR REPLACE FUNCTION public."Do It"(integer)')


@pytest.mark.parametrize(
    ("kind", "identity", "rest"),
    [("view", "public.v", "AS SELECT 1"), ("procedure", "public.p()", "LANGUAGE sql AS ''")],
)
def test_other_things_that_were_written_over_are_written_back_too(
    kind: str, identity: str, rest: str
) -> None:
    word = kind.upper()
    made = f"CREATE {word} {identity} {rest};\nALTER {word} {identity} OWNER TO somebody;"
    had = entry(identity.removeprefix("public."), made, word)
    truth = replace(Maker().truth(platform=[ObjectId(kind, identity)]), platform_entries=(had,))
    step = Maker.step(identity, "", kind=kind, type_=word)
    assert undo(step, truth, CAREFUL) == (f"CREATE OR REPLACE {word} {identity} {rest};",)


def test_a_view_with_more_columns_than_the_platforms_can_not_be_written_over() -> None:
    view = ObjectId("view", "public.v")
    more = Fact(ObjectId("view column", "public.v.b"), "exists", "column")
    truth = Maker().truth(platform=[view])
    truth = replace(
        truth,
        platform_entries=(entry("v", "CREATE VIEW public.v AS SELECT 1 AS a;", "VIEW"),),
        final=replace(truth.final, facts=Snapshot(major=18, facts=frozenset([more]))),
    )
    step = Maker.step("public.v", "", kind="view", type_="VIEW")
    with pytest.raises(IrreversibleStep, match=r"^view public\.v: a view that has more columns"):
        undo(step, truth, CAREFUL)


def test_a_sequence_goes_with_the_identity_of_its_column() -> None:
    own = ObjectId("sequence", "public.s")
    truth = Maker().truth()
    fact = Fact(own, "identity of", "public.t.a")
    truth = replace(
        truth, final=replace(truth.final, facts=Snapshot(major=18, facts=frozenset([fact])))
    )
    step = Maker.step("public.s", "", kind="sequence", type_="SEQUENCE")
    assert undo(step, truth, CAREFUL) == ()
