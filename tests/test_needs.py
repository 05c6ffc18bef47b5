"""A test whose servers are missing is skipped with the reason, or fails where that is asked for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOWHERE = {"DOCKER_HOST": "tcp://127.0.0.1:1"}
NO_LOCAL = "import tests.needs, pathlib; tests.needs.LOCAL = pathlib.Path('/nowhere')\n"


def outcome(folder: Path, marker: str, variables: dict[str, str], before: str = "") -> str:
    """What pytest says of one marked test, in an environment with these variables."""
    test = f"import pytest\n{before}\n@pytest.mark.{marker}\ndef test_it() -> None:\n    pass\n"
    (folder / "test_it.py").write_text(test)
    kept = {name: value for name, value in os.environ.items() if "CONSOLIDATE" not in name}
    options: list[str | Path] = [
        "-c",
        ROOT / "pyproject.toml",
        "--rootdir",
        folder,
        "-p",
        "tests.needs",
    ]
    answer = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options, folder],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env=kept | {"PYTHONPATH": str(ROOT)} | variables,
    )
    return f"exit {answer.returncode}\n{answer.stdout}{answer.stderr}"


def test_without_docker_a_container_test_is_skipped_with_the_reason(tmp_path: Path) -> None:
    said = outcome(tmp_path, "docker", NOWHERE)
    assert said.startswith("exit 0\n")
    assert "1 skipped" in said
    assert "images: Docker does not answer" in said


def test_without_docker_a_container_test_fails_where_docker_is_required(tmp_path: Path) -> None:
    said = outcome(tmp_path, "docker", NOWHERE | {"CONSOLIDATE_REQUIRE_DOCKER": "1"})
    assert said.startswith("exit 1\n")
    assert "images: Docker does not answer" in said
    assert "CONSOLIDATE_REQUIRE_DOCKER is set" in said


def test_without_the_program_docker_a_container_test_fails_likewise(tmp_path: Path) -> None:
    for name in ("cat", "cut", "dirname", "sha256sum"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    variables = {"PATH": str(tmp_path), "CONSOLIDATE_REQUIRE_DOCKER": "1"}
    said = outcome(tmp_path, "docker", variables)
    assert said.startswith("exit 1\n")
    assert "docker is missing" in said


def test_without_postgresql_15_a_local_test_is_skipped_with_the_reason(tmp_path: Path) -> None:
    said = outcome(tmp_path, "local", {}, NO_LOCAL)
    assert said.startswith("exit 0\n")
    assert "PostgreSQL 15 is not installed: there is no /nowhere/bin/postgres" in said


def test_without_postgresql_15_a_local_test_fails_where_it_is_required(tmp_path: Path) -> None:
    said = outcome(tmp_path, "local", {"CONSOLIDATE_REQUIRE_LOCAL": "1"}, NO_LOCAL)
    assert said.startswith("exit 1\n")
    assert "CONSOLIDATE_REQUIRE_LOCAL is set" in said


@pytest.mark.docker
@pytest.mark.local
def test_with_docker_and_postgresql_15_a_marked_test_runs(tmp_path: Path) -> None:
    for marker, variable in (("docker", "DOCKER"), ("local", "LOCAL")):
        said = outcome(tmp_path, marker, {f"CONSOLIDATE_REQUIRE_{variable}": "1"})
        assert said.startswith("exit 0\n")
        assert "1 passed" in said
