"""`consolidate verify` on the committed sample, as somebody's pipeline runs it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sysconfig
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from consolidate import files
from tests.verify.changes import CHANGES, changed

pytestmark = pytest.mark.pg

ROOT = Path(__file__).parents[2]
PROGRAM = Path(sysconfig.get_path("scripts")) / "consolidate"
NAMES = {
    "a policy's expression",
    "which parents two rows point at by uuids that no two runs share",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the sample's history, of its configuration and of its output."""
    shutil.copy(ROOT / "mappings.yaml", tmp_path)
    for folder in ("legacy_migrations", "output"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def _verify(project: Path) -> tuple[int, dict[str, Any], str]:
    """Exit code, the answer, and what was told."""
    arguments = ["verify", "--server", "embedded://18", "--format", "json"]
    ran = subprocess.run(
        [PROGRAM, *arguments], cwd=project, capture_output=True, text=True, check=False
    )
    assert ran.stdout, ran.stderr
    return ran.returncode, json.loads(ran.stdout), ran.stderr


def _failed(answer: dict[str, Any]) -> dict[str, str]:
    return {
        check["name"]: check["reason"] for check in answer["checks"] if check["status"] != "passed"
    }


def test_untouched_files_are_proven_again_and_stay_untouched(project: Path) -> None:
    before = files.read_tree(project)
    code, answer, told = _verify(project)
    assert (code, answer["equivalent"], answer["differences"]) == (0, True, [])
    assert [check["name"] for check in answer["checks"]] == [
        "facts",
        "projection",
        "dump",
        "rows",
        "rollback",
        "reproducible",
        "manifest",
        "new",
    ]
    assert "replay the legacy history on embedded://18" in told
    assert files.read_tree(project) == before


def test_changed_files_are_told_with_their_objects_though_the_manifest_fits(project: Path) -> None:
    before = files.read_tree(project / "output")
    changes = [change for change in CHANGES if change.name in NAMES]
    readme = replace(changes[0], file="seed/README.md", old="Loading them", new="Loading it")
    tree = changed(before, [*changes, readme])
    files.write_tree(project / "output", tree)
    code, answer, _ = _verify(project)
    assert (code, answer["equivalent"], answer["level"]) == (1, False, "different")
    assert {change.object for change in changes} <= {d["object"] for d in answer["differences"]}
    failed = _failed(answer)
    assert {"facts", "projection", "dump", "rows", "reproducible"} <= failed.keys()
    assert "manifest" not in failed
    edited = {path for path, text in tree.items() if text != before[path]}
    assert len(edited) == len(changes) + 2
    assert all(path in failed["reproducible"] for path in edited)


def test_a_legacy_file_that_changed_since_makes_the_output_stale(project: Path) -> None:
    legacy = project / "legacy_migrations" / "20250713_keys_table.sql"
    with legacy.open("a", encoding="utf-8") as file:
        file.write("-- remember the locksmith\n")
    code, answer, _ = _verify(project)
    assert (code, answer["equivalent"], answer["differences"]) == (1, False, [])
    assert "20250713_keys_table.sql" in _failed(answer)["manifest"]
