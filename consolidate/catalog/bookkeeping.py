"""What a server writes into its catalogs for itself, so that no history can say or change it.

PostgreSQL 17.12 keeps a WAL position in the options of each column, `pg_attver`, renewed whenever
the column is altered. It takes no notice of what `SET (pg_attver = …)` asks for, and its own
`pg_dump` leaves it out; that of another version does not know it and writes it down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consolidate.catalog.dump_text import Token

COLUMN_OPTION: Final = "pg_attver"

_LIST: Final = (("word", "SET"), ("space", " "), ("other", "("))


def cleared(statement: tuple[Token, ...]) -> tuple[Token, ...]:
    """A dump's statement without that option; empty where nothing else is set."""
    if statement[0] != ("word", "ALTER") or ("word", COLUMN_OPTION) not in statement:
        return statement
    opened = _opened(statement)
    if opened is None:
        return statement
    closed = statement.index(("other", ")"), opened)
    items = [
        item
        for item in _separated(statement[opened:closed])
        if ("word", COLUMN_OPTION) not in item[:1]
    ]
    if not items:
        return ()
    kept = [token for item in items for token in (("other", ","), ("space", " "), *item)][2:]
    return (*statement[:opened], *kept, *statement[closed:])


def _opened(statement: Sequence[Token]) -> int | None:
    """Where the list of options begins; None where there is none."""
    for start in range(len(statement) - len(_LIST)):
        if tuple(statement[start : start + len(_LIST)]) == _LIST:
            return start + len(_LIST)
    return None


def _separated(tokens: Sequence[Token]) -> list[list[Token]]:
    items: list[list[Token]] = [[]]
    for token in tokens:
        if token == ("other", ","):
            items.append([])
        elif token[0] != "space":
            items[-1].append(token)
    return items
