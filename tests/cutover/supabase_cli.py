"""A double of the Supabase CLI, as far as its history goes, written from its rules.

They are those of `pkg/migration` in github.com/supabase/cli: `list.go` (which files), `history.go`
(the table), `file.go` (one transaction for a file and its row) and `apply.go` (what is pending).
Nothing of the program under test is used here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import psycopg

_NAME = re.compile(r"([0-9]+)_(.*)\.sql")
_PIECE = re.compile(r"--[^\n]*|/\*.*?\*/|'[^']*'|\"[^\"]*\"|(\$\w*\$).*?\1|(?P<end>;)|.", re.DOTALL)
"""What may hold a semicolon that ends no statement; comments do not nest here."""

CREATE = (
    "CREATE SCHEMA IF NOT EXISTS supabase_migrations",
    (
        "CREATE TABLE IF NOT EXISTS supabase_migrations.schema_migrations"
        " (version text NOT NULL PRIMARY KEY)"
    ),
    "ALTER TABLE supabase_migrations.schema_migrations ADD COLUMN IF NOT EXISTS statements text[]",
    "ALTER TABLE supabase_migrations.schema_migrations ADD COLUMN IF NOT EXISTS name text",
)


class RemoteMissingLocally(Exception):  # noqa: N818 - named after what the CLI says
    """Remote migration versions not found in local migrations directory."""


class OutOfOrder(Exception):  # noqa: N818 - likewise
    """Local migration files to be inserted before the last migration on remote database."""


def local(folder: Path) -> list[Path]:
    """The migrations of a project, given its `supabase/migrations`."""
    names = sorted(folder.iterdir(), key=lambda path: path.name.encode())
    return [path for path in names if not path.is_dir() and _NAME.fullmatch(path.name)]


def remote(connection: psycopg.Connection[Any]) -> list[str]:
    """The versions that the table holds."""
    query = "SELECT version FROM supabase_migrations.schema_migrations ORDER BY version"
    return [version for (version,) in connection.execute(query)]


def pending(files: Sequence[Path], versions: Sequence[str]) -> list[Path]:
    """What `db push` would apply; both sides are walked in the order of versions as text."""
    missing = []
    late = []
    at = 0
    for number, version in enumerate(versions):
        while at < len(files) and _version(files[at]) < version:
            late.append(files[at])
            at += 1
        if at < len(files) and _version(files[at]) == version:
            at += 1
        elif at < len(files):
            missing.append(version)
        else:
            missing += versions[number:]
            break
    if missing:
        raise RemoteMissingLocally(*missing)
    if late:
        raise OutOfOrder(*(path.name for path in late))
    return list(files[len(versions) :])


def push(connection: psycopg.Connection[Any], folder: Path) -> list[str]:
    """Applies what is pending; the names of the files."""
    for statement in CREATE:
        connection.execute(statement.encode())
    todo = pending(local(folder), remote(connection))
    for path in todo:
        connection.execute("RESET ALL")
        text = path.read_bytes().decode()
        with connection.transaction():
            connection.execute(text.encode())
            record(connection, path.name, text)
    return [path.name for path in todo]


def record(connection: psycopg.Connection[Any], name: str, text: str) -> None:
    """Writes the row of one file."""
    match = _NAME.fullmatch(name)
    assert match
    connection.execute(
        "INSERT INTO supabase_migrations.schema_migrations (version, name, statements)"
        " VALUES (%s, %s, %s)",
        (match[1], match[2], split(text)),
    )


def split(text: str) -> list[str]:
    """A file's statements, each without semicolon and blanks around it."""
    begin = 0
    ends = [match.end() for match in _PIECE.finditer(text) if match["end"]]
    found = []
    for end in [*ends, len(text)]:
        found.append(text[begin:end].rstrip(";").strip())
        begin = end
    return [statement for statement in found if statement]


def _version(path: Path) -> str:
    match = _NAME.fullmatch(path.name)
    assert match
    return match[1]
