from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from consolidate import files, manifest
from consolidate.errors import EnvironmentProblem, InputProblem

if TYPE_CHECKING:
    from collections.abc import Mapping


def ours(texts: Mapping[str, str]) -> dict[str, str]:
    """A tree with a manifest that lists it."""
    listed = manifest.Manifest(
        platform="plain",
        server="embedded://18",
        major=18,
        inputs=(),
        outputs=tuple(
            manifest.Output(path=path, sha256=manifest.digest(text), new=False, sources=())
            for path, text in sorted(texts.items())
        ),
        objects=(),
        data=(),
        files_without_trace=(),
        quarantine=(),
    )
    return {**texts, "manifest.json": listed.text()}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


OLD = ours({"migrations/a.sql": "old\n", "migrations/sub/b.sql": "b\n"})
NEW = ours({"migrations/a.sql": "new\r\n", "rollback/c.sql": "é"})


def test_what_is_written_is_read_back_with_every_byte(tmp_path: Path) -> None:
    tree = {"a.sql": "x\r\ny\n\rz", "ä/b.sql": "\ufeffé\n", "empty": ""}
    files.write_tree(tmp_path / "out", tree)
    assert files.read_tree(tmp_path / "out") == tree
    assert (tmp_path / "out" / "a.sql").read_bytes() == b"x\r\ny\n\rz"


def test_a_tree_replaces_the_one_before_it(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    files.write_tree(out, OLD)
    files.write_tree(out, NEW)
    assert files.read_tree(out) == NEW
    assert names(out.parent) == ["out"]
    assert not (out / "migrations" / "sub").exists()


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    files.write_tree(tmp_path / "out", {})
    files.write_tree(tmp_path / "out", {"a": "b"})
    assert files.read_tree(tmp_path / "out") == {"a": "b"}


def test_the_new_folder_has_the_usual_permissions(tmp_path: Path) -> None:
    (tmp_path / "usual").mkdir()
    files.write_tree(tmp_path / "out", OLD)
    assert mode(tmp_path / "out") == mode(tmp_path / "usual")
    (tmp_path / "out").chmod(0o700)
    files.write_tree(tmp_path / "out", NEW)
    assert mode(tmp_path / "out") == 0o700


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_link_to_the_folder_stays_a_link(tmp_path: Path) -> None:
    files.write_tree(tmp_path / "real", OLD)
    (tmp_path / "out").symlink_to("real")
    files.write_tree(tmp_path / "out", NEW)
    assert (tmp_path / "out").is_symlink()
    assert files.read_tree(tmp_path / "real") == NEW


# -- what is not ours -------------------------------------------------------------------------


@pytest.mark.parametrize("text", [None, "{}", "no json", '{"format": "consolidate/manifest@9"}'])
def test_a_folder_without_our_manifest_is_left_alone(tmp_path: Path, text: str | None) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    if text is not None:
        (tmp_path / "manifest.json").write_text(text)
    before = files.read_tree(tmp_path)
    with pytest.raises(InputProblem, match="was not written by consolidate") as caught:
        files.write_tree(tmp_path, NEW)
    assert str(tmp_path / "notes.txt") in caught.value.problems
    assert caught.value.exit_code == 3
    assert files.read_tree(tmp_path) == before


def test_files_that_the_manifest_does_not_list_are_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    files.write_tree(out, OLD)
    (out / "migrations" / "mine.sql").write_text("mine")
    (out / "link").symlink_to(tmp_path)
    with pytest.raises(InputProblem, match="holds files of others") as caught:
        files.write_tree(out, NEW)
    assert caught.value.problems == (str(out / "link"), str(out / "migrations" / "mine.sql"))
    assert (out / "migrations" / "mine.sql").read_text() == "mine"
    assert (out / "migrations" / "a.sql").read_text() == "old\n"


def test_reports_at_the_top_are_carried_over(tmp_path: Path) -> None:
    out = tmp_path / "out"
    files.write_tree(out, OLD)
    (out / "REPORT.md").write_text("report")
    (out / "report.html").write_text("page")
    files.write_tree(out, {**NEW, "report.html": "new page"})
    assert files.read_tree(out) == {**NEW, "REPORT.md": "report", "report.html": "new page"}


def test_a_report_further_down_is_foreign(tmp_path: Path) -> None:
    out = tmp_path / "out"
    files.write_tree(out, OLD)
    (out / "migrations" / "REPORT.md").write_text("mine")
    with pytest.raises(InputProblem):
        files.write_tree(out, NEW)


@pytest.mark.parametrize("out", ["legacy", "legacy/out", ".", "other/../legacy", "link/out"])
def test_the_legacy_folder_is_never_written_to(tmp_path: Path, out: str) -> None:
    legacy = tmp_path / "legacy"
    legacy.mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "link").symlink_to("legacy")
    with pytest.raises(InputProblem, match="legacy folder"):
        files.write_tree(tmp_path / out, NEW, legacy=legacy)
    assert names(legacy) == []


def test_a_neighbour_of_the_legacy_folder_may_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "legacy").mkdir()
    files.write_tree(tmp_path / "legacy2", NEW, legacy=tmp_path / "legacy")
    assert files.read_tree(tmp_path / "legacy2") == NEW


@pytest.mark.parametrize("path", ["../a", "a/../../b", "/a", "", "a\\b", "a\0"])
def test_a_path_can_not_leave_the_folder(tmp_path: Path, path: str) -> None:
    with pytest.raises(InputProblem, match="no path inside"):
        files.write_tree(tmp_path / "out", {path: "x"})
    assert names(tmp_path) == []


# -- what can go wrong ------------------------------------------------------------------------


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError, OSError])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_failure_leaves_the_old_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException], at: int
) -> None:
    """The files' contents, the old folder's rename and the new one's fail in turn."""
    out = tmp_path / "out"
    files.write_tree(out, OLD)
    with monkeypatch.context() as patch:
        patch.setattr(*_failing(error, at))
        with pytest.raises((error, EnvironmentProblem)):
            files.write_tree(out, NEW)
    assert files.read_tree(out) == OLD
    assert names(tmp_path) == ["out"]


def _failing(error: type[BaseException], at: int) -> tuple[object, str, object]:
    if at == 1:

        def fsync(_descriptor: int) -> None:
            raise error

        return os, "fsync", fsync
    original = Path.rename
    calls = []

    def rename(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == at - 1:
            raise error
        return original(self, target)

    return Path, "rename", rename


def test_a_place_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentProblem, match="can not be written") as caught:
        files.write_tree(tmp_path / "file" / "out", NEW)
    assert caught.value.exit_code == 4


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(InputProblem, match="is a file"):
        files.write_tree(tmp_path / "out", NEW)


def test_reading_names_every_file_that_is_not_utf_8(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"x\xff")
    with pytest.raises(InputProblem) as caught:
        files.read_tree(tmp_path)
    assert caught.value.problems == ("a: byte 1 is not UTF-8", "b: byte 1 is not UTF-8")


def test_reading_needs_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match="there is no folder"):
        files.read_tree(tmp_path / "none")


# -- differences ------------------------------------------------------------------------------


def test_a_folder_that_holds_the_tree_differs_in_nothing(tmp_path: Path) -> None:
    files.write_tree(tmp_path / "out", NEW)
    (tmp_path / "out" / "REPORT.md").write_text("a report is no difference")
    assert files.differences(NEW, tmp_path / "out") == ()


def test_missing_changed_and_extra_files_are_told_by_path(tmp_path: Path) -> None:
    out = tmp_path / "out"
    files.write_tree(out, NEW)
    (out / "migrations" / "a.sql").write_bytes(b"new\n")
    (out / "rollback" / "c.sql").unlink()
    (out / "rollback" / "b.sql").write_bytes(b"\xff")
    assert files.differences(NEW, out) == (
        "changed migrations/a.sql",
        "extra rollback/b.sql",
        "missing rollback/c.sql",
    )


def test_without_a_folder_every_file_is_missing(tmp_path: Path) -> None:
    assert files.differences({"a": "", "b": ""}, tmp_path / "out") == ("missing a", "missing b")


def test_files_are_added_all_or_none(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two.sql").write_text("theirs")
    with pytest.raises(InputProblem, match=r"b/two\.sql is there already"):
        files.add(tmp_path, {"a/one.sql": "", "b/two.sql": "ours"})
    assert [path.name for path in sorted(tmp_path.rglob("*"))] == ["b", "two.sql"]
    assert (tmp_path / "b" / "two.sql").read_text() == "theirs"

    files.add(tmp_path, {"a/one.sql": "1", "b/three.sql": "3"})
    assert (tmp_path / "a" / "one.sql").read_text() == "1"
