"""Writes the rollbacks: for every file, and for all of them at once, the steps taken back.

Steps are undone in reverse order and without CASCADE, so that a dependent that was missed fails
loudly. What goes away with its table is not dropped by itself, unless it needs something that is
dropped before the table.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate import names
from consolidate.catalog import rows
from consolidate.model import ObjectId
from consolidate.replay import execute
from consolidate.truth import platform
from consolidate.undo import IrreversibleStep, undo
from consolidate.wording import values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import psycopg

    from consolidate.catalog.rows import Row, Rows, Table, TableRows
    from consolidate.config import Rollback
    from consolidate.plan import Plan, Step
    from consolidate.servers.interface import Server
    from consolidate.truth import Truth

EMERGENCY = "rollback/emergency_rollback.sql"

_GUARD = """\
-- Refuses to drop rows that this history did not put there itself.
DO $guard$
DECLARE
    expected record;
    found bigint;
    digest text;
    at_risk text;
BEGIN
    IF coalesce(current_setting('consolidate.allow_data_loss', true), '') = 'on' THEN
        RETURN;
    END IF;
    PERFORM set_config('row_security', 'off', true), set_config('TimeZone', 'UTC', true),
        set_config('DateStyle', 'ISO, MDY', true), set_config('IntervalStyle', 'postgres', true),
        set_config('bytea_output', 'hex', true), set_config('extra_float_digits', '1', true);
    FOR expected IN
        SELECT * FROM (VALUES
{expected}
        ) AS known (relation, columns, rows, digest)
    LOOP
        CONTINUE WHEN to_regclass(expected.relation) IS NULL;
        EXECUTE format(
            'SELECT count(*), md5(coalesce(string_agg(r, '''' ORDER BY r COLLATE "C"), '''')) '
            'FROM (SELECT md5(ROW(%s)::text) AS r FROM ONLY %s) AS listed',
            expected.columns, expected.relation) INTO found, digest;
        IF found > 0 AND (found, digest) IS DISTINCT FROM (expected.rows, expected.digest) THEN
            at_risk := concat_ws(', ', at_risk, format('%s (%s rows)', expected.relation, found));
        END IF;
    END LOOP;
    IF at_risk IS NOT NULL THEN
        RAISE EXCEPTION 'this rollback would drop rows: %', at_risk
            USING HINT = 'Back them up, then SET consolidate.allow_data_loss = ''on''.';
    END IF;
END
$guard$;
"""

_DIGEST = """
SELECT count(*), md5(coalesce(string_agg(r, '' ORDER BY r COLLATE "C"), ''))
FROM (SELECT md5(ROW({columns})::text) AS r FROM ONLY {relation}) AS listed
"""


@dataclass(frozen=True, slots=True)
class Guarded:
    """A table whose rows a rollback would drop, as it stands when nobody else wrote to it."""

    relation: str
    columns: str
    """Those that are the same on every replay."""
    rows: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """The state after one file (or before the first): rows, and digests of guarded tables."""

    rows: Rows
    digests: Mapping[str, Guarded]


def write(
    truth: Truth, plan: Plan, texts: Mapping[str, str], policy: Rollback, server: Server
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The rollback of every file and of the whole, by path; and what can not be taken back.

    The files are applied once, one after the other, to see which rows and sequence positions
    each of them changes: a rollback restores exactly those.
    """
    landings = _climb(truth, [texts[file.path] for file in plan.files], server)
    writer = _Writer(truth, plan, policy)
    tree = {}
    for number, file in enumerate(plan.files):
        body = writer.body(file.steps, landings[number], landings[number + 1])
        head = f"-- Takes back {file.path}.\n-- Run it only when every later file is taken back.\n"
        tree[file.slot.rollback_path] = head + body
    head = "-- Takes back the whole history, from its last file to its first.\n"
    tree[EMERGENCY] = head + writer.body(plan.steps, landings[0], landings[-1])
    return tree, tuple(dict.fromkeys(writer.irreversible))


def _climb(truth: Truth, texts: Sequence[str], server: Server) -> list[Landing]:
    landings = []
    with platform(server, truth.prelude) as (_, connection):
        landings.append(_land(truth, connection))
        for text in texts:
            execute(connection, text)
            execute(connection, "DISCARD ALL")
            landings.append(_land(truth, connection))
    return landings


def _land(truth: Truth, connection: psycopg.Connection) -> Landing:
    found = rows.read(connection)
    volatile = _volatile_columns(truth)
    digests = {}
    execute(connection, "SET row_security = off; SET TimeZone = 'UTC'")
    for held in found.tables:
        if not held.rows or held.table.object.kind != "table":
            continue
        relation = held.table.object.identity
        columns = ", ".join(
            c.quoted
            for c in held.table.columns
            if (relation, c.name) not in volatile and not c.generated
        )
        query = _DIGEST.format(columns=columns, relation=relation)
        row = connection.execute(query.encode()).fetchone()
        if row:
            digests[relation] = Guarded(relation, columns, row[0], row[1])
    execute(connection, "DISCARD ALL")
    return Landing(rows=found, digests=digests)


def _volatile_columns(truth: Truth) -> set[tuple[str, str]]:
    """Columns with a cell that differs from replay to replay."""
    return {
        (marked.table.object.identity, column.name)
        for marked in truth.marked.tables
        for row in marked.rows
        for column, cell in zip(marked.table.columns, row, strict=True)
        if not (cell is None or isinstance(cell, str))
    }


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
        self._platform = {fact.object for fact in truth.platform.facts.facts}
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
        lines: list[str] = []
        for step in reversed(steps):
            if step.unit.type == "ROWS":
                if self._is_first_rows(step, steps):
                    lines += changed.pop(step.unit.family.identity, [])
            elif step.unit.type != "SEQUENCE SET" and not self._goes_along(step, dropped):
                lines += self._undone(step)
        written_by_triggers = [line for group in changed.values() for line in group]
        lines = [*written_by_triggers, *lines, *self._positions(before.rows, after.rows, steps)]
        guarded = [
            after.digests.get(name.identity, Guarded(name.identity, "", 0, ""))
            for name in sorted(dropped)
            if name.kind == "table"
        ]
        return "\n".join(["", *_guard(guarded), *lines, ""])

    def _undone(self, step: Step) -> tuple[str, ...]:
        try:
            return undo(step, self._truth, self._policy)
        except IrreversibleStep as problem:
            self.irreversible.append(str(problem))
            return (f"-- Irreversible: {problem}",)

    @staticmethod
    def _is_first_rows(step: Step, steps: Sequence[Step]) -> bool:
        own = [s for s in steps if s.unit.type == "ROWS" and s.unit.family == step.unit.family]
        return own[0] is step

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
    ) -> dict[str, list[str]]:
        """For each table that stays: the statements that restore its rows."""
        earlier = {held.table.object: held for held in before.tables}
        found = {}
        for held in after.tables:
            name = held.table.object
            if name in dropped or name.kind != "table" or name not in earlier:
                continue
            added, gone = _changed(earlier[name], held)
            if gone and earlier[name].table.columns != held.table.columns:
                self.irreversible.append(f"{name}: its columns and its rows change in one file")
                continue
            lines = [self._delete(held.table, row) for row in added]
            if gone:
                lines += self._reinsert(held.table, gone)
            if not lines:
                continue
            found[name.identity] = self._quietly(name, lines)
        return found

    def _delete(self, table: Table, row: Row) -> str:
        relation = table.object.identity
        known = {
            c.name: _equals(c.quoted, c.base, cell)
            for c, cell in zip(table.columns, row, strict=True)
            if (relation, c.name) not in self._volatile
        }
        for key in (table.primary_key, *table.unique_keys):
            if key and all(name in known and "IS NULL" not in known[name] for name in key):
                return f"DELETE FROM {relation} WHERE {' AND '.join(known[n] for n in key)};"
        return f"DELETE FROM {relation} WHERE {' AND '.join(known.values()) or 'true'};"

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
        has_triggers = any(
            fact.object.kind == "trigger" and fact.object.identity.endswith(f" on {table.identity}")
            for fact in self._truth.final.facts.facts
        )
        if not has_triggers:
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
                called = "true" if old.is_called else "false"
                yield (
                    f"SELECT pg_catalog.setval({names.literal(old.identity)}, "
                    f"{old.last_value}, {called});"
                )


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


def _equals(quoted: str, base: str, cell: str | None) -> str:
    if cell is None:
        return f"{quoted} IS NULL"
    if base in {"json", "xml", "point", "box", "polygon", "circle", "line", "lseg", "path"}:
        return f"{quoted}::text = {names.literal(cell)}"
    return f"{quoted} = {values.constant(cell, base)}"


def _guard(guarded: Sequence[Guarded]) -> list[str]:
    if not guarded:
        return []
    listed = ",\n".join(
        f"            ({names.literal(g.relation)}, {names.literal(g.columns)}, "
        f"{g.rows}::bigint, {names.literal(g.digest)})"
        for g in guarded
    )
    return [_GUARD.replace("{expected}", listed)]
