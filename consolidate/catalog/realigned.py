"""Finds which rows of two replays correspond, where those of a large table lie in another order.

A query that several workers of the server share may write its rows in any order.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from consolidate.catalog.spools import Spool

_PARTS: Final = 256
"""Of an index, each sorted by itself: what sorting takes is gone after each."""


@dataclass(frozen=True, slots=True)
class Realigned:
    """The rows of one replay, each in the place of the other's row with the same fixed cells."""

    clean: Spool
    other: Spool
    fixed: tuple[int, ...]
    """Positions of the columns that hold the same values in both, whatever the order."""

    def lines(self) -> Iterator[bytes]:
        """The other's lines in the order of the clean rows.

        Raises:
            LookupError: Some clean row has no counterpart.
        """
        index = _Index(self.other.lines(), self.fixed)
        with self.other.opened() as file:
            for line in self.clean.lines():
                file.seek(index.take(_key(line.split(b"\t"), self.fixed)))
                yield file.readline()[:-1]


def _key(fields: Sequence[bytes], places: tuple[int, ...]) -> int:
    return hash(tuple([fields[place] for place in places]))


class _Index:
    """Where the rows with certain cells stand in a file: 24 bytes a row."""

    def __init__(self, lines: Iterable[bytes], places: tuple[int, ...]) -> None:
        found = [array("q") for _ in range(_PARTS)]
        offset = 0
        for line in lines:
            key = _key(line.split(b"\t"), places)
            found[key % _PARTS].extend((key, offset))
            offset += len(line) + 1
        self._keys: list[array[int]] = []
        self._offsets: list[array[int]] = []
        for part in found:
            ranked = sorted(zip(part[::2], part[1::2], strict=True))
            self._keys.append(array("q", [key for key, _ in ranked]))
            self._offsets.append(array("q", [offset for _, offset in ranked]))
        self._taken = [array("q", bytes(8 * len(keys))) for keys in self._keys]
        """How many of the rows with the same cells were taken, where the first of them is."""

    def take(self, key: int) -> int:
        """The offset of the next row with these cells.

        Raises:
            LookupError: There is none left.
        """
        part = key % _PARTS
        keys = self._keys[part]
        first = bisect_left(keys, key)
        if first == len(keys) or keys[first] != key:
            raise LookupError
        place = first + self._taken[part][first]
        if place == len(keys) or keys[place] != key:
            raise LookupError
        self._taken[part][first] += 1
        return self._offsets[part][place]
