"""What processes that were killed have left behind, and its removal."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from consolidate.errors import EnvironmentProblem
from consolidate.masking import masked
from consolidate.servers import docker_may_answer, folders
from consolidate.servers.cache import candidates
from consolidate.servers.places import data_places, socket_places, temporary
from consolidate.servers.processes import end_orphan, server_account

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from consolidate.servers.processes import Account

TRACEBACKS = ("consolidate-", ".txt")
"""How the names of the files begin and end in which a bug of ours is kept for its report."""


@dataclass(frozen=True, slots=True)
class Leftover:
    """One thing of ours that nobody needs any more."""

    kind: str
    """`folder`, `container`, `database` or `traceback`."""
    name: str
    remove: Callable[[], None] = field(compare=False, repr=False)


def find(urls: Sequence[str] = ()) -> tuple[Leftover, ...]:
    """All of it on this machine, and on servers that are not ours.

    What a live process holds is not among it, nor what belongs to somebody else. Engines that do
    not answer are passed over.

    Args:
        urls: Those servers, as libpq takes them.
    """
    return (*_folders(), *_containers(), *_databases(urls), *_tracebacks())


def _folders() -> Iterator[Leftover]:
    with contextlib.suppress(EnvironmentProblem):  # no account to run servers, so no servers
        account = server_account()
        places = dict.fromkeys((*data_places(account), *socket_places(account), *candidates()))
        for path in (path for place in places for path in folders.stale(place)):
            yield Leftover("folder", str(path), partial(_sweep, path, account))


def _sweep(path: Path, account: Account) -> None:
    folders.sweep_one(path, lambda stale: end_orphan(stale / "data", account))
    if path.exists():
        raise EnvironmentProblem("it can not be deleted, or a process took it")


def _containers() -> Iterator[Leftover]:
    if not docker_may_answer():
        return
    from consolidate.servers import docker  # noqa: PLC0415 - a slow import

    with contextlib.suppress(EnvironmentProblem):
        for name in docker.leftovers():
            yield Leftover("container", name, partial(_remove_container, name))


def _remove_container(name: str) -> None:
    from consolidate.servers import docker  # noqa: PLC0415

    docker.remove(name)
    if name in docker.leftovers():
        raise EnvironmentProblem("Docker does not remove it")


def _databases(urls: Sequence[str]) -> Iterator[Leftover]:
    from consolidate.servers import given  # noqa: PLC0415 - a slow import

    for url in urls:
        with contextlib.suppress(EnvironmentProblem):
            for name in given.leftovers(url):
                told = f"{name} on {masked(url)}"
                yield Leftover("database", told, partial(given.remove, url, name))


def _tracebacks() -> Iterator[Leftover]:
    first, last = TRACEBACKS
    files = (path for place in temporary() for path in place.glob(f"{first}????????{last}"))
    for path in sorted(files):
        with contextlib.suppress(OSError):
            ours = path.lstat().st_uid == os.geteuid() and path.is_file()
            if ours and path.read_bytes().startswith(b"Traceback"):
                yield Leftover("traceback", str(path), path.unlink)
