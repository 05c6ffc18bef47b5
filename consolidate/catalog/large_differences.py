"""Says which rows of a large table two databases do not share, without holding either's rows.

Where the digests of both sides do not settle it, each row is read once for a hash of what is fixed
about it, and once more where that shows that rows differ. Only those are then held.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, overload
from zlib import crc32

from consolidate.catalog.marked_lines import fixed_line
from consolidate.catalog.marked_spools import MarkedSpool, line_digest
from consolidate.catalog.row_pairs import Leftover, paired
from consolidate.catalog.row_telling import shortened, told, visibly
from consolidate.catalog.row_values import MarkedRow
from consolidate.catalog.spools import Spool
from consolidate.catalog.volatile import volatile_places

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from consolidate.catalog.row_values import MarkedTable, TableRows
    from consolidate.model import Difference

_PARTS: Final = 256
"""In which the hashes are compared, one after the other."""

_ENOUGH: Final = 1_000
"""Rows that differ, after which no further part is looked at closely."""

_HASH: Final = 16


@dataclass(frozen=True, slots=True, eq=False)
class Picked(Sequence[MarkedRow]):
    """Rows with some of their cells, in another order."""

    rows: Sequence[MarkedRow]
    places: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[MarkedRow]:
        return (tuple([row[place] for place in self.places]) for row in self.rows)

    @overload
    def __getitem__(self, index: int) -> MarkedRow: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[MarkedRow]: ...
    def __getitem__(self, index: int | slice) -> MarkedRow | Sequence[MarkedRow]:
        if isinstance(index, slice):
            return Picked(self.rows[index], self.places)
        return tuple([self.rows[index][place] for place in self.places])


def are_large(entry: TableRows | MarkedTable) -> bool:
    """Whether a table's rows are not held in memory."""
    return not isinstance(entry.rows, tuple)


def are_the_same(left: Sequence[MarkedRow], right: Sequence[MarkedRow]) -> bool:
    """Whether two states of one table have the same rows, each as often, in whatever order."""
    if isinstance(left, Spool) or isinstance(right, Spool):
        return len(left) == len(right) and _are_alike(left, right)
    return Counter(left) == Counter(right)


def apply(left: MarkedTable, right: MarkedTable) -> bool:
    """Whether one of them is too large to be compared in memory."""
    return are_large(left) or are_large(right)


def compare(left: MarkedTable, right: MarkedTable) -> Iterator[Difference]:
    """How the rows of the right table differ from the left's, the same columns in both.

    Cells are compared as for small tables, except that volatile keys are not followed.
    """
    if _are_alike(left.rows, right.rows):
        return
    key = _key(left, right)
    surplus = _surplus(_Hashes(left.rows, key), _Hashes(right.rows, key))
    if not (surplus.left or surplus.right):
        return
    sides = [
        replace(entry, rows=tuple(_rows(entry.rows, wanted)))
        for entry, wanted in ((left, surplus.left), (right, surplus.right))
    ]
    leftover = Leftover(
        number=0,
        left=sides[0],
        right=sides[1],
        left_rows=tuple(range(len(sides[0].rows))),
        right_rows=tuple(range(len(sides[1].rows))),
    )
    yield from shortened(list(told(leftover, paired(leftover), visibly)), surplus.unseen)


def _are_alike(left: Sequence[MarkedRow], right: Sequence[MarkedRow]) -> bool:
    """Whether digests tell that both hold the same rows."""
    if isinstance(left, Spool) and isinstance(right, Spool):
        return left.contents.in_any == right.contents.in_any
    if isinstance(left, MarkedSpool) and isinstance(right, MarkedSpool):
        return left.seen.contents == right.seen.contents
    return False


class _Hashes:
    """A hash of what is fixed of each row, in parts by the row's key: 16 bytes a row.

    Rows that differ only beside their keys are in the same part on both sides.
    """

    def __init__(self, rows: Sequence[MarkedRow], key: tuple[int, ...]) -> None:
        self.parts = [bytearray() for _ in range(_PARTS)]
        for line in _lines(rows):
            own = line_digest(line)
            part = own[0]
            if key:
                fields = line.split(b"\t")
                part = crc32(b"\t".join([fields[place] for place in key])) % _PARTS
            self.parts[part] += own

    def counted(self, part: int) -> Counter[bytes]:
        """How often each hash is in a part."""
        hashes = self.parts[part]
        return Counter(bytes(hashes[at : at + _HASH]) for at in range(0, len(hashes), _HASH))


def _key(left: MarkedTable, right: MarkedTable) -> tuple[int, ...]:
    """The positions of the left one's primary key, if all of it is fixed on both sides."""
    positions = {c.name: place for place, c in enumerate(left.table.columns)}
    key = tuple(positions.get(name, -1) for name in left.table.primary_key)
    volatile = volatile_places(left) | volatile_places(right) | {-1}
    return () if volatile & set(key) else key


def _lines(rows: Sequence[MarkedRow]) -> Iterable[bytes]:
    """What is fixed of each row."""
    return rows.lines() if isinstance(rows, (Spool, MarkedSpool)) else map(fixed_line, rows)


@dataclass(frozen=True, slots=True)
class _Surplus:
    """How often each side has rows, by their hashes, beyond what the other has of them."""

    left: Counter[bytes]
    right: Counter[bytes]
    unseen: str
    """How many more there are, in words; empty: none."""


def _surplus(left: _Hashes, right: _Hashes) -> _Surplus:
    ours: Counter[bytes] = Counter()
    theirs: Counter[bytes] = Counter()
    unseen = [0, 0]
    for part in range(_PARTS):
        if left.parts[part] == right.parts[part]:
            continue
        one, two = left.counted(part), right.counted(part)
        more, less = one - two, two - one
        if ours.total() + theirs.total() < _ENOUGH:
            ours += more
            theirs += less
        else:
            unseen[0] += more.total()
            unseen[1] += less.total()
    told = f"{unseen[0]:,} and {unseen[1]:,} rows that differ" if any(unseen) else ""
    return _Surplus(ours, theirs, told)


def _rows(rows: Sequence[MarkedRow], wanted: Mapping[bytes, int]) -> Iterator[MarkedRow]:
    """The first rows with these hashes, as many of each as are wanted."""
    left = Counter(wanted)
    places = []
    for place, line in enumerate(_lines(rows)):
        own = line_digest(line)
        if left[own] > 0:
            left[own] -= 1
            places.append(place)
    following = iter(rows)
    for before, place in itertools.pairwise([-1, *places]):
        yield next(itertools.islice(following, place - before - 1, None))
