"""Sees to it that `random()` draws other numbers in one of two builds, however few there are.

A rating from one to five, or a coin that is tossed, comes out alike in two builds every so often,
and would then pass for a value that is the same each time. So both draw from one seed, and the
second takes each number from the other half of the unit interval: what asks whether
`random() < 0.5`, or parts the interval otherwise, gets another answer.
"""

from __future__ import annotations

import re
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING

from consolidate.catalog.privileges import is_superuser
from consolidate.replay import execute

if TYPE_CHECKING:
    from collections.abc import Iterable

    import psycopg

_OTHERWISE = """
ALTER FUNCTION pg_catalog.random() RENAME TO consolidate_random;
CREATE FUNCTION pg_catalog.random() RETURNS double precision
LANGUAGE plpgsql STRICT PARALLEL RESTRICTED AS $$
DECLARE drawn CONSTANT double precision := pg_catalog.consolidate_random();
BEGIN
    RETURN CASE WHEN drawn < 0.5 THEN 0.5 + 2 * drawn ^ 2 ELSE 2 * (drawn - 0.5) ^ 2 END;
END $$;
"""
"""The original keeps its OID under another name: the server calls it by that OID, not by `pg_proc`.

How far a number moves depends on it, so that what takes a remainder of it gets another one, too.
"""

_AS_IT_WAS = """
DROP FUNCTION pg_catalog.random();
ALTER FUNCTION pg_catalog.consolidate_random() RENAME TO random;
"""

_SEEDS = re.compile(r"\bsetseed\b", re.IGNORECASE)


def is_ours(connection: psycopg.Connection, texts: Iterable[str]) -> bool:
    """Whether we may say what is drawn.

    What sets a seed by itself knows what it draws, and is left alone. So is a server on which we
    may not rename a function: there, chance decides.

    Args:
        connection: To the database.
        texts: All that is applied to it.
    """
    return is_superuser(connection) and not any(map(_SEEDS.search, texts))


def seed(connection: psycopg.Connection, name: str) -> None:
    """Lets a session draw what every session does that has the same name, and none of another."""
    number = zlib.crc32(name.encode()) / 2**32
    execute(connection, f"SELECT pg_catalog.setseed({number:.6f})")


def otherwise(connection: psycopg.Connection) -> None:
    """Lets a database draw other numbers than one that has the same seeds."""
    execute(connection, _OTHERWISE)


def as_it_was(connection: psycopg.Connection) -> None:
    """Takes that back, unless something that was left in the database calls `random()`."""
    import psycopg  # noqa: PLC0415 - a third of a second that `--help` must not pay

    with suppress(psycopg.Error):
        execute(connection, _AS_IT_WAS)
