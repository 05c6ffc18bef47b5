"""What is committed holds for every machine, not only for the one that it was written on."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import consolidate
from tests import needs

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

_NOT_COMMITTED = re.compile(r"\.git|\.venv|\.work|\.hypothesis|\..*_cache|__pycache__|.*\.unproven")

STRAY = re.compile(
    r"(?<![\w.])/(?:root|home|work|Users)/|/tmp/\w"
    r"|(?:pypi|npmjs|pythonhosted|debian)\.org|--(?:extra-)?index-url"
)


def _stray(text: str) -> list[str]:
    return [found[0] for found in STRAY.finditer(text)]


def _files(folder: Path = ROOT) -> Iterator[Path]:
    """What is or may be committed; a copy without `.git` has the same."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if _NOT_COMMITTED.fullmatch(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files(Path(entry.path))
        else:
            yield Path(entry.path)


def test_no_file_names_this_machine_or_a_registrys_host() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): stray
        for path in _files()
        if path != Path(__file__)
        and (stray := _stray(path.read_text(encoding="utf-8", errors="replace")))
    }
    assert found == {}


@pytest.mark.parametrize(
    "text", ["see /work/main/x", "'/root/.pyenv'", "/home/me/x", "https://pypi.org/simple"]
)
def test_a_stray_name_would_be_found(text: str) -> None:
    assert _stray(text) != []


def test_an_ordinary_path_is_no_stray_name() -> None:
    assert _stray("rollback/work/x, ./home/x, /var/tmp, https://www.gnu.org/licenses/") == []


def test_the_lock_pins_every_dependency_of_the_project() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    lines = [line for line in lock.splitlines() if line and not line.startswith("#")]
    assert [line for line in lines if not re.match(r"[a-z0-9.-]+==[\w.]+( ; .+)?$", line)] == []
    pinned = {line.partition("==")[0] for line in lines}
    groups = PROJECT["dependency-groups"]
    wanted = [*PROJECT["project"]["dependencies"], *groups["dev"], *groups["build"]]
    names = {re.split(r"[\[<>=]", name)[0].replace("_", "-").replace(".", "-") for name in wanted}
    assert names - pinned == set()


def test_the_version_is_one_everywhere() -> None:
    assert PROJECT["project"]["version"] == consolidate.__version__


def test_every_make_target_is_listed_by_help() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    assert set(re.findall(r"^([a-z.]+):.*## \S", makefile, re.MULTILINE)) == set(phony[1].split())


def test_continuous_integration_fails_a_marked_test_where_it_would_be_skipped() -> None:
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    demanded = re.findall(r"^export (CONSOLIDATE_\w+)=\$\{\1:-1\}$", script, re.MULTILINE)
    assert demanded == [variable for _, variable in needs.NEEDS.values()]
