"""The order file: which legacy files to read, and in which order, where names do not tell."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from consolidate.errors import InputProblem
from consolidate.history.sources import is_so
from consolidate.history.text import decode

if TYPE_CHECKING:
    from collections.abc import Iterator


def read(order: Path, folder: Path) -> tuple[str, ...]:
    """The paths that an order file names: one a line, relative to the legacy folder.

    Blank lines and lines that begin with `#` say nothing.

    Raises:
        InputProblem: It can not be read, or names files that are missing, named before, or
            outside of the folder; all of them are told at once.
    """
    name = order.as_posix()
    try:
        text = decode(order.read_bytes(), name)
    except OSError as error:
        raise InputProblem(f"the order file {name} can not be read: {error.strerror}") from error
    line_by_path: dict[str, int] = {}
    problems = []
    for number, column, path in _entries(text):
        wrong = _wrong(path, folder)
        if path in line_by_path:
            wrong = f"is named before, in line {line_by_path[path]}"
        if wrong:
            problems.append(f"{name}:{number}:{column}: {path} {wrong}")
        line_by_path.setdefault(path, number)
    if problems:
        raise InputProblem(
            f"the order file {name} can not be followed",
            problems=tuple(problems),
            hint=f"Each line names one file by its path below {folder.as_posix()}.",
        )
    return tuple(line_by_path)


def _entries(text: str) -> Iterator[tuple[int, int, str]]:
    for number, line in enumerate(text.split("\n"), 1):
        path = line.strip()
        if path and not path.startswith("#"):
            normal = path if path.startswith("/") else PurePosixPath(path).as_posix()
            yield number, line.index(path) + 1, normal


def _wrong(path: str, folder: Path) -> str:
    if path.startswith("/") or ".." in PurePosixPath(path).parts:
        return "is not a path below the legacy folder"
    file = folder / path
    if not is_so(file.is_file):
        return "is not a file" if is_so(file.exists) else "does not exist"
    if not file.resolve().is_relative_to(folder.resolve()):
        return "leads out of the legacy folder"
    return ""
