"""Private folders that belong to one live process, and the removal of those whose owner died.

Ownership is an advisory lock on the folder itself: the kernel drops it with the last process that
holds it, however that ends, and it means the same in every process-id namespace.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PREFIX = "consolidate-pg-"
"""How the name of every such folder begins; nothing else is ever swept."""


@dataclass(frozen=True, slots=True)
class OwnedFolder:
    """A folder of ours, locked for as long as `descriptor` is open."""

    path: Path
    descriptor: int

    def remove(self) -> None:
        """Deletes the folder with everything in it, and lets go of the lock.

        Does nothing where the folder is already gone, or was renamed to its final place.
        """
        try:
            delete_tree(self.path)
        finally:
            os.close(self.descriptor)


def own_folder(base: Path, mode: int = 0o700) -> OwnedFolder:
    """Makes a new folder in `base` and locks it.

    Raises:
        OSError: It can not be made there.
    """
    while True:
        path = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=base))
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        if _lock(descriptor) and path.is_dir():
            path.chmod(mode)
            return OwnedFolder(path, descriptor)
        # Another process swept the folder in the moment before it was locked.
        os.close(descriptor)


@contextlib.contextmanager
def owned_folder(base: Path, mode: int = 0o700) -> Iterator[Path]:
    """An owned folder that is removed when the context is left."""
    folder = own_folder(base, mode)
    try:
        yield folder.path
    finally:
        folder.remove()


def sweep(base: Path, before: Callable[[Path], None] = lambda _: None) -> None:
    """Removes the folders in `base` that this account owns and no live process holds.

    Args:
        base: Where `own_folder` made them.
        before: Called with each of them before it is removed.
    """
    with contextlib.suppress(OSError):
        for path in sorted(base.glob(f"{PREFIX}*")):
            sweep_one(path, before)


def stale(base: Path) -> tuple[Path, ...]:
    """The folders in `base` that `sweep` would remove."""
    with contextlib.suppress(OSError):
        found = {path: path.lstat() for path in base.glob(f"{PREFIX}*")}
        ours = [
            path
            for path, status in found.items()
            if stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid()
        ]
        return tuple(sorted(path for path in ours if not is_held(path)))
    return ()


def is_held(path: Path) -> bool:
    """Whether a live process holds the folder."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        return not _lock(descriptor, unsupported=False)
    finally:
        os.close(descriptor)


def delete_tree(path: Path) -> None:
    """Deletes a folder; one that is gone, or that something still writes into, is no error."""
    for _ in range(3):
        shutil.rmtree(path, ignore_errors=True)
        if not path.exists():
            return


def sweep_one(path: Path, before: Callable[[Path], None]) -> None:
    """Removes one of them, unless somebody took it meanwhile; `before` is called before that."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return
    try:
        if os.fstat(descriptor).st_uid == os.geteuid() and _lock(descriptor, unsupported=False):
            before(path)
            delete_tree(path)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, *, unsupported: bool = True) -> bool:
    """Whether the lock was taken; `unsupported` answers for file systems without locks."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return unsupported
    return True
