from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from consolidate.downs.results import Outcome, Result, Results
from consolidate.errors import InputProblem
from consolidate.findings import DOWN_LEADS_ELSEWHERE
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
from consolidate.report import machine
from consolidate.verdict import Verdict
from consolidate.wording.units import Rung

if TYPE_CHECKING:
    from consolidate.report.summary import Summary
    from tests.render.conftest import Maker

FACTS = Check(name="facts", status=CheckStatus.PASSED, reason="12 facts")
GRANT = Difference(
    kind=DifferenceKind.MISSING,
    object=ObjectId("table", "public.a"),
    attribute="grant SELECT to anon by postgres",
    left="plain",
    right=None,
)
GOOD = Verdict(server="embedded://18", version="18.4", checks=(FACTS,), counts={"facts": 12})
BAD = Verdict(
    server="embedded://16",
    version="16.9",
    checks=(replace(FACTS, status=CheckStatus.FAILED, reason="1 difference"),),
    differences=(GRANT,),
    counts={"facts": 11, "rows": 3},
)


def load(text: str) -> dict[str, Any]:
    document = json.loads(text)
    assert text == json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    assert isinstance(document, dict)
    return document


def test_a_verdict_of_one_server() -> None:
    document = load(machine.verdict_json([GOOD], [("b.sql", "22"), ("a.sql", "11")]))
    assert document["format"] == "consolidate/verdict@1"
    assert (document["equivalent"], document["level"]) == (True, "identical")
    assert document["server"] == "embedded://18"
    assert document["checks"] == [
        {"name": "facts", "status": "passed", "reason": "12 facts", "server": "embedded://18"}
    ]
    assert document["inputs"] == [
        {"path": "a.sql", "sha256": "11"},
        {"path": "b.sql", "sha256": "22"},
    ]
    assert document["counts"] == {"facts": 12}
    assert [found["version"] for found in document["verdicts"]] == ["18.4"]


def test_one_server_that_says_no_is_enough() -> None:
    document = load(machine.verdict_json([GOOD, BAD], []))
    assert (document["equivalent"], document["level"]) == (False, "different")
    assert [found["equivalent"] for found in document["verdicts"]] == [True, False]
    assert document["server"] == "embedded://18, embedded://16"
    assert document["differences"] == [
        {
            "kind": "missing",
            "object": "table public.a",
            "attribute": "grant SELECT to anon by postgres",
            "left": "plain",
            "right": None,
            "server": "embedded://16",
        }
    ]
    assert document["counts"] == {"facts": 12, "rows": 3}


def test_volatile_cells_and_waivers_of_all_servers_are_told_once() -> None:
    first = replace(GOOD, volatile=("b", "a"), waivers=("w",))
    document = load(machine.verdict_json([first, replace(GOOD, volatile=("a",))], []))
    assert (document["volatile"], document["waivers"]) == (["a", "b"], ["w"])
    assert (document["equivalent"], document["level"]) == (True, "equivalent")


def test_without_a_verdict_nothing_is_equivalent() -> None:
    assert load(machine.verdict_json([], []))["equivalent"] is False


def test_the_plan_tells_every_step_finding_and_number(make: Maker) -> None:
    make.file("1_a", make.step("public.a", "SELECT 1;", "0001#2", rung=Rung.SERVER), title="The a")
    findings = (
        Finding(code="CON1", severity=Severity.WARNING, message="hm"),
        Finding(
            code="CON2",
            severity=Severity.INFO,
            message="oh",
            span=SourceSpan("1.sql", 0, 1, 3, 4),
            help="do",
        ),
    )
    (step,) = make.files[0].steps
    placed = Placement(make.files[0].slot, Way.NEAR, "table public.b")
    plan = replace(
        make.plan(),
        findings=findings,
        groups={"a": placed.slot},
        placements={step.unit.object: placed},
    )
    document = load(machine.plan_json(plan, make.truth({"1.sql": "SELECT 1;\nSELECT 2;"})))
    assert document["format"] == "consolidate/plan@1"
    assert document["files"] == [
        {
            "path": "migrations/01_core/1_a.sql",
            "phase": "01_core",
            "title": "The a",
            "rollback": "rollback/01_core/1_a_rollback.sql",
            "sources": ["1.sql"],
            "steps": [
                {
                    "kind": "table",
                    "object": "public.a",
                    "type": "TABLE",
                    "rung": "server",
                    "sources": ["1.sql:2"],
                    "notes": [],
                    "placed": {
                        "way": "near",
                        "about": "table public.b",
                        "wanted": "migrations/01_core/1_a.sql",
                    },
                }
            ],
        }
    ]
    assert document["unclaimed"] == [
        {
            "kind": "table",
            "object": "public.a",
            "path": "migrations/01_core/1_a.sql",
            "reason": "near table public.b",
        }
    ]
    assert [finding["line"] for finding in document["findings"]] == [None, 3]
    assert document["findings"][1]["help"] == "do"
    assert document["summary"] == {
        "legacy_statements": 2,
        "legacy_files": 1,
        "statements": 1,
        "files": 1,
        "phases": 1,
        "rungs": {"verbatim": 0, "folded": 0, "server": 1, "as-was": 0},
    }


def test_an_error_keeps_its_exit_code_problems_and_hint() -> None:
    error = InputProblem("bad", problems=("a.sql:1:1: x",), hint="mend it")
    assert load(machine.error_json(error)) == {
        "format": "consolidate/error@1",
        "exit_code": 3,
        "message": "bad",
        "problems": ["a.sql:1:1: x"],
        "hint": "mend it",
    }


def test_what_a_report_shortens_is_whole_in_the_verdict(small: Summary) -> None:
    document = load(machine.verdict_json(small.verdicts, [], told=small))
    assert document["summary"]["legacy_files"] == 5
    assert document["new"] == []
    assert document["irreversible"] == ["table public.x: nothing takes it back"]
    assert document["empty_without_seeds"] == ["public.rooms"]
    assert document["disappeared"] == {
        "removed": [
            {
                "object": "view public.old",
                "by": "4_fix.sql:1",
                "made": "3_old.sql:1",
                "first": None,
                "of_platform": False,
                "along": ["view column public.old.x"],
            },
            {
                "object": "table column public.rooms.floor",
                "by": "4_fix.sql:2",
                "made": "1_rooms.sql:1",
                "first": None,
                "of_platform": False,
                "along": [],
            },
        ],
        "renamed": [
            {
                "first": "table public.keys",
                "object": "table public.room_keys",
                "by": ["2_keys.sql:2"],
            }
        ],
        "superseded": [],
        "rights": [],
        "rows": [],
    }
    assert document["downs"] is None
    assert [finding["code"] for finding in document["findings"]] == [
        finding.code for finding in small.findings
    ]


def test_every_down_script_is_told_with_its_place_and_outcome(small: Summary) -> None:
    place = SourceSpan("1.down.sql", 3, 9, 2, 1)
    script = Result(migration="1.sql", place=place, outcome=Outcome.FAILS, told=("no",))
    told = small.with_downs(Results(migrations=3, major=18, scripts=(script,)))
    document = load(machine.verdict_json(told.verdicts, [], told=told))
    assert document["downs"] == {
        "migrations": 3,
        "major": 18,
        "counts": {
            "returns exactly": 0,
            "returns but for": 0,
            "fails": 1,
            "empty": 0,
            "can not be read": 0,
            "not tested": 0,
        },
        "scripts": [
            {
                "migration": "1.sql",
                "path": "1.down.sql",
                "line": 2,
                "column": 1,
                "commented": False,
                "outcome": "fails",
                "told": ["no"],
            }
        ],
    }
    assert document["findings"][-1]["code"] == DOWN_LEADS_ELSEWHERE
