"""Comments that go with their statements are told, and no secret with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from consolidate import pipeline, remarks
from consolidate.remarks import Remark
from consolidate.request import Request

if TYPE_CHECKING:
    from pathlib import Path

HISTORY = {
    "1.sql": """
-- stays with its table
CREATE TABLE rooms (id int, -- never reused
    name text);
-- a first try
CREATE TABLE halls (id int);
/* two
   lines */
INSERT INTO halls VALUES (1);
""",
    "2.sql": """
-- AlterTable
-- nobody used them
DROP TABLE halls;
-- the old password was 'hunter2-hunter2'; token ghp_0123456789012345678901234567890123456789
DELETE FROM rooms;
-- the end of the file
""",
}


@pytest.mark.pg
def test_what_the_output_does_not_say_is_told_with_its_place(tmp_path: Path) -> None:
    for name, sql in HISTORY.items():
        (tmp_path / name).write_text(sql, encoding="utf-8")
    prepared = pipeline.prepare(Request(folder=tmp_path, no_config=True))
    job = pipeline.screened(prepared, lambda _: None)
    truth, plan = pipeline.plan_only(job, lambda _: None)

    assert remarks.unsaid(plan, truth) == (
        Remark(place="1.sql:6", lines=("-- a first try",)),
        Remark(place="1.sql:9", lines=("/* two", "lines */")),
        Remark(place="2.sql:4", lines=("-- nobody used them",)),
        Remark(place="2.sql:6", lines=("-- the end of the file",)),
    )
