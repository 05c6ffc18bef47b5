"""Finds the columns that a history fills from the clock.

Two replays of one day agree on `CURRENT_DATE`, so what reads the clock can not be told by
comparing replays alone: a date written out as it was found would be another one tomorrow.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from consolidate import names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

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


_MAKES_ROUTINE = re.compile(
    r"\bCREATE\s+(?:OR\s+REPLACE\s+)?(?:FUNCTION|PROCEDURE)\s+"
    r"(?:(?:\w+|\"[^\"]+\")\s*\.\s*)?(\w+|\"[^\"]+\")\s*\(",
    re.IGNORECASE,
)
_ROUTINES = {"function", "procedure"}


def columns(
    facts: Snapshot, rows: Rows, trace: Trace, statements: Mapping[StatementId, Statement]
) -> frozenset[tuple[str, str]]:
    """Columns, as (table, column), whose default or whose writers read the clock.

    A writer is a statement, what it calls, and the triggers on the tables that it writes.
    """
    reads_clock = _reader(facts, statements)
    by_default = {
        fact.object.identity
        for fact in facts.facts
        if fact.object.kind == "table column"
        and fact.attribute == "default"
        and reads_clock(fact.value)
    }
    triggered = {
        table
        for table, identifier in _triggers(trace)
        if identifier in statements and reads_clock(statements[identifier].sql)
    }
    by_writer = {
        table
        for identifier, written in trace.rows.items()
        if reads_clock(statements[identifier].sql)
        or not triggered.isdisjoint(table.identity for table in written)
        for table in written
    }
    return frozenset(
        (held.table.object.identity, column.name)
        for held in rows.tables
        for column in held.table.columns
        if column.base not in _NEVER_A_DATE
        and (
            held.table.object in by_writer
            or f"{held.table.object.identity}.{names.quote(column.name)}" in by_default
        )
    )


def _reader(facts: Snapshot, statements: Mapping[StatementId, Statement]) -> Callable[[str], bool]:
    """Tells of a text whether it reads the clock, or calls a routine that does.

    Routines go by their names alone: which of several is called only the server would know.
    """
    made = {
        (fact.object.identity.partition("(")[0].rpartition(".")[2], fact.value)
        for fact in facts.facts
        if fact.object.kind in _ROUTINES and fact.attribute == "body"
    }
    made |= {
        (found[1], statement.sql)
        for statement in statements.values()
        for found in _MAKES_ROUTINE.finditer(statement.sql)
    }
    calls: re.Pattern[str] | None = None

    def reads_clock(text: str) -> bool:
        return bool(_READS_CLOCK.search(text) or (calls and calls.search(text)))

    reading: set[str] = set()
    while fresh := {name for name, body in made if name not in reading and reads_clock(body)}:
        reading |= fresh
        listed = "|".join(re.escape(name.strip('"')) for name in sorted(reading))
        calls = re.compile(rf'(?<![\w$])(?:{listed})"?\s*\(', re.IGNORECASE)
    return reads_clock


def _triggers(trace: Trace) -> Iterator[tuple[str, StatementId]]:
    """The tables that had a trigger at some time, with the statement that made it."""
    for name, touches in (*trace.touches.items(), *trace.vanished.items()):
        if name.kind == "trigger":
            table = name.identity.rpartition(" on ")[2]
            yield from ((table, touch.statement) for touch in touches)
