"""Every rollback of the committed sample leads back in every way, as a user sees it."""

from __future__ import annotations

import json
import subprocess
import sysconfig
from pathlib import Path

import pytest

from consolidate import additions, files, layout

pytestmark = pytest.mark.pg

ROOT = Path(__file__).parents[2]
PROGRAM = Path(sysconfig.get_path("scripts")) / "consolidate"


def test_the_committed_output_is_drilled_in_every_way() -> None:
    ran = subprocess.run(
        [PROGRAM, "drill", "--server", "embedded://18", "--format", "json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout, ran.stderr
    told = json.loads(ran.stdout)
    (drill,) = told["drills"]
    assert drill["differences"] == []
    assert (ran.returncode, told["proven"], drill["depth"]) == (0, True, "full")
    baseline = additions.part(files.read_tree(ROOT / "output")).baseline
    assert [file["path"] for file in drill["files"]] == list(layout.in_order(baseline))
    steps = {
        tuple(file[step] for step in ("up", "down", "again", "rows")) for file in drill["files"]
    }
    assert steps == {(True, True, True, True), (True, True, True, None)}
    untried = [file["path"] for file in drill["files"] if not file["refused"]]
    assert untried == [file["path"] for file in drill["files"] if file["rows"] is None]
    assert not [path for path in untried if path.startswith("seed/") or "_table" in path]
    assert drill["tables"]["empty"] == {}
    assert sum(file["refused"] for file in drill["files"]) > len(baseline) / 4
    assert "take back every file with rows in every table on embedded://18" in ran.stderr
