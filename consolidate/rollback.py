"""Writes the rollbacks: for every file, and for all of them at once, the steps taken back.

Steps are undone in reverse order and without CASCADE, so that a dependent that was missed fails
loudly. What goes away with its table is not dropped by itself, unless it needs something that is
dropped before the table.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from consolidate import layout, names, rowguard
from consolidate.catalog import rows
from consolidate.empty_database import platform
from consolidate.model import ObjectId
from consolidate.replay import execute
from consolidate.rowguard import Guarded, Written
from consolidate.undo import IrreversibleStep, undo
from consolidate.wording import values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import psycopg

    from consolidate.catalog.rows import ForeignKey, Row, Rows, Table, TableRows
    from consolidate.config import Rollback
    from consolidate.plan import Plan, Step
    from consolidate.servers.interface import Server
    from consolidate.truth import Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """The state after one file, or before the first."""

    rows: Rows
    digests: Mapping[str, Guarded]
    """Of the tables that the file made and of large ones; after the last one, of all tables."""


def write(
    truth: Truth, plan: Plan, texts: Mapping[str, str], policy: Rollback, server: Server
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The rollback of every file and of the whole, by path; and what can not be taken back.

    The files are applied once, one after the other, to see which rows and sequence positions
    each of them changes: a rollback restores exactly those.
    """
    landings = _climb(truth, plan, texts, server)
    if plan.inverse:
        first = replace(plan.files[0], steps=plan.inverse)
        plan = replace(plan, files=(first, *plan.files[1:]))
    writer = _Writer(truth, plan, policy)
    tree = {}
    for number, file in enumerate(plan.files):
        body = writer.body(file.steps, landings[number], landings[number + 1])
        head = f"-- Takes back {file.path}.\n-- Run it only when every later file is taken back.\n"
        tree[file.slot.rollback_path] = head + body
    head = "-- Takes back the whole history, from its last file to its first.\n"
    tree[layout.EMERGENCY] = head + writer.body(plan.steps, landings[0], landings[-1])
    return tree, tuple(dict.fromkeys(writer.irreversible))


def _climb(truth: Truth, plan: Plan, texts: Mapping[str, str], server: Server) -> list[Landing]:
    import psycopg  # noqa: PLC0415 - a third of a second that `--help` must not pay

    landings = []
    known: rows.Known = {}
    volatile = _volatile_columns(truth)
    with platform(server, truth.prelude) as (_, connection):
        landings.append(Landing(rows=rows.read(connection, known), digests={}))
        for file in plan.files:
            with contextlib.suppress(psycopg.Error):  # the proof tells what does not apply
                execute(connection, texts[file.path])
            execute(connection, "DISCARD ALL")
            found = rows.read(connection, known)
            made = frozenset(member for step in file.steps for member in step.members)
            before = {held.table.object: held.rows for held in landings[-1].rows.tables}
            own = [
                held
                for held in found.tables
                if held.table.object in made
                or (rows.are_large(held) and not before.get(held.table.object))
            ]
            guarded = found.tables if file is plan.files[-1] else own
            digests = _digests(connection, guarded, volatile)
            landings.append(Landing(rows=found, digests=digests))
    return landings


def _digests(
    connection: psycopg.Connection, tables: Iterable[TableRows], volatile: set[tuple[str, str]]
) -> Mapping[str, Guarded]:
    digests = {}
    execute(connection, "SET row_security = off; SET TimeZone = 'UTC'")
    for held in tables:
        if not held.rows or held.table.object.kind != "table":
            continue
        relation = held.table.object.identity
        columns = ", ".join(
            c.quoted
            for c in held.table.columns
            if (relation, c.name) not in volatile and not c.generated
        )
        query = rowguard.DIGEST.format(columns=columns, relation=relation)
        row = connection.execute(query.encode()).fetchone()
        if row:
            digests[relation] = Guarded(relation, columns, row[0], row[1])
    execute(connection, "DISCARD ALL")
    return digests


def _volatile_columns(truth: Truth) -> set[tuple[str, str]]:
    """Columns with a cell that differs from replay to replay."""
    return {
        (marked.table.object.identity, marked.table.columns[place].name)
        for marked in truth.marked.tables
        for place in rows.volatile_places(marked)
    }


@dataclass(frozen=True, slots=True)
class _Restored:
    """How the rows of a table that stays are put back."""

    lines: list[str]
    rows: list[Written]
    """The rows that go."""
    added: Sequence[Row]
    """The same, as they lie there."""
    whole: Table | None = None
    """The table, where all of its rows go: too many to be told one by one."""


class _Writer:
    """Takes steps back, knowing where everything stands in the plan."""

    def __init__(self, truth: Truth, plan: Plan, policy: Rollback) -> None:
        self._truth = truth
        self._policy = policy
        self._position = {
            member: number for number, step in enumerate(plan.steps) for member in step.members
        }
        self._volatile = _volatile_columns(truth)
        self._needs = self._all_needs()
        self._here: set[ObjectId] = set()
        self._platform = truth.platform.facts.objects
        self._triggered = {
            name.identity.rpartition(" on ")[2]
            for name in truth.final.facts.objects
            if name.kind == "trigger"
        }
        self.irreversible: list[str] = []

    def _all_needs(self) -> Mapping[int, set[int]]:
        """Which steps each step needs, by position."""
        needs: dict[int, set[int]] = defaultdict(set)
        for member, targets in self._truth.depend.needs.items():
            user = self._where(member)
            if user is not None:
                needs[user] |= {p for t in targets if (p := self._where(t)) is not None}
        return needs

    def _where(self, name: ObjectId) -> int | None:
        seen: set[ObjectId] = set()
        current: ObjectId | None = name
        while current is not None and current not in seen:
            if current in self._position:
                return self._position[current]
            seen.add(current)
            current = self._truth.depend.parent.get(current)
        return None

    def body(self, steps: Sequence[Step], before: Landing, after: Landing) -> str:
        """The guard and the inverse of some consecutive steps."""
        dropped = {
            member
            for step in steps
            for member in step.members
            if member.kind in {"table", "foreign table", "materialized view", "view"}
        }
        self._here = {member for step in steps for member in step.members}
        changed = self._row_changes(before.rows, after.rows, dropped)
        written = [row for restored in changed.values() for row in restored.rows]
        whole = [restored.whole for restored in changed.values() if restored.whole]
        pointing = self._pointing(after.rows, changed, dropped)
        deletes = rowguard.before_deletes(written, pointing, whole)
        restored = _restored_after(steps, after.rows, changed)
        lines = [line for name in restored[len(steps)] for line in changed[name].lines]
        for number, step in reversed([*enumerate(steps)]):
            if step.unit.type not in {"ROWS", "SEQUENCE SET"}:
                lines += () if self._goes_along(step, dropped) else self._undone(step)
            lines += [line for name in restored[number] for line in changed[name].lines]
        lines += self._positions(before.rows, after.rows, steps)
        guarded = [
            after.digests.get(name.identity, Guarded(name.identity, "", 0, ""))
            for name in sorted({*dropped, *(table.object for table in whole)})
            if name.kind == "table"
        ]
        return "\n".join(["", *rowguard.before_drops(guarded), *deletes, *lines, ""])

    def _undone(self, step: Step) -> tuple[str, ...]:
        try:
            return undo(step, self._truth, self._policy)
        except IrreversibleStep as problem:
            self.irreversible.append(str(problem))
            return (f"-- Irreversible: {problem}",)

    def _goes_along(self, step: Step, dropped: set[ObjectId]) -> bool:
        """Whether the step's object goes away with its table, and may do so."""
        family = step.unit.family
        if family.kind == "table column":
            family = ObjectId("table", family.identity.rpartition(".")[0])
        if step.unit.type in {"RIGHTS", "OWNER"}:
            with_it = family in self._here or self._truth.depend.family(family) in self._here
            return with_it and family not in self._platform
        if step.unit.object == family or family not in dropped or step.unit.type == "AS WAS":
            return step.unit.type == "INDEX ATTACH"
        if ObjectId("index attach", step.unit.object.identity) in self._position:
            return True  # an attached index goes with its partition, and only so
        parent = self._position[family]
        own = self._where(step.unit.object)
        needed = self._needs.get(own, set()) if own is not None else set()
        return all(position <= parent for position in needed - {own})

    # -- rows and sequences ---------------------------------------------------------------

    def _row_changes(
        self, before: Rows, after: Rows, dropped: set[ObjectId]
    ) -> dict[str, _Restored]:
        """For each table that stays: how its rows are restored."""
        earlier = {held.table.object: held for held in before.tables}
        found = {}
        for held in after.tables:
            name = held.table.object
            if name in dropped or name.kind != "table" or name not in earlier:
                continue
            if earlier[name].rows is held.rows:  # the same reading
                continue
            if rows.are_large(held) and not earlier[name].rows:
                found[name.identity] = self._emptied(held)
                continue
            added, gone = _changed(earlier[name], held)
            if gone and earlier[name].table.columns != held.table.columns:
                self.irreversible.append(f"{name}: its columns and its rows change in one file")
                continue
            own = [rowguard.written(held.table, row, self._volatile) for row in added]
            lines = [f"DELETE FROM {name.identity} WHERE {row.place};" for row in own]
            if gone:
                lines += self._reinsert(held.table, gone)
            if lines:
                found[name.identity] = _Restored(self._quietly(name, lines), own, added)
        return found

    def _emptied(self, held: TableRows) -> _Restored:
        """How a large table is restored that was empty."""
        name = held.table.object
        lines = self._quietly(name, [f"DELETE FROM ONLY {name.identity};"])
        return _Restored(lines, [], held.rows, whole=held.table)

    def _pointing(
        self, after: Rows, changed: Mapping[str, _Restored], dropped: set[ObjectId]
    ) -> Iterable[tuple[Table, ForeignKey, int]]:
        """Keys of tables that stay to rows that go, and how many of our own rows use them."""
        for held in after.tables:
            if held.table.object in dropped or held.table.object.kind != "table":
                continue
            for key in held.table.foreign_keys:
                restored = changed.get(key.references)
                if restored is None or not (restored.rows or restored.whole):
                    continue
                there = restored.whole or restored.rows[0].table
                own = [c.name for c in held.table.columns]
                here = [own.index(name) for name in key.columns]
                if restored.whole:
                    count = sum(all(row[p] is not None for p in here) for row in held.rows)
                else:
                    names_there = [c.name for c in there.columns]
                    place = [names_there.index(name) for name in key.referenced_columns]
                    going = {tuple(row[p] for p in place) for row in restored.added}
                    count = sum(tuple(row[p] for p in here) in going for row in held.rows)
                yield held.table, key, count

    def _reinsert(self, table: Table, gone: Sequence[Row]) -> list[str]:
        relation = table.object.identity
        if any(owner == relation for owner, _ in self._volatile):
            self.irreversible.append(f"{relation}: rows with volatile cells were overwritten")
        columns = [(n, c) for n, c in enumerate(table.columns) if not c.generated]
        listed = ", ".join(c.quoted for _, c in columns)
        lines = []
        for row in gone:
            cells = ", ".join(
                "NULL" if (cell := row[n]) is None else values.constant(cell, c.base)
                for n, c in columns
            )
            lines.append(f"INSERT INTO {relation} ({listed}) VALUES ({cells});")
        return lines

    def _quietly(self, table: ObjectId, lines: list[str]) -> list[str]:
        """Keeps the table's own triggers from firing."""
        if table.identity not in self._triggered:
            return lines
        return [
            f"ALTER TABLE {table.identity} DISABLE TRIGGER USER;",
            *lines,
            f"ALTER TABLE {table.identity} ENABLE TRIGGER USER;",
        ]

    def _positions(self, before: Rows, after: Rows, steps: Sequence[Step]) -> Iterable[str]:
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
    steps: Sequence[Step], after: Rows, changed: Mapping[str, _Restored]
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
