"""Guards: what a rollback checks before it drops or deletes a row.

Rows that the history put there itself, and that nobody changed since, are no loss. Anything else
stops the rollback before it has done anything, unless `consolidate.allow_data_loss` is `on`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate import names
from consolidate.wording import values

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from consolidate.catalog.rows import Column, ForeignKey, Row, Table

_DROPPED = """\
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
        WITH known (relation, columns, rows, digest) AS (VALUES
{expected}
        )
        SELECT * FROM known{partitions}
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

_PARTITIONS = """
        UNION ALL  -- partitions that were added since go with their table
        SELECT format('%s.%I', added.relnamespace::regnamespace, added.relname), '', 0, ''
        FROM known, pg_catalog.pg_partition_tree(to_regclass(known.relation)) AS part
        JOIN pg_catalog.pg_class AS added ON added.oid = part.relid AND added.relkind = 'r'
        WHERE NOT EXISTS (SELECT FROM known WHERE to_regclass(known.relation) = added.oid)"""

_DELETED = """\
-- Refuses to lose rows or cells that were changed since or are not of this history, and rows that
-- others point at.
DO $guard$
DECLARE
    at_risk text;
BEGIN
    IF coalesce(current_setting('consolidate.allow_data_loss', true), '') = 'on' THEN
        RETURN;
    END IF;
    PERFORM set_config('row_security', 'off', true), set_config('TimeZone', 'UTC', true),
        set_config('DateStyle', 'ISO, MDY', true), set_config('IntervalStyle', 'postgres', true),
        set_config('bytea_output', 'hex', true), set_config('extra_float_digits', '1', true);
    SELECT string_agg(format('%s (%s rows)', what, rows), ', ') INTO at_risk FROM (
{risks}
    ) AS risks (what, rows)
    WHERE rows > 0;
    IF at_risk IS NOT NULL THEN
        RAISE EXCEPTION 'this rollback would lose rows: %', at_risk
            USING HINT = 'Back them up, then SET consolidate.allow_data_loss = ''on''.';
    END IF;
END
$guard$;
"""

DIGEST = """
SELECT count(*), md5(coalesce(string_agg(r, '' ORDER BY r COLLATE "C"), ''))
FROM (SELECT md5(ROW({columns})::text) AS r FROM ONLY {relation}) AS listed
"""
"""What the guard computes of a table's rows, for the expected side; a condition may follow the
relation."""

ALL_ROWS = """\
-- A row that a policy hides is an error, not a row that is left.
SET LOCAL row_security = off;"""
"""Said before rows go, for the guard says it only where it is not lifted."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """A table whose rows a rollback would drop, as it stands when nobody else wrote to it."""

    relation: str
    columns: str
    """Those that are the same on every replay."""
    rows: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A column that goes while its table stays, as it stands when nobody else wrote to it."""

    column: str
    """With its table."""
    told: Guarded
    """The relation is that of the rows whose cell is neither NULL nor the column's default."""

    @property
    def risk(self) -> str:
        """The query that counts such rows, if they are others by now."""
        digest = DIGEST.format(columns=self.told.columns, relation=self.told.relation)
        counted, _, rows = digest.strip().partition("\nFROM ")
        return (
            f"SELECT {names.literal(self.column)}, CASE WHEN ({counted.removeprefix('SELECT ')})\n"
            f"            IS DISTINCT FROM ({self.told.rows}::bigint, "
            f"{names.literal(self.told.digest)}) THEN count(*) ELSE 0 END\n        FROM {rows}"
        )


def before_drops(guarded: Sequence[Guarded], *, partitioned: bool = False) -> list[str]:
    """The guard of the tables that a rollback drops.

    Args:
        guarded: The tables.
        partitioned: Whether there are partitioned ones, which take every partition along.
    """
    if not guarded:
        return []
    listed = ",\n".join(
        f"            ({names.literal(g.relation)}, {names.literal(g.columns)}, "
        f"{g.rows}::bigint, {names.literal(g.digest)})"
        for g in guarded
    )
    text = _DROPPED.replace("{partitions}", _PARTITIONS if partitioned else "")
    return [text.replace("{expected}", listed)]


@dataclass(frozen=True, slots=True)
class Written:
    """A row that a file wrote into a table that stays, by what is the same on every replay."""

    table: Table
    known: tuple[tuple[str, str, str | None], ...]
    """Column as quoted, base type and text of every cell that is not volatile."""
    key: frozenset[str]
    """The columns (quoted) that tell the row; empty: only all of them together do."""
    goes: bool = True
    """Whether the row itself goes, or only what was changed of it is put back."""

    @property
    def place(self) -> str:
        """The condition that finds the row."""
        told = [cell for cell in self.known if not self.key or cell[0] in self.key]
        return " AND ".join(values.equals(*cell) for cell in told) or "true"

    @property
    def changed(self) -> str | None:
        """The condition under which the row is there, but not as it was written."""
        rest = [cell for cell in self.known if cell[0] not in self.key]
        if not self.key or not rest:
            return None
        return f"{self.place} AND ({' OR '.join(_differs(*cell) for cell in rest)})"


def written(table: Table, row: Row, volatile: Container[tuple[str, str]]) -> Written:
    """What is known of a row for good."""
    relation = table.object.identity
    known = {
        c.name: (c.quoted, c.base, cell)
        for c, cell in zip(table.columns, row, strict=True)
        if (relation, c.name) not in volatile
    }
    for key in (table.primary_key, *table.unique_keys):
        if key and all(name in known and known[name][2] is not None for name in key):
            quoted = frozenset(known[name][0] for name in key)
            return Written(table, tuple(known.values()), quoted)
    return Written(table, tuple(known.values()), frozenset())


def changed(
    table: Table, row: Row, columns: Iterable[Column], volatile: Container[tuple[str, str]]
) -> Written:
    """What is known for good of a row of which only some columns are put back."""
    found = written(table, row, volatile)
    told = {*found.key, *(column.quoted for column in columns)}
    known = tuple(cell for cell in found.known if not found.key or cell[0] in told)
    return Written(table, known, found.key, goes=False)


def before_deletes(
    rows: Sequence[Written],
    pointing: Iterable[tuple[Table, ForeignKey, int]],
    whole: Sequence[Table] = (),
    cut: Sequence[Cut] = (),
) -> list[str]:
    """The guard of what a rollback takes from tables that stay.

    Args:
        rows: The rows.
        pointing: Tables with a key to one of theirs, and how many of the history's own rows
            point at the rows that go.
        whole: Tables all of whose rows go, each guarded by `before_drops`, too.
        cut: Columns that go.
    """
    risks = [one.risk for one in cut]
    for table in dict.fromkeys(row.table for row in rows):
        own = [row for row in rows if row.table == table]
        relation = table.object.identity
        if loose := [row for row in own if not row.key]:
            what = names.literal(f"{relation}, like rows of this history")
            places = "\n            OR ".join(dict.fromkeys(f"({row.place})" for row in loose))
            risks.append(
                f"SELECT {what}, count(*) - {len(loose)} FROM ONLY {relation}\n"
                f"        WHERE {places}"
            )
        if changed := [f"({row.changed})" for row in own if row.changed]:
            what = names.literal(f"{relation}, changed since")
            condition = "\n            OR ".join(changed)
            risks.append(f"SELECT {what}, count(*) FROM ONLY {relation}\n        WHERE {condition}")
    for child, key, expected in pointing:
        risks.append(_pointing(child, key, expected, rows, whole))
    if not risks:
        return []
    return [_DELETED.replace("{risks}", "        " + "\n        UNION ALL\n        ".join(risks))]


def _pointing(
    child: Table,
    key: ForeignKey,
    expected: int,
    rows: Sequence[Written],
    whole: Sequence[Table],
) -> str:
    """Counts rows that point at rows which go, beyond those that the history wrote itself."""
    tables = (*whole, *(row.table for row in rows))
    parent = next(table for table in tables if table.object.identity == key.references)
    quoted = {c.name: c.quoted for c in (*child.columns, *parent.columns)}
    joined = " AND ".join(
        f"child.{quoted[own]} = parent.{quoted[theirs]}"
        for own, theirs in zip(key.columns, key.referenced_columns, strict=True)
    )
    places = [f"({row.place})" for row in rows if row.table == parent and row.goes]
    going = "true" if parent in whole else " OR ".join(places)
    what = names.literal(f"{child.object.identity}, pointing at {key.references}")
    return (
        f"SELECT {what}, count(*) - {expected} FROM ONLY {child.object.identity} AS child\n"
        f"        JOIN (SELECT * FROM ONLY {key.references}\n"
        f"            WHERE {going}) AS parent ON {joined}"
    )


def _differs(quoted: str, base: str, cell: str | None) -> str:
    value = "NULL" if cell is None else values.constant(cell, base)
    if base.removesuffix("[]") in values.NO_EQUALITY and cell is not None:
        return f"{quoted}::text IS DISTINCT FROM {names.literal(cell)}"
    return f"{quoted} IS NOT NULL" if cell is None else f"{quoted} IS DISTINCT FROM {value}"


_QUIET = """\
-- No trigger and no rule fires for these rows; each is left as it was.
DO $rows$
#variable_conflict use_column
DECLARE
    firing record;
    silenced text[] := '{}';
BEGIN
    FOR firing IN
        SELECT tgrelid::regclass AS relation, 'TRIGGER' AS kind, tgname AS name, tgenabled AS state
        FROM pg_catalog.pg_trigger
        WHERE tgrelid = ANY (ARRAY[{relations}]::regclass[]) AND NOT tgisinternal
        UNION ALL
        SELECT ev_class::regclass, 'RULE', rulename, ev_enabled FROM pg_catalog.pg_rewrite
        WHERE ev_class = ANY (ARRAY[{relations}]::regclass[])
    LOOP
        CONTINUE WHEN firing.state = 'D';
        EXECUTE format('ALTER TABLE %s DISABLE %s %I', firing.relation, firing.kind, firing.name);
        silenced := silenced || format('ALTER TABLE %s ENABLE %s %s %I', firing.relation,
            CASE firing.state WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' ELSE '' END,
            firing.kind, firing.name);
    END LOOP;
{lines}
    IF silenced <> '{}' THEN  -- no table is altered whose rows are still to be checked
        SET CONSTRAINTS ALL IMMEDIATE;
    END IF;
    FOR number IN 1 .. cardinality(silenced) LOOP
        EXECUTE silenced[number];
    END LOOP;
END
$rows$;"""
"""ENABLE TRIGGER USER would turn on what was off, and make plain what always fires."""


def quietly(relations: Sequence[str], lines: Sequence[str]) -> str:
    """Statements about the rows of some tables, as one that keeps all else from firing."""
    tag = "rows"
    while any(f"${tag}$" in line for line in lines):
        tag += "_"
    text = _QUIET.replace("$rows$", f"${tag}$")
    text = text.replace("{relations}", ", ".join(names.literal(name) for name in relations))
    return text.replace("{lines}", "\n".join(f"    {line}" for line in lines))
