"""Reads a legacy folder into a `History`, by the conventions of whatever runner applies it."""

from __future__ import annotations

import hashlib
import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from consolidate import findings
from consolidate.errors import InputProblem
from consolidate.history import (
    dbmate,
    diesel,
    drizzle,
    flyway,
    golang_migrate,
    goose,
    graphile_migrate,
    hasura,
    node_pg_migrate,
    plain,
    prisma,
    sqitch,
    sql_migrate,
    sqlx,
    supabase,
    tern,
)
from consolidate.history import order as order_file
from consolidate.history.placeholders import Filler
from consolidate.history.sources import Listing, Source, place, relative
from consolidate.history.text import decode
from consolidate.model import Down, Finding, History, Migration, Runner, Severity
from consolidate.phrases import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from consolidate.history.convention import Convention, Parts

CONVENTIONS: Mapping[Runner, Convention] = MappingProxyType(
    {
        Runner.SUPABASE: supabase.CONVENTION,
        Runner.SQITCH: sqitch.CONVENTION,
        Runner.DRIZZLE: drizzle.CONVENTION,
        Runner.HASURA: hasura.CONVENTION,
        Runner.DIESEL: diesel.CONVENTION,
        Runner.PRISMA: prisma.CONVENTION,
        Runner.GRAPHILE_MIGRATE: graphile_migrate.CONVENTION,
        Runner.GOOSE: goose.CONVENTION,
        Runner.DBMATE: dbmate.CONVENTION,
        Runner.SQL_MIGRATE: sql_migrate.CONVENTION,
        Runner.TERN: tern.CONVENTION,
        Runner.SQLX: sqlx.CONVENTION,
        Runner.GOLANG_MIGRATE: golang_migrate.CONVENTION,
        Runner.FLYWAY: flyway.CONVENTION,
        Runner.NODE_PG_MIGRATE: node_pg_migrate.CONVENTION,
        Runner.PLAIN: plain.CONVENTION,
    }
)
"""In the order in which they are asked whether they know a folder: the surest signs first."""

_NONE: Mapping[str, str] = MappingProxyType({})


def read(
    folder: Path,
    *,
    runner: Runner | None = None,
    order: Path | None = None,
    placeholders: Mapping[str, str] = _NONE,
) -> History:
    """The migrations of a folder in apply order.

    Args:
        folder: The legacy folder; paths in the result are relative to it.
        runner: Whose conventions to follow; recognised from the folder's surroundings by default.
        order: A file that names the migrations to read, one relative path a line, instead of the
            runner's own choice and order.
        placeholders: Literal texts and what stands in for them before the SQL is parsed.

    Raises:
        InputProblem: The folder is missing or has no migration, the order file is wrong, or files
            are not UTF-8; every such file is named.
    """
    if not folder.is_dir():
        raise InputProblem(
            f"{folder} is not a folder",
            hint="Name the folder on the command line, or with `legacy:` in mappings.yaml.",
        )
    said = runner is not None
    runner, recognised = (runner, "") if runner else recognise(folder)
    convention = CONVENTIONS[runner]
    listing = convention.listing(folder)
    if order is not None:
        listing = _by_order_file(folder, order, listing)
    if listing.problems:
        raise InputProblem(
            f"{folder} is not as the {runner} runner wants it",
            problems=listing.problems,
            hint="Correct it, say who applies it with --runner, or name the files in the order in"
            " which they were applied with --order.",
        )
    if not listing.sources:
        raise _nothing_to_read(folder, runner, listing)
    filler = Filler(placeholders)
    migrations = _migrations(listing.sources, filler, convention)
    found = (*listing.findings, *_same_versions(migrations), *filler.unused())
    return History(
        runner=runner,
        migrations=migrations,
        findings=found,
        recognised="" if said else recognised,
        keeps_session=convention.keeps_session,
        bookkeeping=_bookkeeping(convention, migrations),
        server_major=convention.server_major(folder),
    )


def recognise(folder: Path) -> tuple[Runner, str]:
    """The runner that a folder was made for, and by what it was recognised."""
    for runner, convention in CONVENTIONS.items():
        if sign := convention.recognises(folder):
            return runner, sign
    return Runner.PLAIN, "nothing in it is known to be a runner's"


def _bookkeeping(convention: Convention, migrations: tuple[Migration, ...]) -> str:
    """What makes the runner's own table, if a migration speaks of it and none makes it."""
    own = convention.bookkeeping
    if own is None or not any(own.table in migration.text for migration in migrations):
        return ""
    making = re.compile(rf"(?i)\bcreate\s+table\s+(?!if\b)[\w.\"]*{own.table}\b")
    return "" if any(making.search(migration.text) for migration in migrations) else own.sql


def _by_order_file(folder: Path, order: Path, usual: Listing) -> Listing:
    """The files that an order file names, with what the runner's convention knows of each."""
    known = {source.path: source for source in usual.sources}
    sources = tuple(
        known.get(path, Source(path, folder / path, "")) for path in order_file.read(order, folder)
    )
    named = {source.path for source in sources}
    unnamed = [relative(folder, file) for file in plain.files(folder)]
    unnamed = [path for path in unnamed if path not in named]
    if not unnamed:
        return Listing(sources)
    finding = Finding(
        code=findings.NOT_IN_ORDER_FILE,
        severity=Severity.INFO,
        message=f"{order.as_posix()} does not name {len(unnamed)} of the SQL files in"
        f" {folder.as_posix()}, so they are not read: {', '.join(unnamed)}",
    )
    return Listing(sources, (finding,))


def _migrations(
    sources: tuple[Source, ...], filler: Filler, convention: Convention
) -> tuple[Migration, ...]:
    migrations = []
    problems: list[str] = []
    for number, source in enumerate(sources, 1):
        try:
            migrations.append(_migration(number, source, filler, convention))
        except InputProblem as problem:
            problems += problem.problems
        except OSError as error:
            problems.append(f"{source.path}: can not be read: {error.strerror}")
    if problems:
        raise InputProblem(
            f"{counted(len(problems), 'problem')} in the {len(sources)} migrations",
            problems=tuple(problems),
            hint="Correct the files, or leave them out: an order file names the files to read.",
        )
    return tuple(migrations)


def _migration(number: int, source: Source, filler: Filler, convention: Convention) -> Migration:
    """One file as its runner would apply it.

    Raises:
        InputProblem: The runner would not apply it, or it is not UTF-8.
        OSError: It can not be read.
    """
    data = source.file.read_bytes()
    text = filler.fill(decode(data, source.path))
    parts = convention.parts(text)
    if parts.flaws:
        raise InputProblem(
            f"{source.path} can not be read",
            problems=tuple(
                f"{source.path}:{text.count(chr(10), 0, flaw.at) + 1}:"
                f"{flaw.at - text.rfind(chr(10), 0, flaw.at)}: {flaw.message}"
                for flaw in parts.flaws
            ),
        )
    return Migration(
        number=number,
        path=source.path,
        version=source.version,
        text=parts.up,
        sha256=hashlib.sha256(data).hexdigest(),
        transactional=convention.transactional and source.transactional and parts.transactional,
        down=_down(source, filler, parts),
    )


def _down(source: Source, filler: Filler, parts: Parts) -> Down | None:
    """What takes a migration back: a file of its own, or a part of the same one."""
    if source.down is not None:
        root = source.file.parents[source.path.count("/")]
        path = relative(root, source.down)
        return Down(path=path, text=filler.fill(decode(source.down.read_bytes(), path)))
    return Down(path=source.path, text=parts.down) if parts.down.strip() else None


def _same_versions(migrations: tuple[Migration, ...]) -> Iterator[Finding]:
    first_by_version: dict[str, str] = {}
    for migration in migrations:
        first = first_by_version.setdefault(migration.version, migration.path)
        if migration.version and first != migration.path:
            yield Finding(
                code=findings.VERSION_TWICE,
                severity=Severity.WARNING,
                message=f"{migration.path} has version {migration.version}, as {first} has",
                span=place(migration.path),
                help="The runner records each version once: it fails on the second file and"
                " rolls it back. If that is what happened, leave the file out.",
            )


def _nothing_to_read(folder: Path, runner: Runner, listing: Listing) -> InputProblem:
    return InputProblem(
        f"{folder} has no migration that the {runner} runner would apply",
        problems=tuple(f"{finding.span}: {finding.message}" for finding in listing.findings),
        hint="Point `legacy:` at the folder of the .sql files, or set `runner:` under it.",
    )
