"""Every code of the audit is found where it is, and not where it only seems to be."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ruamel.yaml import YAML

from consolidate import findings

if TYPE_CHECKING:
    from tests.audit.conftest import Audited

OURS = [code for code in findings.CODES if re.fullmatch(r"CON(12|21|22)\d", code)]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One entry of `cases.yaml`, which says what the fields are."""

    title: str
    code: str
    files: dict[str, str]
    found: list[str]
    runner: str = "plain"
    aside: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.code}: {self.title}"


def _cases() -> list[Case]:
    entries = YAML(typ="safe").load(Path(__file__).with_name("cases.yaml"))
    return [Case(title=entry.pop("is"), **entry) for entry in entries]


CASES = _cases()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_there_is_found_and_nothing_else(case: Case, audited: Audited) -> None:
    found = audited(case.files, runner=case.runner, aside=case.aside).findings
    told = [f"{f.span} {f.severity} {f.message}" for f in found if f.code == case.code]
    assert told == case.found


@pytest.mark.parametrize("code", [*OURS, findings.OPAQUE_STATEMENT])
def test_every_code_has_a_case_and_a_near_miss(code: str) -> None:
    found = [bool(case.found) for case in CASES if case.code == code]
    assert {True, False} <= set(found)
