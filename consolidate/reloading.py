"""Makes seeds that can be loaded twice, where the mapping asks for it, and tells which can not.

Each INSERT of such a file passes over the rows that are there. Whether that helps is not guessed:
the files are loaded twice on a throwaway server. What fails there, or adds rows the second time,
keeps its own words, and a finding says why.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from consolidate import findings, names
from consolidate.catalog import rows
from consolidate.empty_database import platform
from consolidate.model import Finding, ObjectId, Severity
from consolidate.phrases import listed
from consolidate.plan import Folder
from consolidate.replay import execute
from consolidate.wording.repeatable import repeatable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import psycopg

    from consolidate.catalog.rows import Rows
    from consolidate.config import Config
    from consolidate.plan import Plan, PlannedFile, Step
    from consolidate.servers.interface import Server
    from consolidate.truth import Truth

_SHOWN = 3
"""Tables that a finding names."""


def reloadable(truth: Truth, plan: Plan, config: Config, server: Server) -> Plan:
    """The plan, its seeds reworded where the mapping says `on_conflict: nothing`."""
    asked = {seed.file for seed in config.seeds if seed.on_conflict}
    files = [f for f in plan.files if f.slot.folder is Folder.SEED and f.slot.stem in asked]
    if not files:
        return plan
    drafts = [_Draft(truth, file) for file in files]
    _try_twice(truth, plan, drafts, server)
    reworded = {draft.file.path: draft.reworded() for draft in drafts}
    return replace(
        plan,
        files=tuple(reworded.get(file.path, file) for file in plan.files),
        findings=(*plan.findings, *(found for draft in drafts for found in draft.findings())),
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """What a step would say instead."""

    sql: str
    tables: frozenset[ObjectId]
    """The tables whose rows it writes."""


class _Draft:
    """One seed file with the words that its steps may get, and why some do not."""

    def __init__(self, truth: Truth, file: PlannedFile) -> None:
        self.file = file
        self._why: dict[ObjectId, str] = {}
        self._words: dict[ObjectId, _Words] = {}
        keyed = _keyed(truth)
        for step in file.steps:
            if step.unit.type == "SEQUENCE SET":
                self._words[step.unit.object] = _Words(_forward_only(truth, step), frozenset())
            elif step.unit.type == "ROWS":
                self._reword(step, truth, keyed)

    def _reword(self, step: Step, truth: Truth, keyed: frozenset[str]) -> None:
        name, table = step.unit.object, step.unit.family
        if table.identity not in keyed:
            self._why[name] = f"{table.identity} has no key"
            return
        found = repeatable(step.sql)
        if found.why_not:
            self._why[name] = listed(sorted(set(found.why_not)), _SHOWN)
            return
        fired = (truth.trace.rows.get(source, {}) for source in step.sources)
        self._words[name] = _Words(found.sql, frozenset({table}.union(*fired)))

    def texts(self) -> Iterable[tuple[ObjectId, str]]:
        """What each step says now."""
        for step in self.file.steps:
            words = self._words.get(step.unit.object)
            yield step.unit.object, words.sql if words else step.sql

    def refuse(self, name: ObjectId, why: str) -> None:
        """Lets a step keep its own words."""
        self._words.pop(name, None)
        self._why.setdefault(name, why)

    def writers(self, table: ObjectId) -> Sequence[ObjectId]:
        """The steps that write a table in new words."""
        return [name for name, words in self._words.items() if table in words.tables]

    def reworded(self) -> PlannedFile:
        """The file with what holds."""
        said = dict(self.texts())
        steps = (replace(step, sql=said[step.unit.object]) for step in self.file.steps)
        return replace(self.file, steps=tuple(steps))

    def findings(self) -> Iterable[Finding]:
        """What does its work again when the file is loaded again."""
        for name, why in self._why.items():
            yield Finding(
                code=findings.SEED_NOT_REPEATABLE,
                severity=Severity.WARNING,
                message=f"{self.file.path} can not be loaded twice, for {name}: {why}",
            )


def _keyed(truth: Truth) -> frozenset[str]:
    """The tables that have a key, and the partitioned tables whose partitions have one."""
    tables = [m.table for m in truth.marked.tables if m.table.primary_key or m.table.unique_keys]
    return frozenset(one for t in tables for one in (t.object.identity, t.root))


def _forward_only(truth: Truth, step: Step) -> str:
    """Sets a sequence as the step does, but never back behind what was drawn since."""
    identity = step.unit.family.identity
    place = next(s for s in truth.marked.sequences if s.identity == identity)
    called = "true" if place.is_called else "false"
    wanted = f"{place.last_value}, {called}"
    return (
        f"SELECT pg_catalog.setval({names.literal(identity)}, {wanted}) FROM {identity} "
        f"WHERE (last_value, is_called) < ({wanted});"
    )


def _try_twice(truth: Truth, plan: Plan, drafts: Sequence[_Draft], server: Server) -> None:
    """Loads the files twice, and takes back what fails or adds rows again."""
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
        once = rows.read(connection)
        for draft in drafts:
            _load(connection, draft, {}, "the second time it fails")
        again = rows.read(connection)
    _refuse_sequences(truth, once, drafts)
    for table in _changed(once, again):
        for draft in drafts:
            for name in draft.writers(table):
                draft.refuse(name, f"the second time {table.identity} gets rows with new keys")


def _load(
    connection: psycopg.Connection, draft: _Draft, own: Mapping[ObjectId, str], why: str
) -> None:
    """Loads one file in a transaction; a step that fails is run in its own words, if at all."""
    import psycopg  # noqa: PLC0415

    execute(connection, "BEGIN")
    for name, sql in tuple(draft.texts()):
        execute(connection, "SAVEPOINT consolidate_step")
        try:
            execute(connection, sql)
        except psycopg.Error as error:
            execute(connection, "ROLLBACK TO SAVEPOINT consolidate_step")
            draft.refuse(name, f"{why} ({_said(error)})")
            if name in own:
                execute(connection, own[name])
    try:
        execute(connection, "COMMIT")
    except psycopg.Error as error:  # of a key that is checked no sooner
        for name, _ in tuple(draft.texts()):
            draft.refuse(name, f"{why} ({_said(error)})")
    execute(connection, "DISCARD ALL")


def _said(error: psycopg.Error) -> str:
    return (error.diag.message_primary or str(error)).strip()


def _refuse_sequences(truth: Truth, once: Rows, drafts: Sequence[_Draft]) -> None:
    """Keeps the plain words of a sequence that does not only go forward to where it shall stand."""
    found = {place.identity: (place.last_value, place.is_called) for place in once.sequences}
    for place in truth.marked.sequences:
        if found.get(place.identity) != (place.last_value, place.is_called):
            name = ObjectId("sequence set", place.identity)
            for draft in drafts:
                if name in dict(draft.texts()):
                    draft.refuse(name, "the second time it goes back to where it stood")


def _changed(once: Rows, again: Rows) -> Sequence[ObjectId]:
    before = {held.table.object: held.rows for held in once.tables}
    return [
        held.table.object
        for held in again.tables
        if not rows.are_the_same(before.get(held.table.object, ()), held.rows)
    ]
