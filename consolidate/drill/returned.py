"""Tells rows that got a former key back, or follow one that did, from rows that are lost."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from consolidate.catalog.rows import Row, Table, TableRows


class Keys:
    """The keys that a file gave to rows, and those that it took from them."""

    def __init__(self, above: Mapping[str, TableRows], below: Mapping[str, TableRows]) -> None:
        self._given: dict[tuple[str, tuple[str, ...]], set[Row]] = defaultdict(set)
        self._taken: dict[tuple[str, tuple[str, ...]], set[Row]] = defaultdict(set)
        for name in above.keys() & below.keys():
            now, was = above[name], below[name]
            if now.rows is was.rows:
                continue
            for columns in _unique(now.table):
                held, former = _held(now, columns), _held(was, columns)
                self._given[now.table.root, columns] |= held - former
                self._taken[now.table.root, columns] |= former - held

    def returned(
        self, table: Table, columns: Sequence[str], lost: Counter[Row], gained: Counter[Row]
    ) -> Counter[tuple[Row, Row]]:
        """Rows as they were and as they are, that differ in nothing but keys that were put back.

        Args:
            table: The table.
            columns: Those of which the rows have cells.
            lost: Rows that it had, and has no more.
            gained: Rows that it has, and had not.
        """
        own = [one for one in _pointing(table) if {*one[0]} <= {*columns}]
        keyed = {name for names, _ in own for name in names}
        rest = [place for place, name in enumerate(columns) if name not in keyed]
        there: dict[Row, list[Row]] = defaultdict(list)
        for row in gained.elements():
            there[tuple(row[place] for place in rest)].append(row)
        found: Counter[tuple[Row, Row]] = Counter()
        for row in lost.elements():
            alike = there.get(tuple(row[place] for place in rest), [])
            now = next((one for one in alike if self._is_back(columns, own, row, one)), None)
            if now is not None:
                alike.remove(now)
                found[row, now] += 1
        return found

    def _is_back(
        self,
        columns: Sequence[str],
        own: Sequence[tuple[tuple[str, ...], tuple[str, tuple[str, ...]]]],
        was: Row,
        now: Row,
    ) -> bool:
        """Whether what two rows differ in is a key that the file gave, and the one that it took."""
        explained = set()
        for names, key in own:
            places = [columns.index(name) for name in names]
            before, after = (tuple(row[place] for place in places) for row in (was, now))
            if before in self._given.get(key, ()) and after in self._taken.get(key, ()):
                explained |= {*places}
        return all(one == other or n in explained for n, (one, other) in _both(was, now))


def changed_back(
    lost: Counter[Row], gained: Counter[Row], put: Counter[Row], removed: Counter[Row]
) -> Counter[tuple[Row, Row]]:
    """Rows as they were and as they are, that differ as a row that the file changed did.

    What else others have changed of them is still there.

    Args:
        lost: Rows that a table had, and has no more.
        gained: Rows that it has, and had not.
        put: Rows that it got from the file, less those that went as they were.
        removed: Rows that the file took from it, less those that came back as they were.
    """
    there, put, removed = list(gained.elements()), put.copy(), removed.copy()
    found: Counter[tuple[Row, Row]] = Counter()
    for was in lost.elements():
        for now in there:
            change = _change(was, now, put, removed)
            if change is not None:
                put[change[0]] -= 1
                removed[change[1]] -= 1
                there.remove(now)
                found[was, now] += 1
                break
    return found


def _change(was: Row, now: Row, put: Counter[Row], removed: Counter[Row]) -> tuple[Row, Row] | None:
    """A row as the file left it and as it found it, that differ as two others do."""
    places = [place for place, (one, other) in _both(was, now) if one != other]
    for left, number in put.items():
        if number > 0 and all(left[place] == was[place] for place in places):
            met = tuple(now[n] if n in places else cell for n, cell in enumerate(left))
            if removed[met] > 0:
                return left, met
    return None


def _both(was: Row, now: Row) -> Iterator[tuple[int, tuple[str | None, str | None]]]:
    yield from enumerate(zip(was, now, strict=True))


def _pointing(table: Table) -> Iterator[tuple[tuple[str, ...], tuple[str, tuple[str, ...]]]]:
    """Columns that are a key or follow one, each with the key's table and columns."""
    for columns in _unique(table):
        yield columns, (table.root, columns)
    for foreign in table.foreign_keys:
        if foreign.cascades:
            yield foreign.columns, (foreign.references, foreign.referenced_columns)


def _unique(table: Table) -> Iterator[tuple[str, ...]]:
    yield from (columns for columns in (table.primary_key, *table.unique_keys) if columns)


def _held(held: TableRows, columns: Sequence[str]) -> set[Row]:
    places = {column.name: place for place, column in enumerate(held.table.columns)}
    if not {*columns} <= places.keys():
        return set()
    return {tuple(row[places[name]] for name in columns) for row in held.rows}
