"""Remembers how the rows of built-in objects are projected: nine of ten rows of every database.

They are the same in all databases of one build of PostgreSQL, so they are kept in this process, and
beside the throwaway servers' other costly things for the next one. A row is known by a hash of what
is stored, so one that a history changed is not known.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from collections import defaultdict
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from consolidate.errors import EnvironmentProblem
from consolidate.servers.cache import cached
from consolidate.servers.processes import Account, server_account

if TYPE_CHECKING:
    from collections.abc import Callable

    from consolidate.catalog.facts import Cursor

Known: TypeAlias = "dict[str, dict[str, str]]"
"""By catalog, a line for each hash; empty for a row that is not projected."""

_MADE_BY_INITDB: Final = b"""
SELECT md5(string_agg(c.name, ',' ORDER BY c.name)) FROM (
    SELECT concat_ws(' ', oid, relname, relnamespace) FROM pg_class WHERE oid < 16384
    UNION ALL
    SELECT concat_ws(' ', oid, typname, typnamespace) FROM pg_type WHERE oid < 16384
    UNION ALL
    SELECT concat_ws(' ', oid, collname, collnamespace) FROM pg_collation WHERE oid < 16384
) AS c (name)
"""
_NAME: Final = "projection-"
_FILE: Final = "lines.json"
_MOST: Final = 8
"""So many builds are kept, of 6 MB each: a history that drops what initdb made, makes another."""

_BY_BUILD: dict[str, Known] = {}


def of(cursor: Cursor, read: Callable[[Known], object]) -> Known:
    """What is known of the build of the connected server; what else is found is to be added.

    Args:
        cursor: In a transaction with pinned settings.
        read: Projects everything, and adds to what it is given; for a build not seen before.
    """
    build = _build(cursor)
    if build not in _BY_BUILD:
        _BY_BUILD[build] = _kept(build, read)
    return _BY_BUILD[build]


def forget() -> None:
    """Forgets what this process knows."""
    _BY_BUILD.clear()


def _build(cursor: Cursor) -> str:
    """What tells one build of PostgreSQL from another: its version, and what initdb made.

    And how we project, for what an earlier version of ours has kept.
    """
    cursor.execute(_MADE_BY_INITDB)
    ((made,),) = cursor.fetchall()
    version = cursor.connection.info.parameter_status("server_version") or ""
    return sha256(f"{version} {made} {_ours()}".encode()).hexdigest()[:16]


@cache
def _ours() -> str:
    here = Path(__file__).parent
    modules = (here / "physical.py", here / "projecting.py")
    return " ".join(sha256(one.read_bytes()).hexdigest() for one in modules)


def _leave_few(place: Path) -> None:
    oldest_first = sorted(place.glob(f"{_NAME}*"), key=lambda folder: folder.stat().st_mtime)
    for folder in oldest_first[:-_MOST]:
        shutil.rmtree(folder, ignore_errors=True)


def _kept(build: str, read: Callable[[Known], object]) -> Known:
    """What an earlier process has kept, else what is read now; where nothing can be, nothing."""
    found: Known = defaultdict(dict)

    def fill(folder: Path) -> None:
        read(found)
        (folder / _FILE).write_text(json.dumps(found), encoding="utf-8")

    with contextlib.suppress(EnvironmentProblem, OSError, ValueError):
        us = server_account()
        folder = cached(f"{_NAME}{build}", fill, Account(uid=us.uid, gid=us.gid, switched=False))
        _leave_few(folder.parent)
        if not found:
            for catalog, lines in json.loads((folder / _FILE).read_text("utf-8")).items():
                found[catalog] = lines
    return found
