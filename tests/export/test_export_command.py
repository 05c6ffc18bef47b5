"""`consolidate export` writes a folder of its own, and into no other."""

from __future__ import annotations

import json
import subprocess
import sysconfig
from pathlib import Path

import pytest

from consolidate import files, manifest
from consolidate.export import mark
from tests.export.outputs import FIRST, output

PROGRAM = Path(sysconfig.get_path("scripts")) / "consolidate"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    files.write_tree(tmp_path / "output", output())
    legacy = tmp_path / "legacy_migrations"
    legacy.mkdir()
    (legacy / "20240101_rooms.sql").write_text("SELECT 1;\n")
    return tmp_path


def _export(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, "export", *arguments], cwd=project, capture_output=True, text=True, check=False
    )


def test_it_writes_the_layout_and_says_what_is_left_to_do(project: Path) -> None:
    done = _export(project, "--runner", "supabase", "--to", "export")
    assert (done.returncode, done.stderr) == (0, "2 migrations in export\n")
    assert done.stdout.startswith("[db.seed]\nenabled = true\nsql_paths = [\n")
    written = files.read_tree(project / "export")
    assert written["supabase/migrations/20250101000000_rooms.sql"] == output()[FIRST]
    told = json.loads(written[mark.PATH])
    assert {file["path"]: file["sha256"] for file in told["files"]} == {
        path: manifest.digest(text) for path, text in written.items() if path != mark.PATH
    }


def test_it_replaces_what_it_wrote_before(project: Path) -> None:
    _export(project, "--runner", "supabase", "--to", "export")
    first = files.read_tree(project / "export")
    again = _export(project, "--runner", "supabase", "--to", "export")
    assert again.returncode == 0, again.stderr
    assert files.read_tree(project / "export") == first


def test_it_overwrites_nothing_of_others(project: Path) -> None:
    _export(project, "--runner", "supabase", "--to", "export")
    (project / "export/supabase/config.toml").write_text("mine")
    before = files.read_tree(project / "export")
    done = _export(project, "--runner", "supabase", "--to", "export")
    assert done.returncode == 3
    assert "supabase/config.toml" in done.stderr
    assert "--to" in done.stderr
    assert files.read_tree(project / "export") == before


@pytest.mark.parametrize(
    "to", ["legacy_migrations", "legacy_migrations/x", "output", "output/x", "."]
)
def test_it_keeps_off_the_legacy_folder_and_the_output(project: Path, to: str) -> None:
    before = files.read_tree(project)
    done = _export(project, "--runner", "supabase", "--to", to)
    assert done.returncode == 3
    assert "must not hold each other" in done.stderr
    assert files.read_tree(project) == before


def test_run_does_not_take_an_exported_folder_for_an_output(project: Path) -> None:
    _export(project, "--runner", "supabase", "--to", "export")
    done = _export(project, "--runner", "supabase", "--to", "other", "--output", "export")
    assert done.returncode == 3
    assert "no output of this program" in done.stderr


def test_an_unknown_runner_is_told_before_anything_is_read(tmp_path: Path) -> None:
    done = _export(tmp_path, "--runner", "fly", "--to", "export")
    assert (done.returncode, "there is one for supabase" in done.stderr) == (2, True)
