"""Folders that are costly to make and the same every time, kept in a place of our own."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from consolidate.errors import EnvironmentProblem
from consolidate.servers.folders import owned_folder, sweep
from consolidate.servers.places import temporary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from consolidate.servers.processes import Account

_SEAL = ".entries"
"""The file in a cached folder that says how many files and folders it holds, itself aside."""


def cached(
    name: str,
    build: Callable[[Path], None],
    account: Account,
    accept: Callable[[Path], None] = lambda _: None,
) -> Path:
    """The folder called `name`, taken from the first cache that works, built there if missing.

    Two processes may build it at once: each builds in a folder of its own, one renames it into
    place, the other uses that one. One that lost files since (temporary places are cleaned by
    age) is built again.

    Args:
        name: Names everything that the content depends on.
        build: Fills the empty folder that it is given.
        account: Who must be able to enter the place.
        accept: Raises an OSError where the result is of no use in this place.

    Raises:
        EnvironmentProblem: No place works; says why for each.
    """
    refusals = []
    for place in candidates():
        refusal = _refusal(place, account)
        if not refusal:
            try:
                folder = _cached_in(place, name, build)
                accept(folder)
            except OSError as error:
                refusal = str(error)
            else:
                return folder
        refusals.append(f"{place}: {refusal}")
    raise _none(refusals)


def usable(account: Account) -> Path:
    """The folder that holds the cache.

    Raises:
        EnvironmentProblem: None can; says why for each.
    """
    refusals = []
    for place in candidates():
        refusal = _refusal(place, account)
        if not refusal:
            return place
        refusals.append(f"{place}: {refusal}")
    raise _none(refusals)


def _none(refusals: list[str]) -> EnvironmentProblem:
    return EnvironmentProblem(
        "no folder can hold the cache of the throwaway servers",
        problems=tuple(refusals),
        hint="set XDG_CACHE_HOME or TMPDIR to a folder that can be written",
    )


def _cached_in(place: Path, name: str, build: Callable[[Path], None]) -> Path:
    wanted = place / name
    if _is_whole(wanted):
        return wanted
    sweep(place)
    with owned_folder(place, 0o755) as workshop:
        with contextlib.suppress(FileNotFoundError):
            wanted.rename(workshop / "broken")
        product = workshop / "product"
        product.mkdir()
        build(product)
        (product / _SEAL).write_text(str(_entries(product)))
        try:
            product.rename(wanted)
        except OSError as error:
            if error.errno not in {errno.EEXIST, errno.ENOTEMPTY}:
                raise
    return wanted


def _is_whole(folder: Path) -> bool:
    try:
        return int((folder / _SEAL).read_text()) == _entries(folder) - 1
    except (OSError, ValueError):
        return False


def _entries(folder: Path) -> int:
    return sum(len(folders) + len(files) for _, folders, files in os.walk(folder))


def candidates() -> Iterator[Path]:
    """Where a cache may be, best first.

    Root's home is none of them: the server's account can not enter it.
    """
    uid = os.geteuid()
    configured = os.environ.get("XDG_CACHE_HOME", "")
    home = os.environ.get("HOME", "")
    if configured.startswith("/"):
        yield Path(configured) / "consolidate"
    elif home.startswith("/") and uid != 0:
        yield Path(home) / ".cache" / "consolidate"
    yield Path("/var/tmp") / f"consolidate-{uid}"  # noqa: S108 - ours or refused, see _refusal
    for place in temporary():
        yield place / f"consolidate-{uid}"


def _refusal(place: Path, account: Account) -> str:
    """Why a place can not be used; empty if it can. It is made if it is missing."""
    try:
        place.mkdir(mode=0o755, parents=True, exist_ok=True)
        found = place.lstat()
        reasons = {
            "it is no folder": not stat.S_ISDIR(found.st_mode),
            "it belongs to another account": found.st_uid != os.geteuid(),
            "other accounts can write to it": bool(found.st_mode & 0o022),
            "it can not be written": not os.access(place, os.W_OK | os.X_OK),
            "the server's account can not enter it": not account.can_enter(place),
        }
    except OSError as error:
        return error.strerror or str(error)
    return next((reason for reason, holds in reasons.items() if holds), "")
