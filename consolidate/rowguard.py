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

    from consolidate.catalog.rows import ForeignKey, Row, Table

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

_DELETED = """\
-- Refuses to delete rows that were changed since, and rows that others point at.
DO $guard$
DECLARE
    at_risk text;
BEGIN
    IF coalesce(current_setting('consolidate.allow_data_loss', true), '') = 'on' THEN
        RETURN;
    END IF;
    PERFORM set_config('row_security', 'off', true);
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
"""What the guard computes of a table's rows, for the expected side."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """A table whose rows a rollback would drop, as it stands when nobody else wrote to it."""

    relation: str
    columns: str
    """Those that are the same on every replay."""
    rows: int
    digest: str


def before_drops(guarded: Sequence[Guarded]) -> list[str]:
    """The guard of the tables that a rollback drops."""
    if not guarded:
        return []
    listed = ",\n".join(
        f"            ({names.literal(g.relation)}, {names.literal(g.columns)}, "
        f"{g.rows}::bigint, {names.literal(g.digest)})"
        for g in guarded
    )
    return [_DROPPED.replace("{expected}", listed)]


@dataclass(frozen=True, slots=True)
class Written:
    """A row that a file wrote into a table that stays, by what is the same on every replay."""

    table: Table
    known: tuple[tuple[str, str, str | None], ...]
    """Column as quoted, base type and text of every cell that is not volatile."""
    key: frozenset[str]
    """The columns (quoted) that tell the row; empty: only all of them together do."""

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


def before_deletes(
    rows: Sequence[Written],
    pointing: Iterable[tuple[Table, ForeignKey, int]],
    whole: Sequence[Table] = (),
) -> list[str]:
    """The guard of rows that a rollback deletes from tables that stay.

    Args:
        rows: The rows.
        pointing: Tables with a key to one of theirs, and how many of the history's own rows
            point at the rows that go.
        whole: Tables all of whose rows go, each guarded by `before_drops`, too.
    """
    risks = []
    for table in dict.fromkeys(row.table for row in rows):
        own = [row for row in rows if row.table == table]
        relation = table.object.identity
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
    places = [f"({row.place})" for row in rows if row.table == parent]
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
