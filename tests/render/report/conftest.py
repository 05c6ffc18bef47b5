"""A small run as a summary, with something to say in every section."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from consolidate.model import (
    Check,
    CheckStatus,
    Fact,
    Finding,
    ObjectId,
    SetAside,
    Severity,
    Snapshot,
    SourceSpan,
)
from consolidate.report.summary import Summary, summarize
from consolidate.verdict import Verdict
from consolidate.wording.units import Rung

if TYPE_CHECKING:
    from tests.render.conftest import Maker

LEGACY = {
    "1_rooms.sql": "CREATE TABLE rooms (id int, floor int);\nINSERT INTO rooms VALUES (1, 2);\n",
    "2_keys.sql": "CREATE TABLE keys (id int);\nALTER TABLE keys RENAME TO room_keys;\n",
    "3_old.sql": "CREATE VIEW old AS SELECT 1 AS x;\n",
    "4_fix.sql": "DROP VIEW old;\nALTER TABLE rooms DROP COLUMN floor;\nDELETE FROM room_keys;\n",
    "5_note.sql": "-- to do\n",
}
_REASONS = {
    "facts": "12 facts compared",
    "projection": "19,424 rows of the catalogs compared",
    "dump": "34 lines of pg_dump compared",
    "rows": "1 row of 1 table and all sequences",
    "rollback": "2 rollbacks, up again, and all at once compared",
    "reproducible": "8 files rendered again on 18, byte for byte the same",
    "manifest": "7 files are those that were written",
}
CHECKS = tuple(
    Check(name=name, status=CheckStatus.PASSED, reason=reason) for name, reason in _REASONS.items()
)
ON_18 = Verdict(server="embedded://18", version="18.4", checks=CHECKS)
ON_16 = Verdict(server="docker://postgres:16", version="16.9", checks=CHECKS)


def failing(verdict: Verdict, name: str, status: CheckStatus = CheckStatus.FAILED) -> Verdict:
    """The verdict with one check that did not pass."""
    checks = tuple(
        replace(check, status=status, reason=f"{name} is not well") if check.name == name else check
        for check in verdict.checks
    )
    return replace(verdict, checks=checks)


@pytest.fixture
def small(make: Maker) -> Summary:
    """Five legacy files that became two, proven on two servers."""
    make.file(
        "1_rooms",
        make.step("public.rooms", "CREATE TABLE rooms (id int);", "0001#1", rung=Rung.SERVER),
        make.step("public.room_keys", "CREATE TABLE room_keys (id int);", "0002#1", "0002#2"),
        title="Rooms & keys",
    )
    make.file(
        "01_rooms",
        make.step("r", "SELECT 1;", "0001#2", kind="rows", type_="ROWS", family="public.rooms"),
        phase="",
        title="Seed rows (sample)",
    )
    made = (ObjectId("table", "public.rooms"), ObjectId("table", "public.room_keys"))
    others = (ObjectId("index", "public.i"), ObjectId("trigger", "t on public.rooms"))
    truth = make.truth(LEGACY, sizes={"public.rooms": 1}, inserted={"0001#2": {"public.rooms": 1}})
    facts = frozenset(Fact(name, "exists", "yes") for name in (*made, *others))
    truth = replace(truth, final=replace(truth.final, facts=Snapshot(major=18, facts=facts)))
    findings = (
        Finding(code="CON302", severity=Severity.INFO, message="moved on: trigger t_x"),
        Finding(
            code="CON105",
            severity=Severity.WARNING,
            message="a placeholder occurs nowhere",
            span=SourceSpan("1_rooms.sql", 0, 1, 2, 3),
            help="remove it",
        ),
    )
    aside = (SetAside(path="6_broken.sql", reason="6_broken.sql:1:1: syntax error"),)
    verdicts = [
        replace(ON_18, aside=aside, volatile=("public.rooms.made_at",)),
        replace(ON_16, aside=aside, limits=("passwords of roles",)),
    ]
    plan = replace(make.plan(), findings=findings)
    irreversible = ["table public.x: nothing takes it back"]
    return summarize(plan, truth, make.history(LEGACY), irreversible).proven(verdicts)
