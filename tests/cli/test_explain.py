"""The life story of an object, as somebody at a terminal or a program gets it."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from consolidate.report import stories
from tests.cli.conftest import undocumented
from tests.newcomer import pages

if TYPE_CHECKING:
    from tests.cli.conftest import Run

PAGE = (Path(__file__).parents[2] / "docs/howto/explain.md").read_text(encoding="utf-8")


def test_a_renamed_table_is_told_from_its_first_line_to_the_output(run: Run) -> None:
    code, told, talk = run("explain", "issues")
    assert code == 0
    assert talk.splitlines()[1] == "configuration: mappings.yaml; platform: supabase"
    lines = told.splitlines()
    assert lines[:2] == [
        "table public.tickets",
        "  made as public.issues; 30 statements touched it; there at the end",
    ]
    assert [line for line in lines if line and not line.startswith(" ")] == [
        *("table public.tickets", "Life", "Needs", "Needed by", "In output"),
    ]
    words = " ".join(told.split())
    assert "20240513_rename_issues_to_tickets.sql:2 renamed from public.issues" in words
    assert "20250901_cleanup.sql:2 rows updated → folded in 20250106_120000_" in words
    assert "20240115_updated_at.sql:10 trigger set_issues_updated_at on public.tickets" in words
    assert "table public.rooms foreign key 20240109_issues_table.sql:4 by issues_room_id" in words
    assert "20250106_000000_tickets_table.sql:20 folded: the authors' statement" in words
    assert not any(line != line.rstrip() for line in lines)


def test_objects_of_one_name_are_told_apart(run: Run) -> None:
    _, told, _ = run("explain", "public.notifications", "--quiet")
    assert told.count("\ntable public.notifications\n") == 2
    assert "9 statements touched it; dropped in 20241007_notifications_v2.sql:2\n" in told
    assert "as-was: the legacy statements of its whole component" in told


def test_a_program_gets_all_of_it(run: Run) -> None:
    _, told, talk = run("explain", "tickets", "--quiet", "--format", "json")
    answer = json.loads(told)
    assert (answer["format"], answer["folder"], answer["stale"], talk) == (
        *("consolidate/explain@1", "output", []),
        "",
    )
    assert undocumented(answer, "howto/explain.md") == set()
    (story,) = answer["stories"]
    assert story["names"] == ["public.issues", "public.tickets"]
    assert (
        story["life"][0].items()
        >= {
            "path": "20240109_issues_table.sql",
            "line": 4,
            "what": ["created"],
        }.items()
    )
    assert {"needs", "needed_by", "mentions", "mentioned_by"} <= story.keys()
    assert all(tie["evidence"] for tie in story["needs"])
    assert story["output"]["made"][0]["rung"] == "folded"


def test_a_long_life_is_cut_in_the_middle_and_the_count_is_told(run: Run, tmp_path: Path) -> None:
    many = stories.MOST + 7
    text = "create table t (x int);\n" + "update t set x = 1;\n" * many
    (tmp_path / "1.sql").write_text(text)
    _, told, _ = run("explain", "t", str(tmp_path), "--quiet")
    assert f"  {many + 1} statements touched it; there at the end" in told
    assert "  … 8 more statements in between; --format json has them all" in told
    assert told.count("\n  1.sql:") == stories.MOST
    assert "1.sql:1 " in told
    assert f"1.sql:{many + 1} " in told
    assert "In output" not in told  # which is of another history


def test_a_signature_is_told_as_it_is_typed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "1.sql").write_text(
        "create function f(a uuid, b text) returns int language sql as 'select 1'; create role r;"
        "grant execute on function f to r; create view v as select f(null, null);"
        "create function f(a text) returns int language sql as 'select 1'; drop function f(text);"
    )
    for asked in ("f", "v", "role r", "g"):
        told = run("explain", asked, str(tmp_path), "--quiet")
        assert "pg_catalog" not in told[1] + told[2]
    assert "function public.f(uuid,text)" in run("explain", "v", str(tmp_path), "--quiet")[1]
    for drawn in ([], ["--object", "v"]):
        assert "function public.f(uuid,text)" in run("graph", str(tmp_path), "--quiet", *drawn)[1]


def test_a_role_is_told_what_it_is_given_there_and_in_the_output(run: Run) -> None:
    _, told, _ = run("explain", "role dashboard_user", "--quiet")
    life, _, output = told.partition("\nIn output\n")
    assert "20240910_grants_for_dashboard.sql:2  USAGE on schema public granted to it\n" in life
    assert "platform_and_rights.sql:44  USAGE on schema public granted to it\n" in output


def test_what_is_gone_by_the_end_takes_one_line(run: Run, tmp_path: Path) -> None:
    views = "".join(f"create view v{n} as select * from t; drop view v{n};" for n in range(9))
    (tmp_path / "1.sql").write_text(f"create table t (x int); {views}")
    _, told, _ = run("explain", "t", str(tmp_path), "--quiet")
    assert "  no longer at the end: view public.v0, view public.v1, view public.v2," in told
    assert "and 4 more\n" in told


def test_a_code_is_told_too(run: Run) -> None:
    code, told, talk = run("explain", "con201")
    assert (code, talk) == (0, "")
    assert told.startswith("CON201 (info): ")
    _, told, _ = run("explain", "CON201", "--format", "json")
    assert json.loads(told)["finding"]["code"] == "CON201"


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("tikets", "did you mean table public.tickets"),
        ("f", "  function public.f(integer)\n"),
        ("CON2019", "There is no finding CON2019; did you mean CON20"),
    ],
)
def test_what_is_not_there_or_may_mean_several_is_a_usage_error(
    run: Run, tmp_path: Path, typed: str, error: str
) -> None:
    (tmp_path / "1.sql").write_text(
        "create table tickets (); create function f(int) returns int language sql as 'select 1';"
        "create function f(text) returns int language sql as 'select 1';"
    )
    code, told, talk = run("explain", typed, str(tmp_path))
    assert (code, told) == (2, "")
    assert error in talk
    code, told, _ = run("explain", typed, str(tmp_path), "--format", "json")
    assert json.loads(told)["exit_code"] == code == 2


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        (
            "b\nc\x1b",
            r"""nothing called 'b\nc\x1b'; did you mean table public."b\nd\x1b"?""",
        ),
        ('"a\nb"', r"""'"a\nb"' may mean several objects."""),
    ],
)
def test_no_control_character_of_a_name_reaches_the_terminal(
    run: Run, tmp_path: Path, typed: str, error: str
) -> None:
    (tmp_path / "1.sql").write_text(
        'create schema s; create table "b\nd\x1b" ();'
        'create table "a\nb" (); create table s."a\nb" ();'
    )
    code, told, talk = run("explain", typed, str(tmp_path), "--quiet")
    assert (code, told) == (2, "")
    assert talk.splitlines()[0].endswith(error)
    assert all(line.isprintable() for line in talk.splitlines())
    code, told, _ = run("explain", 'public."a\nb"', str(tmp_path), "--quiet")
    assert (code, told.splitlines()[0]) == (0, r'table public."a\nb"')


def test_what_its_page_shows_is_said(run: Run) -> None:
    (step,) = pages.steps(PAGE)
    code, told, _ = run(*shlex.split(step.typed)[1:])
    assert (code, pages.disagreement(step.shown, told)) == (0, "")


def test_whatever_its_page_says_can_be_typed_is_in_the_sample(run: Run) -> None:
    (table,) = re.findall(r"^\| Typed \|.*?\n\n", PAGE, re.MULTILINE | re.DOTALL)
    first_cells = re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE)
    typed = re.findall(r"`([^`]+)`", " ".join(first_cells))
    answers = {one: run("explain", one, "--quiet") for one in typed}
    assert [one for one, (code, *_) in answers.items() if code] == []
    assert answers['"Public calendar"'][1] == answers["public calendar"][1]


def test_an_output_that_is_asked_for_has_to_be_one(run: Run, tmp_path: Path) -> None:
    code, _, talk = run("explain", "tickets", "--output", str(tmp_path))
    assert code == 3
    assert "holds no manifest.json" in talk


@pytest.mark.parametrize("wrong", ["create tabel u ();", "\\set v `date`", "-- \xe9"])
@pytest.mark.parametrize("command", [["explain", "t"], ["graph", "--object", "t"]])
def test_a_file_is_read_as_far_as_it_can_be(
    run: Run, tmp_path: Path, command: list[str], wrong: str
) -> None:
    (tmp_path / "1.sql").write_text("create table s (a int primary key);")
    (tmp_path / "2.sql").write_bytes(
        f"create table t (a int references s);\n{wrong}\ncreate view w as select a from t;".encode(
            "latin1"
        )
    )
    code, told, talk = run(*command, str(tmp_path))
    assert code == 0
    assert "view public.w" in told
    assert "table public.s" in told
    assert "read in part: 2.sql (2.sql:2:" in talk
    told = run(*command, str(tmp_path), "--format", "json", "--quiet")[1]
    assert json.loads(told)["read_in_part"] == ["2.sql"]


def test_what_its_runner_stops_on_does_not_keep_a_history_from_being_told(
    run: Run, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        (tmp_path / f"1_{name}.up.sql").write_text(f"create table {name} ();")
    code, told, talk = run("explain", "b", str(tmp_path))
    assert (code, told.splitlines()[0]) == (0, "table public.b")
    assert "the runner stops: 1_b.up.sql:1:1: version 1 is that of 1_a.up.sql too" in talk
