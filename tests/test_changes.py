"""What became of files since their hashes were taken down."""

from __future__ import annotations

import pytest

from consolidate.changes import changes


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ({"a": "1", "b": "2", "c": "2"}, []),
        ({"a": "3", "b": "2", "c": "2"}, ["files changed since: a"]),
        ({"a": "1", "b": "2", "c": "2", "d": "1"}, ["files new since: d"]),
        ({"b": "2", "c": "2"}, ["files gone since: a"]),
        ({"z": "1", "b": "2", "c": "2"}, ["files renamed since: a → z"]),
        ({"a": "1", "d": "2", "e": "2"}, ["files renamed since: b → d, c → e"]),
        ({"a": "1", "d": "2"}, ["files gone since: c", "files renamed since: b → d"]),
        (
            {"b": "2", "c": "1", "y": "9", "z": "1"},
            ["files changed since: c", "files new since: y", "files renamed since: a → z"],
        ),
    ],
)
def test_each_kind_of_change_is_told_with_its_files(now: dict[str, str], told: list[str]) -> None:
    then = {"a": "1", "b": "2", "c": "2"}
    assert [*changes(then, now).told("files")] == told
