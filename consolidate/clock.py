"""Finds the columns that a history fills from the clock.

Two replays of one day agree on `CURRENT_DATE`, so what reads the clock can not be told by
comparing replays alone: a date written out as it was found would be another one tomorrow.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from consolidate import names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consolidate.catalog.rows import Rows
    from consolidate.model import Snapshot, Statement, StatementId
    from consolidate.trace import Trace

_READS_CLOCK = re.compile(
    r"\b(?:current_date|current_time(?:stamp)?|local_?time(?:stamp)?|now\s*\(|"
    r"(?:clock|statement|transaction)_timestamp|timeofday)|'(?:now|today|tomorrow|yesterday)'",
    re.IGNORECASE,
)


_NEVER_A_DATE = {"smallint", "integer", "bigint", "numeric", "real", "double precision"} | {
    "boolean",
    "uuid",
}


def columns(
    facts: Snapshot, rows: Rows, trace: Trace, statements: Mapping[StatementId, Statement]
) -> frozenset[tuple[str, str]]:
    """Columns, as (table, column), whose default or whose writers read the clock."""
    by_default = {
        fact.object.identity
        for fact in facts.facts
        if fact.object.kind == "table column"
        and fact.attribute == "default"
        and _READS_CLOCK.search(fact.value)
    }
    by_statement = {
        table
        for identifier, written in trace.rows.items()
        if _READS_CLOCK.search(statements[identifier].sql)
        for table in written
    }
    return frozenset(
        (held.table.object.identity, column.name)
        for held in rows.tables
        for column in held.table.columns
        if column.base not in _NEVER_A_DATE
        and (
            held.table.object in by_statement
            or f"{held.table.object.identity}.{names.quote(column.name)}" in by_default
        )
    )
