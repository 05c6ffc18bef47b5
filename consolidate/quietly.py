"""Words statements about rows so that no trigger and no rule fires for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate import names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
    named = ", ".join(names.literal(name) for name in relations)
    head, tail = _QUIET.replace("{relations}", named).split("{lines}")
    told = "\n".join(f"    {line}" for line in lines)
    return names.retagged(f"{head}{told}{tail}", "rows")


class Quiet:
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
            yield quietly(self._tables, self._lines)
        self._tables, self._lines = [], []
