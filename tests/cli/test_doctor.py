"""`consolidate doctor` through the command line."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

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


@contextlib.contextmanager
def _silent(listening: socket.socket) -> Iterator[list[socket.socket]]:
    """Takes connections and answers none of them."""
    taken: list[socket.socket] = []

    def take() -> None:
        with contextlib.suppress(OSError):
            while True:
                taken.append(listening.accept()[0])

    listening.listen()
    thread = threading.Thread(target=take)
    thread.start()
    try:
        yield taken
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()
        for one in taken:
            one.close()


@pytest.mark.pg
def test_a_docker_that_hangs_is_waited_for_once(project: Make, tmp_path: Path) -> None:
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(tmp_path / "d"))
    here = project(DOCKER_HOST=f"unix://{tmp_path}/d")
    with _silent(listening) as taken:
        done = here.run("doctor")
        asked = [one for one in taken if one.recv(1)]
    assert len(asked) == 1
    assert done.returncode == 0
    assert "  warn  docker:// " in done.stdout
    assert "Docker does not answer: timed out" in done.stdout


@pytest.mark.pg
def test_a_server_that_takes_connections_and_does_not_answer_is_told(project: Make) -> None:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    url = f"postgresql://clerk@127.0.0.1:{port}/x?connect_timeout=2"
    here = project(**NOWHERE)
    with _silent(listening):
        done = here.run("doctor", "--server", url)
    assert done.returncode == 4
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("  fail ")]
    assert f"{url} does not answer: connection timeout expired" in line
