"""Files whose names say that they are written for another database than PostgreSQL.

A project for several databases keeps the variants of a migration beside each other, such as
`1_users.mysql.up.sql` and `1_users.postgres.up.sql`; a plain `1_users.up.sql` is for those that
have none of their own.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from consolidate import findings
from consolidate.model import Finding, Severity, SourceSpan
from consolidate.phrases import counted, listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

OURS = frozenset({"pg", "pgsql", "postgres", "postgresql", "psql"})
OTHERS = frozenset(
    {
        *("clickhouse", "cockroach", "cockroachdb", "crdb", "db2", "derby", "duckdb", "firebird"),
        *("h2", "hsqldb", "mariadb", "mssql", "mysql", "oracle", "snowflake", "spanner", "sqlite"),
        *("sqlite3", "sqlserver", "tidb", "vertica"),
    }
)
_ANY = re.compile(rf"[._-](?:{'|'.join(sorted(OURS | OTHERS))})[.]", re.IGNORECASE)
_ENDED = re.compile(r"(.+[_-])([a-z0-9]+)((?:\.(?:up|down))?\.sql)", re.IGNORECASE)


def ours(files: Iterable[Path]) -> list[Path]:
    """The files less those for other databases, and less those that PostgreSQL has others for."""
    every = list(files)
    apart = _apart(every)
    return [file for file in every if file not in apart] if apart else every


def passed_over(folder: Path, files: Iterable[Path]) -> tuple[Finding, ...]:
    """What to say of those: one finding for all of them."""
    apart = _apart(list(files))
    if not apart:
        return ()
    first = next(iter(apart)).relative_to(folder).as_posix()
    numbers = sorted(Counter(filter(None, apart.values())).items())
    told = [f"{number:,} for {dialect}" for dialect, number in numbers]
    if replaced := sum(not dialect for dialect in apart.values()):
        told.append(f"{replaced:,} that PostgreSQL has others for")
    return (
        Finding(
            code=findings.NAME_NOT_READ,
            severity=Severity.INFO,
            message=f"{counted(len(apart), 'file')} for other databases, by the names, not read:"
            f" {listed(told, len(told))}; the first is {first}",
            span=SourceSpan(first, 0, 0, 1, 1),
            help="Nothing, if the names are right; an order file can name them all the same.",
        ),
    )


def _apart(files: Collection[Path]) -> Mapping[Path, str]:
    """Those that are not for PostgreSQL, with whose they are; empty where it has one of its own."""
    if not _ANY.search("\n".join(file.name for file in files)):
        return {}  # as of most folders, which are asked for often
    named = {f: _between_dots(f.name) for f in files if f.name.lower().endswith(".sql")}
    own = {_without(file) for file, dialect in named.items() if dialect in OURS}
    there = set(files)
    found: dict[Path, str] = {}
    for file, dialect in named.items():
        if dialect in OTHERS:
            found[file] = dialect
        elif not dialect and file in own:
            found[file] = ""
        elif not dialect and (ending := _ending(file, there)):
            found[file] = ending
    return found


def _between_dots(name: str) -> str:
    """The database that a part of a name says, behind the first dot: ours, if it says several."""
    said = [part for part in name.lower().split(".")[1:-1] if part in OURS or part in OTHERS]
    return next((part for part in said if part in OURS), said[0] if said else "")


def _without(file: Path) -> Path:
    """The same file without the database in its name."""
    first, *between, last = file.name.split(".")
    kept = [part for part in between if part.lower() not in OURS | OTHERS]
    return file.with_name(".".join([first, *kept, last]))


def _ending(file: Path, there: Collection[Path]) -> str:
    """The other database that a name ends with, as `init_mysql.sql` beside `init_postgres.sql`.

    Alone it may be what the migration is about.
    """
    match = _ENDED.fullmatch(file.name)
    if match is None or match[2].lower() not in OTHERS:
        return ""
    beside = (file.with_name(f"{match[1]}{own}{match[3]}") for own in OURS)
    return match[2].lower() if any(one in there for one in beside) else ""
