"""Marks the volatile cells of large tables as their rows are read, without holding any of them.

What two replays fill differently is told row by row, as for small tables. What the marks come to
is found out in one pass: which cells are volatile, and a digest of all that is fixed.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, overload

from consolidate.catalog.marked_lines import Marker
from consolidate.catalog.realigned import Realigned
from consolidate.catalog.row_cells import marked_row, without_today
from consolidate.catalog.row_values import MarkedRow
from consolidate.catalog.spools import Spool, parsed

if TYPE_CHECKING:
    from consolidate.catalog.row_values import Column

_DIGEST: Final = 16
_ROOM: Final = 1 << 8 * _DIGEST


@dataclass(frozen=True, slots=True)
class Seen:
    """What the marks of a whole table come to."""

    volatile: frozenset[str]
    """Columns (quoted), with the path behind them where only leaves of json values are volatile."""
    columns: frozenset[int]
    """Positions of the columns with volatile cells."""
    uuids: frozenset[int]
    """Positions of those that spell a uuid in some cell."""
    contents: str
    """A digest of what is fixed, the same in any order of rows."""


@dataclass(frozen=True, slots=True, eq=False)
class MarkedSpool(Sequence[MarkedRow]):
    """The rows of the clean replay, marked wherever they are iterated over."""

    clean: Spool
    other: Spool | Realigned
    """The other replay's, each in the place of the clean row that it corresponds to."""
    columns: tuple[Column, ...]
    clocked: frozenset[int]
    """Positions of columns in which the day of the replay is volatile."""
    today: str
    seen: Seen = Seen(frozenset(), frozenset(), frozenset(), "")

    def __len__(self) -> int:
        return len(self.clean)

    def __iter__(self) -> Iterator[MarkedRow]:
        for line, other in self._pairs():
            row: MarkedRow = parsed(line)
            if line != other:
                row = marked_row(self.columns, parsed(line), parsed(other), set())
            if self.clocked:
                row = without_today(self.columns, self.clocked, self.today, row)
            yield row

    @overload
    def __getitem__(self, index: int) -> MarkedRow: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[MarkedRow]: ...
    def __getitem__(self, index: int | slice) -> MarkedRow | Sequence[MarkedRow]:
        """Reads up to the row: for some rows, not for all one by one."""
        chosen = range(len(self))[index]
        if isinstance(chosen, range):
            return tuple(itertools.islice(self, chosen.start, chosen.stop, chosen.step))
        return next(itertools.islice(self, chosen, None))

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if isinstance(other, Sequence):
            return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))
        return NotImplemented

    def __hash__(self) -> int:
        return hash((self.clean, self.seen))

    def lines(self, marker: Marker | None = None) -> Iterator[bytes]:
        """What is fixed of each row; lines are equal where that is.

        Args:
            marker: Keeps account of what is marked, if that is of interest.
        """
        mark = (marker or self.marker()).line
        return (mark(line, other) for line, other in self._pairs())

    def marker(self) -> Marker:
        """One that has not marked anything yet."""
        return Marker(self.columns, self.clocked, self.today.encode())

    def _pairs(self) -> Iterator[tuple[bytes, bytes]]:
        return zip(self.clean.lines(), self.other.lines(), strict=True)


def marked(
    clean: Spool, other: Spool, columns: tuple[Column, ...], clocked: frozenset[int], today: str
) -> tuple[Sequence[MarkedRow], frozenset[str]]:
    """The rows of the clean replay, and the columns with cells that are NULL in one replay only.

    Args:
        clean: What to mark.
        other: As many rows of the other replay. They correspond as they lie, or by the columns
            that hold the same values in both, if that leaves fewer cells different.
        columns: The table's.
        clocked: Positions of columns that are filled from the clock.
        today: The day of the clean replay; empty: not known.
    """
    clocked = clocked if today else frozenset()
    if clean.contents.in_any == other.contents.in_any:
        other = clean  # the same rows, whatever order they lie in
        if not clocked:
            return clean, frozenset()
    spool, marker = _seen(MarkedSpool(clean, other, columns, clocked, today))
    if marker.moved():
        try:
            turned = replace(spool, other=Realigned(clean, other, marker.same()))
            again, its = _seen(turned)
        except LookupError:  # the values are the same in each column, but not the rows
            pass
        else:
            spool, marker = min((spool, marker), (again, its), key=lambda one: sum(one[1].cells))
    return spool if spool.seen.columns else clean, frozenset(marker.unstable)


def _seen(spool: MarkedSpool) -> tuple[MarkedSpool, Marker]:
    """The same with what its marks come to.

    Raises:
        LookupError: The other rows do not correspond as they should.
    """
    marker = spool.marker()
    total = 0
    for line in spool.lines(marker):
        total += int.from_bytes(line_digest(line))
    volatile = (f"{spool.columns[place].quoted} {path}".rstrip() for place, path in marker.leaves)
    seen = Seen(
        volatile=frozenset(volatile),
        columns=frozenset(marker.places),
        uuids=frozenset(marker.uuids),
        contents=f"{total % _ROOM:x}",
    )
    return replace(spool, seen=seen), marker


def line_digest(line: bytes) -> bytes:
    """A digest that no two lines share."""
    return blake2b(line, digest_size=_DIGEST).digest()
