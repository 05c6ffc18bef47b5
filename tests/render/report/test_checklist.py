from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from consolidate.model import CheckStatus
from consolidate.report.checklist import checklist
from tests.render.report.conftest import ON_16, ON_18, failing

if TYPE_CHECKING:
    from consolidate.report.summary import Summary
    from consolidate.verdict import Verdict

SMALL = Path(__file__).with_name("small_checklist.md")
STORY = (
    *("Backup database", "Test migration in staging environment", "Verify rollback script works"),
    *("Check for breaking changes", "Estimate migration duration"),
    *("Schedule maintenance window if needed", "Monitor migration progress"),
    *("Check for errors in logs", "Verify data integrity", "Test application functionality"),
    *("Monitor performance metrics", "Verify all tables created", "Verify all indexes created"),
    *("Verify all triggers active", "Run smoke tests", "Check application logs"),
    "Monitor for 24 hours",
)
TICKED_BY = {
    "Verify rollback script works": {"rollback"},
    "Check for breaking changes": {"facts", "projection", "dump", "rows"},
    "Verify data integrity": {"rows"},
    "Verify all tables created": {"facts"},
    "Verify all indexes created": {"facts"},
    "Verify all triggers active": {"facts"},
}
"""What must have passed, on every server, for a line to be ticked."""


def proven(small: Summary, *verdicts: Verdict) -> Summary:
    return replace(small, verdicts=verdicts, irreversible=(), aside=())


def lines(summary: Summary) -> dict[str, tuple[bool, str]]:
    """Whether each line is ticked, and what it says."""
    found = re.findall(r"^- \[([x ])\] ([^:]+): (.+)$", checklist(summary), re.MULTILINE)
    return {what: (mark == "x", told) for mark, what, told in found}


def ticked(summary: Summary) -> set[str]:
    return {what for what, (mark, _) in lines(summary).items() if mark}


def test_a_small_run_has_this_checklist(small: Summary) -> None:
    assert checklist(small) == SMALL.read_text(encoding="utf-8")


def test_every_line_of_the_story_is_there_in_its_order(small: Summary) -> None:
    assert tuple(lines(small)) == STORY
    assert re.findall(r"^## (.*)$", checklist(small), re.MULTILINE) == [
        "Pre-migration",
        "During migration",
        "Post-migration",
    ]


def test_what_a_run_verifies_is_ticked_and_counted(small: Summary) -> None:
    summary = proven(small, ON_18, ON_16)
    assert ticked(summary) == TICKED_BY.keys()
    found = lines(summary)
    assert found["Verify all tables created"] == (True, "2 tables, facts equal")
    assert found["Verify rollback script works"][1].startswith("2 rollbacks, up again")


@pytest.mark.parametrize("status", [CheckStatus.FAILED, CheckStatus.SKIPPED])
@pytest.mark.parametrize("first", [True, False], ids=["first server", "second server"])
@pytest.mark.parametrize(
    "name", ["facts", "projection", "dump", "rows", "rollback", "reproducible", "manifest"]
)
def test_one_server_on_which_its_check_did_not_pass_unticks_a_line(
    small: Summary, name: str, status: CheckStatus, *, first: bool
) -> None:
    bad = failing(ON_18 if first else ON_16, name, status)
    verdicts = (bad, ON_16) if first else (ON_18, bad)
    summary = proven(small, *verdicts)
    assert ticked(summary) == {line for line, checks in TICKED_BY.items() if name not in checks}
    for line, checks in TICKED_BY.items():
        if name in checks:
            assert f"NOT verified: {name} {status} on PostgreSQL" in lines(summary)[line][1]


def test_a_check_that_is_not_there_ticks_nothing(small: Summary) -> None:
    missing = replace(ON_16, checks=tuple(c for c in ON_16.checks if c.name != "facts"))
    assert ticked(proven(small, ON_18, missing)) == {
        "Verify rollback script works",
        "Verify data integrity",
    }
    assert ticked(proven(small)) == set()


def test_a_waiver_ticks_nothing(small: Summary) -> None:
    skipped = failing(ON_18, "rollback", CheckStatus.SKIPPED)
    waived = replace(skipped, waivers=("rollback",))
    assert waived.equivalent
    assert "Verify rollback script works" not in ticked(proven(small, waived))


def test_a_step_that_is_not_taken_back_unticks_the_rollback(small: Summary) -> None:
    summary = replace(proven(small, ON_18), irreversible=("table a: no",))
    mark, told = lines(summary)["Verify rollback script works"]
    assert (mark, told.endswith("; 1 step irreversible, see REPORT.md")) == (False, True)


def test_a_disabled_trigger_is_not_active(small: Summary) -> None:
    summary = proven(small, ON_18)
    made = replace(summary.made, disabled=("t on public.a|b",))
    mark, told = lines(replace(summary, made=made))["Verify all triggers active"]
    assert not mark
    assert told.endswith(r"disabled, as the legacy history left them: `t on public.a\|b`")
