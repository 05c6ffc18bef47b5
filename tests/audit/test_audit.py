"""What an audit says of a whole history: its files, its settings, what is passed over."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from consolidate import findings
from consolidate.audit import naming
from consolidate.audit.result import Reading
from consolidate.config import Auditing
from consolidate.model import Runner, Severity

if TYPE_CHECKING:
    from consolidate.audit import Audit
    from tests.audit.conftest import Audited

TABLE = "CREATE TABLE t (a int);\nCREATE TABLE u (a int);\n"


def _codes(audit: Audit) -> list[str]:
    return [found.code for found in audit.findings]


def test_every_file_is_told_with_its_statements_its_name_and_its_way_back(
    audited: Audited,
) -> None:
    audit = audited(
        {
            "20240101_000000_init.sql": f"{TABLE}INSERT INTO t VALUES (1);",
            "20240102_moreTables.sql": "WITH x AS (SELECT 1) SELECT * FROM x; DO 'BEGIN END';",
        },
        Auditing(ignore=("CON123",)),
    )
    first, second = audit.files
    assert (first.path, first.statements) == ("20240101_000000_init.sql", 3)
    assert list(first.commands.items()) == [("CREATE TABLE", 2), ("INSERT", 1)]
    assert (first.well_named, first.suggested, first.way_back) == (True, "", "none")
    assert (second.well_named, second.suggested) == (False, "20240102_000000_more_tables.sql")
    assert dict(second.commands) == {"SELECT": 1, "DO": 1}
    assert audit.ignored == {"CON123": 1}
    assert audit.statements == 5


def test_a_file_that_can_not_be_parsed_is_audited_all_the_same(audited: Audited) -> None:
    audit = audited({"1.sql": TABLE, "2.sql": "SELEC 1;\nDROP TABLE t;\nDROP TABLE v.w.x.y;\n"})
    told = [f"{f.code} {f.span}" for f in audit.files[1].findings]
    assert "CON120 2.sql:1:1" in told
    assert "CON210 2.sql:2:1" in told
    assert dict(audit.files[1].commands) == {"not parsed": 1, "DROP TABLE": 2}


def test_a_version_that_two_files_have_ends_nothing(audited: Audited) -> None:
    files = {
        "2_c.up.sql": "DROP TABLE a;",
        "1_b.up.sql": "ALTER TABLE a ADD b int;",
        "1_a.up.sql": "CREATE TABLE a ();",
        "1_a.down.sql": "DROP TABLE a;",
        "1_b.down.sql": "ALTER TABLE a DROP b;",
    }
    audit = audited(files, runner="golang-migrate")
    assert [file.path for file in audit.files] == ["1_a.up.sql", "1_b.up.sql", "2_c.up.sql"]
    (twice,) = (f for f in audit.findings if f.code == findings.VERSION_TWICE)
    assert (str(twice.span), twice.severity) == ("1_b.up.sql:1:1", Severity.ERROR)
    assert twice.message.startswith("version 1 is that of 1_a.up.sql too, and the runner refuses")
    assert findings.NEVER_CREATED not in _codes(audit)
    assert findings.NAME_NOT_READ not in _codes(audit)
    assert [file.way_back for file in audit.files] == ["script", "script", "none"]
    assert "2_c.up.sql:1:1" in [str(f.span) for f in audit.findings if f.code == "CON210"]


def test_what_the_runner_stops_on_is_told_beside_the_rest(audited: Audited) -> None:
    journal = '{"entries": [{"tag": "1_a"}, {"tag": "2_gone"}]}'
    audit = audited(
        {"meta/_journal.json": journal, "1_a.sql": "CREATE TABLE a ();"}, runner="drizzle"
    )
    (stop,) = (f for f in audit.findings if f.code == findings.RUNNER_STOPS)
    assert (str(stop.span), stop.severity) == ("meta/_journal.json:1:1", Severity.ERROR)
    assert [file.path for file in audit.files] == ["1_a.sql"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("\\set v `date`", "`date` asks a shell"),
        ("\\i gone.sql", "gone.sql is not in the legacy folder"),
        ("-- \xe9", "byte 26 (0xe9) is not UTF-8"),
        ("-- +goose Upp", "-- +goose Upp is no annotation that goose knows"),
        ("SELEC 1;", 'syntax error at or near "SELEC"'),
    ],
)
def test_a_file_counts_as_far_as_it_can_be_read(audited: Audited, wrong: str, told: str) -> None:
    text = f"-- +goose Up\nSELECT 1;\n{wrong}\nCREATE TABLE t (a int);\n"
    audit = audited(
        {"1_a.sql": text.encode("latin1"), "2_b.sql": "-- +goose Up\nDROP TABLE t;"},
        runner="goose",
    )
    first, second = audit.files
    assert (first.reading, second.reading) == (Reading.IN_PART, Reading.WHOLE)
    assert "CREATE TABLE" in first.commands
    (error,) = (f for f in audit.findings if f.code == findings.SYNTAX_ERROR)
    assert str(error.span).startswith("1_a.sql:3:")
    assert told in error.message
    assert findings.TABLE_DROPPED in _codes(audit)
    assert findings.NEVER_CREATED not in _codes(audit)


def test_what_uses_a_variable_of_an_unknown_value_is_read(audited: Audited) -> None:
    text = "\\set v `date`\nCREATE TABLE t (a text DEFAULT :'v', b int DEFAULT :v);\n"
    audit = audited({"1.sql": text, "2.sql": "DROP TABLE t;"})
    errors = [str(f.span) for f in audit.findings if f.code == findings.SYNTAX_ERROR]
    assert errors == ["1.sql:1:1"]
    assert audit.files[0].commands == {"CREATE TABLE": 1}
    assert findings.TABLE_DROPPED in _codes(audit)


def test_a_file_that_is_set_aside_is_told_as_that(audited: Audited) -> None:
    audit = audited({"1.sql": TABLE, "2.sql": "DROP TABLE t;"}, aside=["2.sql"])
    assert [file.reading for file in audit.files] == [Reading.WHOLE, Reading.ASIDE]
    assert audit.files[1].commands == {"DROP TABLE": 1}
    assert audit.statements == 2
    assert findings.TABLE_DROPPED not in _codes(audit)


def test_a_comment_suppresses_the_finding_of_its_statement_alone(audited: Audited) -> None:
    audit = audited(
        {
            "1.sql": TABLE + "CREATE TABLE v (a int);\nCREATE TABLE w (a int);\n",
            "2.sql": (
                "-- consolidate: ignore CON210, CON126 moved\n\nDROP TABLE t;\n"
                "DROP TABLE u; -- consolidate: ignore CON210\n"
                "DROP TABLE -- consolidate: ignore CON210\n v;\n"
                "DROP TABLE w;\n"
            ),
        }
    )
    dropped = [str(f.span) for f in audit.findings if f.code == findings.TABLE_DROPPED]
    assert dropped == ["2.sql:7:1"]
    assert (
        audit.suppressed == 4
    )  # the second code of the first comment has kept itself from telling


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE t\n-- consolidate: ignore CON210 moved\n;",
        "DROP TABLE t /* consolidate: ignore CON210 */ ;\n",
        "DROP TABLE t -- moved\n-- consolidate: ignore CON210\n; DROP TABLE IF EXISTS gone;",
        "DROP TABLE t\n-- consolidate: ignore CON210\n",
    ],
)
def test_a_comment_before_the_semicolon_is_about_the_statement(
    statement: str, audited: Audited
) -> None:
    audit = audited({"1.sql": TABLE, "2.sql": statement})
    assert not {findings.TABLE_DROPPED, findings.SUPPRESSES_NOTHING} & set(_codes(audit))


@pytest.mark.parametrize(
    "statement",
    [
        "DO $$ BEGIN\n  -- consolidate: ignore CON201 known\n  NULL;\nEND $$;",
        "DO 'BEGIN\n  NULL; -- consolidate: ignore CON201 known\nEND';",
        "DO $$ BEGIN\n  EXECUTE $q$SELECT 1$q$; /* consolidate: ignore CON201 */ END $$;",
    ],
)
def test_a_comment_in_a_body_is_about_its_statement(statement: str, audited: Audited) -> None:
    audit = audited({"1.sql": f"{TABLE}{statement}\nDO $$ BEGIN END $$;"})
    assert [str(f.span) for f in audit.findings if f.code == findings.OPAQUE_STATEMENT] == [
        f"1.sql:{3 + statement.count(chr(10)) + 1}:1"
    ]
    assert findings.SUPPRESSES_NOTHING not in _codes(audit)


def test_a_comment_in_a_body_that_suppresses_nothing_is_told(audited: Audited) -> None:
    audit = audited(
        {
            "1.sql": (
                "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\n"
                "  SELECT 1 -- consolidate: ignore CON210\n$$;\n"
                "CREATE FUNCTION g() RETURNS int LANGUAGE plpython3u AS $$\n"
                "  -- consolidate: ignore CON210\n$$;\n"
                "SELECT $$ -- consolidate: ignore CON210 $$;\n"
            )
        }
    )
    idle = [str(f.span) for f in audit.findings if f.code == findings.SUPPRESSES_NOTHING]
    assert idle == ["1.sql:2:12"]


def _secrets(audit: Audit) -> list[str]:
    return [str(f.span) for f in audit.findings if f.code == findings.SECRET]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (["('hunter2') -- consolidate: ignore CON223 known"], []),
        (["('hunter2'), -- consolidate: ignore CON223 known", "('hunter3')"], ["1.sql:5:3"]),
        (["('hunter3'),", "('hunter2') -- consolidate: ignore CON223 known"], ["1.sql:4:3"]),
        (["-- consolidate: ignore CON223 known", "('hunter2'),", "('hunter3')"], ["1.sql:6:3"]),
    ],
)
def test_a_comment_suppresses_one_secret_and_what_is_added_is_told(
    audited: Audited, rows: list[str], told: list[str]
) -> None:
    text = "\n".join([f"{TABLE}INSERT INTO t (api_secret) VALUES", *rows, ";"])
    audit = audited({"1.sql": text})
    assert _secrets(audit) == told
    assert audit.suppressed == 1


@pytest.mark.parametrize(
    ("codes", "left"),
    [("CON223", ["1.sql:2:34"]), ("CON223, CON223", []), ("CON223, CON223, CON223", [])],
)
def test_a_comment_names_the_code_once_for_each_secret(
    audited: Audited, codes: str, left: list[str]
) -> None:
    text = f"-- consolidate: ignore {codes} why\nINSERT INTO t (api_secret, password) VALUES"
    audit = audited({"1.sql": f"{text} ('hunter2', 'hunter3');"})
    assert [place.partition(":2:")[0] for place in _secrets(audit)] == ["1.sql" for _ in left]
    assert _codes(audit).count(findings.SUPPRESSES_NOTHING) == max(0, codes.count("CON223") - 2)


def test_a_comment_behind_a_statement_of_several_lines_is_about_its_last_secret(
    audited: Audited,
) -> None:
    text = "INSERT INTO t (api_secret) VALUES\n('hunter2'),\n('hunter3')\n;"
    audit = audited({"1.sql": f"{text} -- consolidate: ignore CON223 why"})
    assert _secrets(audit) == ["1.sql:2:3"]


def test_a_comment_about_a_file_suppresses_all_of_it(audited: Audited) -> None:
    audit = audited(
        {
            "1.sql": TABLE,
            "2.sql": "/* consolidate: ignore-file CON210, CON121 old */ DROP TABLE t;\n"
            "DROP TABLE u;",
        }
    )
    assert findings.TABLE_DROPPED not in _codes(audit)
    named = [str(f.span) for f in audit.findings if f.code == findings.NAME_UNCONVENTIONAL]
    assert named == ["1.sql:1:1"]
    assert findings.SUPPRESSES_NOTHING not in _codes(audit)


def test_the_configuration_ignores_codes_and_says_how_much_they_matter(audited: Audited) -> None:
    files = {"1.sql": TABLE, "2.sql": "DROP TABLE t;"}
    usual = audited(files)
    assert usual.count(Severity.ERROR) == 0
    severe = audited(files, Auditing(severity={"CON210": Severity.ERROR}, ignore=("CON121",)))
    assert [f.code for f in severe.findings if f.severity is Severity.ERROR] == ["CON210"]
    assert severe.ignored == {"CON121": 2}
    assert severe.by_code()[0] == ("CON210", Severity.ERROR, 1, 1)
    assert (severe.at_least(Severity.ERROR), severe.at_least(Severity.WARNING)) == (1, 1)


def test_what_was_found_in_reading_is_told_too(audited: Audited) -> None:
    audit = audited({"1_a.sql": "SELECT 1;", "1_b.sql": "SELECT 1;"}, runner="supabase")
    assert findings.VERSION_TWICE in _codes(audit)


def test_where_a_file_says_the_order_no_prefix_does(audited: Audited) -> None:
    files = {"1_a.sql": "SELECT 1;", "1_b.sql": "SELECT 1;"}
    assert findings.PREFIX_TWICE in _codes(audited(files))
    assert findings.PREFIX_TWICE not in _codes(audited(files, ordered=True))


@pytest.mark.parametrize(
    ("wanted", "runner", "name", "right"),
    [
        ("house", Runner.FLYWAY, "20240101_000000_a.sql", True),
        ("house", Runner.SUPABASE, "20240101000000_a.sql", False),
        ("timestamp", Runner.PLAIN, "20240101000000_a.sql", True),
        ("runner", Runner.PLAIN, "anything.sql", True),
        (r"\d{4}_[a-z]+\.sql", Runner.PLAIN, "0001_init.sql", True),
        (r"\d{4}_[a-z]+\.sql", Runner.PLAIN, "1_init.sql", False),
        (None, Runner.PLAIN, "20240101000000_a.sql", False),
        (None, Runner.SUPABASE, "20240101_000000_a.sql", True),
        (None, Runner.PRISMA, "migration.sql", True),
    ],
)
def test_the_convention_is_configured_or_the_runners(
    wanted: str | None, runner: Runner, *, name: str, right: bool
) -> None:
    assert naming.style(wanted, runner).accepts(name) is right


def test_a_suggested_name_comes_before_the_next_right_one(audited: Audited) -> None:
    audit = audited(
        {
            "20240101_000000_a.sql": "SELECT 1;",
            "20240101_000000_b-c.sql": "SELECT 1;",
            "20240101_000005_d.sql": "SELECT 1;",
        }
    )
    assert [file.suggested for file in audit.files] == ["", "20240101_000001_b_c.sql", ""]


def test_the_audit_of_the_same_history_is_the_same(audited: Audited) -> None:
    files = {"1.sql": TABLE, "2.sql": "DROP TABLE t, u; SELECT f.x FROM f; SELEC;"}
    first, second = audited(files), audited(files)
    assert first == replace(second)
