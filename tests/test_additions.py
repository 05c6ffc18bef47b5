"""Which files of an output belong to its team, and which to nobody."""

from __future__ import annotations

import json

import pytest

from consolidate import additions, manifest
from consolidate.errors import InputProblem

BASE = "migrations/01_core_tables/20250101_000000_rooms.sql"
LAST = "migrations/03_enhancements/20250110_000000_views.sql"
HELPERS = "migrations/03_enhancements/20250110_000001_helpers.sql"
LATER = "migrations/03_enhancements/20260101_120000_add_keys.sql"
LATER_ROLLBACK = "rollback/03_enhancements/20260101_120000_add_keys_rollback.sql"


def told(*paths: str, new: tuple[str, ...] = ()) -> str:
    outputs = [
        {"path": path, "sha256": "", "new": path in new, "sources": []} for path in (*paths, *new)
    ]
    return json.dumps(
        {
            "format": manifest.FORMAT,
            "platform": "plain",
            "rendered_on": {"server": "embedded://18", "major": 18},
            "inputs": [],
            "outputs": outputs,
            "objects": [],
            "files_without_trace": [],
            "quarantine": [],
        }
    )


def team(*paths: str) -> list[str]:
    return sorted(additions.of_the_team({BASE, LAST, *paths}, manifest.parse(told(BASE, LAST))))


def test_what_applies_after_the_baseline_is_the_teams_with_its_rollback() -> None:
    assert team(LATER, LATER_ROLLBACK) == [LATER, LATER_ROLLBACK]
    assert team(LATER) == [LATER]


@pytest.mark.parametrize(
    "path",
    [
        "migrations/01_core_tables/20260101_120000_add_keys.sql",  # before the last phase
        "migrations/03_enhancements/20250109_000000_add_keys.sql",  # an earlier version
        "migrations/03_enhancements/notes.txt",
        "migrations/03_enhancements/more/20260101_120000_add_keys.sql",
        "migrations/zzz.sql",
        LATER_ROLLBACK,  # of a migration that is not there
        "seed/09_more.sql",
    ],
)
def test_whatever_else_is_unknown_is_nobodys(path: str) -> None:
    assert team(path) == []


def test_the_baseline_is_what_is_neither_marked_nor_added() -> None:
    tree = {
        manifest.PATH: told(BASE, LAST, new=(HELPERS,)),
        **dict.fromkeys((BASE, LAST, HELPERS, LATER, LATER_ROLLBACK, "seed/01_rooms.sql"), ""),
    }
    parted = additions.part(tree)
    assert sorted(parted.baseline) == sorted([manifest.PATH, BASE, LAST, "seed/01_rooms.sql"])
    assert parted.new == (HELPERS, LATER)


def test_an_output_without_anything_new_is_all_baseline() -> None:
    tree = {manifest.PATH: told(BASE, LAST), BASE: "", LAST: ""}
    assert additions.part(tree) == additions.Parted(baseline=tree, new=(), tail=frozenset())


def test_the_tail_is_neither_baseline_nor_new() -> None:
    tree = {manifest.PATH: told(BASE, "tail/2026_x.sql"), BASE: "", "tail/2026_x.sql": ""}
    parted = additions.part(tree)
    assert (sorted(parted.baseline), parted.new) == ([manifest.PATH, BASE], ())
    assert parted.tail == {"tail/2026_x.sql"}


def test_additions_must_still_apply_after_another_baseline() -> None:
    additions.require_after([BASE, LAST], [LATER, LATER_ROLLBACK])
    with pytest.raises(InputProblem) as caught:
        additions.require_after([BASE, HELPERS, LATER], [HELPERS, LATER])
    assert caught.value.problems == (
        f"{HELPERS}: the consolidated history has a file of that name",
        f"{LATER}: the consolidated history has a file of that name",
    )
    later = LATER.replace("2026", "2027")
    with pytest.raises(InputProblem) as caught:
        additions.require_after([BASE, later], [LATER, LATER_ROLLBACK])
    assert caught.value.problems == (f"{LATER}: it would apply before {later}",)
