"""Secrets in the rows that are written again are told with column, number and place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from consolidate import findings
from consolidate.catalog.rows import Column, Row, Rows, TableRows
from consolidate.exposed import exposed
from consolidate.model import Fact, ObjectId, Severity, Snapshot
from tests.render.conftest import Maker

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from consolidate.truth import Truth

KEY, OTHER = "AKIA" + "Z2" * 8, "AKIA" + "Z3" * 8
TABLE = ObjectId("table", "public.settings")


def _rows(*rows: Row) -> Rows:
    names = ("name", "the value")
    columns = tuple(
        Column(name=n, quoted=q, type="text", base="text", generated=False, identity=False)
        for n, q in zip(names, ("name", '"the value"'), strict=True)
    )
    (held,) = Maker().truth(sizes={TABLE.identity: 0}).final.rows.tables
    table = replace(held.table, columns=columns)
    return Rows(tables=(TableRows(table=table, rows=rows),), sequences=())


def _truth(
    texts: Mapping[str, str],
    *rows: Row,
    brought: Sequence[Row] = (),
    writers: Sequence[str] = ("0001#1",),
) -> Truth:
    truth = Maker().truth(texts, inserted={key: {TABLE.identity: 1} for key in writers})
    return replace(
        truth,
        platform=replace(truth.platform, rows=_rows(*brought)),
        final=replace(truth.final, rows=_rows(*rows)),
    )


def test_a_finding_has_column_number_kind_and_the_place_that_wrote_it() -> None:
    texts = {
        "1.sql": "INSERT INTO settings VALUES ('theme', 'dark');",
        "2.sql": f"\n\nINSERT INTO settings VALUES ('aws', '{KEY}');",
    }
    rows = ("theme", "dark"), ("aws", KEY), ("more", f"{OTHER} {OTHER}")
    (found,) = exposed(_truth(texts, *rows, writers=("0001#1", "0002#1")))
    assert (found.code, found.severity) == (findings.EXPOSED, Severity.WARNING)
    assert found.message == (
        'public.settings."the value": 2 rows hold what looks like an AWS access key id (AKIA…)'
    )
    assert str(found.span) == "2.sql:3:1"
    assert KEY not in repr(found)


def test_each_kind_and_column_has_a_finding_of_its_own() -> None:
    url = "postgres://app:hunter2@db/app"
    found = exposed(_truth({"1.sql": "SELECT 1;"}, (url, KEY), (KEY, f"{url} {KEY}")))
    assert [one.message.partition(" what looks like ")[::2] for one in found] == [
        ('public.settings."the value": 1 row holds', "a URL with a password (postgres://…)"),
        ('public.settings."the value": 2 rows hold', "an AWS access key id (AKIA…)"),
        ("public.settings.name: 1 row holds", "a URL with a password (postgres://…)"),
        ("public.settings.name: 1 row holds", "an AWS access key id (AKIA…)"),
    ]


def test_rows_of_the_platform_are_not_the_historys() -> None:
    row = ("aws", KEY)
    assert exposed(_truth({"1.sql": "SELECT 1;"}, row, brought=[row])) == ()
    assert len(exposed(_truth({"1.sql": "SELECT 1;"}, row, row, brought=[row]))) == 1


def test_a_secret_that_was_put_together_is_placed_if_one_statement_wrote_the_table() -> None:
    texts = {"1.sql": "SELECT fill();", "2.sql": "SELECT more();"}
    (one,) = exposed(_truth(texts, ("aws", KEY)))
    assert str(one.span) == "1.sql:1:1"
    (one,) = exposed(_truth(texts, ("aws", KEY), writers=("0001#1", "0002#1")))
    assert one.span is None


def test_rows_behind_a_copy_are_searched_too() -> None:
    texts = {
        "1.sql": "INSERT INTO settings VALUES ('a', 'b');",
        "2.sql": f"COPY settings FROM stdin;\naws\t{KEY}\n\\.\n",
    }
    (one,) = exposed(_truth(texts, ("aws", KEY), writers=("0001#1", "0002#1")))
    assert str(one.span) == "2.sql:1:1"


def test_a_roles_password_is_told_where_it_was_given_last() -> None:
    texts = {
        "1.sql": "CREATE ROLE clerk PASSWORD 'one';\nCREATE ROLE other;",
        "2.sql": "ALTER ROLE clerk Password 'two';\nALTER ROLE clerk CREATEDB;",
    }
    truth = Maker().truth(texts)
    role = ObjectId("role", "clerk")
    facts = frozenset({Fact(role, "password", "md5 00"), Fact(role, "login", "true")})
    given = replace(truth, final=replace(truth.final, facts=Snapshot(major=18, facts=facts)))
    (one,) = exposed(given)
    assert one.message == "role clerk has a password, which its statements hold (***)"
    assert str(one.span) == "2.sql:1:1"
    platform = replace(truth.platform, facts=Snapshot(major=18, facts=facts))
    assert exposed(replace(given, platform=platform)) == ()
    assert exposed(truth) == ()
