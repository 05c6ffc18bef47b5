"""Where folders can be made: for a running cluster's data and socket, and for spooled rows."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.servers.processes import Account

_MEMORY = Path("/dev/shm")  # noqa: S108 - only folders of our own are made in it
_SHORT = (Path("/tmp"), Path("/var/tmp"), _MEMORY)  # noqa: S108 - likewise

_ROOM = 4 << 30
"""Bytes that must be free before data go to memory: a cluster takes 40 MB, its log up to 256 MB."""

_SOCKET_FOLDER_LIMIT = 103 - len("/.s.PGSQL.65535")
"""Bytes: the path of a Unix socket takes at most 107 on Linux and 103 on macOS."""


def data_places(account: Account) -> Iterator[Path]:
    """The folders that can hold a cluster's data, best first.

    Those are the folder that `TMPDIR` names or, without one, memory if there is plenty: a cluster
    has a thousand small files, which some file systems take a second to make. Then the usual ones.
    """
    if not any(os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP")) and _has_room(_MEMORY):
        yield from _usable((_MEMORY,), account)
    yield from _usable((*temporary(), *_SHORT), account)


def temporary() -> tuple[Path, ...]:
    """The folder for temporary files; none where the system has none that can be written."""
    try:
        return (Path(tempfile.gettempdir()),)
    except FileNotFoundError:
        return ()


def socket_places(account: Account) -> Iterator[Path]:
    """The folders with short names that can hold a socket."""
    yield from _usable(_SHORT, account)


def spool_places() -> Iterator[Path]:
    """The folders that can hold what is too large for memory, best first.

    `/tmp` is in memory on some systems, so it is asked last, unless `TMPDIR` names it.
    """
    named = any(os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))
    disk = Path("/var/tmp")  # noqa: S108 - only folders of our own are made in it
    for place in dict.fromkeys((*temporary(), disk) if named else (disk, *temporary())):
        if place.is_dir() and os.access(place, os.W_OK | os.X_OK):
            yield place


def suits_a_socket(folder: Path) -> bool:
    """Whether the path is short enough, and spelled alike in libpq's host lists and in settings."""
    name = str(folder)
    plain = name.isascii() and name.replace("/", "").replace("-", "").replace("_", "").isalnum()
    return plain and len(name) <= _SOCKET_FOLDER_LIMIT


def _usable(places: tuple[Path, ...], account: Account) -> Iterator[Path]:
    for place in places:
        if place.is_dir() and os.access(place, os.W_OK | os.X_OK) and account.can_enter(place):
            yield place


def _has_room(folder: Path) -> bool:
    """Whether a folder in memory has room to spare, and the machine has the memory for it."""
    try:
        disk = os.statvfs(folder)
        fields = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
        available = int(fields["MemAvailable"].split()[0]) << 10
    except (OSError, ValueError, KeyError):
        return False
    return min(disk.f_bavail * disk.f_frsize, available) >= _ROOM
