"""The table of any number of histories."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench import corpora

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.pg
def test_every_folder_gets_a_line_and_one_bad_case_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in (("good one", "CREATE TABLE t (a int);"), ("bad", "SELEC 1;")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1_a.up.sql").write_text(text)
    folders = [str(tmp_path / "good one"), str(tmp_path / "bad")]
    assert corpora.main([*folders, "--server", "embedded://18"]) == 1
    head, good, bad = capsys.readouterr().out.splitlines()
    assert head.split() == list(corpora._HEAD)  # noqa: SLF001 - the columns
    assert good.split()[:10] == [
        *("good", "one", "golang-migrate", "1", "→", "1", "1", "→", "1", "proven"),
    ]
    assert "identical" in good
    assert bad.split()[:2] == ["bad", "input"]
    assert bad.endswith('1_a.up.sql:1:1: syntax error at or near "SELEC"')
    assert corpora.main([folders[0], "--server", "embedded://18"]) == 0


def test_what_was_refused_is_told_in_a_few_words() -> None:
    check = {"name": "rows", "status": "failed", "reason": "no"}
    aside = {"path": "a", "reason": "why"}
    assert corpora.refused({"quarantine": [aside], "checks": [check]}) == "1 set aside: why"
    assert corpora.refused({"checks": [check, {**check, "status": "passed"}]}) == "rows: no"
    assert corpora.refused({"differences": [{"object": "table t"}]}) == "1 differences: table t"
    assert corpora.refused({"message": "m", "problems": []}) == "m"
    assert corpora.refused({"checks": []}) == ""
