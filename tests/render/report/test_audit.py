"""How an audit is told: on a terminal, as pages, as JSON, as SARIF, as annotations."""

from __future__ import annotations

import json
import re

import pytest

from consolidate import findings
from consolidate.audit import Audit, FileAudit
from consolidate.audit.result import Reading
from consolidate.model import Finding, Runner, Severity, SourceSpan
from consolidate.report import audit as report
from consolidate.report import sarif
from consolidate.report.annotations import github


def _finding(path: str, line: int, code: str, message: str = "m") -> Finding:
    return Finding(
        code=code,
        severity=findings.MEANINGS[code].severity,
        message=message,
        span=SourceSpan(path, 0, 0, line, 3),
    )


def _audit(*files: tuple[str, tuple[Finding, ...]], beside: tuple[Finding, ...] = ()) -> Audit:
    return Audit(
        runner=Runner.PLAIN,
        platform="plain",
        naming="",
        files=tuple(
            FileAudit(
                path=path,
                version="",
                reading=Reading.WHOLE,
                size=1234,
                statements=6,
                commands={"CREATE TABLE": 2, "A": 1, "B": 1, "C": 1, "D": 1},
                well_named=False,
                suggested="better.sql",
                way_back="script",
                findings=found,
            )
            for path, found in files
        ),
        beside=beside,
        suppressed=1,
        ignored={"CON123": 2},
    )


def _shown(audit: Audit) -> list[str]:
    return [
        "".join(part if isinstance(part, str) else part[0] for part in line)
        for line in report.lines(audit)
    ]


SMALL = _audit(
    ("a.sql", (_finding("a.sql", 2, "CON210", "drops public.t"),)),
    ("b.sql", ()),
    beside=(Finding(code="CON123", severity=Severity.INFO, message="2 of 2 have none"),),
)


HEADING = (
    "1,234 bytes, 2 CREATE TABLE + 1 A + 1 B + 1 C + 1 other kind, better: better.sql,"
    " a down script"
)


def test_a_terminal_shows_codes_then_files_then_the_summary() -> None:
    assert _shown(SMALL) == [
        "Findings",
        f"  CON210  warning      1 in 1 file      {findings.CODES['CON210']}",
        f"  CON123  info         1 in 1 file      {findings.CODES['CON123']}",
        "",
        "CON123  2 of 2 have none",
        f"a.sql  {HEADING}",
        "  CON210  2:3  drops public.t",
        f"b.sql  {HEADING}",
        "",
        (
            "Audit: 2 files, 12 statements; 0 errors, 1 warning, 1 note;"
            " 1 finding suppressed by comments; 2 findings ignored by the configuration."
        ),
    ]


@pytest.mark.parametrize(
    ("number", "code"), [(300, "CON210"), (70, "CON121"), (200, "CON121"), (90, "CON210")]
)
def test_a_long_list_is_cut_with_the_count_of_what_is_left_out(number: int, code: str) -> None:
    files = [(f"{n}.sql", (_finding(f"{n}.sql", 1, code),)) for n in range(number)]
    audit = _audit(*files, ("x.sql", (_finding("x.sql", 1, "CON120"),)))
    shown = _shown(audit)
    assert len(shown) <= report.MOST + 8
    (told,) = [line for line in shown if line.startswith("…")]
    left = re.search(r"and ([\d,]+) more", told)
    assert left
    below = shown[shown.index("") + 1 : shown.index(told)]
    assert int(left[1].replace(",", "")) + len(below) == 2 * (number + 1)
    assert "  CON120  1:3  m" in below  # what matters most is shown in any case


def test_the_json_has_everything_under_a_number() -> None:
    told = json.loads(report.as_json(SMALL))
    assert told["format"] == "consolidate/audit@1"
    assert told["summary"] == {
        "files": 2,
        "statements": 12,
        "errors": 0,
        "warnings": 1,
        "infos": 1,
    }
    assert told["files"][0] == {
        "path": "a.sql",
        "version": None,
        "read": "whole",
        "bytes": 1234,
        "statements": 6,
        "kinds": {"CREATE TABLE": 2, "A": 1, "B": 1, "C": 1, "D": 1},
        "well_named": False,
        "suggested_name": "better.sql",
        "way_back": "script",
        "findings": 1,
    }
    assert told["findings"][1] == {
        "code": "CON210",
        "severity": "warning",
        "title": findings.CODES["CON210"],
        "message": "drops public.t",
        "help": findings.MEANINGS["CON210"].remedy,
        "path": "a.sql",
        "line": 2,
        "column": 3,
    }


def test_the_page_is_markdown_that_fits_into_a_comment() -> None:
    page = report.as_markdown(SMALL)
    assert "| CON210 | warning | 1 | 1 |" in page
    assert "| CON210 | `a.sql:2` | drops public.t |" in page
    many = [(f"{n}.sql", (_finding(f"{n}.sql", 1, "CON210", "x" * 90),)) for n in range(2000)]
    long = report.as_markdown(_audit(*many))
    assert 50_000 < len(long.encode()) <= 60_000
    assert "more lines left out here" in long


def test_sarif_has_a_rule_for_each_code_and_a_place_for_each_result() -> None:
    told = json.loads(sarif.sarif(SMALL.findings, "db/migrations of ours"))
    (run,) = told["runs"]
    assert told["version"] == "2.1.0"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["CON123", "CON210"]
    first, second = run["results"]
    assert (first["ruleId"], first["ruleIndex"], first["level"]) == ("CON210", 1, "warning")
    assert first["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "db/migrations%20of%20ours/a.sql"},
                "region": {"startLine": 2, "startColumn": 3},
            }
        }
    ]
    assert (second["level"], second["message"]["text"]) == ("note", "2 of 2 have none")
    assert second["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].endswith("ours")


def test_sarif_keeps_the_gravest_where_there_are_too_many() -> None:
    many = [_finding("a.sql", n + 1, "CON121") for n in range(sarif.MOST)]
    told = json.loads(sarif.sarif([*many, _finding("a.sql", 1, "CON120")], "m"))
    results = told["runs"][0]["results"]
    assert len(results) == sarif.MOST
    assert results[0]["ruleId"] == "CON120"


def test_annotations_escape_what_would_end_them_and_name_the_files() -> None:
    odd = _finding("a,b:c.sql", 4, "CON220", "50 % of\n:: it")
    assert github([odd], "./db") == (
        "::warning title=CON220 IF NOT EXISTS does nothing%3A the object is there already,"
        "file=db/a%2Cb%3Ac.sql,line=4,col=3::50 %25 of%0A:: it\n"
    )


def test_annotations_steer_no_terminal_on_their_way() -> None:
    odd = _finding("a\x1b\u202e\udcff.sql", 4, "CON220", "\x07drops \x9b")
    assert github([odd], "./db\r") == (
        "::warning title=CON220 IF NOT EXISTS does nothing%3A the object is there already,"
        r"file=db\r/a\x1b\u202e\xff.sql,line=4,col=3::\x07drops \u009b"
        "\n"
    )


def test_annotations_are_as_many_as_github_shows() -> None:
    lines = github([_finding("a.sql", n, "CON121") for n in range(1, 13)], "m").splitlines()
    assert len(lines) == 11
    assert lines[-1] == "2 more notices; GitHub shows 10 of a kind"
