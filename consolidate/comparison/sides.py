"""What a user names as a side of a comparison: a database, or files that build one."""

from __future__ import annotations

import tarfile
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from consolidate import config as configuration
from consolidate import discovery, files, history, layout, manifest, requirements, statements
from consolidate.errors import EnvironmentProblem, InputProblem
from consolidate.history import reading
from consolidate.masking import masked
from consolidate.model import History, Migration, Runner
from consolidate.phrases import counted
from consolidate.servers import given, tools
from consolidate.servers.connected import newest_tools

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.model import Manner
    from consolidate.truth import Files

_ARCHIVE = b"PGDMP"
"""How `pg_dump -Fc` begins, and the list of contents of the other formats."""
_CONTENTS = "toc.dat"
"""That list: a file of the folder that `pg_dump -Fd` writes, and the first one in a tar archive."""

_OF_A_FOLDER = (
    "A folder is read as the mappings.yaml in it or above it says: `legacy:` names its runner and"
    " an order file, `quarantine:` what to leave out."
)
_OF_A_FILE = "A file is applied as `psql -f` does."


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Files that build a database."""

    name: str
    """As the user wrote it."""
    told: str
    """What they are, for people."""
    hint: str
    """What is to be done where they are wrong."""
    files: Files
    manner: Manner
    texts: tuple[str, ...]
    """What the platform is recognised by."""
    bookkeeping: str = ""
    """What makes the runner's own table, where the files speak of it."""
    major: int | None = None
    """The major version that their project says it runs on."""

    @property
    def needs(self) -> tuple[requirements.Need, ...]:
        """What not every server has."""
        return requirements.needs(self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Existing:
    """A database that is there."""

    url: str

    @property
    def name(self) -> str:
        """As the user wrote it, less its password."""
        return masked(self.url)


Side: TypeAlias = Recipe | Existing


def named(text: str) -> Side:
    """The side that a user means: a URL, a folder of SQL files, or a file.

    Raises:
        InputProblem: There is no such file, or it can not be read or parsed; all problems at once.
        UsageProblem: The URL can not be understood.
    """
    if text.startswith(given.SCHEMES):
        given.split(text)
        return Existing(url=text)
    path = Path(text)
    if path.is_file() or (path / _CONTENTS).is_file():
        with blamed(text, _OF_A_FILE):
            return _file(path)
    if path.is_dir():
        with blamed(text, _OF_A_FOLDER):
            return _output(path) if (path / manifest.PATH).is_file() else _history(path)
    raise InputProblem(
        f"{text} is neither a folder nor a file.",
        hint="A side is a folder of SQL files, a dump, or postgresql://user@host:5432/database",
    )


@contextmanager
def blamed(name: str, hint: str) -> Iterator[None]:
    """Says of which side a problem is, and what is to be done about it here.

    Raises:
        InputProblem: The same, told so.
    """
    try:
        yield
    except InputProblem as problem:
        told = f"{name}: {problem.message}"  # as it is: it may begin with a folder's name
        raise InputProblem(told, problems=problem.problems, hint=hint) from problem


def _history(folder: Path) -> Recipe:
    """A folder as its runner applies it, read as the project says if it is the legacy folder."""
    found = discovery.find(None, folder=folder)
    config = configuration.load(found) if found else configuration.DEFAULT
    legacy = config.legacy
    order = found.parent / legacy.order if found and legacy.order else None
    read = history.read(
        folder if order or legacy.runner else history.home(folder),
        runner=legacy.runner,
        order=order,
        placeholders=dict(legacy.placeholders),
        forgiving=True,
    )
    history.require_applicable(folder, read)
    every = (*(m.path for m in read.migrations), *(one.path for one in read.refused))
    aside = {path for path in every if any(fnmatchcase(path, p) for p in config.quarantine)}
    kept = tuple(m for m in read.migrations if m.path not in aside)
    refused = tuple(one for one in read.refused if one.path not in aside)
    told = f"{counted(len(kept), 'file')}, runner {read.runner}"
    told += f", {len(aside)} set aside" if aside else ""
    return _recipe(str(folder), told, _OF_A_FOLDER, replace(read, migrations=kept, refused=refused))


def _output(folder: Path) -> Recipe:
    """A folder that this program wrote, applied as its own README says."""
    tree = files.read_tree(folder)
    migrations = tuple(
        Migration(
            number=number,
            path=path,
            version="",
            text=tree[path],
            sha256=sha256(tree[path].encode()).hexdigest(),
        )
        for number, path in enumerate(layout.in_order(tree), 1)
    )
    told = f"{counted(len(migrations), 'file')} that consolidate wrote"
    return _recipe(
        str(folder), told, _OF_A_FOLDER, History(runner=Runner.PLAIN, migrations=migrations)
    )


def _file(path: Path) -> Recipe:
    """A dump, or any other SQL file, applied as psql does."""
    is_archive = _is_archive(path)
    if is_archive:
        with tempfile.TemporaryDirectory() as folder:
            restored = Path(folder) / path.name
            restored.write_bytes(_restored(path))
            migration = _whole(restored)
    else:
        migration = _whole(path)
    told = "an archive of pg_dump" if is_archive else "a file of SQL"
    return _recipe(
        str(path), told, _OF_A_FILE, History(runner=Runner.PLAIN, migrations=(migration,))
    )


def _is_archive(path: Path) -> bool:
    if path.is_dir():
        return True
    with path.open("rb") as opened:
        return opened.read(len(_ARCHIVE)) == _ARCHIVE or tarfile.is_tarfile(path)


def _restored(path: Path) -> bytes:
    """The SQL of an archive.

    Raises:
        InputProblem: `pg_restore` can not read it.
    """
    arguments = ("--no-tablespaces", "-f", "-", str(path.absolute()))
    try:
        return tools.run(newest_tools(0), "pg_restore", arguments, where=())
    except EnvironmentProblem as problem:
        raise InputProblem("pg_restore can not read it.", problems=problem.problems) from problem


def _whole(path: Path) -> Migration:
    found = reading.read(path)
    return Migration(
        number=1,
        path=path.name,
        version="",
        text=found.source.text,
        origins=found.source.origins,
        sha256=found.sha256,
        transactional=False,
    )


def _recipe(name: str, told: str, hint: str, read: History) -> Recipe:
    """The files, parsed.

    Raises:
        InputProblem: Some can not be.
    """
    parsed, unparsed = statements.parse_each(read)
    if broken := (*read.refused, *unparsed):
        raise history.refusal(broken, len(read.migrations) + len(read.refused))
    return Recipe(
        name=name,
        told=told,
        hint=hint,
        files=parsed,
        manner=read.manner,
        texts=tuple(m.text for m in read.migrations),
        bookkeeping=read.bookkeeping,
        major=read.server_major,
    )
