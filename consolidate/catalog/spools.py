"""Rows that stand in a file instead of in memory, and are read from there one after the other.

Spools are known by what they hold: two readings of the same rows share one file. The files are in
a folder of this process, which is gone when it ends, however that happens.
"""

from __future__ import annotations

import itertools
import os
import re
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Final, NamedTuple, overload

from consolidate.errors import EnvironmentProblem
from consolidate.interrupts import held
from consolidate.servers.folders import delete_tree
from consolidate.servers.lifetime import close_at_exit, own
from consolidate.servers.places import spool_places
from consolidate.servers.processes import Account, Watcher

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import BinaryIO

    from consolidate.catalog.row_values import Row

_BUFFER: Final = 1 << 20
_NULL: Final = "\\N"
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_UNESCAPED: Final = str.maketrans(
    {"\\": r"\\", **{character: f"\\{letter}" for letter, character in _ESCAPES.items()}}
)


class Contents(NamedTuple):
    """What a spool is known by."""

    rows: int
    columns: int
    in_order: str
    """A digest of the rows in the order in which they lie there."""
    in_any: str
    """A digest that is the same in any order."""


class Spool(Sequence["Row"]):
    """Rows in a file, in the text format of COPY; equal to what holds the same in the same order.

    The rows are parsed anew each time that they are iterated over.
    """

    __slots__ = ("__weakref__", "_path", "contents")

    def __init__(self, path: Path, contents: Contents) -> None:
        self._path = path
        self.contents = contents

    def __len__(self) -> int:
        return self.contents.rows

    def __iter__(self) -> Iterator[Row]:
        return map(parsed, self.lines())

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        """Reads the file up to the row: for some rows, not for all one by one."""
        chosen = range(len(self))[index]
        if isinstance(chosen, range):
            return tuple(itertools.islice(self, chosen.start, chosen.stop, chosen.step))
        return next(itertools.islice(self, chosen, None))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Spool):
            return self is other or self.contents == other.contents
        if isinstance(other, Sequence):
            return len(self) == len(other) and all(map(_are_equal, self, other))
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self.contents)

    def __reduce__(self) -> tuple[object, ...]:
        """Another process reads the same file, which stays ours to remove."""
        return _shared, (self._path, self.contents)

    def lines(self) -> Iterator[bytes]:
        """Every row as COPY writes it, without the line's end."""
        with self.opened() as file:
            for line in file:
                yield line[:-1]

    def opened(self) -> BinaryIO:
        """The file itself."""
        return self._path.open("rb", buffering=_BUFFER)


def _are_equal(one: object, other: object) -> bool:
    return one == other


def parsed(line: bytes) -> Row:
    """The cells of a line as COPY writes it."""
    cells = line.decode().split("\t")
    if b"\\" not in line:
        return tuple(cells)
    return tuple(None if c == _NULL else _ESCAPED.sub(_character, c) for c in cells)


def _character(escaped: re.Match[str]) -> str:
    return _ESCAPES.get(escaped[1], escaped[1])


def field(cell: str | None) -> bytes:
    """A cell as COPY writes it."""
    return (_NULL if cell is None else cell.translate(_UNESCAPED)).encode()


# -- keeping them -----------------------------------------------------------------------------

_kept: weakref.WeakValueDictionary[Contents, Spool] = weakref.WeakValueDictionary()
_numbers = itertools.count(1)
_lock = threading.Lock()


def known(contents: Contents) -> Spool | None:
    """The spool with these contents, if there is one."""
    with _lock:
        return _kept.get(contents)


def keep(lines: Iterable[bytes | memoryview | bytearray], contents: Contents) -> Spool:
    """Writes rows into a file, which is removed with the last that needs it.

    Args:
        lines: The rows as COPY writes them, each with its line's end.
        contents: What they are known by.

    Raises:
        EnvironmentProblem: There is no room for them.
    """
    path = _folder() / f"{next(_numbers)}.rows"
    try:
        with path.open("xb", buffering=_BUFFER) as file:
            file.writelines(lines)
    except OSError as error:
        with suppress(OSError):
            path.unlink()
        raise EnvironmentProblem(
            f"{contents.rows:,} rows can not be kept in {path.parent}: {error.strerror or error}",
            hint="Make room there, or name a folder with more room in TMPDIR.",
        ) from error
    spool = Spool(path, contents)
    weakref.finalize(spool, _remove, path, os.getpid())
    return _registered(spool)


def _shared(path: Path, contents: Contents) -> Spool:
    return _registered(Spool(path, contents))


def _registered(spool: Spool) -> Spool:
    """The spool, or another one with the same contents that was there before."""
    with _lock:
        return _kept.setdefault(spool.contents, spool)


def _remove(path: Path, owner: int) -> None:
    if os.getpid() == owner:
        with suppress(OSError):  # the whole folder may be gone
            path.unlink()


class _Folders:
    """The folder of this process for its spools, made when it is first asked for."""

    path: Path | None = None


def _folder() -> Path:
    with _lock, held():
        if _Folders.path is None:
            stack = ExitStack()
            close_at_exit(stack)
            stack.callback(setattr, _Folders, "path", None)
            account = Account(uid=os.geteuid(), gid=os.getegid(), switched=False)
            path = own(stack, spool_places(), account)
            watcher = Watcher([path])
            stack.callback(watcher.dismiss)
            stack.callback(delete_tree, path)  # before that: we may be killed in between
            _Folders.path = path
        return _Folders.path
