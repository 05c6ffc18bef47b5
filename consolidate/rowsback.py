"""Takes rows and sequence positions back to where they were before some steps."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate import names, rowguard
from consolidate.catalog import rows
from consolidate.wording import values

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from consolidate.catalog.rows import Row, Rows, Table, TableRows
    from consolidate.model import ObjectId
    from consolidate.plan import Step
    from consolidate.rowguard import Written


@dataclass(frozen=True, slots=True)
class Restored:
    """How the rows of a table that stays are put back."""

    lines: Sequence[str]
    rows: Sequence[Written]
    """The rows that go."""
    whole: Table | None = None
    """The table, where all of its rows go: too many to be told one by one."""


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
    positions: Sequence[str]
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
    changed = dict(_row_changes(before, after, dropped, volatile, irreversible))
    return RowsBack(
        changed=changed,
        written=[row for restored in changed.values() for row in restored.rows],
        after=_restored_after(steps, after, changed),
        positions=tuple(_positions(before, after, steps)),
        irreversible=irreversible,
    )


def _row_changes(
    before: Rows,
    after: Rows,
    dropped: Collection[ObjectId],
    volatile: Collection[tuple[str, str]],
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
        added, gone = _changed(earlier[name], held)
        was = earlier[name].table
        if gone and not {*was.columns} <= {*held.table.columns}:  # but more there may be
            irreversible.append(f"{name}: its columns and its rows change in one file")
            continue
        if gone and any(owner == name.identity for owner, _ in volatile):
            irreversible.append(f"{name}: rows with volatile cells were overwritten")
        own = [rowguard.written(held.table, row, volatile) for row in added]
        places = dict.fromkeys(row.place for row in own)
        lines = [f"DELETE FROM ONLY {name.identity} WHERE {place};" for place in places]
        lines += _reinserted(was, gone)
        if lines:
            yield name.identity, Restored(lines, own)


def _changed(before: TableRows, after: TableRows) -> tuple[list[Row], list[Row]]:
    """Rows that came and rows that went, told by the columns that both states have."""
    shared = {c.name for c in before.table.columns} & {c.name for c in after.table.columns}

    def told(held: TableRows, row: Row) -> Row:
        cells = {c.name: cell for c, cell in zip(held.table.columns, row, strict=True)}
        return tuple(cells[name] for name in sorted(shared))

    known: dict[Row, list[Row]] = defaultdict(list)
    for row in before.rows:
        known[told(before, row)].append(row)
    added = []
    for row in after.rows:
        same = known.get(told(after, row))
        if same:
            same.pop()
        else:
            added.append(row)
    return added, [row for rows_left in known.values() for row in rows_left]


def _reinserted(table: Table, gone: Sequence[Row]) -> Iterator[str]:
    """The rows that went; what an identity column held is given to it."""
    columns = [(n, c) for n, c in enumerate(table.columns) if not c.generated]
    listed = ", ".join(c.quoted for _, c in columns)
    over = "OVERRIDING SYSTEM VALUE " if any(c.identity for _, c in columns) else ""
    for row in gone:
        cells = ", ".join(
            "NULL" if (cell := row[n]) is None else values.constant(cell, c.base)
            for n, c in columns
        )
        yield f"INSERT INTO {table.object.identity} ({listed}) {over}VALUES ({cells});"


def _positions(before: Rows, after: Rows, steps: Sequence[Step]) -> Iterable[str]:
    """Sequences that stay, put back where they stood."""
    made = {m.identity for step in steps for m in step.members if m.kind == "sequence"}
    earlier = {s.identity: s for s in before.sequences}
    for sequence in after.sequences:
        old = earlier.get(sequence.identity)
        if old is None or sequence.identity in made:
            continue
        if (old.last_value, old.is_called) != (sequence.last_value, sequence.is_called):
            was = "true" if old.is_called else "false"
            left = "true" if sequence.is_called else "false"
            yield (  # unless somebody has drawn from it since
                f"SELECT pg_catalog.setval({names.literal(old.identity)}, {old.last_value}, "
                f"{was}) FROM {old.identity} "
                f"WHERE (last_value, is_called) = ({sequence.last_value}, {left});"
            )


def _restored_after(
    steps: Sequence[Step], after: Rows, changed: Mapping[str, Restored]
) -> Mapping[int, list[str]]:
    """The step after whose inverse the rows of each table that stays are restored.

    It is the first that wrote them (the number of steps where only triggers did: that comes before
    every inverse), but never before tables are gone or restored whose rows point at them.
    """
    first = {
        step.unit.family.identity: number
        for number, step in reversed([*enumerate(steps)])
        if step.unit.type == "ROWS"
    }
    made = {
        m.identity: n for n, step in enumerate(steps) for m in step.members if m.kind == "table"
    }
    place = {name: first.get(name, len(steps)) for name in changed}
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
