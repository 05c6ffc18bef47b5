"""Folds the corrections of one table into the INSERTs that list its rows.

Which rows are left and what their cells hold, the truth tells; a row is found there by a key that
the listed cells give. Nothing is worked out: a value is the author's or the server's.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from pglast.parser import ParseError

from consolidate import names
from consolidate.catalog.rows import Volatile, VolatileJson
from consolidate.wording.conditions import constant as written
from consolidate.wording.constants import constant, is_told_apart, same, spelled
from consolidate.wording.listings import listing
from consolidate.wording.rowsplice import Changes, spliced
from consolidate.wording.text import tokens
from consolidate.wording.trees import parsed

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

    from consolidate.catalog.rows import Cell, Column, MarkedRow, MarkedTable
    from consolidate.model import StatementId
    from consolidate.trace import RowCounts
    from consolidate.wording.corrections import Correction
    from consolidate.wording.listings import ListedRow, Listing

_VOLATILE = Volatile | VolatileJson
_Key: TypeAlias = "tuple[Hashable, ...]"


class NotExact(Exception):  # noqa: N818 - an answer, not a failure
    """What the corrections left can not be told exactly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An INSERT that lists rows of the table."""

    statement: StatementId
    number: int
    """Its place in the history."""
    rows: Listing
    columns: tuple[str | None, ...]
    """What its cells are for, named or not, by today's names; None: it is not there any more."""
    table: str = ""
    """The table's name of today, if it has another one."""
    counts: RowCounts
    """What it did when it ran."""
    conflicts: bool
    """Whether it says what to do about rows that are there already."""

    @property
    def dropped(self) -> frozenset[int]:
        """The numbers of the columns that are not there any more."""
        return frozenset(n for n, name in enumerate(self.columns) if name is None)

    @property
    def renamed(self) -> Mapping[int, str]:
        """Today's names of the columns that the author called otherwise, by their numbers."""
        pairs = enumerate(zip(self.rows.columns, self.columns, strict=False))
        return {n: names.quote(new) for n, (old, new) in pairs if new is not None and new != old}

    @property
    def is_stale(self) -> bool:
        """Whether the author's names are not today's."""
        return bool(self.table or self.dropped or self.renamed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A correction of the table's rows."""

    correction: Correction
    number: int
    """Its place in the history."""
    deleted: int
    """How many rows of the table it deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """An INSERT with what later statements corrected of it."""

    words: str
    """Empty if none of its rows is left."""
    rows: int
    corrections: tuple[StatementId, ...]
    """Those that something in the words goes back to."""


def fold(
    marked: MarkedTable,
    defaults: Mapping[str, str],
    listed: Sequence[Listed],
    corrected: Sequence[Corrected],
    *,
    whole: bool = False,
) -> Mapping[StatementId, Folded]:
    """The INSERTs that are otherwise once the corrections are folded in.

    Args:
        marked: The table's rows at the end.
        defaults: The text of its columns' defaults, by the columns' names.
        listed: The INSERTs that list rows of it, in order.
        corrected: The corrections, in order.
        whole: Whether every cell is looked at; else those that some correction sets.

    Raises:
        NotExact: It can not be told what is left of them.
    """
    return _Fold(marked, defaults, listed, corrected, whole=whole).folded()


@dataclass(slots=True)
class _Edits:
    """What is to be otherwise in one INSERT."""

    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    added: dict[str, list[str]] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    """Those in which a cell was changed or added."""

    @property
    def are_some(self) -> bool:
        """Whether anything is otherwise."""
        return bool(self.cells or self.added or self.gone)


class _Fold:
    """One table while its corrections are folded."""

    def __init__(
        self,
        marked: MarkedTable,
        defaults: Mapping[str, str],
        listed: Sequence[Listed],
        corrected: Sequence[Corrected],
        *,
        whole: bool,
    ) -> None:
        self._whole = whole
        self._table = marked.table
        self._rows = marked.rows
        self._defaults = defaults
        self._listed = listed
        self._corrected = corrected
        self._columns = {column.name: column for column in marked.table.columns}
        self._places = {column.name: n for n, column in enumerate(marked.table.columns)}
        self._edits: dict[int, _Edits] = defaultdict(_Edits)
        for one in listed:
            named = [name for name in one.columns if name is not None]
            if not named or any(self._is_unknown(name) for name in named):
                raise NotExact

    def _is_unknown(self, name: str) -> bool:
        return name not in self._columns or self._columns[name].generated

    def folded(self) -> Mapping[StatementId, Folded]:
        live = self._matched() if self._corrected or self._whole else {}
        for number, one in enumerate(self._listed):
            later = [c.correction for c in self._corrected if c.number > one.number]
            rows = {row: final for (n, row), final in live.items() if n == number}
            for name in self._looked_at(later):
                if name in one.columns:
                    self._change(number, name, rows, later)
                else:
                    self._add(number, name, rows, later)
        return {
            one.statement: self._written(number, edits)
            for number, one in enumerate(self._listed)
            if (edits := self._edits[number]).are_some or one.is_stale
        }

    def _looked_at(self, later: Sequence[Correction]) -> Iterator[str]:
        """The columns that are there and whose cells may be otherwise, in their order."""
        set_ = {name for c in later for name in c.columns}
        for name, column in self._columns.items():
            told_apart = is_told_apart(column.base) and not self._is_drawn(column)
            if not column.generated and (name in set_ or (self._whole and told_apart)):
                yield name

    def _place(self, name: str) -> tuple[int, str]:
        return self._places.get(name, -1), name

    # -- which row is which ---------------------------------------------------------------

    def _matched(self) -> Mapping[tuple[int, int], MarkedRow]:
        """The final row of every listed row that is left, by the numbers of INSERT and row."""
        key, final = self._key()
        alive: dict[_Key, tuple[int, int]] = {}
        deleted = 0
        for number, one in enumerate(self._listed):
            keys = [self._told(one, row, key) for row in one.rows.rows]
            known = {k for k in keys if k in alive}
            anew = one.counts.inserted == len({*keys}) == len(keys)
            if anew:  # whatever bore these keys was gone when it ran
                deleted += self._end(alive[k] for k in known)
            elif not one.conflicts or one.counts.inserted != len(keys) - len(known):
                raise NotExact
            elif one.counts.updated:  # the earlier rows have what this one set
                self._end((number, row) for row, k in enumerate(keys) if k in known)
            for row, k in enumerate(keys):
                if anew or k not in known:
                    alive[k] = (number, row)
        deleted += self._end(place for k, place in alive.items() if k not in final)
        if deleted != sum(one.deleted for one in self._corrected):
            raise NotExact
        self._refuse_drawn_numbers()
        return {place: final[k] for k, place in alive.items() if k in final}

    def _end(self, places: Iterable[tuple[int, int]]) -> int:
        """Takes some rows out of their INSERTs; returns how many."""
        ended = list(places)
        for number, row in ended:
            self._edits[number].gone.add(row)
        return len(ended)

    def _key(self) -> tuple[tuple[str, ...], Mapping[_Key, MarkedRow]]:
        """Columns that tell all rows apart, and the final rows by what they hold there."""
        for key in self._keys():
            places = [self._places[name] for name in key]
            final: dict[_Key, MarkedRow] = {}
            for row in self._rows:
                cells = [row[place] for place in places]
                fixed = [cell for cell in cells if not isinstance(cell, _VOLATILE)]
                final[self._spelled(key, fixed)] = row
            if len(final) == len(self._rows):
                return key, final
        raise NotExact

    def _keys(self) -> Iterator[tuple[str, ...]]:
        """The table's keys, and all that no correction sets, as far as every INSERT gives them."""
        given = {
            name
            for name, place in self._places.items()
            if not any(isinstance(row[place], _VOLATILE) for row in self._rows)
        }
        for one in self._listed:
            for place, name in enumerate(one.columns):
                if name and any(row.cells[place].constant is None for row in one.rows.rows):
                    given.discard(name)
            given &= {name for name in one.columns if name}
        for corrected in self._corrected:
            given -= corrected.correction.columns
        for key in (self._table.primary_key, *self._table.unique_keys):
            if key and given.issuperset(key):
                yield key
        if given:
            yield tuple(sorted(given, key=self._place))

    def _told(self, one: Listed, row: ListedRow, key: Sequence[str]) -> _Key:
        """What a listed row holds in some columns."""
        cells = (row.cells[one.columns.index(name)].constant for name in key)
        return self._spelled(key, [cell.text if cell else None for cell in cells])

    def _spelled(self, key: Sequence[str], cells: Sequence[str | None]) -> _Key:
        return tuple(
            None if cell is None else spelled(cell, self._columns[name].base)
            for name, cell in zip(key, cells, strict=True)
        )

    def _refuse_drawn_numbers(self) -> None:
        """Rows that are not inserted draw no number, and those behind them get another one."""
        for number, edits in self._edits.items():
            left_out = self._columns.keys() - {*self._listed[number].columns}
            if edits.gone and any(self._is_drawn(self._columns[name]) for name in left_out):
                raise NotExact

    def _is_drawn(self, column: Column) -> bool:
        return column.identity or "nextval(" in self._defaults.get(column.name, "")

    # -- what its cells hold --------------------------------------------------------------

    def _change(
        self, number: int, name: str, rows: Mapping[int, MarkedRow], later: Sequence[Correction]
    ) -> None:
        """Puts the final cells of a column that the INSERT gives in place."""
        one, edits = self._listed[number], self._edits[number]
        place = one.columns.index(name)
        for row, final in rows.items():
            cell = final[self._places[name]]
            given = one.rows.rows[row].cells[place].constant
            if given is None and isinstance(cell, _VOLATILE):
                continue  # an expression gave it, and another one gives the like
            if given is None:
                raise NotExact
            if isinstance(
                cell, _VOLATILE
            ):  # something else gave it, and the default gives the like
                if name not in self._defaults:
                    raise NotExact
                edits.cells[row, place] = "DEFAULT"
                edits.columns.add(name)
            elif not same(given.text, cell, self._columns[name].base):
                edits.cells[row, place] = self._text(name, cell, later)
                edits.columns.add(name)

    def _add(
        self, number: int, name: str, rows: Mapping[int, MarkedRow], later: Sequence[Correction]
    ) -> None:
        """Adds a column that the INSERT leaves to its default, unless that is what is left."""
        one, edits = self._listed[number], self._edits[number]
        default = self._defaults.get(name)
        cells = {row: final[self._places[name]] for row, final in rows.items()}
        if all(self._is_default(name, cell) for cell in cells.values()):
            return
        if not one.rows.columns and self._places[name] != len(one.columns) + len(edits.added):
            raise NotExact
        if default is None and any(isinstance(cell, _VOLATILE) for cell in cells.values()):
            raise NotExact
        missing = "NULL" if default is None else "DEFAULT"
        texts = [missing] * len(one.rows.rows)
        for row, cell in cells.items():
            if not isinstance(cell, _VOLATILE):
                texts[row] = self._text(name, cell, later)
        edits.added[name] = texts
        edits.columns.add(name)

    def _is_default(self, name: str, cell: Cell) -> bool:
        """Whether a cell holds what the column's default gives."""
        default = self._defaults.get(name)
        if default is None:
            return cell is None
        if isinstance(cell, _VOLATILE):
            return True
        try:
            found = constant(parsed(f"SELECT {default}").targetList[0].val)
        except ParseError:  # what a newer server prints
            return False
        return found is not None and same(found.text, cell, self._columns[name].base)

    def _text(self, name: str, cell: str | None, later: Sequence[Correction]) -> str:
        """A final cell as the corrections spell it, else as the server does."""
        if cell is None:
            return "NULL"
        base = self._columns[name].base
        told = (found.text for c in later for found in c.told.get(name, ()))
        spelling = next((text for text in told if same(text, cell, base)), None)
        return written(cell if spelling is None else spelling, base)

    # -- the words ------------------------------------------------------------------------

    def _written(self, number: int, edits: _Edits) -> Folded:
        one = self._listed[number]
        words = spliced(
            one.rows,
            Changes(
                cells=edits.cells,
                added=edits.added,
                gone=edits.gone,
                dropped=one.dropped,
                renamed=one.renamed,
                table=one.table,
            ),
        )
        if words and not self._says(words, one, edits):
            raise NotExact
        later = [c for c in self._corrected if c.number > one.number]
        return Folded(
            words=words,
            rows=len(one.rows.rows) - len(edits.gone),
            corrections=tuple(
                c.correction.statement
                for c in later
                if c.correction.columns & edits.columns or (edits.gone and c.deleted)
            ),
        )

    def _says(self, words: str, one: Listed, edits: _Edits) -> bool:
        """Whether the words are read as what they are meant to say."""
        try:
            found = listing(words, parsed(words))
        except ParseError:
            return False
        columns = (*filter(None, one.columns), *edits.added) if one.rows.columns else ()
        if found is None or found.columns != columns:
            return False
        if tokens(words)[-1].name != tokens(one.rows.words)[-1].name:
            return False  # a comment has swallowed the semicolon
        meant = [
            [
                *(
                    edits.cells.get((number, place), cell.span.of(one.rows.words))
                    for place, cell in enumerate(row.cells)
                    if place not in one.dropped
                ),
                *(texts[number] for texts in edits.added.values()),
            ]
            for number, row in enumerate(one.rows.rows)
            if number not in edits.gone
        ]
        return meant == [[cell.span.of(words) for cell in row.cells] for row in found.rows]
