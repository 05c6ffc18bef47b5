"""`consolidate cutover` prints the transaction, says what is doubtful, and writes nothing."""

from __future__ import annotations

import subprocess
import sysconfig
from pathlib import Path

import pytest

from consolidate import cutover, files
from consolidate.errors import UsageProblem
from tests.export.outputs import output

PROGRAM = Path(sysconfig.get_path("scripts")) / "consolidate"
GOLDEN = Path(__file__).parent


@pytest.fixture
def project(tmp_path: Path) -> Path:
    files.write_tree(tmp_path / "output", output())
    return tmp_path


def _cutover(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, "cutover", *arguments], cwd=project, capture_output=True, text=True, check=False
    )


def test_it_prints_the_transaction_and_writes_nothing(project: Path) -> None:
    before = files.read_tree(project)
    done = _cutover(project)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (GOLDEN / "cutover.sql").read_text()
    assert files.read_tree(project) == before


def test_it_prints_the_way_back(project: Path) -> None:
    done = _cutover(project, "--undo")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (GOLDEN / "undo.sql").read_text()


def test_what_the_database_holds_can_be_named(project: Path) -> None:
    (project / "applied.txt").write_text("20240102\n")
    done = _cutover(project, "--applied", "applied.txt")
    assert done.returncode == 0, done.stderr
    assert done.stdout == cutover.cutover("supabase", output(), "20240102").sql()
    assert "20240101'" not in done.stdout


def test_a_file_that_is_not_there_is_told(project: Path) -> None:
    done = _cutover(project, "--applied", "gone.txt")
    assert (done.returncode, done.stdout) == (3, "")
    assert "gone.txt can not be read" in done.stderr


def test_doubts_are_told_on_stderr_alone(tmp_path: Path) -> None:
    legacy = ("20240101_a.sql", "20240101_b.sql")
    files.write_tree(tmp_path / "output", output(legacy=legacy))
    done = _cutover(tmp_path)
    assert done.returncode == 0
    assert "warning: version 20240101 is that of 20240101_a.sql and 20240101_b.sql" in done.stderr
    assert done.stdout == cutover.cutover("supabase", output(legacy=legacy)).sql()


def test_an_unknown_runner_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(UsageProblem) as caught:
        cutover.cutover("fly", output())
    assert caught.value.hint == "there is one for supabase"
