"""One file is there as a whole, or as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from consolidate import atomic
from consolidate.errors import EnvironmentProblem


def test_a_file_is_replaced_with_its_permissions_and_through_links(tmp_path: Path) -> None:
    there, link = tmp_path / "a.yaml", tmp_path / "link.yaml"
    there.write_text("old")
    there.chmod(0o640)
    link.symlink_to(there)
    atomic.write(link, "one\r\ntwo\n")
    assert there.read_bytes() == b"one\r\ntwo\n"
    assert there.stat().st_mode & 0o777 == 0o640
    assert link.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.yaml", "link.yaml"]


def test_a_new_file_has_the_permissions_of_any_other(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.touch()
    atomic.write(tmp_path / "a", "x")
    assert (tmp_path / "a").stat().st_mode == other.stat().st_mode


def test_what_fails_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "a"
    there.write_text("old")

    def fails(self: Path, target: Path) -> Path:
        raise OSError(28, f"no room for {self} as {target}")

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(EnvironmentProblem, match="can not be written: no room"):
        atomic.write(there, "new")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert there.read_text() == "old"
