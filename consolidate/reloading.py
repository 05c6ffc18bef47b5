"""Makes seeds that can be loaded twice, where the mapping asks for it, and tells which can not.

Each INSERT of such a file passes over the rows that are there. Whether that helps is not guessed:
the files are loaded twice on a throwaway server. What fails there, or does more the second time
than the first, keeps its own words, and a finding says why.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from consolidate import findings
from consolidate.catalog import rows
from consolidate.empty_database import platform
from consolidate.model import Finding, ObjectId, Severity
from consolidate.phrases import listed
from consolidate.plan import Folder
from consolidate.replay import execute
from consolidate.wording import positions
from consolidate.wording.repeatable import repeatable
from consolidate.wording.rowwriters import place, told, written

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import psycopg

    from consolidate.catalog.rows import Rows
    from consolidate.config import Config
    from consolidate.plan import Plan, PlannedFile
    from consolidate.servers.interface import Server
    from consolidate.truth import Truth

_SHOWN = 3
"""Tables that a finding names."""

_Did: TypeAlias = "Mapping[ObjectId, bool]"
"""The tables that a step wrote, each with whether it inserted any row."""


def reloadable(truth: Truth, plan: Plan, config: Config, server: Server) -> Plan:
    """The plan, its seeds reworded where the mapping says `on_conflict: nothing`."""
    asked = {seed.file for seed in config.seeds if seed.on_conflict}
    files = [f for f in plan.files if f.slot.folder is Folder.SEED and f.slot.stem in asked]
    if not files:
        return plan
    keyed = _keyed(truth)
    drafts = [_Draft(truth, file, keyed) for file in files]
    _try_twice(truth, plan, drafts, server)
    reworded = {draft.file.path: draft.reworded() for draft in drafts}
    return replace(
        plan,
        files=tuple(reworded.get(file.path, file) for file in plan.files),
        findings=(*plan.findings, *(found for draft in drafts for found in draft.findings())),
    )


class _Draft:
    """One seed file with the words that its steps may get, and why some do not."""

    def __init__(self, truth: Truth, file: PlannedFile, keyed: frozenset[str]) -> None:
        self.file = file
        self._truth = truth
        self._units = {step.unit.object: step.unit for step in file.steps}
        self._tables = written(self._units.values(), truth)
        self._why: dict[ObjectId, str] = {}
        self._words: dict[ObjectId, str] = {}
        plain = {positions.put(place) for place in truth.marked.sequences}
        for step in file.steps:
            name, table = step.unit.object, step.unit.family
            if step.sql in plain:
                self._why[name] = "it goes back to where it stood"
            elif step.unit.type == "ROWS" and table.identity not in keyed:
                self._why[name] = f"{table.identity} has no key"
            elif step.unit.type == "ROWS":
                found = repeatable(step.sql)
                if found.why_not:
                    self._why[name] = listed(sorted(set(found.why_not)), _SHOWN)
                else:
                    self._words[name] = found.sql

    def texts(self) -> Iterable[tuple[ObjectId, str]]:
        """What each step says now."""
        for step in self.file.steps:
            yield step.unit.object, self._words.get(step.unit.object, step.sql)

    def refuse(self, name: ObjectId, why: str) -> None:
        """Lets a step keep its own words."""
        self._words.pop(name, None)
        self._why.setdefault(name, why)

    def refuse_what_changed(
        self, changed: Collection[ObjectId], by: Mapping[ObjectId, _Did]
    ) -> None:
        """Lets those steps keep their own words that did something to these tables again.

        Args:
            changed: The tables.
            by: What each step did while it ran; what is left till the end of a transaction is
                laid at the door of all that write the table.
        """
        for table in changed:
            doers = [name for name in self._words if table in by[name]]
            known = any(table in did for did in by.values())
            for name in doers if known else [n for n in self._words if table in self._tables[n]]:
                self.refuse(name, self._again(name, table, adds=by[name].get(table, False)))

    def _again(self, name: ObjectId, table: ObjectId, *, adds: bool) -> str:
        if adds and table == self._units[name].family:
            return f"the second time {table.identity} gets rows with new keys"
        if adds:
            return f"the second time what it fires adds rows to {table.identity}"
        return f"the second time it changes rows of {table.identity}"

    def reworded(self) -> PlannedFile:
        """The file with what holds."""
        said = dict(self.texts())
        steps = (replace(step, sql=said[step.unit.object]) for step in self.file.steps)
        once = (f"{told(self._units[name], self._truth)}: {why}" for name, why in self._why.items())
        return replace(self.file, steps=tuple(steps), once=tuple(once))

    def findings(self) -> Iterable[Finding]:
        """What does its work again when the file is loaded again."""
        for name, why in self._why.items():
            unit = self._units[name]
            yield Finding(
                code=findings.SEED_NOT_REPEATABLE,
                severity=Severity.WARNING,
                message=f"{self.file.path} can not be loaded twice, for "
                f"{told(unit, self._truth)}: {why}",
                span=place(unit, self._truth),
            )


def _keyed(truth: Truth) -> frozenset[str]:
    """The tables that have a key, and the partitioned tables whose partitions have one."""
    tables = [m.table for m in truth.marked.tables if m.table.primary_key or m.table.unique_keys]
    return frozenset(one for t in tables for one in (t.object.identity, t.root))


def _try_twice(truth: Truth, plan: Plan, drafts: Sequence[_Draft], server: Server) -> None:
    """Loads the files twice, and takes back what fails or does more the second time."""
    by_path = {draft.file.path: draft for draft in drafts}
    with platform(server, truth.prelude) as (_, connection):
        for file in plan.files:
            draft = by_path.get(file.path)
            if draft is None:
                execute(connection, "\n;\n".join(step.sql for step in file.steps))
                execute(connection, "DISCARD ALL")
            else:
                own = {step.unit.object: step.sql for step in file.steps}
                _load(connection, draft, own, "PostgreSQL does not take it there")
        known: rows.Known = {}
        before = rows.read(connection, known)
        for draft in drafts:
            did = _load(connection, draft, {}, "the second time it fails")
            after = rows.read(connection, known)
            draft.refuse_what_changed(_changed(before, after), did)
            before = after


def _load(
    connection: psycopg.Connection, draft: _Draft, own: Mapping[ObjectId, str], why: str
) -> Mapping[ObjectId, _Did]:
    """Loads one file in a transaction; a step that fails is run in its own words, if at all.

    Returns:
        What each step did.
    """
    import psycopg  # noqa: PLC0415

    found: dict[ObjectId, _Did] = {}
    execute(connection, "BEGIN")
    for name, sql in tuple(draft.texts()):
        before = _counts(connection)
        execute(connection, "SAVEPOINT consolidate_step")
        try:
            execute(connection, sql)
        except psycopg.Error as error:
            execute(connection, "ROLLBACK TO SAVEPOINT consolidate_step")
            draft.refuse(name, f"{why} ({_said(error)})")
            if name in own:
                execute(connection, own[name])
            found[name] = {}
            continue
        after = _counts(connection)
        found[name] = {
            table: inserted > before.get(table, (0, 0))[0]
            for table, (inserted, every) in after.items()
            if every > before.get(table, (0, 0))[1]
        }
    try:
        execute(connection, "COMMIT")
    except psycopg.Error as error:  # of a key that is checked no sooner
        for name, _ in tuple(draft.texts()):
            draft.refuse(name, f"{why} ({_said(error)})")
    execute(connection, "DISCARD ALL")
    return found


_COUNTS = """
SELECT o.type, o.identity, n_tup_ins, n_tup_ins + n_tup_upd + n_tup_del
FROM pg_catalog.pg_stat_xact_user_tables AS s,
LATERAL pg_catalog.pg_identify_object('pg_catalog.pg_class'::regclass, s.relid, 0) AS o
WHERE n_tup_ins + n_tup_upd + n_tup_del > 0
"""


def _counts(connection: psycopg.Connection) -> Mapping[ObjectId, tuple[int, int]]:
    """How many rows the transaction has inserted so far, and written at all, by table."""
    found = connection.execute(_COUNTS).fetchall()
    return {ObjectId(kind, identity): (ins, every) for kind, identity, ins, every in found}


def _said(error: psycopg.Error) -> str:
    return (error.diag.message_primary or str(error)).strip()


def _changed(once: Rows, again: Rows) -> Sequence[ObjectId]:
    before = {held.table.object: held.rows for held in once.tables}
    return [
        held.table.object
        for held in again.tables
        if not rows.are_the_same(before.get(held.table.object, ()), held.rows)
    ]
