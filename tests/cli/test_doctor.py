"""`consolidate doctor` through the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Project

    Make = Callable[..., Project]

NOWHERE = {"DOCKER_HOST": "unix:///nowhere/docker.sock"}


@pytest.mark.pg
def test_it_tells_of_everything_and_what_to_do(project: Make) -> None:
    done = project(**NOWHERE).run("doctor")
    assert done.returncode == 0, done.stdout
    sections = [line for line in done.stdout.splitlines() if line and not line.startswith(" ")]
    assert sections == ["Program", "Places", "Servers", "Leftovers"]
    lines = done.stdout.splitlines()
    absent = next(number for number, line in enumerate(lines) if "Docker does not answer" in line)
    assert lines[absent].startswith("  warn  docker://")
    assert lines[absent + 1].strip().startswith("Start Docker")
    assert any(line.startswith("  ok    embedded://18 ") for line in lines)
    assert done.stderr == ""


@pytest.mark.pg
def test_a_server_that_is_asked_for_and_not_there_is_a_failure(project: Make) -> None:
    here = project(**NOWHERE)
    asked = ["--server", "local://3", "--server", "docker://postgres:17"]
    done = here.run("doctor", *asked, "--format", "json")
    assert done.returncode == 4
    lines = json.loads(done.stdout)["lines"]
    failed = {line["subject"]: line["told"] for line in lines if line["status"] == "fail"}
    assert set(failed) == {"local://3", "docker://postgres:17"}
    assert failed["local://3"].startswith("PostgreSQL 3 is not installed")
    assert failed["docker://postgres:17"].startswith("Docker does not answer")


@pytest.mark.pg
def test_a_configured_server_is_asked_for(project: Make) -> None:
    here = project()
    here.write("mappings.yaml", 'legacy: legacy\nservers: ["local://3"]\n')
    done = here.run("doctor")
    assert done.returncode == 4
    assert "  fail  local://3 " in done.stdout


def test_cleaning_says_what_was_removed(project: Make) -> None:
    here = project()
    here.write("temporary/consolidate-ab_c1234.txt", "Traceback")
    clean = project(TMPDIR=str(here.folder / "temporary"))
    done = clean.run("doctor", "--clean", "--format", "json")
    assert done.returncode == 0
    removed = {one["subject"]: one["told"] for one in json.loads(done.stdout)["lines"]}
    name = f"traceback {here.folder}/temporary/consolidate-ab_c1234.txt"
    assert removed[name] == "removed"
    assert list((here.folder / "temporary").iterdir()) == []


@pytest.mark.pg
@pytest.mark.parametrize("scheme", ["postgresql", "postgresq"])
def test_a_password_is_shown_nowhere(scheme: str, project: Make) -> None:
    url = f"{scheme}://clerk:geheim@nowhere.invalid/x?sslpassword=geheim"
    here = project(**NOWHERE)
    for arguments in ([], ["--format", "json"], ["--clean"]):
        done = here.run("doctor", "--server", url, *arguments)
        assert "geheim" not in done.stdout + done.stderr
        if "--clean" not in arguments:
            assert "clerk:***@nowhere.invalid" in done.stdout
