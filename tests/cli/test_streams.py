"""What goes to stdout, to stderr and to the log, and in which dress."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from consolidate.report import console
from tests.cli.conftest import HISTORY, PROGRAM, Project
from tests.cli.running import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Make = Callable[..., Project]

STEP = re.compile(r"^\[ *\d+\.\d s\] \S.*$", re.MULTILINE)
ESCAPE = "\x1b"


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


# -- colours ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "on_terminal", "in_pipe"),
    [
        ({"TERM": "xterm"}, True, False),
        ({}, False, False),
        ({"TERM": "dumb"}, False, False),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False, False),
        ({"TERM": "xterm", "NO_COLOR": ""}, True, False),
        ({"TERM": "xterm", "FORCE_COLOR": "1"}, True, True),
        ({"TERM": "xterm", "FORCE_COLOR": "0"}, True, False),
        ({"TERM": "dumb", "CLICOLOR_FORCE": "1"}, True, True),
        ({"TERM": "xterm", "CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, False, False),
    ],
)
def test_colours_follow_the_environment(
    environment: Mapping[str, str], *, on_terminal: bool, in_pipe: bool
) -> None:
    assert console.wants_color(_Terminal(), environment) is on_terminal
    assert console.wants_color(io.StringIO(), environment) is in_pipe


@pytest.mark.parametrize(
    ("arguments", "environment", "colored"),
    [
        ([], {}, False),
        (["--color", "always"], {}, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        ([], {"CLICOLOR_FORCE": "1"}, True),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"CONSOLIDATE_COLOR": "always"}, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
        (["--color", "always", "--format", "json"], {"FORCE_COLOR": "1"}, False),
    ],
)
def test_a_pipe_is_coloured_only_where_that_is_asked_for(
    arguments: list[str], environment: dict[str, str], *, colored: bool, project: Make
) -> None:
    here = project({}, **environment)
    here.write("temporary/consolidate-ab_c1234.txt", "Traceback")
    here = project({}, TMPDIR=str(here.folder / "temporary"), **environment)
    ran = here.run("doctor", "--clean", *arguments)
    assert "removed" in ran.stdout
    assert (f"{ESCAPE}[32m" in ran.stdout) is colored
    assert (ESCAPE in ran.stdout + ran.stderr) is colored


# -- progress -----------------------------------------------------------------------------------


def _on_a_terminal(here: Project, *arguments: str) -> str:
    """What a run says on stderr, which is a terminal of 40 columns."""
    ours, theirs = pty.openpty()
    os.set_blocking(ours, True)
    with subprocess.Popen(
        [PROGRAM, *arguments],
        cwd=here.folder,
        env={**here.surroundings, "COLUMNS": "40"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
    ) as process:
        here.pids.append(process.pid)
        os.close(theirs)
        shown = b""
        while piece := _read(ours):
            shown += piece
        os.close(ours)
        assert process.wait(PATIENCE) == 0, shown
    return shown.decode()


def _read(terminal_: int) -> bytes:
    try:
        return os.read(terminal_, 65536)
    except OSError:  # Linux says EIO at the end
        return b""


@pytest.mark.pg
def test_on_a_terminal_progress_is_a_line_that_goes_away(project: Make) -> None:
    shown = _on_a_terminal(project(CI=""), "plan", "legacy")
    assert "history: 3 files, " in shown
    assert not STEP.search(shown)
    assert "replay the legacy history" in shown
    left = shown.rpartition("\n")[2]
    assert left.endswith(f"{ESCAPE}[2K")  # the line is wiped
    phases = re.findall(r"replay the legacy[^\r\n\x1b]*", shown)
    assert phases
    assert max(map(len, phases)) <= 40  # and never longer than the terminal is wide


@pytest.mark.pg
@pytest.mark.parametrize(
    ("arguments", "environment", "steps"),
    [
        (["--verbose"], {"CI": ""}, 2),
        ([], {"CI": "true"}, 2),
        (["--no-progress"], {"CI": "true"}, 0),
        ([], {"CI": "true", "CONSOLIDATE_NO_PROGRESS": "1"}, 0),
    ],
)
def test_each_step_has_a_line_where_that_is_asked_for_or_nobody_looks(
    arguments: list[str], environment: dict[str, str], steps: int, project: Make
) -> None:
    shown = _on_a_terminal(project(**environment), "plan", "legacy", *arguments)
    assert len(STEP.findall(shown.replace("\r", ""))) == steps
    assert shown.startswith("history: 3 files, ")
    assert f"{ESCAPE}[2K" not in shown


# -- more, less, and the log ----------------------------------------------------------------------


@pytest.mark.pg
def test_verbose_tells_what_was_read_and_how_long_steps_took(project: Make) -> None:
    here = project()
    plain = here.run("plan", "legacy", "--server", "embedded://18")
    more = here.run("plan", "legacy", "--server", "embedded://18", "-v")
    assert more.stdout == plain.stdout
    said, all_said = plain.stderr.splitlines(), more.stderr.splitlines()
    untimed = {STEP.sub("", line) for line in said}
    further = [line for line in all_said if STEP.sub("", line) not in untimed]
    assert further[:3] == [
        "  read: 4 statements in 3 files",
        "  embedded://18 is PostgreSQL 18; its clusters run side by side",
        "  output: output",
    ]
    assert re.fullmatch(r" +it took \d+\.\d s", further[3])
    chosen = here.run("plan", "legacy", "-v", "--format", "json").stderr
    assert re.search(
        r"^  servers of this machine: .*embedded://18, embedded://16$", chosen, re.MULTILINE
    )


@pytest.mark.pg
def test_the_log_has_what_stderr_has_even_where_that_is_quiet(project: Make) -> None:
    here = project()
    loud = here.run("plan", "legacy", "--log-file", "loud.txt")
    quiet = here.run("plan", "legacy", "-q", "--log-file", "quiet.txt", "--color", "always")
    assert quiet.stderr == ""
    logs = [(here.folder / name).read_text(encoding="utf-8") for name in ("loud.txt", "quiet.txt")]
    untimed = [STEP.sub(lambda found: found[0][11:], text) for text in (*logs, loud.stderr)]
    assert untimed[0] == untimed[1] == untimed[2]
    assert len(STEP.findall(logs[1])) == 2
    assert ESCAPE not in logs[1]


def test_the_log_has_the_errors(project: Make) -> None:
    here = project(CONSOLIDATE_LOG_FILE="log.txt")
    ran = here.run("plan", "nowhere", "--quiet")
    assert ran.returncode == 3
    assert (here.folder / "log.txt").read_text(encoding="utf-8") == ran.stderr != ""


def test_a_log_that_can_not_be_written_is_told(project: Make) -> None:
    ran = project().run("plan", "legacy", "--log-file", "nowhere/log.txt")
    assert (ran.returncode, ran.stdout) == (4, "")
    assert "error: The log file nowhere/log.txt can not be written: No such file" in ran.stderr


# -- pipes that are closed ------------------------------------------------------------------------


@pytest.mark.pg
@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["plan", "legacy", "-v"], 0), (["plan", "nowhere"], 3), (["plan", "--ordre"], 2), ([], 2)],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_stderr_that_nobody_reads_is_no_error(
    arguments: list[str], code: int, project: Make
) -> None:
    here = project()
    reading, writing = os.pipe()
    os.close(reading)
    with subprocess.Popen(
        [PROGRAM, *arguments],
        cwd=here.folder,
        env=here.surroundings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=writing,
        text=True,
    ) as process:
        here.pids.append(process.pid)
        os.close(writing)
        answered, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == code
    assert "Plan: " in answered if code == 0 else answered == ""


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-"])
@pytest.mark.parametrize(
    ("arguments", "code"), [("version", 0), ("plan nowhere", 3), ("--help", 0), ("plan --x", 2)]
)
def test_a_stream_that_is_closed_from_the_start_is_no_bug(
    arguments: str, code: int, closed: str, project: Make
) -> None:
    here = project()
    ran = subprocess.run(
        ["/bin/sh", "-c", f'"$0" {arguments} {closed}', str(PROGRAM)],
        cwd=here.folder, env=here.surroundings, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in ran.stderr
    assert ran.returncode == code, ran.stderr


@pytest.mark.pg
def test_head_gets_its_line_and_nothing_is_said_of_the_rest(project: Make) -> None:
    here = project(HISTORY)
    ran = subprocess.run(
        ["/bin/sh", "-c", '"$0" plan legacy -q | head -1', str(PROGRAM)],
        cwd=here.folder, env=here.surroundings, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ran.stdout.splitlines() == ["  = verbatim  & folded  ~ server  ! as-was"]
    assert ran.stderr == ""
