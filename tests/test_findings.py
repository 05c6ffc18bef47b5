"""What is said of every code, and that all of it is in the reference."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from consolidate import findings
from consolidate.findings import Meaning
from consolidate.model import Severity

PAGE = Path(__file__).parents[1] / "docs/reference/findings.md"


@pytest.mark.parametrize("code", sorted(findings.CODES))
def test_a_code_has_a_title_a_severity_a_text_and_a_row_in_the_reference(code: str) -> None:
    meaning = findings.MEANINGS[code]
    assert isinstance(meaning.severity, Severity)
    assert meaning.title == meaning.title.strip(" .")
    for text in (meaning.why, meaning.remedy):
        assert re.fullmatch(r"[A-Z`].{6,}[.]", text), text
    assert findings.explained(code).startswith(f"{code} ({meaning.severity}): {meaning.title}.\n\n")
    assert meaning.why in findings.explained(code)
    assert f"What to do: {meaning.remedy}" in findings.explained(code)
    page = PAGE.read_text(encoding="utf-8")
    assert f"| {code} | {meaning.severity} | {meaning.title}. | {meaning.remedy} |" in page
    assert f"### {code}\n\n{meaning.title}.\n\n{meaning.why}\n" in page


def test_the_codes_are_told_in_their_order_and_each_once() -> None:
    assert list(findings.CODES) == sorted(findings.CODES)


def test_a_code_that_there_is_not_is_not_explained() -> None:
    with pytest.raises(KeyError):
        findings.explained("CON999")


def test_a_meaning_is_told_in_full() -> None:
    told = Meaning("CON001", "A thing", Severity.INFO, "It matters.", "Nothing.").text
    assert told == "CON001 (info): A thing.\n\nIt matters.\n\nWhat to do: Nothing.\n"
