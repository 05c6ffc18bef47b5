"""No runner at all: every `*.sql` file below the folder, applied by `psql -f` in path order."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from consolidate import findings
from consolidate.errors import InputProblem
from consolidate.history import dialects, in_code
from consolidate.history.convention import Convention
from consolidate.history.sources import Listing, Source, place, relative
from consolidate.model import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_NUMBER = re.compile(r"[0-9]{1,7}(?![0-9])")
"""No date: `20240102` and `20240102093011` are in order of their letters, not of their values."""
_BACK = re.compile(r"(.+)[._-](?:down|undo|rollback|revert)", re.IGNORECASE)
_BARE = frozenset({"down", "undo", "rollback", "revert"})
FOREIGN = frozenset({"node_modules", "vendor", "target", "dist", "venv"})
"""Folders in which other projects' files lie."""
_FORTH = ("", ".up", "-up", "_up", ".do", "-do", "_do", ".forward", ".apply")


def listing(folder: Path) -> Listing:
    """All SQL files below the folder, in byte order of their relative paths.

    Hidden ones, and those of installed packages, are none. Where every name in a folder begins with
    a number, its value counts before its digits do. A file that takes another one back, by its
    name, is that one's down part.
    """
    every = walk(folder)
    found = _sql(every)
    downs = _downs(found)
    up = [file for file in found if file not in downs]
    ordered = sorted(up, key=_by_number(folder, up))
    by_target = {target: down for down, target in downs.items()}
    sources = tuple(Source(relative(folder, f), f, "", down=by_target.get(f)) for f in ordered)
    told = [*_missed(folder, every), *_in_code(folder, every, found)]
    told += (_taken_back(folder, *pair) for pair in sorted(downs.items()))
    if ordered != up:
        told.append(
            Finding(
                code=findings.ORDERED_BY_NUMBER,
                severity=Severity.INFO,
                message="the files are in order of the numbers that their names begin with, which"
                f" is not the order of their letters: {relative(folder, ordered[0])} comes first,"
                f" {relative(folder, ordered[-1])} last",
                help="An order file says another order.",
            )
        )
    return Listing(sources, tuple(told))


def files(folder: Path) -> tuple[Path, ...]:
    """The SQL files below, less those for other databases, in byte order of their paths."""
    return _sql(walk(folder))


def _sql(every: list[Path]) -> tuple[Path, ...]:
    return tuple(dialects.ours(file for file in every if file.name.endswith(".sql")))


def walk(folder: Path) -> list[Path]:
    """All files below the folder but hidden ones and those of installed packages."""
    # os.walk does not follow links to folders, so a link to a parent can not make it endless.
    found: list[str] = []
    for root, folders, names in os.walk(folder, onerror=_unreadable):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in FOREIGN]
        found += [f"{root}/{name}" for name in names if not name.startswith(".")]
    return [Path(file) for file in sorted(found, key=os.fsencode)]


def _unreadable(error: OSError) -> None:
    raise InputProblem(
        "A folder of the legacy history can not be read.",
        problems=(f"{error.filename}: {error.strerror}",),
    ) from error


def _missed(folder: Path, every: list[Path]) -> list[Finding]:
    return [
        Finding(
            code=findings.NAME_NOT_READ,
            severity=Severity.WARNING,
            message=f"{path} is not read: only names that end in .sql are",
            span=place(path),
        )
        for path in (relative(folder, f) for f in every if f.suffix.lower() == ".sql" != f.suffix)
    ]


def _in_code(folder: Path, every: list[Path], found: tuple[Path, ...]) -> tuple[Finding, ...]:
    """What stands in code among the SQL files, or in their place, with a number as they have."""
    homes = {file.parent for file in found}
    numbered = [file for file in every if re.match(r"[0-9]", file.name)]
    return in_code.passed_over(folder, [f for f in numbered if f.parent in homes or not homes])


def _targets(file: Path) -> Iterator[Path]:
    """The files that this one may take back, by its name."""
    if file.stem.lower() in _BARE:
        yield file.with_name("up.sql")
    if match := _BACK.fullmatch(file.stem):
        yield from (file.with_name(f"{match[1]}{ending}.sql") for ending in _FORTH)


def _downs(found: tuple[Path, ...]) -> dict[Path, Path]:
    """The files that take another one back, each with that other one."""
    known = set(found)
    downs = {}
    for file in found:
        target = next((twin for twin in _targets(file) if twin in known), None)
        if target is not None:
            downs[file] = target
    return downs


def _taken_back(folder: Path, down: Path, target: Path) -> Finding:
    return Finding(
        code=findings.DOWN_NOT_APPLIED,
        severity=Severity.INFO,
        message=f"{relative(folder, down)} is not applied: by its name it takes back"
        f" {relative(folder, target)}",
        span=place(relative(folder, down)),
        help="Name it in an order file if it was applied all the same.",
    )


def _by_number(folder: Path, found: list[Path]) -> Callable[[Path], bytes]:
    """Sorts paths by their bytes, but by numbers in folders where every name begins with one."""
    paths = [file.relative_to(folder).parts for file in found]
    named = {parts[: depth + 1] for parts in paths for depth in range(len(parts))}
    unnumbered = {parts[:-1] for parts in named if not _NUMBER.match(parts[-1])}

    def padded(above: tuple[str, ...], name: str) -> str:
        match = _NUMBER.match(name)
        return f"{match[0]:0>7}{name}" if match and above not in unnumbered else name

    def key(file: Path) -> bytes:
        parts = file.relative_to(folder).parts
        return os.fsencode("/".join(padded(parts[:n], name) for n, name in enumerate(parts)))

    return key


CONVENTION = Convention(recognises=lambda _: "", listing=listing, transactional=False)
