"""Writes the rollbacks: for every file, and for all of them at once, the steps taken back.

Steps are undone in reverse order and without CASCADE, so that a dependent that was missed fails
loudly. What goes away with its table is not dropped by itself, unless it needs something that is
dropped before the table.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from consolidate import declared, layout, names, rowguard, sequencesback
from consolidate.catalog import bounds, filled, rows
from consolidate.empty_database import platform
from consolidate.model import ObjectId
from consolidate.replay import execute
from consolidate.rowguard import Known
from consolidate.rowsback import rows_back
from consolidate.undo import IrreversibleStep, undo
from consolidate.wording import former_types, platformnames

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import psycopg

    from consolidate.catalog.casts import Casts
    from consolidate.catalog.filled import Filled
    from consolidate.catalog.rows import Rows, Table
    from consolidate.config import Rollback
    from consolidate.plan import Plan, Step
    from consolidate.rowsback import RowsBack
    from consolidate.servers.interface import Server
    from consolidate.truth import Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """The state after one file, or before the first."""

    rows: Rows
    tables: Mapping[str, Known]
    """Those that the file made, and large ones; after the last one, all."""
    filled: Mapping[str, Filled] = field(default_factory=dict)
    """What the rows hold of the numbers that sequences draw."""
    cut: Mapping[ObjectId, Sequence[Known]] = field(default_factory=dict)
    """What goes with each column or attribute that a rollback cuts, or gives its former type, or is
    outside of a partition that it attaches: those of the file; after the last one, of all."""


def write(
    truth: Truth, plan: Plan, texts: Mapping[str, str], policy: Rollback, server: Server
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The rollback of every file and of the whole, by path; and what can not be taken back.

    The files are applied once, one after the other, to see which rows and sequence positions
    each of them changes: a rollback restores exactly those.
    """
    if plan.inverse:
        first = replace(plan.files[0], steps=plan.inverse)
        plan = replace(plan, files=(first, *plan.files[1:]))
    landings = _climb(truth, plan, texts, server)
    writer = _Writer(truth, plan, policy)
    tree = {}
    for number, file in enumerate(plan.files):
        body = writer.body(file.steps, landings[number], landings[number + 1])
        head = f"-- Takes back {file.path}.\n-- Run it only when every later file is taken back.\n"
        tree[file.slot.rollback_path] = head + body
    head = "-- Takes back the whole history, from its last file to its first.\n"
    tree[layout.EMERGENCY] = head + writer.body(plan.steps, landings[0], landings[-1])
    nameless = tuple(_nameless(truth))
    tree[layout.EMERGENCY] += "".join(f"{line}\n" for line in declared.lines(nameless))
    return tree, tuple(dict.fromkeys([*writer.irreversible, *nameless]))


_APART = {"ROWS", "SEQUENCE SET", platformnames.TYPE}
"""Types of units that are taken back by themselves, and not in their turn."""

_AT_ONCE = """\
-- It takes one transaction: psql -1, or BEGIN and COMMIT. Without one all of this is refused.
SET default_transaction_read_only = on;
"""
"""A transaction that has begun is not bound by it; those are that statements without one begin.

Else psql, which goes on after an error unless it is told not to, would go on after the guard's."""


def placed(reasons: Sequence[str], tree: Mapping[str, str]) -> Iterator[str]:
    """What can not be taken back, each with the rollback that says so."""
    backs = [*map(layout.rollback_of, layout.in_order(tree)), layout.EMERGENCY]
    for reason, line in zip(reasons, declared.lines(reasons), strict=True):
        where = next((p for p in backs if f"{line}\n" in tree.get(p, "")), layout.EMERGENCY)
        yield f"{reason} ({where})"


def _nameless(truth: Truth) -> Iterator[str]:
    """Large objects that the history made: they are known by what they hold, not by their OIDs."""
    brought = truth.platform.facts.objects
    for name in sorted(truth.final.facts.objects - brought):
        if name.kind == "large object":
            yield f"{name}: its number is its only name, and is drawn anew"


def _climb(truth: Truth, plan: Plan, texts: Mapping[str, str], server: Server) -> list[Landing]:
    import psycopg  # noqa: PLC0415 - a third of a second that `--help` must not pay

    landings = []
    known: rows.Known = {}
    volatile = _volatile_columns(truth)
    with platform(server, truth.prelude) as (_, connection):
        for renaming in truth.renames.there:  # a rollback speaks of all by its last name
            execute(connection, renaming)
        landings.append(
            Landing(rows=rows.read(connection, known), tables={}, filled=filled.read(connection))
        )
        execute(connection, _PINNED)
        outside = bounds.outside(connection)
        execute(connection, "DISCARD ALL")
        for renaming in truth.renames.back:
            execute(connection, renaming)
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
            tables = {
                held.table.object.identity: rowguard.whole_table(held, volatile)
                for held in guarded
                if held.table.object.kind == "table"
            }
            written = plan.files if file is plan.files[-1] else (file,)
            columns = [name for one in written for step in one.steps for name in step.unit.cut]
            lost = _lost_by(columns, truth, found, outside)
            cut = _cut(connection, found, lost, volatile)
            held = filled.read(connection)
            landings.append(Landing(rows=found, tables=tables, filled=held, cut=cut))
    return landings


def _cut(
    connection: psycopg.Connection,
    found: Rows,
    lost: Iterable[tuple[ObjectId, str, str, str]],
    volatile: set[tuple[str, str]],
) -> Mapping[ObjectId, Sequence[Known]]:
    """What stands in columns that a rollback drops, or that it gives a type without room for it."""
    import psycopg  # noqa: PLC0415 - a third of a second that `--help` must not pay

    tables = {held.table.object.identity: held.table for held in found.tables}
    cut: dict[ObjectId, list[Known]] = defaultdict(list)
    execute(connection, _PINNED)
    for name, relation, column, there in lost:
        of = tables[relation].columns if relation in tables else ()
        key = tables[relation].primary_key if relation in tables else ()
        told = tuple(
            c.quoted
            for c in of
            if (c.quoted == column or c.name in key or not (column or key or c.generated))
            and (relation, c.name) not in volatile
        )
        query = _DIGESTS.format(columns=", ".join(told), relation=relation, there=there)
        try:
            digests = [digest for (digest,) in connection.execute(query.encode()).fetchall()]
        except psycopg.Error:  # there is no way back to the type; the proof tells
            continue
        whole, each = rowguard.contents(digests)
        cut[name].append(
            Known(
                relation=relation,
                goes="cut" if column else "outside",
                told=told,
                apart=(column,) if column else (),
                place=there,
                whole=whole,
                rows=each,
            )
        )
    execute(connection, "DISCARD ALL")
    return cut


def _lost_by(
    names: Iterable[ObjectId],
    truth: Truth,
    found: Rows,
    outside: Mapping[ObjectId, Sequence[tuple[str, str]]],
) -> Iterator[tuple[ObjectId, str, str, str]]:
    """What loses something by each column that is cut, or partition that is attached.

    It is told by its relation, the column (none for whole rows), and the condition where.
    """
    tables = {held.table.object.identity: held.table for held in found.tables}
    for name in sorted(set(names)):
        yield from ((name, relation, "", there) for relation, there in outside.get(name, ()))
        if name not in outside:
            yield from ((name, *place) for place in _columns(name, truth, tables))


def _columns(
    name: ObjectId, truth: Truth, tables: Mapping[str, Table]
) -> Iterator[tuple[str, str, str]]:
    """The columns that lose something with what is cut: relation, name, and the condition where.

    A partitioned table has no rows; what is in partitions that were added since goes with its own.
    """
    whole, part = names.parted(name.identity, ".")
    facts = truth.final.facts.of(name)
    is_parted = "partition key" in truth.final.facts.of(ObjectId("table", whole))
    if name.kind == "composite type column":
        for table in tables.values():
            for column in table.columns:
                if column.base == whole:
                    place = f"num_nonnulls(({column.quoted}).{part}) > 0"
                    yield table.object.identity, column.quoted, place
    elif (whole in tables or is_parted) and "generated" not in facts:
        yield whole, part, _lost(part, truth.platform.facts.of(name), facts, truth.casts)


def _lost(column: str, before: Mapping[str, str], after: Mapping[str, str], casts: Casts) -> str:
    """Where a column holds what is lost without it, or by its former type."""
    told = f'{column}::text COLLATE "C"'
    if "type" in before:  # there and back again
        former = former_types.cast(column, after["type"], before["type"], casts)
        again = former_types.cast(f"({former})", before["type"], after["type"], casts)
        return f"({again})::text IS DISTINCT FROM {told}"
    default = f"({after.get('default', 'NULL')})::text"
    return f"num_nonnulls({column}) > 0 AND {told} IS DISTINCT FROM {default}"


_PINNED = "SET row_security = off; SET search_path = pg_catalog; SET TimeZone = 'UTC'"
_DIGESTS = "SELECT left(md5(ROW({columns})::text), 16) FROM ONLY {relation} WHERE {there}"


def _volatile_columns(truth: Truth) -> set[tuple[str, str]]:
    """Columns with a cell that differs from replay to replay."""
    return {
        (marked.table.object.identity, marked.table.columns[place].name)
        for marked in truth.marked.tables
        for place in rows.volatile_places(marked)
    }


class _Quiet:
    """Statements about rows that wait to become one."""

    def __init__(self) -> None:
        self._tables: list[str] = []
        self._lines: list[str] = []

    def add(self, restored: tuple[Sequence[str], Sequence[str]]) -> None:
        """Takes the tables that are restored next, and how."""
        tables, lines = restored
        self._tables += tables
        self._lines += lines

    def statement(self) -> Iterator[str]:
        """All that waited, if anything did."""
        if self._lines:
            yield rowguard.quietly(self._tables, self._lines)
        self._tables, self._lines = [], []


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
        back = rows_back(
            steps,
            before.rows,
            after.rows,
            dropped=dropped,
            volatile=self._volatile,
        )
        self.irreversible += back.irreversible
        known = [
            self._as_it_stood(name, after, emptied=name in back.emptied)
            for name in sorted({*dropped, *back.emptied})
            if name.kind == "table"
        ]
        held = {held.table.object.identity: held for held in after.rows.tables}
        known += [
            Known(relation=step.unit.object.identity, goes="detached")
            for step in steps
            if step.unit.type == "TABLE ATTACH" and dropped.isdisjoint({step.unit.family})
        ]
        known += [
            one
            for name in sorted({name for step in steps for name in step.unit.cut})
            for one in after.cut.get(name, ())
            if ObjectId("table", one.relation) not in dropped
        ]
        keys = [
            step.unit.object
            for step in steps
            if step.unit.type == "FK CONSTRAINT" and step.unit.family not in dropped
        ]
        lines = rowguard.guard(known, back.written, held, keys)
        if back.changed:
            lines.append(rowguard.ALL_ROWS)
        lines += declared.lines(back.irreversible)
        lines += self._backwards(steps, dropped, back)
        made = {member.identity for member in self._here if member.kind == "sequence"}
        lines += sequencesback.back(before.rows, after.rows, before.filled, made)
        for step in steps:  # all that is above speaks of the platform by its last names
            if step.unit.type == platformnames.TYPE:
                lines += self._undone(step)
        return "\n".join([_AT_ONCE, *lines, "RESET default_transaction_read_only;", ""])

    def _as_it_stood(self, name: ObjectId, after: Landing, *, emptied: bool) -> Known:
        """A table whose rows all go; one that is partitioned has none by itself."""
        known = after.tables.get(name.identity, Known(relation=name.identity, goes="dropped"))
        return replace(known, goes="emptied") if emptied else known

    def _backwards(
        self, steps: Sequence[Step], dropped: set[ObjectId], back: RowsBack
    ) -> Iterator[str]:
        """The inverse of each step, from the last to the first, and the rows in their places.

        What nothing comes between is one statement.
        """
        quiet = _Quiet()
        quiet.add(back.at(len(steps)))
        for number, step in reversed([*enumerate(steps)]):
            if step.unit.type not in _APART and not self._goes_along(step, dropped):
                undone = self._undone(step)
                yield from quiet.statement()
                yield from undone
            quiet.add(back.at(number))
        yield from quiet.statement()

    def _undone(self, step: Step) -> tuple[str, ...]:
        reasons = step.unit.irreversible
        try:
            lines = undo(step, self._truth, self._policy)
        except IrreversibleStep as problem:
            lines, reasons = (), (str(problem), *reasons)
        self.irreversible += reasons
        return (*lines, *declared.lines(reasons))

    def _goes_along(self, step: Step, dropped: set[ObjectId]) -> bool:
        """Whether the step's object goes away with its table, and may do so."""
        family = step.unit.family
        if family.kind == "table column":
            family = ObjectId("table", family.identity.rpartition(".")[0])
        if step.unit.type in {"RIGHTS", "OWNER"}:
            with_it = family in self._here or self._truth.depend.family(family) in self._here
            return with_it and family not in self._platform
        attached = ObjectId("index attach", step.unit.object.identity)
        if attached in self._here and step.unit.type in {"INDEX", "INDEX ATTACH"}:
            return True  # an attached index goes with its partition or its parent, and only so
        if step.unit.object == family or family not in dropped:
            return False
        if step.unit.type in {"AS WAS", "SEQUENCE OWNED BY"}:  # the table would take the sequence
            return False
        parent = self._position[family]
        own = self._where(step.unit.object)
        needed = self._needs.get(own, set()) if own is not None else set()
        return all(position <= parent for position in needed - {own})
