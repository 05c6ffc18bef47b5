"""Looks at a program that runs, to do something to it at the right moment."""

from __future__ import annotations

import contextlib
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

from consolidate.servers.folders import PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 60.0
"""Seconds for what takes one."""

PHASE = re.compile(r"^\[ *[\d.]+ s\] (.*)$", re.MULTILINE)
"""A line of progress."""


def wait_for(done: Callable[[], object], patience: float = PATIENCE) -> None:
    """Waits until something is so."""
    deadline = time.monotonic() + patience
    while not done():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.01)


def servers(pid: int) -> dict[int, str]:
    """The processes of the servers that a run has started, with what they say they do.

    They stand in a folder that bears the run's process id, and so does the maker of their data.
    """
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            if f"/{PREFIX}{pid}-" in str((process / "cwd").readlink()):
                title = (process / "cmdline").read_bytes().decode(errors="replace")
                found[int(process.name)] = title.replace("\0", " ").strip()
    return found


def busy(pid: int, command: str) -> list[int]:
    """Of these, the sessions that run a command such as `SELECT`."""
    return [
        number
        for number, title in servers(pid).items()
        if title.startswith("postgres: ") and title.endswith(f" {command}")
    ]


def postmasters(pid: int) -> list[int]:
    """Of these, the servers themselves."""
    return [number for number, title in servers(pid).items() if not title.startswith("postgres: ")]
