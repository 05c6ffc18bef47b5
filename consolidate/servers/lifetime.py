"""Ties what a throwaway server leaves on this machine to the life of our own process."""

from __future__ import annotations

import atexit
import os
from typing import TYPE_CHECKING

from consolidate.errors import EnvironmentProblem
from consolidate.interrupts import held, servers_begin
from consolidate.servers import processes
from consolidate.servers.folders import own_folder, sweep

if TYPE_CHECKING:
    import contextlib
    from collections.abc import Iterator
    from pathlib import Path

    from consolidate.servers.processes import Account


def close_at_exit(stack: contextlib.ExitStack) -> None:
    """Closes the stack at the latest when this very process ends (and not a fork of it).

    It is the first thing that every kind of server does.
    """
    servers_begin()
    owner = os.getpid()

    def close() -> None:
        if os.getpid() == owner:
            stack.close()

    atexit.register(close)
    stack.callback(atexit.unregister, close)


def own(stack: contextlib.ExitStack, places: Iterator[Path], account: Account) -> Path:
    """A new folder of ours in the first of these places, removed at the end.

    What killed processes left there is removed first.
    """
    refusals = []
    for place in places:
        sweep(place, lambda stale: processes.end_orphan(stale / "data", account))
        try:
            with held():
                # The server's account passes through to the folders in it that are its own.
                folder = own_folder(place, 0o711 if account.switched else 0o700)
                stack.callback(folder.remove)
        except OSError as error:
            refusals.append(f"{place}: {error}")
            continue
        return folder.path
    raise EnvironmentProblem(
        "no folder can hold the data and the socket of a server",
        problems=tuple(refusals),
        hint="set TMPDIR to a folder that can be written",
    )
