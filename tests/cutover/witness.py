"""What a database holds, and what of it is not the history table or its copy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from consolidate.catalog import facts, rows

if TYPE_CHECKING:
    import psycopg

    from consolidate.catalog.row_values import SequencePosition, TableRows
    from consolidate.model import Fact

KEPT = "supabase_migrations.schema_migrations_before_consolidation"
TABLE = "supabase_migrations.schema_migrations"


@dataclass(frozen=True)
class Seen:
    """The whole catalog, all rows, all sequences.

    The order in which rows lie on disk is seen too, except in the history table: rows that come
    back go where there is room for them.
    """

    facts: frozenset[Fact]
    tables: tuple[TableRows, ...]
    sequences: tuple[SequencePosition, ...]

    def elsewhere(self) -> Seen:
        """All of it but the rows of the history table, and the copy that a cutover keeps."""
        return Seen(
            frozenset(fact for fact in self.facts if KEPT not in str(fact)),
            tuple(t for t in self.tables if t.table.object.identity not in {TABLE, KEPT}),
            self.sequences,
        )


def look(connection: psycopg.Connection[Any]) -> Seen:
    """Everything that a cutover might have changed."""
    read = rows.read(connection)
    tables = (
        replace(t, rows=tuple(sorted(t.rows))) if t.table.object.identity == TABLE else t
        for t in read.tables
    )
    return Seen(facts.read(connection).facts, tuple(tables), read.sequences)
