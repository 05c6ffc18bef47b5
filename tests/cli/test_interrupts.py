"""Interrupting the program: at any moment, by any signal, and once more."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import HISTORY, Project, Proven
from tests.cli.running import PATIENCE, PHASE, busy, postmasters, servers, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Make = Callable[..., Project]

pytestmark = pytest.mark.pg

ON = "on embedded://18"
RENDERING = (f"replay the legacy history {ON}", "word, arrange and try", "render")
AGAIN = "render once more, from a replay of its own"
PROVING = f"apply the output {ON}", f"compare the catalogs {ON}"
WRITING = "write output"
ENDING = f"roll back {ON}", f"build once more {ON}", AGAIN, WRITING
"""Each may be over in no time, the last ones where what runs beside the others was quicker."""

NOTHING_WRITTEN = "interrupted; the throwaway servers are gone and nothing was written"
WRITTEN = "interrupted; the throwaway servers are gone and output is written"

SLEEPING = {
    "1.sql": "CREATE TABLE rooms (id int);\nINSERT INTO rooms SELECT 1 FROM pg_sleep(60);\n"
}
STUBBORN = {
    "1.sql": "DO $$ BEGIN LOOP BEGIN PERFORM pg_sleep(60);\n"
    "EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $$;\n"
}
SOON = 10.0
"""Seconds: much less than these sleep."""


@contextmanager
def written(pipe: Path) -> Iterator[None]:
    """Holds a pipe open for writing once somebody reads it; who never does is not waited for."""
    opened = []

    def is_read() -> bool:
        try:
            opened.append(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
        except OSError:
            return False
        return True

    wait_for(is_read)
    try:
        yield
    finally:
        os.close(opened[0])


def test_these_are_all_the_phases(proven: Proven) -> None:
    assert PHASE.findall(proven.told) == [*RENDERING, *PROVING, *ENDING]


@pytest.mark.parametrize("phase", [*RENDERING, *PROVING])
def test_a_run_that_is_interrupted_leaves_everything_as_it_was(phase: str, project: Make) -> None:
    here = project()
    with here.start("run", "legacy") as process:
        wait_for(lambda: phase in PHASE.findall(here.told))
        process.send_signal(signal.SIGINT)
        assert process.wait(SOON) == 130
    assert "Traceback" not in here.told
    assert here.told.splitlines()[-1] == NOTHING_WRITTEN
    assert sorted(path.name for path in here.folder.iterdir()) == ["legacy", "told"]
    assert here.left() == ()


@pytest.mark.parametrize("phase", [RENDERING[0], PROVING[-1]])
def test_so_does_a_verification(phase: str, project: Make, proven: Proven) -> None:
    here = project()
    for path, data in proven.output.items():
        here.write(f"output/{path}", data.decode())
    before = here.files()
    with here.start("verify", "legacy") as process:
        wait_for(lambda: phase in PHASE.findall(here.told))
        process.send_signal(signal.SIGINT)
        assert process.wait(SOON) == 130
    assert here.told.splitlines()[-1] == NOTHING_WRITTEN
    assert {**here.files(), "told": b""} == {**before, "told": b""}
    assert here.left() == ()


@pytest.mark.parametrize("phase", ENDING)
def test_what_is_said_of_the_output_holds_when_the_interrupt_comes_in_the_end(
    phase: str, project: Make
) -> None:
    here = project()
    with here.start("run", "legacy") as process:
        wait_for(lambda: phase in PHASE.findall(here.told))
        process.send_signal(signal.SIGINT)
        code = process.wait(SOON)
    last = here.told.splitlines()[-1]
    if (here.folder / "output").exists():
        assert "manifest.json" in here.files("output")
        assert (code, last) == (130, WRITTEN) or (code == 0 and last.endswith(WRITING))
    else:
        assert (code, last) == (130, NOTHING_WRITTEN)
    names = {path.name for path in here.folder.iterdir()}
    assert names - {"output"} == {"legacy", "told"}


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (signal.SIGINT, "interrupted"),
        (signal.SIGTERM, "ended by SIGTERM"),
        (signal.SIGHUP, "ended by SIGHUP"),
    ],
)
def test_no_statement_keeps_it_waiting(number: signal.Signals, told: str, project: Make) -> None:
    here = project(SLEEPING)
    with here.start("run", "legacy") as process:
        wait_for(lambda: len(busy(process.pid, "INSERT")) == 3)
        process.send_signal(number)
        assert process.wait(SOON) == 128 + number
    last = here.told.splitlines()[-1]
    assert last == f"{told}; the throwaway servers are gone and nothing was written"
    assert servers(process.pid) == {}


def test_of_servers_that_there_were_none_of_nothing_is_said(project: Make) -> None:
    here = project()
    pipe = here.folder / "prelude.sql"
    os.mkfifo(pipe)
    with here.start("audit", "legacy", "--prelude", "prelude.sql") as process, written(pipe):
        process.send_signal(signal.SIGTERM)
        assert process.wait(SOON) == 143
    assert here.told.splitlines()[-1] == "ended by SIGTERM; nothing was written"


def test_nor_does_one_that_will_not_be_cancelled(project: Make) -> None:
    here = project(STUBBORN)
    with here.start("run", "legacy") as process:
        wait_for(lambda: len(busy(process.pid, "DO")) == 3)
        process.send_signal(signal.SIGINT)
        assert process.wait(SOON) == 130
    assert here.told.splitlines()[-1] == NOTHING_WRITTEN
    assert servers(process.pid) == {}


def test_nor_does_one_that_runs_alone(project: Make) -> None:
    here = project(SLEEPING)
    with here.start("run", "legacy", "--quarantine", "auto") as process:
        wait_for(lambda: busy(process.pid, "INSERT"))
        process.send_signal(signal.SIGINT)
        assert process.wait(SOON) == 130
    assert PHASE.findall(here.told) == [f"look for files that do not apply {ON}"]
    assert here.told.splitlines()[-1] == NOTHING_WRITTEN


def test_a_second_interrupt_does_not_wait_for_what_cleans_up(project: Make) -> None:
    here = project(SLEEPING)
    with here.start("run", "legacy") as process:
        wait_for(lambda: len(busy(process.pid, "INSERT")) == 3)
        for server in postmasters(process.pid):
            os.kill(server, signal.SIGSTOP)  # it does not end when it is told to
        process.send_signal(signal.SIGINT)

        def ended() -> bool:
            process.send_signal(signal.SIGINT)
            return process.poll() is not None

        wait_for(ended, 5.0)  # of the 10 s that a server is given to end
    assert process.returncode == 130
    assert "Traceback" not in here.told
    assert here.told.splitlines()[-1].startswith("ended at once; ")
    wait_for(lambda: here.left() == ())


def test_it_can_be_interrupted_while_it_reads(project: Make) -> None:
    here = project()
    pipe = here.folder / "prelude.sql"
    os.mkfifo(pipe)
    with here.start("run", "legacy", "--prelude", "prelude.sql") as process, written(pipe):
        process.send_signal(signal.SIGINT)
        assert process.wait(SOON) == 130
    assert here.told.splitlines() == ["interrupted; nothing was written"]


def test_it_can_be_interrupted_while_its_first_server_is_made(
    awkward_place: Path, project: Make
) -> None:
    here = project(XDG_CACHE_HOME=str(awkward_place), TMPDIR=str(awkward_place))

    with here.start("run", "legacy") as process:
        wait_for(lambda: any("/initdb " in title for title in servers(process.pid).values()))
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 130
    assert here.told.splitlines()[-1] == NOTHING_WRITTEN
    assert {path.name for path in awkward_place.iterdir()} <= {"consolidate"}
    names = {path.name.split("-")[0] for path in (awkward_place / "consolidate").iterdir()}
    assert names <= {"programs", "template"}


def test_what_a_parent_has_it_ignore_it_ignores(project: Make) -> None:
    here = project({"1.sql": HISTORY["20240101_rooms.sql"]})
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as `nohup` does
    try:
        process = here.start("plan", "legacy")
    finally:
        signal.signal(signal.SIGHUP, before)
    with process:
        wait_for(lambda: RENDERING[0] in PHASE.findall(here.told))
        process.send_signal(signal.SIGHUP)
        assert process.wait(PATIENCE) == 0
