"""Lists everything that a run could leave behind, so that a test can compare before and after.

A run is told from others on the same machine by its process id, which stands in the names of its
folders and in the label of its containers.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from consolidate.servers.folders import PREFIX
from consolidate.servers.places import data_places, socket_places
from consolidate.servers.processes import server_account

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

LABEL = "consolidate.owner"
"""The label of every container that the program starts."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """What is there, each thing in words that are the same as long as it is there."""

    processes: frozenset[str]
    """Servers, watchers and tools: they stand in one of our folders, or name one or our label."""
    containers: frozenset[str]
    """Running or not."""
    folders: frozenset[str]
    databases: frozenset[str]
    """None if no server was asked."""
    roles: frozenset[str]
    """Likewise."""

    def beyond(self, before: Inventory) -> tuple[str, ...]:
        """What is here and was not there before, with its kind: empty if nothing was left."""
        return tuple(
            f"{field.name}: {name}"
            for field in fields(self)
            for name in sorted(getattr(self, field.name) - getattr(before, field.name))
        )


NOTHING = Inventory(*(frozenset[str]() for _ in range(5)))


def take(
    *, of: int | None = None, dsn: str | None = None, places: Collection[Path] = ()
) -> Inventory:
    """What of ours is on this machine now.

    Args:
        of: The process id of the run; all runs if none is given, also those of other people.
        dsn: A server whose databases and roles are listed too. They bear no process id, so those
            of a server that others use meanwhile are theirs as well.
        places: Folders where ours may be, besides those that this very process would take.
    """
    return Inventory(
        processes=frozenset(_processes(of)),
        containers=frozenset(_containers(of)),
        folders=frozenset(_folders(of, places)),
        databases=_names(dsn, "SELECT datname FROM pg_catalog.pg_database"),
        roles=_names(dsn, "SELECT rolname FROM pg_catalog.pg_roles"),
    )


def _processes(of: int | None) -> Iterator[str]:
    """Not those whose parent is told: the sessions of a server come and go."""
    pid = r"\d+" if of is None else str(of)
    ours = re.compile(rf"{PREFIX}{pid}-\w+|{LABEL}=(?:\S*\D)?{pid}(?!\d)")
    parents: dict[str, str] = {}
    names: dict[str, str] = {}
    for process in Path("/proc").glob("[0-9]*"):
        # It may have ended meanwhile, or be another account's and hide where it stands.
        with contextlib.suppress(OSError):
            told = (process / "cmdline").read_bytes().decode(errors="replace")
            with contextlib.suppress(PermissionError):
                told += f"\0{(process / 'cwd').readlink()}"
            if (found := ours.search(told)) and int(process.name) != os.getpid():
                before, _, after = (process / "stat").read_text().rpartition(")")
                parents[process.name] = after.split()[1]
                names[process.name] = f"{before.partition('(')[2]} of {found[0]}"
    for process_id, name in names.items():
        if parents[process_id] not in names:
            yield f"{process_id} {name}"


def _containers(of: int | None) -> Iterator[str]:
    """None where Docker is not there or does not answer: nothing was started through it."""
    form = '{{.ID}} {{.Label "' + LABEL + '"}}'
    command = ["docker", "ps", "--all", "--filter", f"label={LABEL}", "--format", form]
    try:
        answer = subprocess.run(command, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        return
    for line in answer.stdout.splitlines():
        owner = line.partition(" ")[2]
        if of is None or str(of) in re.findall(r"\d+", owner):
            yield line


def _folders(of: int | None, places: Collection[Path]) -> Iterator[str]:
    account = server_account()
    pattern = f"{PREFIX}*" if of is None else f"{PREFIX}{of}-*"
    for place in {*data_places(account), *socket_places(account), *places}:
        yield from map(str, place.glob(pattern))


def _names(dsn: str | None, query: str) -> frozenset[str]:
    if dsn is None:
        return frozenset()
    with psycopg.connect(dsn, autocommit=True) as connection:
        return frozenset(name for (name,) in connection.execute(query.encode()))
