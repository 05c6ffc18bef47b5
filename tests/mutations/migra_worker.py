"""Asks migra about pairs of databases; run by a Python of its own, since ours has other libraries.

Reads lines of two connection strings, a JSON array each, and answers each with a line: `seen`,
`missed` or `crash`.
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any


def _connection(dsn: str) -> Any:  # noqa: ANN401 - of a library that has no types
    sqlalchemy = importlib.import_module("sqlalchemy")
    psycopg2 = importlib.import_module("psycopg2")
    pool = importlib.import_module("sqlalchemy.pool")
    engine = sqlalchemy.create_engine(
        "postgresql://", creator=lambda: psycopg2.connect(dsn), poolclass=pool.NullPool
    )
    return engine.connect()


def answer(left: str, right: str) -> str:
    """Whether migra would change the one into the other, or the other into the one."""
    migration = importlib.import_module("migra").Migration
    try:
        with _connection(left) as one, _connection(right) as two:
            for pair in ((one, two), (two, one)):
                made = migration(*pair)
                made.set_safety(safety_on=False)
                made.add_all_changes(privileges=True)
                if made.statements:
                    return "seen"
    except Exception as problem:  # noqa: BLE001 - whatever it does not get through
        sys.stderr.write(f"{problem!r}\n")
        return "crash"
    return "missed"


def main() -> None:
    """Answers until there are no more lines."""
    for line in sys.stdin:
        sys.stdout.write(f"{answer(*json.loads(line))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
