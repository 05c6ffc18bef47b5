"""Reads one migration: bytes, encoding, placeholders, its parts, and what it asks of psql."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from consolidate import psql
from consolidate.errors import InputProblem
from consolidate.history import commented
from consolidate.history.convention import whole
from consolidate.history.placeholders import Filler
from consolidate.history.sources import Source, is_so, peek, relative
from consolidate.history.text import decode, decode_migration
from consolidate.model import Down
from consolidate.places import Places, SourceText
from consolidate.psql.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from consolidate.history.convention import Parts
    from consolidate.model import Finding, PsqlArgument


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a file says."""

    source: SourceText
    """What is applied: decoded, placeholders filled in, nothing of psql left."""
    down: Down | None
    """What takes it back."""
    transactional: bool
    """False if the file asks to be applied without a transaction."""
    sha256: str
    """Of its bytes, and of those of the files that it includes."""
    included: frozenset[str]
    """Paths of the SQL files that it includes, directly or not."""
    psql_arguments: tuple[PsqlArgument, ...]
    """The variables of psql that it sets, in order."""
    findings: tuple[Finding, ...]
    refusal: InputProblem | None = None
    """Why it can not be applied; what can be read of it is read all the same."""


def attempt(
    source: Source,
    folder: Path,
    filler: Filler,
    parts: Callable[[str], Parts],
    *,
    awaited: bool = False,
) -> Reading:
    """As much of the file as can be read, with the first thing that keeps it from being applied.

    Args:
        source: The file.
        folder: The legacy folder.
        filler: Fills in placeholders.
        parts: Tells the way forth from the way back, by the runner's convention.
        awaited: A pipe is waited for until it is written; else it is told as what it is.
    """
    files = _Files(folder, filler, pipe=source.file if awaited else None)
    refusal: InputProblem | None = None
    try:
        text = files.open(source.path, source.file)
    except InputProblem as problem:
        refusal = problem
        text = filler.fill(SourceText(path=source.path, text=peek(source.file)))
    cut = parts(text.text)
    if cut.flaws:
        places = Places(text)
        refusal = refusal or InputProblem(
            f"{source.path} is not as its runner wants it",
            problems=tuple(f"{places.place(flaw.at)}: {flaw.message}" for flaw in cut.flaws),
        )
    expanded = psql.attempt(replace(text, text=cut.up), files)
    return Reading(
        source=expanded.source,
        down=_down(source, folder, filler, text, cut),
        transactional=cut.transactional,
        sha256=files.digest.hexdigest(),
        included=expanded.included,
        psql_arguments=expanded.arguments,
        findings=tuple(files.findings),
        refusal=refusal or expanded.refusal,
    )


def read(file: Path) -> Reading:
    """Reads one file that the user named and that is no migration, such as a prelude.

    It may be a pipe, as a shell's `<(…)` is.

    Raises:
        InputProblem: It can not be read, is in no known encoding, or asks for something of psql
            that is not done; all of its problems are told.
    """
    found = attempt(Source(file.name, file, ""), file.parent, Filler({}), whole, awaited=True)
    if found.refusal is not None:
        raise found.refusal
    return found


def sql_of(file: Path) -> str:
    """The SQL of such a file, nothing of psql left in it.

    Raises:
        InputProblem: As `read` does.
    """
    return read(file).source.text


def _down(
    source: Source, folder: Path, filler: Filler, text: SourceText, parts: Parts
) -> Down | None:
    """What takes a migration back: a file of its own, or a part of the same one.

    What is wrong with it is no reason to refuse the migration, which is applied without it.
    """
    files = _Files(folder, filler)  # its own: digest and findings are the migration's
    path, block = source.path, ""
    try:
        if source.down is not None:
            path = relative(folder, source.down)
            own = files.open(path, source.down)
        elif parts.down.strip():
            own = replace(text, text=parts.down)
        elif block := commented.down(text.text):
            own = replace(text, text=block)
        else:
            return None
        read = psql.expand(own, files).source
    except InputProblem as problem:
        return Down(path=path, text="", commented=bool(block), problems=problem.problems)
    return Down(path=path, text=read.text, origins=read.origins, commented=bool(block))


class _Files:
    """The files below the legacy folder, as one migration asks for them."""

    def __init__(self, folder: Path, filler: Filler, *, pipe: Path | None = None) -> None:
        self._folder = folder
        self._filler = filler
        self._pipe = pipe
        self.digest = hashlib.sha256()
        self.findings: list[Finding] = []

    def open(self, path: str, file: Path) -> SourceText:
        decoded = decode_migration(self._bytes(path, file), path)
        self.findings += decoded.findings
        return self._filler.fill(SourceText(path=path, text=decoded.text))

    def script(self, name: str, asked_by: str, *, beside: bool) -> SourceText:
        file = self._find(name, asked_by, beside=beside)
        try:
            return self.open(relative(self._folder, file), file)
        except InputProblem as problem:
            raise Refusal(f"{name} can not be read: {problem.problems[0]}") from problem

    def rows(self, name: str, asked_by: str) -> str:
        file = self._find(name, asked_by, beside=False)
        path = relative(self._folder, file)
        try:
            return decode(self._bytes(path, file), path)
        except InputProblem as problem:
            raise Refusal(f"{name} can not be read: {problem.problems[0]}") from problem

    def _bytes(self, path: str, file: Path) -> bytes:
        # A pipe that nobody writes is waited for without end.
        if file != self._pipe and file.exists() and not file.is_file():
            problem = f"{path}: can not be read: it is no regular file"
            raise InputProblem(problem, problems=(problem,))
        try:
            data = file.read_bytes()
        except OSError as error:
            problem = f"{path}: can not be read: {error.strerror}"
            raise InputProblem(problem, problems=(problem,)) from error
        self.digest.update(data)
        return data

    def _find(self, name: str, asked_by: str, *, beside: bool) -> Path:
        if "\0" in name:
            raise Refusal(f"{name} is the name of no file; take the line out")
        inside = self._folder.resolve()
        outside = PurePosixPath(name).is_absolute()
        for file in self._candidates(name, asked_by, beside=beside):
            resolved = file.resolve()
            found = is_so(resolved.is_file)
            if found and resolved.is_relative_to(inside):
                return self._folder / resolved.relative_to(inside)
            outside = outside or found
        if outside:
            raise Refusal(f"{name} is outside of the legacy folder; copy it there")
        raise Refusal(f"{name} is not in the legacy folder; copy it there, or take the line out")

    def _candidates(self, name: str, asked_by: str, *, beside: bool) -> Iterator[Path]:
        """Where a file can be: psql was started in the legacy folder, beside the file, or above."""
        if not beside:
            yield self._folder / name
        yield (self._folder / asked_by).parent / name
        if not beside:
            for above in self._folder.resolve().parents:
                yield above / name
