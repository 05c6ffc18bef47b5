"""Takes rows back to where they were before some steps."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from consolidate import drawn, names, rowguard, roworder
from consolidate.catalog import rows
from consolidate.phrases import listed
from consolidate.roworder import Operation
from consolidate.rowpairs import moved
from consolidate.rowsfollow import followed
from consolidate.wording import conditions, former_types, rowkinds

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from consolidate.catalog.rows import Column, Row, Rows, Table, TableRows
    from consolidate.model import ObjectId
    from consolidate.plan import Step
    from consolidate.rowguard import Written
    from consolidate.roworder import Cells
    from consolidate.rowpairs import Moved, Pair


@dataclass(frozen=True, slots=True)
class Restored:
    """How the rows of a table that stays are put back."""

    operations: Sequence[Operation]
    rows: Sequence[Written]
    """The rows that go or change."""
    whole: Table | None = None
    """The table, where all of its rows go: too many to be told one by one."""
    late: bool = False
    """Whether its columns have to have their former types before."""
    keys: Sequence[str] = ()
    """The conditions of rows that hold the key of one which comes back."""


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

    def at(self, number: int) -> tuple[Sequence[str], Sequence[str]]:
        """The tables that are restored after the inverse of a step, and how."""
        tables = self.after.get(number, ())
        operations = [one for name in tables for one in self.changed[name].operations]
        return tables, roworder.in_order(operations)


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
    states = []
    for held in after.tables:
        name = held.table.object
        if name in dropped or name.kind != "table" or name not in earlier:
            continue
        if earlier[name].rows is held.rows:  # the same reading
            continue
        if rows.are_large(held) and not earlier[name].rows:
            whole = Operation(line=f"DELETE FROM ONLY {name.identity};", table=held.table)
            yield name.identity, Restored([whole], [], whole=held.table)
            continue
        states.append((earlier[name], held))

    def compared(was: TableRows, now: TableRows) -> Moved:
        name = now.table.object
        unknown = {column for owner, column in volatile if owner == name.identity}
        rekeyed = rowkinds.may_change(texts.get(name, ()))
        return moved(was, now, unknown, may_be_rekeyed=rekeyed)

    for was, (_, now) in zip(followed(states, compared), states, strict=True):
        name = now.table.object
        restored = _Restoring(was, now, compared(was, now), volatile, texts.get(name, ()))
        irreversible += restored.irreversible
        if restored.operations:
            yield (
                name.identity,
                Restored(
                    restored.operations, restored.written, late=restored.late, keys=restored.keys
                ),
            )


class _Restoring:
    """Words how the rows of one table are restored."""

    def __init__(
        self,
        before: TableRows,
        after: TableRows,
        found: Moved,
        volatile: Collection[tuple[str, str]],
        texts: Sequence[str],
    ) -> None:
        self._held = after
        self._name = after.table.object
        self._volatile = {name for owner, name in volatile if owner == self._name.identity}
        self._cells = volatile
        self._drawn = drawn.columns(after.table, texts)
        self._was = before.table
        self.written: list[Written] = []
        """The rows that go or change, as the guard looks for them."""
        self.irreversible: list[str] = []
        self.keys: list[str] = []
        """Where a row would be in the way of one that comes back."""
        self._former = {column.name: column for column in before.table.columns}
        self.late = False
        if found.gone or found.pairs:
            self._look_at_columns()
        deleted, updated = [*self._deleted(found.added)], [*self._updated(found.pairs)]
        again = [*self._reinserted(before.table, found.gone)]
        parts = (again, updated, deleted) if self._points_at_itself else (deleted, updated, again)
        self.operations = [one for part in parts for one in part]

    def _refuse(self, why: str) -> None:
        self.irreversible.append(f"{self._name}: {why}")

    def _look_at_columns(self) -> None:
        """Whether rows get back what they held before or after columns get their former types."""
        now = {column.name: column for column in self._held.table.columns}
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

    def _operation(self, line: str, now: Iterable[Row] = (), then: Iterable[Row] = ()) -> Operation:
        table = self._held.table
        return Operation(
            line=line,
            table=table,
            now=[_by_name(table, row) for row in now],
            then=[_by_name(self._was, row) for row in then],
        )

    def _deleted(self, added: Sequence[Row]) -> Iterator[Operation]:
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
        rows: dict[str, list[Row]] = defaultdict(list)
        for one, row in zip(own, added, strict=True):
            rows[one.place].append(row)
        told = {place: rows[place] for place in wanted if not others[place]}
        if len(told) > 1 and self._points_at_itself:
            every = [row for of_place in told.values() for row in of_place]
            told = {"\n    OR ".join(f"({place})" for place in told): every}
        head = f"DELETE FROM ONLY {self._name.identity} WHERE"
        for place, of_place in told.items():
            yield self._operation(f"{head} {place};", of_place)
        for place in others:
            yield self._operation(f"{head} {self._some(place, wanted[place])};", rows[place])

    @property
    def _points_at_itself(self) -> bool:
        table = self._held.table
        return any(
            key.references in {table.root, table.object.identity} for key in table.foreign_keys
        )

    def _reinserted(self, table: Table, gone: Sequence[Row]) -> Iterator[Operation]:
        """The rows that went; what an identity column held is given to it."""
        left = {column.name for column in self._held.table.columns}
        columns = [
            (n, c) for n, c in enumerate(table.columns) if c.name in left and not c.generated
        ]
        lost = {c.quoted for row in gone for n, c in columns if self._is_lost(c, row[n])}
        if lost:
            self._refuse(f"rows went whose {_told(lost)} differs from replay to replay")
        columns = [(n, c) for n, c in columns if c.quoted not in lost]
        self.keys += (one for row in gone for one in self._held_by(row))
        listed = ", ".join(c.quoted for _, c in columns)
        over = "OVERRIDING SYSTEM VALUE " if any(c.identity for _, c in columns) else ""
        told = [f"({', '.join(self._value(c, row[n]) for n, c in columns)})" for row in gone]
        head = f"INSERT INTO {table.object.identity} ({listed}) {over}VALUES "
        if self._points_at_itself and told:
            told, each = [",\n    ".join(told)], [gone]
        else:
            each = [[row] for row in gone]
        for one, added in zip(told, each, strict=True):
            yield self._operation(f"{head}{one};", then=added)

    def _held_by(self, row: Row, changed: Collection[str] | None = None) -> Iterator[str]:
        """The conditions of who holds a key of a row that comes back, or gets its former values."""
        cells = _by_name(self._was, row)
        columns = {column.name: column for column in self._held.table.columns}
        for key in (self._held.table.primary_key, *self._held.table.unique_keys):
            told = [(columns[name], cells.get(name)) for name in key]
            comes = changed is None or not {*changed}.isdisjoint(key)
            if told and comes and all(cell is not None for _, cell in told):
                yield " AND ".join(conditions.equals(c.quoted, c.base, cell) for c, cell in told)

    def _is_lost(self, column: Column, cell: str | None) -> bool:
        """Whether a cell held what only this replay knows."""
        return cell is not None and column.name in self._volatile

    def _updated(self, pairs: Sequence[Pair]) -> Iterator[Operation]:
        """The cells that were changed, of rows that are there still."""
        lost = {c.quoted for pair in pairs for c, cell in pair.cells if self._is_lost(c, cell)}
        if lost:
            self._refuse(f"what was overwritten in {_told(lost)} differs from replay to replay")
        changes: dict[str, dict[str, list[Pair]]] = defaultdict(lambda: defaultdict(list))
        own: list[Written] = []
        for pair in pairs:
            cells = [(c, cell) for c, cell in pair.cells if c.quoted not in lost]
            self.keys += self._held_by(pair.before, {c.name for c, _ in cells})
            if cells:
                columns = [c for c, _ in cells]
                own.append(rowguard.changed(self._held.table, pair.after, columns, self._cells))
                back = ", ".join(f"{c.quoted} = {self._value(c, cell)}" for c, cell in cells)
                changes[own[-1].place][back].append(pair)
        others = self._others(own, Counter(one.place for one in own))
        some = {
            one.place
            for one in own
            if others[one.place]
            or len(changes[one.place]) > 1
            or not (one.key or one.hidden)  # somebody may have added rows that are like it
        }
        if some:
            self._require_alike()
        self.written += [replace(one, some=one.place in some and not one.hidden) for one in own]
        for place, told in changes.items():
            update = f"UPDATE ONLY {self._name.identity} SET"
            for back, alike in sorted(told.items()):
                where = self._some(place, len(alike)) if place in some else place
                yield self._operation(
                    f"{update} {back} WHERE {where};",
                    [pair.after for pair in alike],
                    [pair.before for pair in alike],
                )

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


def _by_name(table: Table, row: Row) -> Cells:
    return {column.name: cell for column, cell in zip(table.columns, row, strict=True)}


def _told(columns: Collection[str]) -> str:
    return listed(sorted(columns), _SHOWN)


_SHOWN = 3
"""Columns that a reason names."""


def _restored_after(
    steps: Sequence[Step], after: Rows, changed: Mapping[str, Restored]
) -> Mapping[int, list[str]]:
    """The step after whose inverse the rows of each table that stays are restored.

    It is the first that wrote them (the number of steps where only triggers did: that comes before
    every inverse), but never before tables are gone or restored whose rows point at them, or
    that are to hold what they point at, nor before columns have their former types where the new
    ones have no room for what was there.
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
    bounds = [
        (held.table.object.identity, key.references)
        for held in after.tables
        for key in held.table.foreign_keys
        if key.references in place
    ]
    operations = [operation for one in changed.values() for operation in one.operations]
    bounds += {
        (operations[before].table.object.identity, operations[behind].table.object.identity)
        for before, behind in roworder.waits(operations)
    }
    settled = False
    while not settled:
        settled = True
        for before, behind in bounds:
            bound = made.get(before, place.get(before, len(steps)))
            if bound < place[behind]:
                place[behind] = bound
                settled = False
    found: dict[int, list[str]] = defaultdict(list)
    for name in sorted(changed, key=lambda name: (-first.get(name, len(steps)), name)):
        found[place[name]].append(name)
    return found
