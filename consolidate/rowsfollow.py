"""Tells what of the rows was changed by nothing but ON UPDATE CASCADE."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from consolidate.catalog.rows import ForeignKey, Row, Table, TableRows
    from consolidate.rowpairs import Moved

_Keys: TypeAlias = "Mapping[tuple[str, tuple[str, ...]], Mapping[Row, Row]]"
"""By a table and the columns of a key: what rows held there, and hold now."""


def followed(
    states: Sequence[tuple[TableRows, TableRows]],
    compared: Callable[[TableRows, TableRows], Moved],
) -> list[TableRows]:
    """The rows before, but that they point at changed keys already as they do after.

    Whoever puts the keys back takes these rows along; so nothing else has to put them back.

    Args:
        states: Tables before and after.
        compared: What tells rows that were changed from rows that came and went.
    """
    foreign = [key for _, after in states for key in after.table.foreign_keys if key.cascades]
    pointed = {(key.references, key.referenced_columns) for key in foreign}
    found = [before for before, _ in states]
    known: _Keys = {}
    while pointed:  # a key that follows another may have followers, too
        keys = _changed(states, found, pointed, compared)
        if sum(map(len, keys.values())) <= sum(map(len, known.values())):
            break
        known = keys
        found = [_pointing(before, after.table, known) for before, after in states]
    return found


def _changed(
    states: Sequence[tuple[TableRows, TableRows]],
    found: Sequence[TableRows],
    pointed: set[tuple[str, tuple[str, ...]]],
    compared: Callable[[TableRows, TableRows], Moved],
) -> _Keys:
    """The keys of rows that are there still, under another one."""
    keys: dict[tuple[str, tuple[str, ...]], dict[Row, Row]] = defaultdict(dict)
    for (before, after), held in zip(states, found, strict=True):
        for key in sorted(pointed):
            if key[0] != after.table.root or not _has(before.table, key[1]):
                continue
            pairs = {pair.before: pair.after for pair in compared(held, after).pairs}
            for row, then in zip(before.rows, held.rows, strict=True):
                now, table = (pairs[then], after.table) if then in pairs else (then, held.table)
                was, is_ = _cells(before.table, row, key[1]), _cells(table, now, key[1])
                if was != is_ and None not in was:
                    keys[key][was] = is_
    return keys


def _pointing(before: TableRows, now: Table, keys: _Keys) -> TableRows:
    """A table's rows with what their foreign keys have followed."""
    own = [*_following(before.table, now, keys)]
    if not own:
        return before
    places = {column.name: place for place, column in enumerate(before.table.columns)}
    rows = []
    for row in before.rows:
        cells = [*row]
        for key in own:
            held = tuple(row[places[name]] for name in key.columns)
            changed = keys[key.references, key.referenced_columns].get(held, held)
            for name, cell in zip(key.columns, changed, strict=True):
                cells[places[name]] = cell
        rows.append(tuple(cells))
    return replace(before, rows=tuple(rows))


def _following(was: Table, now: Table, keys: _Keys) -> Iterator[ForeignKey]:
    """The foreign keys that were there before and are after, and have something to follow."""
    for key in now.foreign_keys:
        is_old = key.cascades and key in was.foreign_keys
        if is_old and (key.references, key.referenced_columns) in keys:
            yield key


def _has(table: Table, columns: Sequence[str]) -> bool:
    return {*columns} <= {column.name for column in table.columns}


def _cells(table: Table, row: Row, columns: Sequence[str]) -> Row:
    places = {column.name: place for place, column in enumerate(table.columns)}
    return tuple(row[places[name]] for name in columns)
