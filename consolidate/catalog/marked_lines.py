"""Marks what is volatile about a row of a large table while it is still a line as COPY writes it.

A million rows would take a minute to be taken apart into cells, marked, and put together again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import compress
from operator import ne
from typing import TYPE_CHECKING, Final

from consolidate.catalog import spools
from consolidate.catalog.row_cells import JSON, is_uuid, marked_json, masked, spells_uuid
from consolidate.catalog.row_values import Volatile, VolatileJson

if TYPE_CHECKING:
    from consolidate.catalog.row_values import Cell, Column, MarkedRow

_NULL: Final = spools.field(None)
_MARK: Final = b"\0"
"""What the field of a volatile cell begins with; COPY never writes it."""
_UUID: Final = 36
"""Characters of a uuid."""


def fixed_line(row: MarkedRow) -> bytes:
    """What is fixed of a row, as a line; that of a row without volatile cells is COPY's."""
    return b"\t".join(map(_fixed_field, row))


def _fixed_field(cell: Cell) -> bytes:
    if cell is None or isinstance(cell, str):
        return spools.field(cell)
    return _MARK + repr(masked(cell)).encode()  # in which repr writes no tab


@dataclass(slots=True)
class Marker:
    """Marks lines, and keeps account of what it marks."""

    columns: tuple[Column, ...]
    clocked: frozenset[int]
    """Positions of columns in which the day of the replay is volatile."""
    today: bytes
    places: set[int] = field(default_factory=set)
    """Positions of the columns with volatile cells."""
    leaves: set[tuple[int, str]] = field(default_factory=set)
    """Those and the paths of leaves that are volatile; no path where it is the whole cell."""
    uuids: set[int] = field(default_factory=set)
    """Positions of columns with volatile cells that spell a uuid."""
    unstable: set[str] = field(default_factory=set)
    """Columns (quoted) with cells that are NULL in one replay only."""
    cells: list[int] = field(init=False)
    """How many cells of each column differ."""
    surplus: list[int] = field(init=False)
    """What the hashes of these add up to on one side, beyond the other."""
    _whole: list[bytes] = field(init=False)
    """How each column's volatile cells are written."""

    def __post_init__(self) -> None:
        self.cells = [0] * len(self.columns)
        self.surplus = [0] * len(self.columns)
        self._whole = [_fixed_field(Volatile("", column.type)) for column in self.columns]

    def line(self, clean: bytes, other: bytes) -> bytes:
        """What is fixed of a clean row, as `fixed_line` writes it of the marked row.

        Args:
            clean: The row as COPY writes it.
            other: The row of the other replay that it corresponds to.
        """
        has_day = bool(self.clocked) and self.today in clean
        if clean == other and not has_day:
            return clean
        ones = clean.split(b"\t")
        if clean != other:
            self._mark(ones, other.split(b"\t"))
        if has_day:
            self._mark_day(ones)
        return b"\t".join(ones)

    def moved(self) -> bool:
        """Whether some column holds the same values in both replays, but not in the same order."""
        return any(self.cells[place] for place in self.same())

    def same(self) -> tuple[int, ...]:
        """Positions of the columns that hold the same values, in whatever order."""
        return tuple(place for place, left in enumerate(self.surplus) if not left)

    def _mark(self, ones: list[bytes], twos: list[bytes]) -> None:
        for place in compress(range(len(ones)), map(ne, ones, twos)):
            one, two = ones[place], twos[place]
            self.cells[place] += 1
            self.surplus[place] += hash(one) - hash(two)
            if _NULL in {one, two}:
                self.unstable.add(self.columns[place].quoted)
            elif self.columns[place].base in JSON:
                ones[place] = self._json(place, one, two)
            else:
                ones[place] = self._marked(place, one)

    def _marked(self, place: int, one: bytes) -> bytes:
        self.places.add(place)
        self.leaves.add((place, ""))
        if len(one) == _UUID and place not in self.uuids and is_uuid(one.decode()):
            self.uuids.add(place)
        return self._whole[place]

    def _json(self, place: int, one: bytes, two: bytes) -> bytes:
        (clean,), (other,) = spools.parsed(one), spools.parsed(two)
        cell = marked_json(self.columns[place], clean or "", other or "")
        if not isinstance(cell, VolatileJson):
            return self._marked(place, one)
        self.places.add(place)
        self.leaves.update((place, leaf.path) for leaf in cell.leaves)
        if spells_uuid(cell):
            self.uuids.add(place)
        return _fixed_field(cell)

    def _mark_day(self, ones: list[bytes]) -> None:
        for place in self.clocked:
            if self.today in ones[place] and not ones[place].startswith(_MARK):
                ones[place] = self._marked(place, ones[place])
