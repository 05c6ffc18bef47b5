"""Findings as SARIF 2.1.0, which GitHub's code scanning and many editors read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from consolidate import __version__, findings
from consolidate.model import Severity
from consolidate.report import documents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consolidate.errors import ConsolidateError
    from consolidate.model import Finding

MOST = 5_000
"""Results that GitHub takes of one run; the graver ones come first."""

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(found: Sequence[Finding], folder: str) -> str:
    """One run with a result for each finding, and a rule for each code among them.

    Args:
        found: In any order.
        folder: Where the files stand, as seen from the root of the project.
    """
    told = sorted(found, key=lambda one: list(_LEVELS).index(one.severity))[:MOST]
    codes = sorted({one.code for one in told})
    results = [_result(one, codes.index(one.code), folder) for one in told]
    return _document([_rule(code) for code in codes], results)


def failure(error: ConsolidateError) -> str:
    """One run without a result, that failed: what went wrong are its notifications."""
    told = [f"{error.message}\n{error.hint}".strip(), *error.problems]
    run = {
        "executionSuccessful": False,
        "exitCode": error.exit_code,
        "toolExecutionNotifications": [
            {"level": "error", "message": {"text": text}} for text in told
        ],
    }
    return _document([], [], invocations=[run])


def _document(rules: list[Any], results: list[Any], **more: Any) -> str:  # noqa: ANN401 - JSON
    driver = {"name": "consolidate", "version": __version__, "rules": rules}
    run = {
        "tool": {"driver": driver},
        **more,
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return documents.text(document)


def _rule(code: str) -> dict[str, Any]:
    meaning = findings.MEANINGS[code]
    return {
        "id": code,
        "shortDescription": {"text": f"{meaning.title}."},
        "fullDescription": {"text": meaning.why},
        "help": {"text": meaning.remedy},
        "defaultConfiguration": {"level": _LEVELS[meaning.severity]},
    }


def _result(finding: Finding, rule: int, folder: str) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
    }
    path = f"{folder}/{finding.span.path}" if finding.span else folder
    region = (
        {"region": {"startLine": finding.span.line, "startColumn": finding.span.column}}
        if finding.span
        else {}
    )
    place = {"artifactLocation": {"uri": _uri(path.removeprefix("./"))}, **region}
    result["locations"] = [{"physicalLocation": place}]
    return result


def _uri(path: str) -> str:
    """The path's own bytes, whether they are UTF-8 or not."""
    return quote(path, errors="surrogateescape")
