"""Reads a legacy folder into a `History`, by the conventions of whatever runner applies it."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from consolidate import findings
from consolidate.errors import InputProblem
from consolidate.history import (
    dbmate,
    dialects,
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
    reading,
    sqitch,
    sql_migrate,
    sqlx,
    supabase,
    tern,
)
from consolidate.history import order as order_file
from consolidate.history.placeholders import Filler
from consolidate.history.sources import Listing, Source, folders, place, relative
from consolidate.model import Finding, History, Migration, Refused, Runner, Severity
from consolidate.phrases import counted, holds_bytes, listed

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from consolidate.history.convention import Convention
    from consolidate.history.reading import Reading

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
    where: Path | Home,
    *,
    runner: Runner | None = None,
    order: Path | None = None,
    placeholders: Mapping[str, str] = _NONE,
    forgiving: bool = False,
) -> History:
    """The migrations of a folder in apply order.

    Args:
        where: The legacy folder, or what `located` found of it; paths are relative to it.
        runner: Whose conventions to follow; recognised from the folder's surroundings by default.
        order: A file that names the migrations to read, one relative path a line, instead of the
            runner's own choice and order.
        placeholders: Literal texts and what stands in for them before the SQL is parsed.
        forgiving: Whether files that can not be read are listed as `refused` instead, and what the
            runner stops on as `stops`.

    Raises:
        InputProblem: The folder is missing or has no migration, the order file is wrong, the runner
            would stop, or files are not UTF-8; every such file is named.
    """
    known = where if isinstance(where, Home) else None
    folder = where.folder if isinstance(where, Home) else where
    if not folder.is_dir():
        raise InputProblem(
            f"{folder} is not a folder",
            hint="Name the folder on the command line, or with `legacy:` in mappings.yaml.",
        )
    said = runner is not None
    runner, recognised = (runner, "") if runner else known[1:] if known else recognise(folder)
    convention = CONVENTIONS[runner]
    listing = convention.listing(folder)
    if order is not None:
        listing = _by_order_file(folder, order, listing)
    else:
        apart = dialects.passed_over(folder, plain.walk(folder))
        listing = listing._replace(findings=(*apart, *listing.findings))
    if listing.stops and not (forgiving and listing.sources):
        raise _stopped(folder, runner, listing.stops)
    if order is not None and not listing.sources:
        raise InputProblem(f"the order file {order.as_posix()} names no migration")
    if not listing.sources:
        raise _nothing_to_read(folder, runner, listing)
    filler = Filler(placeholders)
    once = runner is Runner.PLAIN and order is None
    got = _migrations(folder, listing.sources, filler, convention, once=once)
    if got.refused and not forgiving:
        raise refusal(got.refused, len(listing.sources))
    migrations = got.migrations
    stops = {one.span.path for one in listing.stops if one.span}
    twice = (one for one in _same_versions(migrations) if one.span and one.span.path not in stops)
    found = (*listing.findings, *got.findings, *twice, *filler.unused())
    return History(
        runner=runner,
        migrations=migrations,
        findings=found,
        refused=got.refused,
        recognised="" if said else recognised,
        keeps_session=convention.keeps_session,
        bookkeeping=_bookkeeping(convention, migrations),
        server_major=convention.server_major(folder),
        stops=listing.stops,
    )


def require_applicable(folder: Path, found: History) -> None:
    """Does nothing if the runner would apply the folder's files.

    Raises:
        InputProblem: It would stop before the first of them; all that it stops on is told.
    """
    if found.stops:
        raise _stopped(folder, found.runner, found.stops)


def _stopped(folder: Path, runner: Runner, stops: Iterable[Finding]) -> InputProblem:
    return InputProblem(
        f"{folder} is not as the {runner} runner wants it",
        problems=tuple(f"{one.span}: {one.message}" for one in stops),
        hint="Correct it, say who applies it with --runner, or name the files in the order in"
        " which they were applied with --order.",
    )


class Home(NamedTuple):
    """The folder that holds the migrations, its runner, and by what that was recognised."""

    folder: Path
    runner: Runner
    why: str


def home(folder: Path) -> Path:
    """The folder that holds the migrations, as `located` finds it."""
    return located(folder).folder


def located(folder: Path) -> Home:
    """The folder that holds the migrations: this one, or the one below that a runner knows.

    A runner's conventions hold for its own folder only: read as plain files, its way back would be
    applied after its way forth.

    Raises:
        InputProblem: Several folders below are known to runners.
    """
    here = Home(folder, *recognise(folder)) if folder.is_dir() else None
    if here is None or here.runner is not Runner.PLAIN:
        return here or Home(folder, Runner.PLAIN, "")
    found = _known_below(folder, 3)
    if len(found) > 1:
        raise InputProblem(
            f"{folder} holds several histories",
            problems=tuple(f"{where}: runner {runner} ({why})" for where, runner, why in found),
            hint=f"Name one of these folders, or say `--runner {_of_all(folder, found)}` if all of"
            " it is one history.",
        )
    return found[0] if found else here


def _of_all(folder: Path, found: Sequence[Home]) -> Runner:
    """Who may have applied several folders as one: their runner, if it looks into folders."""
    (runner, *others) = {one.runner for one in found}
    alone = not others and CONVENTIONS[runner].listing(folder).sources
    return runner if alone else Runner.PLAIN


def left_outside(named: Path, home: Path) -> tuple[Finding, ...]:
    """What to say of the SQL files beside the folder that `home` found, which are not read."""
    if home == named:
        return ()
    missed = [f for f in plain.files(named) if not f.is_relative_to(home)]
    if not missed:
        return ()
    told = listed([relative(named, file) for file in missed], 8)
    return (
        Finding(
            code=findings.FOLDER_NOT_READ,
            severity=Severity.WARNING,
            message=f"only {relative(named, home)} is read, which its runner knows; not read:"
            f" {counted(len(missed), 'SQL file')}: {told}",
            help="`--runner plain` reads all of them.",
        ),
    )


def _known_below(folder: Path, depth: int) -> list[Home]:
    found: list[Home] = []
    for below in folders(folder) if depth else ():
        if below.name in plain.FOREIGN:
            continue
        runner, why = recognise(below)
        known = [Home(below, runner, why)] if runner is not Runner.PLAIN else []
        found += known or _known_below(below, depth - 1)
    return found


def refusal(refused: tuple[Refused, ...], of: int) -> InputProblem:
    """What to say of files that can not be read, of so many."""
    return InputProblem(
        f"{len(refused)} of {of} migrations can not be read",
        problems=tuple(line for one in refused for line in one.problems),
        hint="Correct the files, or leave them out: an order file names the files to read.",
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


class _Read(NamedTuple):
    migrations: tuple[Migration, ...]
    refused: tuple[Refused, ...]
    findings: tuple[Finding, ...]


def _migrations(
    folder: Path,
    sources: tuple[Source, ...],
    filler: Filler,
    convention: Convention,
    *,
    once: bool,
) -> _Read:
    """Reads the files; with `once`, those that others include are no migrations of their own."""
    readings = {
        source.path: reading.attempt(source, folder, filler, convention.parts) for source in sources
    }
    applied = [read for read in readings.values() if read.refusal is None]
    included = {path for read in applied for path in read.included if once}
    kept = [source for source in sources if source.path not in included]
    migrations: list[Migration] = []
    refused: list[Refused] = []
    for number, source in enumerate(kept, 1):
        read = readings[source.path]
        migration = _migration(number, source, read, convention)
        problems = (*_unnamable(source.path), *(read.refusal.problems if read.refusal else ()))
        if problems:
            refused.append(Refused(migration=migration, problems=problems))
        else:
            migrations.append(migration)
    found = [finding for m in migrations for finding in readings[m.path].findings]
    including = [source for source in kept if readings[source.path].refusal is None]
    told = (*found, *_included(including, readings, included))
    return _Read(tuple(migrations), tuple(refused), told)


def _unnamable(path: str) -> Iterator[str]:
    """What is wrong with a name that is not UTF-8, as everything is that is written."""
    if holds_bytes(path):
        yield f"{path}: its name is not UTF-8, so that no file can say what is from it; rename it"


def _migration(number: int, source: Source, reading: Reading, convention: Convention) -> Migration:
    return Migration(
        number=number,
        path=source.path,
        version=source.version,
        text=reading.source.text,
        origins=reading.source.origins,
        sha256=reading.sha256,
        transactional=convention.transactional and source.transactional and reading.transactional,
        down=reading.down,
        psql_arguments=reading.psql_arguments,
    )


def _included(
    kept: Sequence[Source], readings: Mapping[str, reading.Reading], left_out: Container[str]
) -> Iterator[Finding]:
    for source in kept:
        named = [path for path in sorted(readings[source.path].included) if path in left_out]
        if named:
            yield Finding(
                code=findings.INCLUDED,
                severity=Severity.INFO,
                message=f"{source.path} includes {counted(len(named), 'file')}, not applied once"
                f" more as migrations of their own: {listed(named, 8)}",
                span=place(source.path),
                help="Name them in an order file if they were applied by themselves, too.",
            )


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
        hint="Name the folder of the .sql files, on the command line or with `legacy:`, or say with"
        " `--runner` who applies them.",
    )
