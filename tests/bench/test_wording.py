"""The benchmark of wording counts what it says it counts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from bench import wording
from consolidate import pipeline
from consolidate.request import Request
from consolidate.wording.units import Rung

if TYPE_CHECKING:
    from pathlib import Path

HISTORY = """
-- rooms of the building
CREATE TABLE rooms (id int PRIMARY KEY, name text);
CREATE INDEX rooms_name ON rooms (name);
CREATE TABLE floors (id serial, plan text);
CREATE TYPE slot AS (label text);
ALTER TABLE rooms ADD COLUMN floor int;
ALTER INDEX rooms_name RENAME TO rooms_by_name;
ALTER TYPE slot ADD ATTRIBUTE room int;
DO $$ BEGIN CREATE TABLE made (id int); END $$;
"""


def _worded(**numbers: int) -> wording.Worded:
    rungs = {"never altered": Counter({Rung.VERBATIM: 95, Rung.SERVER: 5})}
    rungs["altered tables"] = Counter({Rung.FOLDED: 8, Rung.SERVER: 2})
    given = {"statements": 72, "dumped": 100, "constraints": 0, "reasons": 0, "comments": 10}
    lost = ("-- gone",) * numbers.pop("lost", 1)
    return wording.Worded(name="one", rungs=rungs, lost=lost, **(given | numbers))


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ({}, ()),
        ({"statements": 73}, ("statements 0.73 > 0.72",)),
        ({"lost": 2}, ("comments 80.0% < 90%",)),
    ],
)
def test_goals_are_judged(numbers: dict[str, int], told: tuple[str, ...]) -> None:
    assert _worded(**numbers).failures == told


def test_shares_are_judged() -> None:
    one = _worded()
    one.rungs["never altered"][Rung.SERVER] += 1  # type: ignore[index]
    one.rungs["altered tables"][Rung.SERVER] += 1  # type: ignore[index]
    assert one.failures == ("verbatim 94.1% < 95%", "authors' 72.7% < 80%")


@pytest.mark.pg
def test_what_was_altered_is_told_from_what_was_not(tmp_path: Path) -> None:
    legacy = tmp_path
    (legacy / "1.sql").write_text(HISTORY, encoding="utf-8")
    job = pipeline.screened(
        pipeline.prepare(Request(folder=legacy, no_config=True)), lambda _: None
    )
    one = wording.measure("one", *pipeline.plan_only(job, lambda _: None))
    assert {what: sum(found.values()) for what, found in one.rungs.items()} == {
        "never altered": 1,
        "altered tables": 1,
        "altered otherwise": 2,
        "made by code": 1,
    }
    assert one.rungs["never altered"] == {Rung.VERBATIM: 1}
    assert (one.comments, one.lost) == (1, ())
