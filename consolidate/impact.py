"""What one rollback does to a database, read from its text: for the README, not for the proof."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pglast import ast

from consolidate import declared, locks, rowguard, statements
from consolidate.model import Migration

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from consolidate.catalog.rows import Rows

_DROP = re.compile(
    r"DROP (?P<kind>MATERIALIZED VIEW|FOREIGN TABLE|FOREIGN DATA WRAPPER|USER MAPPING|"
    r"EVENT TRIGGER|ACCESS METHOD|OPERATOR (?:CLASS|FAMILY)|TEXT SEARCH [A-Z]+|[A-Z]+) "
    r"(?:IF EXISTS )?(?:FOR )?(?P<name>.+?)(?: CASCADE)?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What is lost, locked and left."""

    dropped: Mapping[str, Sequence[str]]
    """The names of what is dropped, by kind, in the order in which the kinds are first met."""
    changed: int
    """Statements that change, restore or grant something that stays."""
    locks: Mapping[str, Sequence[str]]
    """The tables by the strongest lock taken on each, the strongest first."""
    rows: Sequence[str]
    """Tables that lose rows."""
    irreversible: Sequence[str]


def of(path: str, text: str, held: Rows) -> Impact:
    """Reads a rollback.

    Args:
        path: Where it stands.
        text: What it says.
        held: The tables that are there before all rollbacks, with the keys that tie them.
    """
    migration = Migration(number=1, path=path, version="", text=text, sha256="")
    dropped: dict[str, list[str]] = defaultdict(list)
    locked: dict[str, str] = {}
    rows: list[str] = []
    changed = 0
    for statement in statements.parse(migration):
        tree = statement.tree
        for table, lock in locks.taken(tree):
            _lock(locked, table, lock)
        if isinstance(tree, ast.DoStmt):
            rows += locks.silenced(tree)
            changed += not rowguard.is_guard(statement.sql)
        elif match := _DROP.fullmatch(statement.sql):
            dropped[match["kind"].lower()].append(match["name"])
        elif tree is not None and not isinstance(tree, ast.VariableSetStmt):
            changed += 1
    tables = [*dropped.get("table", ())]
    for table, lock in _behind(tables, held):
        _lock(locked, table, lock)
    return Impact(
        dropped={kind: tuple(found) for kind, found in dropped.items()},
        changed=changed,
        locks=_by_strength(locked),
        rows=tuple(dict.fromkeys([*tables, *rows])),
        irreversible=declared.of(text),
    )


def _lock(locked: dict[str, str], table: str, lock: str) -> None:
    if table not in locked or locks.STRENGTH.index(lock) > locks.STRENGTH.index(locked[table]):
        locked[table] = lock


def _behind(tables: Iterable[str], held: Rows) -> Iterable[tuple[str, str]]:
    """Tables that dropped ones point at: a foreign key goes from both, and both are locked."""
    gone = set(tables)
    for one in held.tables:
        if one.table.object.identity in gone:
            for key in one.table.foreign_keys:
                yield key.references, locks.ACCESS_EXCLUSIVE


def _by_strength(locked: Mapping[str, str]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for table in sorted(locked, key=lambda t: (-locks.STRENGTH.index(locked[t]), t)):
        found[locked[table]].append(table)
    return {lock: tuple(tables) for lock, tables in found.items()}
