"""What goes wrong around the program: servers that die, disks that are full."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import HISTORY, Project, Proven
from tests.cli.running import PHASE, busy, postmasters, servers, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Make = Callable[..., Project]

pytestmark = pytest.mark.pg

SLEEPING = {
    "1.sql": "CREATE TABLE rooms (id int);\n\n  INSERT INTO rooms SELECT 1 FROM pg_sleep(60);\n"
}
REPLAY = "replay the legacy history on embedded://18"
SOON = 20.0
MOUNT, UMOUNT = (shutil.which(name) or name for name in ("mount", "umount"))


def _told(here: Project) -> list[str]:
    """What is said at the end, as lines: no more than the error."""
    assert "Traceback" not in here.told
    return here.told[here.told.rindex("\nerror: ") + 1 :].splitlines()


def _kill(server: int) -> None:
    """Kills a process, if it is still there."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(server, signal.SIGKILL)


# -- the server dies ----------------------------------------------------------------------------


def test_a_server_that_is_killed_in_a_statement_is_told_with_it(project: Make) -> None:
    here = project(SLEEPING)
    with here.start("run", "legacy") as process:
        wait_for(lambda: len(busy(process.pid, "INSERT")) == 3)
        for server in servers(process.pid):
            os.kill(server, signal.SIGKILL)
        assert process.wait(SOON) == 4
    lines = _told(here)
    assert lines[0] == ("error: embedded://18 went away: server closed the connection unexpectedly")
    assert lines[1] == "  1.sql:3:3: this statement ran"
    assert lines[-2] == f"  in phase: {REPLAY}"
    assert lines[-1].startswith("hint: Run it again. ")
    assert "does not replay" not in here.told
    assert not (here.folder / "output").exists()


def test_one_session_that_crashes_is_enough_and_the_servers_log_is_told(project: Make) -> None:
    here = project(SLEEPING)
    with here.start("run", "legacy", "--format", "json") as process:
        wait_for(lambda: len(busy(process.pid, "INSERT")) == 3)
        os.kill(busy(process.pid, "INSERT")[0], signal.SIGKILL)
        assert process.wait(SOON) == 4  # the other two do not sleep on
        assert process.stdout is not None
        answer = json.loads(process.stdout.read())
    assert (answer["format"], answer["exit_code"]) == ("consolidate/error@1", 4)
    assert answer["problems"][0] == "1.sql:3:3: this statement ran"
    assert re.search(r"its log: .*LOG: .* terminat(ed|ing)\b", "\n".join(answer["problems"]))
    assert [f"  {line}" for line in answer["problems"]] == _told(here)[1:-1]


@pytest.mark.parametrize(
    "phase",
    [
        "word, arrange and try",
        "apply the output on embedded://18",
        "roll back on embedded://18",
    ],
)
def test_in_no_phase_a_dead_server_is_taken_for_an_answer(phase: str, project: Make) -> None:
    here = project()
    with here.start("run", "legacy") as process:
        wait_for(lambda: phase in PHASE.findall(here.told))

        def ended() -> bool:
            for server in (*postmasters(process.pid), *servers(process.pid)):
                _kill(server)
            return process.poll() is not None

        wait_for(ended, SOON)
    if phase.startswith("roll back") and process.returncode == 0:  # it was quicker than we were
        assert "manifest.json" in here.files("output")
        return
    assert process.returncode == 4
    lines = _told(here)
    assert re.match("error: (embedded://18|pg_dump|initdb)", lines[0]), lines
    if lines[0].startswith("error: embedded://18 went away"):
        assert f"  in phase: {PHASE.findall(here.told)[-1]}" in lines
    assert sorted(path.name for path in here.folder.iterdir()) == ["legacy", "told"]


# -- what a statement says by itself is no bad weather -------------------------------------------


def test_a_history_may_say_that_the_disk_is_full(project: Make) -> None:
    raising = "DO $$ BEGIN RAISE 'full' USING ERRCODE = 'disk_full'; END $$;\n"
    ran = project({"1.sql": raising}).run("plan", "legacy", "-q")
    assert ran.returncode == 3
    assert "\n  1.sql:1:1: full\n" in ran.stderr


def test_a_history_may_name_a_file_that_is_not_there(project: Make) -> None:
    reading = "CREATE TABLE t (a text);\nCOPY t FROM '/nowhere';\n"
    ran = project({"1.sql": reading}).run("plan", "legacy", "-q")
    assert ran.returncode == 3
    assert '  1.sql:2:1: could not open file "/nowhere" for reading: No such file' in ran.stderr


# -- the disk is full ---------------------------------------------------------------------------


@pytest.fixture
def disk() -> Iterator[Callable[[str], Path]]:
    """`disk("10m")` is an empty disk of that size, which every account can enter."""
    folder = Path(tempfile.mkdtemp(prefix="test-disk-", dir="/var/tmp"))

    def mount(size: str) -> Path:
        options = f"size={size},mode=755"
        mounted = subprocess.run(
            [MOUNT, "-t", "tmpfs", "-o", options, "none", folder],
            capture_output=True,
            text=True,
            check=False,
        )
        if mounted.returncode:
            pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
        return folder

    yield mount
    if folder.is_mount():
        subprocess.run([UMOUNT, folder], check=True)
    folder.rmdir()


def _fill(disk: Path) -> None:
    """Leaves no room at all."""
    with (disk / "ballast").open("wb", buffering=0) as ballast:
        try:
            while True:
                ballast.write(b"x" * 4096)
        except OSError:
            pass


def test_a_disk_that_fills_up_in_the_replay_is_told_with_the_statement(
    disk: Callable[[str], Path], project: Make
) -> None:
    filling = (
        "SELECT 1;\n"
        "CREATE UNLOGGED TABLE t AS SELECT repeat('x', 1900) FROM generate_series(1, 1000000);\n"
    )
    here = project({"1.sql": filling}, TMPDIR=str(disk("180m")))
    with here.start("run", "legacy") as process:
        assert process.wait(SOON) == 4
    lines = _told(here)
    assert lines[0].startswith("error: embedded://18 has no room left on its disk: could not ")
    assert "No space left on device" in lines[0]
    assert lines[1] == "  1.sql:2:1: this statement ran"
    assert lines[-2] == f"  in phase: {REPLAY}"
    assert lines[-1].startswith("hint: Make room where the server keeps its data ")
    assert list(Path(here.environment["TMPDIR"]).iterdir()) == []


def test_a_disk_that_a_server_does_not_fit_on_is_told(
    disk: Callable[[str], Path], project: Make
) -> None:
    ran = project(TMPDIR=str(disk("20m"))).run("plan", "legacy", "-q")
    assert (ran.returncode, ran.stdout) == (4, "")
    assert ran.stderr.startswith("error: embedded://18 can not be started: ")
    assert "No space left on device" in ran.stderr


def test_an_output_that_does_not_fit_leaves_the_old_one(
    disk: Callable[[str], Path], project: Make, proven: Proven
) -> None:
    here, place = project(), disk("1m")
    for path, data in proven.output.items():
        here.write(str(place / "output" / path), data.decode())
    _fill(place)
    before = here.files(str(place))
    ran = here.run("run", "legacy", "--output", str(place / "output"), "-q")
    assert ran.returncode == 4, ran.stderr
    assert ran.stderr == (
        f"error: {place}/output can not be written: No space left on device\n"
        "hint: --output names another folder.\n"
    )
    assert here.files(str(place)) == before
    assert sorted(path.name for path in place.iterdir()) == ["ballast", "output"]


def test_an_output_that_is_a_disk_of_its_own_is_told_before_the_work(
    disk: Callable[[str], Path], project: Make
) -> None:
    here, place = project(), disk("1m")
    ran = here.run("run", "legacy", "--output", str(place), "-q")
    assert (ran.returncode, ran.stdout) == (4, "")
    assert ran.stderr.startswith(f"error: {place} can not be written: it is a mount point, ")


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_answer_that_does_not_fit_is_told(form: str, project: Make) -> None:
    here = project({"1.sql": HISTORY["20240101_rooms.sql"]})
    with Path("/dev/full").open("wb") as full:
        process = here.start("plan", "legacy", "--format", form, stdout=full.fileno())
    with process:
        assert process.wait(SOON) == 4
    assert _told(here)[0] == "error: The machine can not go on: No space left on device"
