from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from consolidate.model import (
    Check,
    CheckStatus,
    Difference,
    DifferenceKind,
    Finding,
    ObjectId,
    Severity,
    SourceSpan,
)
from consolidate.plan import Placement, Way
from consolidate.report import console, terminal
from consolidate.verdict import Verdict
from consolidate.wording.units import Rung

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.render.conftest import Maker

GOOD = Verdict(
    server="embedded://18",
    version="18.4",
    checks=(
        Check(name="facts", status=CheckStatus.PASSED, reason="12 facts of 3 objects"),
        Check(name="rows", status=CheckStatus.PASSED, reason="7 rows"),
    ),
)


PROVEN = (
    "Proven: from the platform's empty database, on PostgreSQL 18.4 (embedded://18), "
    "the output builds what the legacy history builds."
)


def shown(view: Callable[[Console], None], encoding: str = "utf-8") -> list[str]:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, newline="")
    view(Console(file=stream, width=30, _environ={}))
    stream.flush()
    return raw.getvalue().decode(encoding).splitlines()


@pytest.mark.parametrize(
    ("verdicts", "told"),
    [
        ([GOOD], []),
        ([GOOD, GOOD], ["", "Proven on all 2 servers: identical."]),
        (
            [GOOD, replace(GOOD, volatile=("t.a",))],
            ["", "Proven on all 2 servers: equivalent."],
        ),
        (
            [GOOD, replace(GOOD, server="local://15", checks=())],
            ["", "NOT proven on 1 of 2 servers: local://15."],
        ),
    ],
    ids=["one", "two", "volatile", "failed"],
)
def test_several_servers_have_one_answer_too(verdicts: list[Verdict], told: list[str]) -> None:
    assert shown(lambda out: terminal.overall_view(verdicts, out)) == told


def verdict_lines(verdict: Verdict) -> list[str]:
    return shown(lambda out: terminal.verdict_view(verdict, out))


# -- the plan ---------------------------------------------------------------------------------


@pytest.fixture
def plan_lines(make: Maker) -> list[str]:
    make.file(
        "20250101_000000_a",
        make.step("public.a", "SELECT 1;"),
        make.step("public.b", "SELECT 2; SELECT 3;", rung=Rung.SERVER),
        make.step("public.c", "SELECT 4;", rung=Rung.AS_WAS),
    )
    make.file("1_b", make.step("public.d", "SELECT 5;"), phase="02_more")
    make.file(
        "01_rows",
        make.step("a", "SELECT 6;", "0001#1", kind="rows", type_="ROWS", family="public.a"),
        phase="",
    )
    findings = (
        Finding(code="CON302", severity=Severity.INFO, message="moved"),
        Finding(
            code="CON999",
            severity=Severity.WARNING,
            message="careful",
            span=SourceSpan("1.sql", 0, 1, 2, 3),
            help="look",
        ),
    )
    truth = make.truth(
        {"1.sql": "SELECT 1;\nSELECT 2;\n", "2.sql": ""}, inserted={"0001#1": {"public.a": 4}}
    )
    plan = replace(make.plan(), findings=findings)
    return shown(lambda out: terminal.plan_view(plan, truth, out))


def test_the_last_line_of_a_plan_is_its_summary(plan_lines: list[str]) -> None:
    assert plan_lines[-1] == (
        "Plan: 2 statements in 2 files → 6 statements in 3 files, 2 phases; "
        "3 verbatim, 0 folded, 1 server, 1 as-was."
    )


def test_a_plan_begins_with_its_legend(plan_lines: list[str]) -> None:
    assert plan_lines[0] == "  = verbatim  & folded  ~ server  ! as-was"


def test_files_stand_below_their_phase_with_counts(plan_lines: list[str]) -> None:
    at = plan_lines.index("01_core")
    assert plan_lines[at + 1] == "  20250101_000000_a.sql  =   1         ~   1  !   1"
    assert plan_lines[at + 3 : at + 5] == [
        "02_more",
        "  1_b.sql                =   1",
    ]
    seed = plan_lines[plan_lines.index("seed") + 1]
    assert seed.split() == ["01_rows.sql", "=", "1", "4", "rows"]


def test_findings_are_told_worst_first_with_their_codes(plan_lines: list[str]) -> None:
    at = plan_lines.index("Findings")
    assert plan_lines[at + 1 : at + 3] == [
        "  CON999  1.sql:2:3: careful (look)",
        "  CON302  moved",
    ]


def test_of_one_code_the_first_findings_are_told_and_the_others_counted(make: Maker) -> None:
    make.file("1_a", make.step("public.a", "SELECT 1;"))
    found = [
        Finding(code=code, severity=Severity.INFO, message=f"{code} {number}")
        for number in range(11)
        for code in ("CON201", "CON304")
        if code == "CON201" or number < 8
    ]
    plan = replace(make.plan(), findings=tuple(found))
    lines = shown(lambda out: terminal.plan_view(plan, make.truth(), out))
    at = lines.index("Findings")
    assert lines[at + 1 : at + 18] == [
        *(f"  CON201  CON201 {number}" for number in range(8)),
        "  CON201  … and 3 more; --format json has them all",
        *(f"  CON304  CON304 {number}" for number in range(8)),
    ]
    assert lines[at + 18] == ""


def test_what_no_group_claims_is_told_with_its_file_and_why(make: Maker) -> None:
    steps = [make.step(f"public.t{number}", "SELECT 1;") for number in range(12)]
    make.file("1_a", *steps)
    slot = make.files[0].slot
    plan = replace(
        make.plan(),
        groups={"a": slot},
        placements={
            step.unit.object: Placement(slot, way, "x")
            for step, way in zip(steps, [Way.GROUP, Way.FOLLOWS, *[Way.NEAR] * 10], strict=True)
        },
    )
    lines = shown(lambda out: terminal.plan_view(plan, make.truth(), out))
    at = lines.index("10 objects that no group claims")
    assert lines[at + 1 : at + 3] == [
        "  table public.t2  migrations/01_core/1_a.sql (near x)",
        "  table public.t3  migrations/01_core/1_a.sql (near x)",
    ]
    assert lines[at + 9] == "  … and 2 more; --format json has them all"
    automatic = replace(plan, groups={})
    assert not any(
        "no group" in line
        for line in shown(lambda out: terminal.plan_view(automatic, make.truth(), out))
    )


# -- the verdict ------------------------------------------------------------------------------


def test_a_proven_verdict_ends_with_its_sentence() -> None:
    assert verdict_lines(GOOD) == [
        "✓ facts  12 facts of 3 objects",
        "✓ rows   7 rows",
        "",
        PROVEN,
    ]


def test_a_failed_check_is_the_answer() -> None:
    failed = Check(name="dump", status=CheckStatus.FAILED, reason="3 lines differ")
    lines = verdict_lines(replace(GOOD, checks=(*GOOD.checks, failed)))
    assert "✗ dump   3 lines differ" in lines
    assert lines[-1].startswith("NOT proven: from the platform's empty database, on ")
    assert lines[-1].endswith("does not build what the legacy history builds (dump failed).")


def test_what_was_built_is_not_blamed_for_what_came_later() -> None:
    names = ("facts", "projection", "dump", "rows", "rollback")
    passed = [Check(name=name, status=CheckStatus.PASSED, reason="compared") for name in names]
    failed = Check(name="new", status=CheckStatus.FAILED, reason="a.sql:1:1: no")
    lines = verdict_lines(replace(GOOD, checks=(*passed, failed)))
    assert lines[-1].startswith("NOT proven: from the platform's empty database, on ")
    assert lines[-1].endswith(
        "the output builds what the legacy history builds: the database is the same. But new"
        " failed: the migrations after the baseline do not hold."
    )
    told = Check(name="manifest", status=CheckStatus.FAILED, reason="a.sql")
    skipped = replace(failed, status=CheckStatus.SKIPPED)
    lines = verdict_lines(replace(GOOD, checks=(*passed, told, skipped)))
    assert lines[-1].endswith(
        ": the database is the same. But manifest failed: it records other files than these;"
        " new skipped."
    )
    rows = replace(passed[3], status=CheckStatus.FAILED)
    lines = verdict_lines(replace(GOOD, checks=(*passed[:3], rows, passed[4], failed)))
    assert "does not build what the legacy history builds (rows failed, new failed)" in lines[-1]


def test_a_skipped_check_proves_nothing() -> None:
    skipped = Check(name="rollback", status=CheckStatus.SKIPPED, reason="not asked for")
    lines = verdict_lines(replace(GOOD, checks=(skipped,)))
    assert lines[0] == "- rollback  not asked for"
    assert lines[-1].endswith(
        "is not shown to build what the legacy history builds (rollback skipped)."
    )


def differing(left: str, right: str) -> Difference:
    return Difference(
        kind=DifferenceKind.CHANGED,
        object=ObjectId("function", "public.f()"),
        attribute="body",
        left=left,
        right=right,
    )


def test_forty_differences_are_shown_and_the_rest_counted() -> None:
    found = tuple(differing(f"old{n}", f"new{n}") for n in range(43))
    lines = verdict_lines(replace(GOOD, differences=found))
    assert "43 differences (truth → output)" in lines
    assert (
        sum(line.startswith("  changed  function public.f() · body: old") for line in lines) == 40
    )
    assert "  … and 3 more; --format json has them all" in lines
    assert lines[-1].endswith("(43 differences).")


def test_a_long_value_is_shown_where_it_differs() -> None:
    long = "x" * 500
    lines = verdict_lines(replace(GOOD, differences=(differing(f"{long}LEFT", f"{long}RIGHT"),)))
    (line,) = [line for line in lines if line.startswith("  changed")]
    assert line.endswith(f": …{'x' * 30}LEFT → …{'x' * 30}RIGHT")


def test_missing_and_extra_objects_are_told_with_their_value() -> None:
    table = ObjectId("table", "public.a")
    missing = Difference(
        kind=DifferenceKind.MISSING, object=table, attribute="", left=None, right=None
    )
    extra = replace(missing, kind=DifferenceKind.EXTRA, attribute="row", right="(1)")
    lines = verdict_lines(replace(GOOD, differences=(missing, extra)))
    assert "  missing  table public.a" in lines
    assert "  extra    table public.a · row: (1)" in lines


def test_a_value_can_not_steer_the_terminal() -> None:
    lines = verdict_lines(replace(GOOD, differences=(differing("a\nb", "\x1b[31mred[bold]"),)))
    assert "  changed  function public.f() · body: a\\nb → \\x1b[31mred[bold]" in lines


def test_volatile_cells_and_waivers_are_listed() -> None:
    lines = verdict_lines(replace(GOOD, volatile=("public.a.id",), waivers=("no drill",)))
    at = lines.index("1 volatile cell, compared by type only")
    assert lines[at + 1] == "  public.a.id"
    assert lines[lines.index("1 waiver") + 1] == "  no drill"


def test_an_encoding_without_these_marks_gets_others() -> None:
    lines = shown(lambda out: terminal.verdict_view(GOOD, out), encoding="ascii")
    assert lines[0] == "+ facts  12 facts of 3 objects"


# -- consoles and progress --------------------------------------------------------------------

_PROGRAM = """
from consolidate.report import console, terminal
out = console.make()
for number in range(20_000):
    out.print(f"[red]{number}[/red] 'x'")
raise SystemExit(7)
"""


def run(**environment: str) -> subprocess.Popen[str]:
    kept = {k: v for k, v in os.environ.items() if k not in {"NO_COLOR", "FORCE_COLOR"}}
    return subprocess.Popen(
        [sys.executable, "-c", _PROGRAM],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**kept, **environment},
    )


def test_a_closed_pipe_changes_neither_exit_code_nor_stderr() -> None:
    with run() as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "[red]0[/red] 'x'\n"
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 7


def test_progress_in_a_pipe_is_one_line_per_phase() -> None:
    def phases(out: Console) -> None:
        with console.progress(out) as say:
            say("replaying the history")
            say("proving")

    lines = shown(phases)
    assert [line.split("] ")[1] for line in lines] == ["replaying the history", "proving"]


def test_quiet_progress_says_nothing() -> None:
    def phases(out: Console) -> None:
        with console.progress(out, quiet=True) as say:
            say("replaying the history")

    assert shown(phases) == []


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_progress_on_a_terminal_shows_the_phase_and_leaves_no_line() -> None:
    master, slave = os.openpty()
    with os.fdopen(slave, "w") as stream:
        out = Console(file=stream, force_terminal=True, width=60, _environ={"TERM": "xterm"})
        with console.progress(out) as say:
            say("replaying the history")
    written = everything(master)
    os.close(master)
    assert "replaying the history" in written
    assert written.endswith("\x1b[2K")


def everything(descriptor: int) -> str:
    """What a pseudo-terminal was sent; it ends with an error on Linux, with nothing elsewhere."""
    read = b""
    with contextlib.suppress(OSError):
        while chunk := os.read(descriptor, 65536):
            read += chunk
    return read.decode()
