"""graphile-migrate's conventions: `committed/<digits>[-<name>].sql`, each sealed by a hash.

They are those of `src/migrationFilename.ts`, `src/migration.ts` and `src/hash.ts`: order of the
digits, one connection, one transaction a file unless its first line is `--! no-transaction`. The
headers chain the files: what one names as `Previous` is the `Hash` of the one before.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from consolidate import findings
from consolidate.history.convention import Bookkeeping, Convention, Parts, only
from consolidate.history.numbered import not_read
from consolidate.history.sources import (
    Listing,
    Source,
    files,
    peek,
    place,
    relative,
    stop,
    used_twice,
)
from consolidate.model import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NAME = re.compile(r"([0-9]+)(?:-[-_a-zA-Z0-9]*)?\.sql")
_HEADERS = re.compile(r"(?:--! [a-zA-Z0-9_-]+(?::[^\r\n]*)?\r?\n)+")
_HEADER = re.compile(r"^--! ([a-zA-Z0-9_-]+)(?::[ \t]*([^\r\n]*))?(?=\r?$)", re.MULTILINE)
_COMMENT = re.compile(r"(?:--[^\n]*|\s)*")


def recognises(folder: Path) -> str:
    """By a committed file with its headers."""
    for file in files(_home(folder)):
        if _NAME.fullmatch(file.name) and "Hash" in _headers(_text(file)):
            return f"{file.name} has graphile-migrate's header --! Hash"
    return ""


def listing(folder: Path) -> Listing:
    """The committed files by number; what is not committed yet is told."""
    home = _home(folder)
    sources = []
    passed_over = []
    for file in files(home):
        path = relative(folder, file)
        if match := _NAME.fullmatch(file.name):
            sources.append(Source(path, file, match[1]))
        elif finding := not_read(
            path, "graphile-migrate reads only names like <digits>-<name>.sql"
        ):
            passed_over.append(finding)
    ordered = tuple(sorted(sources, key=lambda source: (source.version, source.path)))
    broken = tuple(_broken_chain(ordered))
    passed_over += _uncommitted(folder, home)
    return Listing(ordered, tuple(passed_over), (*broken, *used_twice(ordered)))


def parts(text: str) -> Parts:
    """The body; the headers are no part of it."""
    headers = _HEADERS.match(text)
    body = headers.end() if headers else 0
    return Parts(
        up=only(text, [(body, len(text))]),
        transactional="no-transaction" not in _headers(text),
    )


def _home(folder: Path) -> Path:
    committed = folder / "committed"
    return committed if committed.is_dir() else folder


def _text(file: Path) -> str:
    return peek(file)


def _headers(text: str) -> dict[str, str]:
    block = _HEADERS.match(text)
    return dict(_HEADER.findall(block[0])) if block else {}


def _broken_chain(sources: tuple[Source, ...]) -> Iterator[Finding]:
    before, hash_before = "", "-"
    for source in sources:
        headers = _headers(_text(source.file))
        previous = headers.get("Previous", "")
        if not previous:
            yield stop(source.path, "no header --! Previous, so it was never committed")
        elif previous != hash_before:
            known = f"{before} has {hash_before}" if before else "it is the first file"
            yield stop(source.path, f"--! Previous says {previous}, but {known}")
        before, hash_before = source.path, headers.get("Hash", "")


def _uncommitted(folder: Path, home: Path) -> Iterator[Finding]:
    top = home.parent if home.name == "committed" else home
    current = [top / "current.sql", *files(top / "current")]
    for file in current:
        if file.is_file() and _COMMENT.fullmatch(_text(file)) is None:
            path = relative(folder, file) if file.is_relative_to(folder) else file.name
            yield Finding(
                code=findings.NAME_NOT_READ,
                severity=Severity.WARNING,
                message=f"{path} is not read: it is not committed yet",
                span=place(path),
                help="Run `graphile-migrate commit`, then consolidate again.",
            )


BOOKKEEPING = Bookkeeping(
    "graphile_migrate",
    """CREATE SCHEMA graphile_migrate;
CREATE TABLE graphile_migrate.migrations (
    hash text PRIMARY KEY,
    previous_hash text REFERENCES graphile_migrate.migrations,
    filename text NOT NULL,
    date timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE graphile_migrate.current (
    filename text PRIMARY KEY DEFAULT 'current.sql',
    content text NOT NULL,
    date timestamptz NOT NULL DEFAULT now()
);""",
)
"""As `src/migration.ts` makes them."""

CONVENTION = Convention(
    recognises=recognises,
    listing=listing,
    parts=parts,
    keeps_session=True,
    bookkeeping=BOOKKEEPING,
)
