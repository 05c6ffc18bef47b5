"""What is told of a plan does not depend on the order in which Python keeps its sets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from consolidate import findings

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.pg

HISTORY = """
CREATE TABLE rooms (id integer, kind integer, warden integer);
CREATE UNIQUE INDEX rooms_kind ON rooms (id, kind);
CREATE TABLE wardens (id integer PRIMARY KEY, room integer, kind integer,
    FOREIGN KEY (room, kind) REFERENCES rooms (id, kind));
ALTER TABLE rooms ADD FOREIGN KEY (warden) REFERENCES wardens (id);
ALTER TABLE rooms ADD COLUMN note text;
ALTER TABLE wardens ADD COLUMN note text;
"""


def test_a_plan_reads_the_same_whatever_the_seed_of_hashes(tmp_path: Path) -> None:
    (tmp_path / "legacy").mkdir()
    (tmp_path / "legacy" / "1.sql").write_text(HISTORY, encoding="utf-8")
    command = ("plan", "legacy", "--server", "embedded://18", "--format", "json", "--quiet")

    told = [
        subprocess.run(
            [sys.executable, "-m", "consolidate", *command],
            cwd=tmp_path,
            env={**os.environ, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            check=True,
        ).stdout.decode()
        for seed in ("0", "1", "2", "3")
    ]

    split = (f for f in json.loads(told[0])["findings"] if f["code"] == findings.KEY_SPLIT)
    why = "it needs table public.wardens, which needs table public.rooms"
    assert next(split)["message"].endswith(why)
    assert len(set(told)) == 1
