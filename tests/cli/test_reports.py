"""What a run leaves for reviewers, for CI and for GitHub, besides the output that is proven."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from consolidate.cli import reports
from consolidate.errors import EnvironmentProblem, UsageProblem
from consolidate.report import junit, review
from tests.cli.conftest import HISTORY, Project
from tests.render.conftest import make as make  # noqa: PLC0414 - a fixture that the next one needs
from tests.render.report.conftest import small as small  # noqa: PLC0414

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from consolidate.report.summary import Summary

    Make = Callable[..., Project]

LARGE = "SELECT pg_catalog.lo_create(4711);\n"
"""A history with it is not proven: its rollback does not take the large object back."""


def suites(path: Path) -> dict[str, dict[str, str]]:
    """The kind of answer to each test case of each suite: passed, failure, skipped."""
    root = ET.fromstring(path.read_text(encoding="utf-8"))  # noqa: S314 - we wrote it
    return {
        str(suite.get("name")): {
            str(case.get("name")): case[0].tag.replace("system-out", "passed")
            for case in suite.iter("testcase")
        }
        for suite in root
    }


# -- the whole program ------------------------------------------------------------------------

CHECKS = ("facts", "projection", "dump", "rows", "rollback", "reproducible", "manifest")


@pytest.mark.pg
def test_run_and_verify_tell_reviewers_ci_and_github_the_same(project: Make) -> None:
    here = project(HISTORY, GITHUB_STEP_SUMMARY="summary.md")
    here.write("summary.md", "What was there.\n")
    ran = here.run("run", "legacy", "-q", "--junit", "run.xml")
    assert ran.returncode == 0, ran.stderr
    report = (here.folder / "output/REPORT.md").read_text(encoding="utf-8")
    assert report.startswith("**Proven: from the platform's empty database, on PostgreSQL 18 (em")
    assert (here.folder / "summary.md").read_text(encoding="utf-8") == f"What was there.\n{report}"
    proven = dict.fromkeys((*CHECKS, "verdict"), "passed")
    assert suites(here.folder / "run.xml") == {"embedded://18": proven}
    checklist = (here.folder / "output/TESTING_CHECKLIST.md").read_text(encoding="utf-8")
    assert "- [x] Verify all tables created: 2 tables, facts equal\n" in checklist

    before = here.files("output")
    here.write("summary.md", "")
    verified = here.run("verify", "legacy", "-q", "--junit", "verify.xml")
    assert verified.returncode == 0, verified.stderr
    assert here.files("output") == before
    assert (here.folder / "summary.md").read_text(encoding="utf-8") == report
    assert suites(here.folder / "verify.xml") == {"embedded://18": proven}


@pytest.mark.pg
def test_what_is_not_proven_has_its_reports_beside_the_output(project: Make) -> None:
    here = project({**HISTORY, "20240401_large.sql": LARGE}, GITHUB_STEP_SUMMARY="/dev/full")
    ran = here.run("run", "legacy", "-q", "--junit", "run.xml")
    assert ran.returncode == 1
    assert ran.stderr == (
        "warning: the summary of this step (GITHUB_STEP_SUMMARY) can not be written: "
        "No space left on device\n"
    )
    where = "The files are in output.unproven, to be looked at; output is as it was."
    assert where in ran.stdout.splitlines()
    assert ran.stdout.splitlines()[-1].startswith("NOT proven: ")
    assert not (here.folder / "output").exists()
    report = (here.folder / "output.unproven/REPORT.md").read_text(encoding="utf-8")
    assert report.startswith("**NOT proven: from the platform's empty database, on PostgreSQL 18")
    assert "- `PostgreSQL 18 (embedded://18): changed  file " in report[: report.index("<details>")]
    checklist = (here.folder / "output.unproven/TESTING_CHECKLIST.md").read_text(encoding="utf-8")
    assert "- [ ] Verify rollback script works: NOT verified: rollback failed on Post" in checklist
    assert "- [x] Verify all tables created: 2 tables, facts equal\n" in checklist
    answers = suites(here.folder / "run.xml")["embedded://18"]
    assert answers == dict.fromkeys(CHECKS, "passed") | dict.fromkeys(
        ("rollback", "verdict"), "failure"
    )


@pytest.mark.pg
@pytest.mark.parametrize("command", ["run", "verify"])
def test_a_junit_file_that_can_not_be_written_is_told_before_the_work(
    project: Make, command: str
) -> None:
    here = project()
    ran = here.run(command, "legacy", "--junit", "nowhere/run.xml")
    assert ran.returncode == 4
    assert ran.stderr.endswith(
        "error: nowhere/run.xml can not be written: No such file or directory\n"
        "hint: --junit names another file.\n"
    )
    assert "replay" not in ran.stderr
    assert sorted(here.files()) == sorted(f"legacy/{name}" for name in HISTORY)


# -- its parts --------------------------------------------------------------------------------


def test_asking_leaves_no_trace_and_keeps_what_is_there(tmp_path: Path) -> None:
    reports.require_writable(tmp_path / "new.xml")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "old.xml").write_text("old")
    reports.require_writable(tmp_path / "old.xml")
    assert (tmp_path / "old.xml").read_text() == "old"
    reports.require_writable(None)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="can not be written: Is a directory"):
        reports.require_writable(tmp_path)


def test_a_file_inside_the_output_would_not_be_ours(tmp_path: Path) -> None:
    output = tmp_path / "output"
    with pytest.raises(UsageProblem, match="is inside"):
        reports.require_writable(output / "deep" / "run.xml", output, tmp_path / "legacy")
    reports.require_writable(tmp_path / "run.xml", output, tmp_path / "legacy")


def test_the_summary_of_a_step_is_appended(
    small: Summary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = tmp_path / "summary.md"
    monkeypatch.setenv(reports.STEP_SUMMARY, os.fspath(step))
    reports.send(small, None)
    reports.send(small, tmp_path / "run.xml")
    assert step.read_text(encoding="utf-8") == review.report(small) * 2
    written = (tmp_path / "run.xml").read_text(encoding="utf-8")
    assert written == junit.junit(small.verdicts)


def test_a_junit_file_that_can_not_be_written_any_more_is_told(
    small: Summary, tmp_path: Path
) -> None:
    with pytest.raises(EnvironmentProblem, match="can not be written: No such file"):
        reports.send(small, tmp_path / "gone" / "run.xml")


@pytest.mark.parametrize("value", ["", None])
def test_without_a_step_nothing_is_written(
    small: Summary, value: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(reports.STEP_SUMMARY, raising=False)
    if value is not None:
        monkeypatch.setenv(reports.STEP_SUMMARY, value)
    reports.send(small, None)
    assert list(tmp_path.iterdir()) == []
