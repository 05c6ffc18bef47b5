"""How the program ends when somebody has seen enough."""

from __future__ import annotations

import os
import pty
import re
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from consolidate.servers.folders import PREFIX
from consolidate.servers.places import data_places, socket_places
from consolidate.servers.processes import server_account
from tests.cli.conftest import HISTORY, Project

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[..., Project]

pytestmark = pytest.mark.pg

PATIENCE = 60.0


def _wait_for(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.02)


def _traces(pid: int) -> list[str]:
    """The folders that a process made for its servers."""
    account = server_account()
    places = {*data_places(account), *socket_places(account)}
    return [str(path) for place in places for path in place.glob(f"{PREFIX}{pid}-*")]


def _servers(folders: list[str]) -> list[str]:
    """The processes that speak of these folders."""
    commands = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            commands.append(path.read_bytes().decode(errors="replace"))
        except OSError:
            continue
    return [command for command in commands if any(folder in command for folder in folders)]


@pytest.mark.parametrize("phase", ["replay the legacy history", "word, arrange and try"])
def test_an_interrupt_leaves_nothing_behind(phase: str, project: Make) -> None:
    here = project()
    with here.start("run", "legacy") as process:
        _wait_for(lambda: phase in here.told and bool(_traces(process.pid)))
        folders = _traces(process.pid)
        _wait_for(lambda: bool(_servers(folders)))
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 130
    assert "Traceback" not in here.told
    assert here.told.splitlines()[-1].startswith("interrupted")
    assert _traces(process.pid) == []
    _wait_for(lambda: _servers(folders) == [])
    assert sorted(path.name for path in here.folder.iterdir()) == ["legacy", "told"]


@pytest.mark.parametrize(
    ("arguments", "history", "code"),
    [
        (["plan", "legacy"], HISTORY, 0),
        (["plan", "legacy", "--format", "json"], HISTORY, 0),
        (["plan", "legacy", "--format", "json"], {"1.sql": "CREATE TABEL a ();\n"}, 3),
        (["prelude", "supabase"], {}, 0),
        (["--help"], {}, 0),
    ],
    ids=["text", "json", "error", "prelude", "help"],
)
@pytest.mark.parametrize("environment", [{}, {"PYTHONUNBUFFERED": "1"}], ids=["", "unbuffered"])
def test_a_pipe_that_nobody_reads_is_no_error(
    arguments: list[str],
    history: dict[str, str],
    code: int,
    environment: dict[str, str],
    project: Make,
) -> None:
    here = project(history, **environment)
    reading, writing = os.pipe()
    os.close(reading)
    with here.start(*arguments, stdout=writing) as process:
        os.close(writing)
        ended = process.wait(PATIENCE)
    assert "Traceback" not in here.told
    assert "BrokenPipe" not in here.told
    assert ended == code


@pytest.mark.parametrize(
    ("environment", "colours"),
    [({}, {"32"}), ({"NO_COLOR": "1"}, set()), ({"TERM": "dumb"}, set())],
)
def test_a_terminal_gets_colours_unless_they_are_not_wanted(
    environment: dict[str, str], colours: set[str], project: Make
) -> None:
    here = project({"1.sql": "SELECT 1;\n"}, **environment)
    ours, theirs = pty.openpty()
    with here.start("plan", "legacy", stdout=theirs) as process:
        os.close(theirs)
        shown = _everything(ours)
        assert process.wait(PATIENCE) == 0
    assert "Plan: 1 statement in 1 file" in shown
    assert set(re.findall(r"\x1b\[(32)m", shown)) == colours


def _everything(terminal: int) -> str:
    """What is written to a terminal until its other end is closed."""
    shown = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # Linux says EIO at the end
            piece = b""
        if not piece:
            os.close(terminal)
            return shown.decode()
        shown += piece
