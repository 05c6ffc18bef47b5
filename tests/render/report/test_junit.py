from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consolidate.model import CheckStatus, Difference, DifferenceKind, ObjectId
from consolidate.report.junit import junit
from tests.render.report.conftest import CHECKS, ON_16, ON_18, failing


def difference(name: str) -> Difference:
    return Difference(
        kind=DifferenceKind.EXTRA,
        object=ObjectId("table", name),
        attribute="",
        left=None,
        right=None,
    )


def read(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - we wrote it


def counts(element: ET.Element) -> dict[str, int]:
    return {name: int(element.attrib[name]) for name in ("tests", "failures", "skipped", "errors")}


def test_every_server_is_a_suite_and_every_check_a_case() -> None:
    root = read(junit([ON_18, ON_16]))
    assert [suite.get("name") for suite in root] == ["embedded://18", "docker://postgres:16"]
    for suite in root:
        names = [case.get("name") for case in suite.iter("testcase")]
        assert names == [*(check.name for check in CHECKS), "verdict"]
        assert {case.get("classname") for case in suite.iter("testcase")} == {suite.get("name")}
    assert counts(root) == {"tests": 16, "failures": 0, "skipped": 0, "errors": 0}
    assert root[0].findtext("testcase/system-out") == "12 facts compared"


def test_failures_and_skips_are_counted_with_their_reasons() -> None:
    bad = failing(failing(ON_16, "facts"), "dump", CheckStatus.SKIPPED)
    root = read(junit([ON_18, bad]))
    assert counts(root[1]) == {"tests": 8, "failures": 2, "skipped": 1, "errors": 0}
    assert counts(root) == {"tests": 16, "failures": 2, "skipped": 1, "errors": 0}
    facts, _, dump = root[1].findall("testcase")[:3]
    failure, skipped = facts.find("failure"), dump.find("skipped")
    assert failure is not None
    assert skipped is not None
    assert failure.get("message") == "facts is not well"
    assert skipped.get("message") == "dump is not well"


def test_a_failure_holds_the_differences_of_its_check_and_the_answer_the_others() -> None:
    own, other = difference("public.a"), difference("public.b")
    bad = failing(ON_18, "facts")
    checks = tuple(replace(c, differences=(own,)) if c.name == "facts" else c for c in bad.checks)
    (suite,) = read(junit([replace(bad, checks=checks, differences=(own, other))]))
    facts, answer = (
        suite.findtext("testcase[@name='facts']/failure"),
        suite.find("testcase[@name='verdict']/failure"),
    )
    assert facts == "1 difference\nextra    table public.a"
    assert answer is not None
    assert answer.text == "1 difference\nextra    table public.b"
    assert str(answer.get("message")).startswith("NOT proven: ")


@pytest.mark.parametrize("waived", [True, False])
def test_a_skipped_check_fails_the_answer_unless_it_is_waived(*, waived: bool) -> None:
    skipped = failing(ON_18, "reproducible", CheckStatus.SKIPPED)
    verdict = replace(skipped, waivers=("reproducible",) if waived else ())
    (suite,) = read(junit([verdict]))
    assert counts(suite)["failures"] == (0 if waived else 1)
    assert counts(suite)["skipped"] == 1


@given(st.text(alphabet=st.characters(), max_size=60))
def test_whatever_a_difference_holds_it_is_xml(name: str) -> None:
    bad = failing(ON_18, "facts")
    checks = tuple(replace(check, reason=name or "-") for check in bad.checks)
    text = junit([replace(bad, checks=checks, differences=(difference(name),))])
    (suite,) = read(text)
    assert counts(suite)["failures"] == 2
    assert text.encode()


def test_control_characters_are_spelled() -> None:
    bad = failing(ON_18, "facts")
    text = junit([replace(bad, differences=(difference("a\x00\x1b[31m\ud800\uffff<&>"),))])
    found = read(text).findtext(".//testcase[@name='verdict']/failure")
    assert found == "1 difference\nextra    table a\\x00\\x1b[31m\\ud800\\uffff<&>"
