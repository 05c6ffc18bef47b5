"""Reads a legacy folder into a `History`, by the conventions of whatever runner applies it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from consolidate import findings
from consolidate.errors import InputProblem
from consolidate.history import order as order_file
from consolidate.history import plain, reading, supabase
from consolidate.history.placeholders import Filler
from consolidate.history.sources import Listing, Source, place, relative
from consolidate.model import Finding, History, Migration, Runner, Severity
from consolidate.phrases import counted, listed

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence
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
    once = runner is Runner.PLAIN and order is None
    transactional = _TRANSACTIONAL[runner]
    got = _migrations(folder, listing.sources, filler, transactional=transactional, once=once)
    found = (*listing.findings, *got.findings, *_same_versions(got.migrations), *filler.unused())
    return History(runner=runner, migrations=got.migrations, findings=found)


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


class _Read(NamedTuple):
    migrations: tuple[Migration, ...]
    findings: tuple[Finding, ...]


def _migrations(
    folder: Path,
    sources: tuple[Source, ...],
    filler: Filler,
    *,
    transactional: bool,
    once: bool,
) -> _Read:
    """Reads the files; with `once`, those that others include are no migrations of their own."""
    readings: dict[str, reading.Reading] = {}
    problems: dict[str, tuple[str, ...]] = {}
    for source in sources:
        try:
            readings[source.path] = reading.read(source.path, source.file, folder, filler)
        except InputProblem as problem:
            problems[source.path] = problem.problems
    included = {path for read in readings.values() for path in read.included if once}
    failed = [path for path in problems if path not in included]
    if failed:
        raise InputProblem(
            f"{len(failed)} of {len(sources)} migrations can not be read",
            problems=tuple(line for path in failed for line in problems[path]),
            hint="Correct the files, or leave them out: an order file names the files to read.",
        )
    kept = [source for source in sources if source.path not in included]
    migrations = tuple(
        Migration(
            number=number,
            path=source.path,
            version=source.version,
            text=readings[source.path].source.text,
            origins=readings[source.path].source.origins,
            sha256=readings[source.path].sha256,
            transactional=transactional,
        )
        for number, source in enumerate(kept, 1)
    )
    found = [finding for source in kept for finding in readings[source.path].findings]
    return _Read(migrations, (*found, *_included(kept, readings, included)))


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
        hint="Point `legacy:` at the folder of the .sql files, or set `runner:` under it.",
    )
