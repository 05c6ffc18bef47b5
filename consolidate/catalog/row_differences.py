"""Says which rows and sequence positions two databases do not share, up to what is volatile."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from consolidate.catalog import large_differences
from consolidate.catalog.large_differences import Picked
from consolidate.catalog.renaming import Domains, Side, colours
from consolidate.catalog.row_labels import Labels, Place
from consolidate.catalog.row_pairs import Leftover, Pairing, paired
from consolidate.catalog.row_telling import Texts, changed, shortened, told, visibly
from consolidate.model import Difference, DifferenceKind, ObjectId

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from consolidate.catalog.row_values import (
        MarkedRow,
        MarkedRows,
        MarkedTable,
        SequencePosition,
    )

_NOT_ALIGNED: Final = "rows not aligned"


def compare(left: MarkedRows, right: MarkedRows) -> tuple[Difference, ...]:
    """How the rows and sequence positions of the right database differ from the left's.

    The order of rows and of columns does not count; the latter is the facts' business. Cells
    that are fixed on both sides must be the same text. Volatile cells must be volatile on both
    sides and of one type; volatile keys must moreover tie the same rows together (see
    `renaming`). A table reports at most 20 differences and then how many more there are.
    """
    ours = {t.table.object: t for t in left.tables}
    theirs = {t.table.object: t for t in right.tables}
    differences = [
        *(_whole(DifferenceKind.MISSING, ours[n]) for n in sorted(ours.keys() - theirs.keys())),
        *(_whole(DifferenceKind.EXTRA, theirs[n]) for n in sorted(theirs.keys() - ours.keys())),
    ]
    shared: list[tuple[MarkedTable, MarkedTable]] = []
    for name in sorted(ours.keys() & theirs.keys()):
        differences += _of_columns(ours[name], theirs[name])
        shared.append(_on_shared_columns(ours[name], theirs[name]))
    differences += _of_tables(shared)
    differences += _of_sequences(left.sequences, right.sequences)
    return tuple(differences)


def _whole(kind: DifferenceKind, entry: MarkedTable) -> Difference:
    count = f"{len(entry.rows)} rows"
    missing = kind is DifferenceKind.MISSING
    return Difference(
        kind=kind,
        object=entry.table.object,
        attribute="",
        left=count if missing else None,
        right=None if missing else count,
    )


def _of_columns(left: MarkedTable, right: MarkedTable) -> Iterator[Difference]:
    where = left.table.object
    ours, theirs = (sorted(c.quoted for c in t.table.columns) for t in (left, right))
    if ours != theirs:
        yield changed(where, "columns", ", ".join(ours), ", ".join(theirs))
    if left.table.populated != right.table.populated:
        states = ("populated" if t.table.populated else "not populated" for t in (left, right))
        yield changed(where, "contents", *states)
    if left.unaligned != right.unaligned and not (left.unaligned and right.unaligned):
        states = (t.unaligned or "the same on every replay" for t in (left, right))
        yield changed(where, _NOT_ALIGNED, *states)


def _on_shared_columns(left: MarkedTable, right: MarkedTable) -> tuple[MarkedTable, MarkedTable]:
    """Both tables with the columns that both have, in the left one's order."""
    theirs = {c.name: position for position, c in enumerate(right.table.columns)}
    names = [c.name for c in left.table.columns if c.name in theirs]
    return _with_columns(left, names), _with_columns(right, names)


def _with_columns(entry: MarkedTable, names: list[str]) -> MarkedTable:
    if [c.name for c in entry.table.columns] == names:
        return entry
    places = {c.name: position for position, c in enumerate(entry.table.columns)}
    wanted = tuple(places[name] for name in names)
    columns = tuple(entry.table.columns[p] for p in wanted)
    rows: Sequence[MarkedRow] = Picked(entry.rows, wanted)
    if isinstance(entry.rows, tuple):
        rows = tuple(rows)
    return replace(entry, table=replace(entry.table, columns=columns), rows=rows)


def _of_tables(shared: Sequence[tuple[MarkedTable, MarkedTable]]) -> Iterator[Difference]:
    whole = [pair for pair in shared if not (_is_unaligned(pair) or large_differences.apply(*pair))]
    lefts, rights = [left for left, _ in whole], [right for _, right in whole]
    domains = Domains(t.table for t in (*lefts, *rights))
    sides = Side.of(lefts, domains), Side.of(rights, domains)
    coloured = colours(*sides)
    leftovers = [
        leftover
        for number, pair in enumerate(whole)
        if (leftover := _leftover(number, pair, (coloured[0][number], coloured[1][number])))
    ]
    found: dict[ObjectId, list[Difference]] = {}
    if leftovers:
        pairings = [paired(leftover) for leftover in leftovers]
        keys = _Keys(sides, coloured, leftovers, pairings)
        for leftover, pairing in zip(leftovers, pairings, strict=True):
            found[leftover.object] = list(told(leftover, pairing, keys.texts))
        if not any(found.values()):
            found = {leftover.object: [_knotted(leftover)] for leftover in leftovers}
    for left, right in shared:
        if _is_unaligned((left, right)):
            yield from _unaligned(left, right)
        elif large_differences.apply(left, right):
            yield from large_differences.compare(left, right)
        else:
            yield from shortened(found.get(left.table.object, []))


def _is_unaligned(pair: tuple[MarkedTable, MarkedTable]) -> bool:
    return any(entry.unaligned for entry in pair)


def _leftover(
    number: int,
    pair: tuple[MarkedTable, MarkedTable],
    coloured: tuple[Sequence[Hashable], Sequence[Hashable]],
) -> Leftover | None:
    """The rows of one table that find no row of their colour on the other side."""
    left, right = coloured
    if left == right:
        return None
    ours, theirs = Counter(left), Counter(right)
    if ours == theirs:
        return None
    return Leftover(
        number=number,
        left=pair[0],
        right=pair[1],
        left_rows=_surplus(left, ours - theirs),
        right_rows=_surplus(right, theirs - ours),
    )


def _surplus(coloured: Iterable[Hashable], surplus: Counter[Hashable]) -> tuple[int, ...]:
    positions: list[int] = []
    for position, colour in enumerate(coloured):
        if surplus[colour] > 0:
            surplus[colour] -= 1
            positions.append(position)
    return tuple(positions)


class _Keys:
    """Tells cells apart also by the rows whose keys they are, knowing which rows correspond."""

    def __init__(
        self,
        sides: tuple[Side, Side],
        coloured: tuple[list[list[Hashable]], list[list[Hashable]]],
        leftovers: Iterable[Leftover],
        pairings: Iterable[Pairing],
    ) -> None:
        self._left, self._right = Labels(sides[0]), Labels(sides[1])
        self._coloured = coloured
        self._pairs = {
            ((leftover.number, one), (leftover.number, two))
            for leftover, pairing in zip(leftovers, pairings, strict=True)
            for _, one, two in pairing.pairs
        }

    def texts(self, leftover: Leftover, one: int, two: int, column: int) -> Texts:
        """How two cells differ, in words; None if they do not, or not visibly.

        Cells that differ only because the rows that they are tied to differ do not.
        """
        if seen := visibly(leftover, one, two, column):
            return seen
        cell = leftover.left.rows[one][column]
        if isinstance(cell, str) or cell is None:
            return None
        ours = self._left.owners(leftover.number, one, column)
        theirs = self._right.owners(leftover.number, two, column)
        if all(map(self._are_the_same, ours, theirs)):
            return None
        named = self._left.named(ours), self._right.named(theirs)
        return named if named[0] != named[1] else None

    def _are_the_same(self, one: Place | None, two: Place | None) -> bool:
        if one is None or two is None:
            return one is two
        left, right = self._coloured
        same_colour = one[0] == two[0] and left[one[0]][one[1]] == right[two[0]][two[1]]
        return same_colour or (one, two) in self._pairs


def _knotted(leftover: Leftover) -> Difference:
    """For rows that differ in nothing that a label could show, only in how keys tie them."""
    count = f"{len(leftover.left_rows)} and {len(leftover.right_rows)} rows"
    return changed(
        leftover.object,
        "volatile keys",
        f"tie {count} together one way",
        "tie them together another way",
    )


def _unaligned(left: MarkedTable, right: MarkedTable) -> Iterator[Difference]:
    """What can be said of rows that two replays make in different numbers."""
    where = left.table.object
    if len(left.rows) != len(right.rows):
        yield changed(where, "number of rows", str(len(left.rows)), str(len(right.rows)))
    elif _pattern(left.rows) != _pattern(right.rows):
        for number, column in enumerate(left.table.columns):
            ours, theirs = (
                sum(row[number] is None for row in entry.rows) for entry in (left, right)
            )
            if ours != theirs:
                yield changed(where, f"NULLs in {column.quoted}", str(ours), str(theirs))
                return
        yield changed(where, "NULLs", "in certain rows", "in other rows")


def _pattern(rows: Iterable[MarkedRow]) -> Counter[tuple[bool, ...]]:
    return Counter(tuple(cell is None for cell in row) for row in rows)


def _of_sequences(
    left: Iterable[SequencePosition], right: Iterable[SequencePosition]
) -> Iterator[Difference]:
    ours = {p.identity: p for p in left}
    theirs = {p.identity: p for p in right}
    for identity in sorted(ours.keys() | theirs.keys()):
        where = ObjectId("sequence", identity)
        one, two = ours.get(identity), theirs.get(identity)
        if one is None:
            yield Difference(
                kind=DifferenceKind.EXTRA, object=where, attribute="", left=None, right=_at(two)
            )
        elif two is None:
            yield Difference(
                kind=DifferenceKind.MISSING, object=where, attribute="", left=_at(one), right=None
            )
        elif _at(one) != _at(two):
            yield changed(where, "last value", _at(one) or "", _at(two) or "")


def _at(position: SequencePosition | None) -> str | None:
    if position is None:
        return None
    if position.volatile:
        return "(volatile)"
    return f"{position.last_value}" + ("" if position.is_called else ", not called yet")
