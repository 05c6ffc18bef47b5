"""Writes verdicts as JUnit XML, which CI systems show as tests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from consolidate.model import CheckStatus
from consolidate.phrases import counted, spelled
from consolidate.report.answer import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from consolidate.model import Check, Difference
    from consolidate.verdict import Verdict

ANSWER = "verdict"
"""The test case that says yes or no, since a check that is skipped is no failure to JUnit."""


def junit(verdicts: Sequence[Verdict]) -> str:
    """One suite per server, one case per check, and one more for the answer."""
    root = ET.Element("testsuites", name="consolidate")
    for verdict in verdicts:
        root.append(_suite(verdict))
    for count in ("tests", "failures", "skipped"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    root.set("errors", "0")
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(verdict: Verdict) -> ET.Element:
    name = _allowed(verdict.server)
    suite = ET.Element("testsuite", name=name)
    properties = ET.SubElement(suite, "properties")
    ET.SubElement(properties, "property", name="version", value=_allowed(verdict.version))
    for check in verdict.checks:
        _check(ET.SubElement(suite, "testcase", classname=name, name=_allowed(check.name)), check)
    _answer(ET.SubElement(suite, "testcase", classname=name, name=ANSWER), verdict)
    suite.set("tests", str(len(suite.findall("testcase"))))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
    suite.set("errors", "0")
    return suite


def _check(case: ET.Element, check: Check) -> None:
    match check.status:
        case CheckStatus.PASSED:
            ET.SubElement(case, "system-out").text = _allowed(check.reason)
        case CheckStatus.SKIPPED:
            ET.SubElement(case, "skipped", message=_allowed(check.reason))
        case CheckStatus.FAILED:
            _failure(case, check.reason, check.differences)


def _answer(case: ET.Element, verdict: Verdict) -> None:
    """Yes, or no with those differences that no check has told."""
    if verdict.equivalent:
        ET.SubElement(case, "system-out").text = _allowed(sentence(verdict))
        return
    told = {found for check in verdict.checks for found in check.differences}
    _failure(case, sentence(verdict), [d for d in verdict.differences if d not in told])


def _failure(case: ET.Element, message: str, differences: Iterable[Difference]) -> None:
    failure = ET.SubElement(case, "failure", type="difference", message=_allowed(message))
    lines = [str(found) for found in differences]
    failure.text = _allowed(
        "\n".join([counted(len(lines), "difference"), *lines]) if lines else message
    )


_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 can not hold, not even as a reference."""


def _allowed(text: str) -> str:
    """The text with what XML can not hold spelled as escapes."""
    return _FORBIDDEN.sub(lambda found: spelled(found[0]), text)
