"""What a rollback has to know of the database before its file and after it.

The files are applied once, one after the other, and what each has changed is read.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from consolidate import names, rowguard
from consolidate.catalog import bounds, filled, refreshed, rows
from consolidate.empty_database import platform
from consolidate.model import ObjectId
from consolidate.replay import execute
from consolidate.rowguard import Known
from consolidate.wording import former_types

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import psycopg

    from consolidate.catalog.casts import Casts
    from consolidate.catalog.filled import Filled
    from consolidate.catalog.rows import Rows, Table
    from consolidate.plan import Plan
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
    stale: frozenset[ObjectId] = frozenset()
    """Materialized views that do not show what their tables hold."""
    cut: Mapping[ObjectId, Sequence[Known]] = field(default_factory=dict)
    """What goes with each column or attribute that a rollback cuts, or gives its former type, or is
    outside of a partition that it attaches: those of the file; after the last one, of all."""


def climb(truth: Truth, plan: Plan, texts: Mapping[str, str], server: Server) -> list[Landing]:
    """The state before the first file, and after each."""
    import psycopg  # noqa: PLC0415 - a third of a second that `--help` must not pay

    landings = []
    known: rows.Known = {}
    volatile = volatile_columns(truth)
    with platform(server, truth.prelude) as (_, connection):
        for renaming in truth.renames.there:  # a rollback speaks of all by its last name
            execute(connection, renaming)
        landings.append(
            Landing(
                rows=rows.read(connection, known),
                tables={},
                filled=filled.read(connection),
                stale=refreshed.stale(connection),
            )
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
            stale = refreshed.stale(connection)
            landings.append(Landing(rows=found, tables=tables, filled=held, stale=stale, cut=cut))
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
        before = {} if name in truth.replaced else truth.platform.facts.of(name)
        yield whole, part, _lost(part, before, facts, truth.casts)


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


def volatile_columns(truth: Truth) -> set[tuple[str, str]]:
    """Columns with a cell that differs from replay to replay."""
    return {
        (marked.table.object.identity, marked.table.columns[place].name)
        for marked in truth.marked.tables
        for place in rows.volatile_places(marked)
    }
