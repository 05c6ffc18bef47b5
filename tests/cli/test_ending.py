"""How the program speaks to those that read what it prints, and ends when they have enough."""

from __future__ import annotations

import os
import pty
import re
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import HISTORY, Project
from tests.cli.running import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[..., Project]

pytestmark = pytest.mark.pg


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
