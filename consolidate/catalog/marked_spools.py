"""Marks the volatile cells of large tables as their rows are read, without holding any of them.

What two replays fill differently is told row by row, as for small tables. What the marks come to
is found out in one pass: which cells are volatile, and a digest of all that is fixed.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, TypeAlias, overload

from consolidate.catalog.realigned import Realigned, realigned
from consolidate.catalog.row_cells import marked_row, masked, spells_uuid, without_today
from consolidate.catalog.row_values import MarkedRow, Volatile, VolatileJson
from consolidate.catalog.spools import Spool, field, parsed

if TYPE_CHECKING:
    from consolidate.catalog.row_values import Cell, Column

_DIGEST: Final = 16
_ROOM: Final = 1 << 8 * _DIGEST

Held: TypeAlias = "tuple[bytes, MarkedRow | None]"
"""What is fixed of a row, as a line, and the row where that is not all of it."""


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
        for line, row in self.held(set()):
            yield parsed(line) if row is None else row

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

    def lines(self) -> Iterator[bytes]:
        """What is fixed of each row; lines are equal where that is."""
        for line, _ in self.held(set()):
            yield line

    def held(self, unstable: set[str]) -> Iterator[Held]:
        """The rows, one after the other.

        Args:
            unstable: Takes the columns (quoted) with cells that are NULL in one replay only.
        """
        today = self.today.encode() if self.clocked else b""
        for line, other in zip(self.clean.lines(), self.other.lines(), strict=True):
            has_day = bool(today) and today in line
            if line == other and not has_day:
                yield line, None
                continue
            one = parsed(line)
            row: MarkedRow = one
            if line != other:
                row = marked_row(self.columns, one, parsed(other), unstable)
            if has_day:
                row = without_today(self.columns, self.clocked, self.today, row)
            if any(isinstance(cell, (Volatile, VolatileJson)) for cell in row):
                yield fixed_line(row), row
            else:
                yield line, None


def marked(
    clean: Spool, other: Spool, columns: tuple[Column, ...], clocked: frozenset[int], today: str
) -> tuple[Sequence[MarkedRow], frozenset[str]]:
    """The rows of the clean replay, and the columns with cells that are NULL in one replay only.

    Args:
        clean: What to mark.
        other: As many rows of the other replay.
        columns: The table's.
        clocked: Positions of columns that are filled from the clock.
        today: The day of the clean replay; empty: not known.
    """
    clocked = clocked if today else frozenset()
    if clean.contents.in_any == other.contents.in_any:
        other = clean  # the same rows, whatever order they lie in
        if not clocked:
            return clean, frozenset()
    spool = MarkedSpool(clean, realigned(clean, other), columns, clocked, today)
    unstable: set[str] = set()
    seen = _seen(spool, unstable)
    rows = replace(spool, seen=seen) if seen.columns else clean
    return rows, frozenset(unstable)


def _seen(spool: MarkedSpool, unstable: set[str]) -> Seen:
    volatile: set[str] = set()
    places: set[int] = set()
    uuids: set[int] = set()
    total = 0
    for line, row in spool.held(unstable):
        total += int.from_bytes(line_digest(line))
        for place, cell in enumerate(row or ()):
            if isinstance(cell, (Volatile, VolatileJson)):
                places.add(place)
                if place not in uuids and spells_uuid(cell):
                    uuids.add(place)
                volatile.update(told(spool.columns[place], cell))
    return Seen(frozenset(volatile), frozenset(places), frozenset(uuids), f"{total % _ROOM:x}")


def told(column: Column, cell: Cell) -> Iterator[str]:
    """What is volatile about a cell, by its column and, inside a json value, the leaf's path."""
    if isinstance(cell, Volatile):
        yield column.quoted
    elif isinstance(cell, VolatileJson):
        yield from (f"{column.quoted} {leaf.path}" for leaf in cell.leaves)


def line_digest(line: bytes) -> bytes:
    """A digest that no two lines share."""
    return blake2b(line, digest_size=_DIGEST).digest()


def fixed_line(row: MarkedRow) -> bytes:
    """What is fixed of a row, as a line; that of a row without volatile cells is COPY's."""
    return b"\t".join(map(_fixed_field, row))


def _fixed_field(cell: Cell) -> bytes:
    if cell is None or isinstance(cell, str):
        return field(cell)
    return b"\0" + repr(masked(cell)).encode()  # COPY writes no NUL, and repr no tab
