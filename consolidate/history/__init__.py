"""Reads a legacy folder into a `History`, by the conventions of whatever runner applies it."""

from __future__ import annotations

import hashlib
from types import MappingProxyType
from typing import TYPE_CHECKING

from consolidate import findings
from consolidate.errors import InputProblem
from consolidate.history import order as order_file
from consolidate.history import plain, supabase
from consolidate.history.placeholders import Filler
from consolidate.history.sources import Listing, Source, place, relative
from consolidate.history.text import decode
from consolidate.model import Finding, History, Migration, Runner, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_LIST = {Runner.PLAIN: plain.listing, Runner.SUPABASE: supabase.listing}
_TRANSACTIONAL = {Runner.PLAIN: False, Runner.SUPABASE: True}
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
    runner = runner or recognise(folder)
    listing = _LIST[runner](folder)
    if order is not None:
        listing = _by_order_file(folder, order, runner)
    if not listing.sources:
        raise _nothing_to_read(folder, runner, listing)
    filler = Filler(placeholders)
    migrations = _migrations(listing.sources, filler, transactional=_TRANSACTIONAL[runner])
    found = (*listing.findings, *_same_versions(migrations), *filler.unused())
    return History(runner=runner, migrations=migrations, findings=found)


def recognise(folder: Path) -> Runner:
    """The runner that a folder was made for."""
    return Runner.SUPABASE if supabase.recognises(folder) else Runner.PLAIN


def _by_order_file(folder: Path, order: Path, runner: Runner) -> Listing:
    sources = tuple(
        Source(path, folder / path, supabase.version(path) if runner is Runner.SUPABASE else "")
        for path in order_file.read(order, folder)
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
    sources: tuple[Source, ...], filler: Filler, *, transactional: bool
) -> tuple[Migration, ...]:
    migrations = []
    problems: list[str] = []
    for number, source in enumerate(sources, 1):
        try:
            data = source.file.read_bytes()
            text = filler.fill(decode(data, source.path))
        except InputProblem as problem:
            problems += problem.problems
            continue
        except OSError as error:
            problems.append(f"{source.path}: can not be read: {error.strerror}")
            continue
        migrations.append(
            Migration(
                number=number,
                path=source.path,
                version=source.version,
                text=text,
                sha256=hashlib.sha256(data).hexdigest(),
                transactional=transactional,
            )
        )
    if problems:
        raise InputProblem(
            f"{len(problems)} of {len(sources)} migrations can not be read",
            problems=tuple(problems),
            hint="Save them as UTF-8.",
        )
    return tuple(migrations)


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
