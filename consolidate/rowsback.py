"""Takes rows back to where they were before some steps."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from consolidate import drawn, names, rowguard
from consolidate.catalog import rows
from consolidate.phrases import listed
from consolidate.rowpairs import moved
from consolidate.wording import conditions, former_types

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from consolidate.catalog.rows import Column, Row, Rows, Table, TableRows
    from consolidate.model import ObjectId
    from consolidate.plan import Step
    from consolidate.rowguard import Written
    from consolidate.rowpairs import Pair


@dataclass(frozen=True, slots=True)
class Restored:
    """How the rows of a table that stays are put back."""

    lines: Sequence[str]
    rows: Sequence[Written]
    """The rows that go or change."""
    whole: Table | None = None
    """The table, where all of its rows go: too many to be told one by one."""
    late: bool = False
    """Whether its columns have to have their former types before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsBack:
    """What takes the rows back that some steps wrote into tables that stay."""

    changed: Mapping[str, Restored]
    """By the table's identity."""
    written: Sequence[Written]
    """The rows that go or change."""
    after: Mapping[int, Sequence[str]]
    """The tables whose rows are restored after the inverse of each step, by its number; those of
    the number of steps come before every inverse."""
    irreversible: Sequence[str]

    @property
    def emptied(self) -> frozenset[ObjectId]:
        """Large tables that lose all of their rows."""
        return frozenset(one.whole.object for one in self.changed.values() if one.whole)

    def at(self, number: int) -> Iterator[tuple[str, Sequence[str]]]:
        """Each table that is restored after the inverse of a step, and how."""
        for name in self.after.get(number, ()):
            yield name, self.changed[name].lines


def rows_back(
    steps: Sequence[Step],
    before: Rows,
    after: Rows,
    *,
    dropped: Collection[ObjectId],
    volatile: Collection[tuple[str, str]],
) -> RowsBack:
    """Compares the rows before and after some steps, and words the difference backwards.

    Args:
        steps: What was done.
        before: The rows before it.
        after: The rows after it.
        dropped: What the inverse of the steps drops with its rows.
        volatile: Columns with a cell that differs from replay to replay.
    """
    irreversible: list[str] = []
    texts: dict[ObjectId, list[str]] = defaultdict(list)
    for step in steps:
        if step.unit.type == "ROWS":
            texts[step.unit.family].append(step.sql)
    changed = dict(
        _row_changes(
            before,
            after,
            dropped=dropped,
            volatile=volatile,
            texts=texts,
            irreversible=irreversible,
        )
    )
    return RowsBack(
        changed=changed,
        written=[row for restored in changed.values() for row in restored.rows],
        after=_restored_after(steps, after, changed),
        irreversible=irreversible,
    )


def _row_changes(  # noqa: PLR0913 - a comparison has two sides, and what is known of both
    before: Rows,
    after: Rows,
    *,
    dropped: Collection[ObjectId],
    volatile: Collection[tuple[str, str]],
    texts: Mapping[ObjectId, Sequence[str]],
    irreversible: list[str],
) -> Iterator[tuple[str, Restored]]:
    """For each table that stays: how its rows are restored."""
    earlier = {held.table.object: held for held in before.tables}
    for held in after.tables:
        name = held.table.object
        if name in dropped or name.kind != "table" or name not in earlier:
            continue
        if earlier[name].rows is held.rows:  # the same reading
            continue
        if rows.are_large(held) and not earlier[name].rows:
            line = f"DELETE FROM ONLY {name.identity};"
            yield name.identity, Restored([line], [], whole=held.table)
            continue
        restored = _Restoring(earlier[name], held, volatile, texts.get(name, ()))
        irreversible += restored.irreversible
        if restored.lines:
            yield name.identity, Restored(restored.lines, restored.written, late=restored.late)


class _Restoring:
    """Words how the rows of one table are restored."""

    def __init__(
        self,
        before: TableRows,
        after: TableRows,
        volatile: Collection[tuple[str, str]],
        texts: Sequence[str],
    ) -> None:
        self._held = after
        self._name = after.table.object
        self._volatile = {name for owner, name in volatile if owner == self._name.identity}
        self._cells = volatile
        self._drawn = drawn.columns(after.table, texts)
        found = moved(before, after)
        self.written: list[Written] = []
        """The rows that go or change, as the guard looks for them."""
        self.irreversible: list[str] = []
        self._former = {column.name: column for column in before.table.columns}
        self.late = False
        if found.gone or found.pairs:
            self._look_at_columns()
        deleted, updated = [*self._deleted(found.added)], [*self._updated(found.pairs)]
        again = [*self._reinserted(before.table, found.gone)]
        parts = (again, updated, deleted) if self._points_at_itself else (deleted, updated, again)
        self.lines = [line for part in parts for line in part]

    def _refuse(self, why: str) -> None:
        self.irreversible.append(f"{self._name}: {why}")

    def _look_at_columns(self) -> None:
        """Whether rows get back what they held before or after columns get their former types."""
        now = {column.name: column for column in self._held.table.columns}
        if lost := {c.quoted for name, c in self._former.items() if name not in now}:
            self._refuse(
                f"rows went or changed, and {_told(lost)} was dropped or renamed in the same file"
            )
        narrower = {
            name
            for name, former in self._former.items()
            if name in now and not former_types.has_room(former.type, now[name].type)
        }
        self.late = bool(narrower)
        key = {*self._held.table.primary_key}
        if narrower and (not key or key & narrower):
            told = _told({now[name].quoted for name in narrower})
            self._refuse(f"rows went or changed that only {told} tells, which has another type now")

    def _value(self, column: Column, cell: str | None) -> str:
        """A constant of the type that its column has by then."""
        typed = self._former.get(column.name, column) if self.late else column
        return "NULL" if cell is None else conditions.constant(cell, typed.base)

    def _deleted(self, added: Sequence[Row]) -> Iterator[str]:
        """The rows that came; in one statement where one may point at another."""
        own = [rowguard.written(self._held.table, row, self._cells, self._drawn) for row in added]
        if self._drawn and self._others(own, Counter(one.place for one in own), self._drawn):
            # rows that were there look like them: the numbers alone tell them apart
            own = [rowguard.written(self._held.table, row, self._cells) for row in added]
        wanted = Counter(one.place for one in own)
        others = self._others(own, wanted)
        self.written += [replace(one, some=one.place in others and not one.hidden) for one in own]
        if others:
            self._require_alike()
        places = [place for place in wanted if not others[place]]
        if len(places) > 1 and self._points_at_itself:
            places = ["\n    OR ".join(f"({place})" for place in places)]
        name = self._name.identity
        yield from (f"DELETE FROM ONLY {name} WHERE {place};" for place in places)
        for place in others:
            yield f"DELETE FROM ONLY {name} WHERE {self._some(place, wanted[place])};"

    @property
    def _points_at_itself(self) -> bool:
        table = self._held.table
        return any(
            key.references in {table.root, table.object.identity} for key in table.foreign_keys
        )

    def _reinserted(self, table: Table, gone: Sequence[Row]) -> Iterator[str]:
        """The rows that went; what an identity column held is given to it."""
        left = {column.name for column in self._held.table.columns}
        columns = [
            (n, c) for n, c in enumerate(table.columns) if c.name in left and not c.generated
        ]
        lost = {c.quoted for row in gone for n, c in columns if self._is_lost(c, row[n])}
        if lost:
            self._refuse(f"rows went whose {_told(lost)} differs from replay to replay")
        columns = [(n, c) for n, c in columns if c.quoted not in lost]
        listed = ", ".join(c.quoted for _, c in columns)
        over = "OVERRIDING SYSTEM VALUE " if any(c.identity for _, c in columns) else ""
        told = [f"({', '.join(self._value(c, row[n]) for n, c in columns)})" for row in gone]
        if self._points_at_itself and told:
            told = [",\n    ".join(told)]
        head = f"INSERT INTO {table.object.identity} ({listed}) {over}VALUES "
        yield from (f"{head}{one};" for one in told)

    def _is_lost(self, column: Column, cell: str | None) -> bool:
        """Whether a cell held what only this replay knows."""
        return cell is not None and column.name in self._volatile

    def _updated(self, pairs: Sequence[Pair]) -> Iterator[str]:
        """The cells that were changed, of rows that are there still."""
        lost = {c.quoted for pair in pairs for c, cell in pair.cells if self._is_lost(c, cell)}
        if lost:
            self._refuse(f"what was overwritten in {_told(lost)} differs from replay to replay")
        changes: dict[str, list[str]] = defaultdict(list)
        own: list[Written] = []
        for pair in pairs:
            cells = [(c, cell) for c, cell in pair.cells if c.quoted not in lost]
            if cells:
                columns = [c for c, _ in cells]
                own.append(rowguard.changed(self._held.table, pair.after, columns, self._cells))
                back = ", ".join(f"{c.quoted} = {self._value(c, cell)}" for c, cell in cells)
                changes[own[-1].place].append(back)
        others = self._others(own, {place: len(told) for place, told in changes.items()})
        some = {
            one.place
            for one in own
            if others[one.place]
            or len({*changes[one.place]}) > 1
            or not (one.key or one.hidden)  # somebody may have added rows that are like it
        }
        if some:
            self._require_alike()
        self.written += [replace(one, some=one.place in some and not one.hidden) for one in own]
        for place, told in changes.items():
            update = f"UPDATE ONLY {self._name.identity} SET"
            for back, number in sorted(Counter(told).items()):
                where = self._some(place, number) if place in some else place
                yield f"{update} {back} WHERE {where};"

    def _others(
        self, own: Sequence[Written], wanted: Mapping[str, int], drawn: Collection[str] = ()
    ) -> Counter[str]:
        """How many rows more each place finds than are wanted there."""
        if all(one.key for one in own):
            return Counter()
        found: Counter[str] = Counter()
        for row in self._held.rows:
            one = rowguard.written(self._held.table, row, self._cells, drawn)
            if one.place in wanted and not one.key:
                found[one.place] += 1
        return +Counter({place: n - wanted[place] for place, n in found.items()})

    def _require_alike(self) -> None:
        """Where no key tells rows, those that are alike must be so in all of their cells."""
        if self._volatile:
            self._refuse("nothing but what differs from replay to replay tells its rows apart")

    def _some(self, place: str, number: int) -> str:
        """The condition that finds some of the rows of a place, which are all alike."""
        name = self._name.identity
        return f"ctid = ANY (ARRAY(SELECT ctid FROM ONLY {name} WHERE {place} LIMIT {number}))"


def _told(columns: Collection[str]) -> str:
    return listed(sorted(columns), _SHOWN)


_SHOWN = 3
"""Columns that a reason names."""


def _restored_after(
    steps: Sequence[Step], after: Rows, changed: Mapping[str, Restored]
) -> Mapping[int, list[str]]:
    """The step after whose inverse the rows of each table that stays are restored.

    It is the first that wrote them (the number of steps where only triggers did: that comes before
    every inverse), but never before tables are gone or restored whose rows point at them, nor
    before columns have their former types where the new ones have no room for what was there.
    """
    first = {
        step.unit.family.identity: number
        for number, step in reversed([*enumerate(steps)])
        if step.unit.type == "ROWS"
    }
    made = {
        m.identity: n for n, step in enumerate(steps) for m in step.members if m.kind == "table"
    }
    typed = {
        names.parted(cut.identity, ".")[0]: number
        for number, step in reversed([*enumerate(steps)])
        for cut in step.unit.cut
    }
    place = {
        name: min(
            first.get(name, len(steps)), typed.get(name, len(steps)) if one.late else len(steps)
        )
        for name, one in changed.items()
    }
    pointing = [
        (held.table.object.identity, key.references)
        for held in after.tables
        for key in held.table.foreign_keys
        if key.references in place
    ]
    settled = False
    while not settled:
        settled = True
        for owner, target in pointing:
            bound = made.get(owner, place.get(owner, len(steps)))
            if bound < place[target]:
                place[target] = bound
                settled = False
    found: dict[int, list[str]] = defaultdict(list)
    for name in sorted(changed, key=lambda name: (-first.get(name, len(steps)), name)):
        found[place[name]].append(name)
    return found
