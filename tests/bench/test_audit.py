"""The benchmark of `audit` judges what it measured."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from bench import audit
from consolidate.request import Request

if TYPE_CHECKING:
    from pathlib import Path


def _measured(name: str, statements: int, parse: float, taken: float) -> audit.Measured:
    return audit.Measured(name=name, statements=statements, parse=parse, audit=taken, peak=100)


@pytest.mark.parametrize(
    ("taken", "told"),
    [
        (3.0, ("judged: 1000-files 3.0 x the parser ≤ 3", True)),
        (3.2, ("judged: 1000-files 3.2 x the parser > 3", False)),
    ],
)
def test_the_ratio_of_one_history_is_judged(taken: float, told: tuple[str, bool]) -> None:
    assert audit.judged([_measured(audit.JUDGED, 20_000, 1.0, taken)]) == (told,)
    assert audit.judged([_measured("250-files", 5_000, 1.0, taken)]) == ()


@pytest.mark.parametrize(
    ("taken", "told"),
    [
        (20.0, ("judged: b grows as n^1.00 ≤ 1.1", True)),
        (40.0, ("judged: b grows as n^1.43 > 1.1", False)),
    ],
)
def test_growth_is_judged_from_each_size_to_the_next(taken: float, told: tuple[str, bool]) -> None:
    runs = [_measured("a", 20_000, 1.0, 4.0), _measured("b", 100_000, 5.0, taken)]
    assert audit.judged(runs) == (told,)


def test_a_history_is_parsed_and_audited(tmp_path: Path) -> None:
    (tmp_path / "1.sql").write_text("CREATE TABLE t (a int); DROP TABLE t;", encoding="utf-8")
    found = audit.measure("one", Request(folder=tmp_path, no_config=True), rounds=1)
    assert found.statements == 2
    assert 0 < found.parse < found.audit
    assert found.peak > 0
    assert audit.line(found).split()[:2] == ["one", "2"]


def test_a_program_that_fails_is_not_measured(tmp_path: Path) -> None:
    (tmp_path / "1.sql").write_text("CREATE TABEL t (a int);", encoding="utf-8")
    with pytest.raises(subprocess.CalledProcessError):
        audit.measure("broken", Request(folder=tmp_path, no_config=True), rounds=1)
