"""The files of spools: gone whatever ends the process, and told of where there is no room."""

from __future__ import annotations

import errno
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from consolidate.catalog import spools
from consolidate.catalog.spools import Contents
from consolidate.errors import EnvironmentProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEEPS = """
import os, signal
from consolidate.catalog import spools
kept = spools.keep([b"1\\n", b"2\\n"], spools.Contents(2, 1, "a", "a"))
with kept.opened() as file:
    print(os.path.dirname(file.name), flush=True)
{end}
"""


@pytest.mark.parametrize(
    "end", ["", "raise SystemExit(3)", "os._exit(4)", "os.kill(os.getpid(), signal.SIGKILL)"]
)
def test_no_end_of_the_process_leaves_a_file(end: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _KEEPS.format(end=end)], capture_output=True, text=True, check=False
    )
    folder = Path(ended.stdout.strip())
    assert folder.is_absolute()
    deadline = time.monotonic() + 20
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.01)  # a shell that outlives a killed process removes it
    assert not folder.exists()


def test_where_there_is_no_room_that_is_said_and_nothing_is_left() -> None:
    def lines() -> Iterator[bytes]:
        yield b"1\n"
        raise OSError(errno.ENOSPC, "No space left on device")

    contents = Contents(5_000, 1, "full", "full")
    with pytest.raises(EnvironmentProblem, match=r"5,000 rows can not be kept in .*: No space"):
        spools.keep(lines(), contents)
    assert spools.known(contents) is None


def test_the_first_of_two_with_the_same_rows_is_used() -> None:
    contents = Contents(1, 1, "same", "same")
    first = spools.keep([b"1\n"], contents)
    assert spools.keep([b"1\n"], contents) is first
    assert spools.known(contents) is first
    assert list(first) == [("1",)]
