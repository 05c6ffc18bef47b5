"""Reads and writes folders of text as a whole; a folder is replaced at once or not at all.

Bytes are kept: no line end is translated and no byte order mark removed.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from consolidate import manifest
from consolidate.errors import EnvironmentProblem, InputProblem
from consolidate.interrupts import held
from consolidate.marks import OUTPUT, STRANGERS, Mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from consolidate.manifest import Manifest


FOREIGN = ("quarantine/", "tail/")
"""What is below was copied as it was, whatever its encoding."""


def read_tree(folder: Path) -> dict[str, str]:
    """Every file below a folder, by its relative path with `/`.

    Raises:
        InputProblem: There is no such folder, or some file is not UTF-8; all of them are told.
    """
    _require_folder(folder)
    return _read(folder, _listed(folder))


def _read(folder: Path, paths: Iterable[str]) -> dict[str, str]:
    tree = {}
    problems = []
    for path in paths:
        try:
            foreign = path.startswith(FOREIGN)
            errors = "surrogateescape" if foreign else "strict"
            tree[path] = folder.joinpath(path).read_bytes().decode(errors=errors)
        except UnicodeDecodeError as error:
            problems.append(f"{path}: byte {error.start} is not UTF-8")
        except OSError as error:
            problems.append(f"{path}: {error.strerror}")
    if problems:
        raise InputProblem(f"{folder} can not be read", problems=tuple(problems))
    return tree


def differences(tree: Mapping[str, str], folder: Path) -> tuple[str, ...]:
    """How a folder differs from a tree: `missing a.sql`, `changed b.sql`, `extra c.sql`, by path.

    Reports that stand outside the manifest are passed over, unless the tree has them.
    """
    found = []
    on_disk = set(_listed(folder)) - (STRANGERS - tree.keys()) if folder.is_dir() else set()
    for path in sorted(on_disk | tree.keys()):
        if path not in on_disk:
            found.append(f"missing {path}")
        elif path not in tree:
            found.append(f"extra {path}")
        elif not _holds(folder.joinpath(path), tree[path].encode(errors="surrogateescape")):
            found.append(f"changed {path}")
    return tuple(found)


def listed(folder: Path) -> frozenset[str]:
    """The relative paths of every file below a folder, with `/`.

    Raises:
        InputProblem: There is no such folder.
    """
    _require_folder(folder)
    return frozenset(_listed(folder))


def add(folder: Path, tree: Mapping[str, str]) -> None:
    """Puts some more files into a folder, all of them or none.

    Raises:
        InputProblem: One of them is there already.
        EnvironmentProblem: The place can not be written to.
    """
    made: list[Path] = []
    with _writing(folder, OUTPUT), held():
        try:
            for path, text in sorted(tree.items()):
                target = folder / path
                for missing in [above for above in target.parents if not above.exists()][::-1]:
                    missing.mkdir(exist_ok=True)
                    made.append(missing)
                with target.open("xb") as file:
                    made.append(target)
                    file.write(text.encode())
        except OSError as error:
            for target in reversed(made):
                if target.is_dir():
                    with suppress(OSError):  # somebody else has put something into it
                        target.rmdir()
                else:
                    target.unlink()
            if isinstance(error, FileExistsError):
                raise InputProblem(f"{error.filename} is there already") from None
            raise


def read_manifest(folder: Path) -> Manifest | None:
    """What the manifest of an output says; None where there is none.

    Raises:
        InputProblem: It can not be read.
    """
    file = folder / manifest.PATH
    if not file.is_file():
        return None
    return manifest.parse(_read(folder, [manifest.PATH])[manifest.PATH], str(file))


def read_added(folder: Path) -> dict[str, str]:
    """The migrations that a team added to an output, with their rollbacks; none where it is not.

    Raises:
        InputProblem: Some is not UTF-8; all of them are told.
    """
    return _read(folder, sorted(_added(folder, OUTPUT))) if folder.is_dir() else {}


def write_tree(
    folder: Path,
    tree: Mapping[str, str],
    *,
    legacy: Path | None = None,
    mark: Mark = OUTPUT,
    carry: bool = True,
) -> None:
    """Makes the folder hold exactly this tree, and the reports and additions that it held before.

    The files are written next to it and take its place by a rename, so that whatever happens on
    the way, the folder holds the old tree or the new one.

    Args:
        folder: Where to write; it need not exist.
        tree: Texts by relative paths with `/`.
        legacy: The legacy folder, which is never written into.
        mark: What tells a folder that we have written before.
        carry: Whether the migrations that a team added stay, as they are when it is written.

    Raises:
        InputProblem: The folder touches the legacy folder, or holds files that we did not write.
        EnvironmentProblem: The place can not be written to.
    """
    folder = folder.resolve()
    if legacy is not None:
        keep_off(folder, legacy, f"the legacy folder {legacy.resolve()}", mark)
    for path in tree:
        _require_inside(path)
    with _writing(folder, mark):
        _require_ours(folder, mark)
        with _parents(folder):
            _replace(folder, tree, mark, carry=carry)


def require_writable(folder: Path, *, legacy: Path) -> None:
    """Finds out before the work whether `write_tree` would refuse the folder; leaves no trace.

    Raises:
        InputProblem: As `write_tree` does.
        EnvironmentProblem: Likewise.
    """
    folder = folder.resolve()
    keep_off(folder, legacy, f"the legacy folder {legacy.resolve()}")
    if folder.is_mount():
        raise EnvironmentProblem(
            f"{folder} can not be written: it is a mount point, which no other folder can replace",
            hint="Mount the folder above it, or name a folder inside it with --output.",
        )
    with _writing(folder, OUTPUT):
        _require_ours(folder, OUTPUT)
        with held(), _parents(folder, keep=False):
            Path(tempfile.mkdtemp(prefix=_ASIDE, dir=folder.parent)).rmdir()  # it can be made


@contextmanager
def _writing(folder: Path, mark: Mark) -> Iterator[None]:
    """Says of what the operating system refuses what it was for."""
    try:
        yield
    except OSError as error:
        raise EnvironmentProblem(
            f"{folder} can not be written: {error.strerror or error}",
            hint=f"{mark.option} names another folder.",
        ) from error


@contextmanager
def _parents(folder: Path, *, keep: bool = True) -> Iterator[None]:
    """Makes the folders above one; those that were not there go again if it comes to nothing."""
    missing = [parent for parent in folder.parents if not parent.exists()]
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        keep = False
        raise
    finally:
        if not keep:
            with suppress(OSError):  # somebody else uses them by now
                for parent in missing:
                    parent.rmdir()


# -- what must not be touched -----------------------------------------------------------------


def keep_off(folder: Path, other: Path, told: str, mark: Mark = OUTPUT) -> None:
    """Keeps what is written apart from a folder.

    Args:
        folder: Where is to be written.
        other: What must neither hold it nor be in it.
        told: What that is, for the message.
        mark: What marks the folder.

    Raises:
        InputProblem: One of the two is, or holds, the other.
    """
    here, there = folder.resolve(), other.resolve()
    for inner, outer in ((here, there), (there, here)):
        if any(_same(place, outer) for place in (inner, *inner.parents)):
            raise InputProblem(
                f"{here} and {told} must not hold each other",
                hint=f"{mark.option} names another folder.",
            )


def _same(one: Path, other: Path) -> bool:
    """Whether two paths are one place, however they are spelled on this file system."""
    return one == other or (one.exists() and other.exists() and one.samefile(other))


def _require_inside(path: str) -> None:
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\\" in path or "\0" in path:
        raise InputProblem(f"{path!r} is no path inside the output folder")


def _require_ours(folder: Path, mark: Mark) -> None:
    """Whether all there is was written by us, so that it may go.

    An edited file of ours goes as well: a proof tells that it was edited, and the original is
    one run away.
    """
    if folder.exists() and not folder.is_dir():
        raise InputProblem(f"{folder} is a file, not a folder")
    present = set(_listed(folder)) if folder.exists() else set()
    if not present:
        return
    known = _known(folder, mark)
    foreign = sorted(present - (known or set()) - mark.strangers - _added(folder, mark))
    if foreign:
        whose = "holds files of others" if known else "was not written by consolidate"
        if known is None and (folder / mark.path).is_file():
            whose += f", or its {mark.path} is damaged"
        raise InputProblem(
            f"{folder} {whose}: nothing is overwritten",
            problems=tuple(str(folder / path) for path in foreign),
            hint=_hint(foreign, mark),
        )


def _hint(foreign: Iterable[str], mark: Mark) -> str:
    away = f"Move these files away, or name another folder with {mark.option}."
    if mark is OUTPUT and any(path.endswith(".sql") for path in foreign):
        away += (
            " A migration that follows the consolidated ones stays where it is; `consolidate new`"
            " gives it a name that does."
        )
    return away


def _known(folder: Path, mark: Mark) -> set[str] | None:
    """The files that the folder's mark lists, and itself; None if it is none of ours."""
    text = _text_of(folder, mark)
    return None if text is None else {mark.path, *mark.listed(text)}


def _added(folder: Path, mark: Mark) -> frozenset[str]:
    """What a team added to a folder of ours."""
    text = _text_of(folder, mark)
    return frozenset() if text is None else mark.added(_listed(folder), text)


def _text_of(folder: Path, mark: Mark) -> str | None:
    """The text of the folder's mark; None if it is none of ours."""
    try:
        text = folder.joinpath(mark.path).read_bytes().decode()
        mark.listed(text)
    except (OSError, UnicodeDecodeError, InputProblem):
        return None
    return text


def _require_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise InputProblem(
            f"there is no folder {folder}",
            hint="Write one with `consolidate run`, or name it with --output.",
        )


# -- the disk ---------------------------------------------------------------------------------


def _listed(folder: Path) -> list[str]:
    """Every file below a folder; a link counts as a file, wherever it points."""
    return sorted(path.relative_to(folder).as_posix() for path in _walk(folder))


def _walk(folder: Path) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(Path(entry.path))
            else:
                yield Path(entry.path)


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:
        return False


_ASIDE = ".consolidate-"
"""How the name of the folder begins that is filled before it takes the place of another."""


def _replace(folder: Path, tree: Mapping[str, str], mark: Mark, *, carry: bool) -> None:
    with _aside(folder) as aside:
        fresh, old = aside / "new", aside / "old"
        _fill(fresh, tree)
        if folder.exists():
            kept = mark.strangers | (_added(folder, mark) if carry else frozenset())
            _carry_over(folder, fresh, kept)
        with held():
            try:
                if folder.exists():
                    folder.rename(old)
                fresh.rename(folder)
            finally:
                if old.exists() and not folder.exists():
                    old.rename(folder)
        _sync(folder.parent)


@contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    """A folder beside one, on the same file system, that goes away whatever happens."""
    aside: Path | None = None
    try:
        with held():
            aside = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=folder.parent))
        yield aside
    finally:
        if aside is not None:
            with held():
                shutil.rmtree(aside)


def _fill(fresh: Path, tree: Mapping[str, str]) -> None:
    fresh.mkdir()
    for path, text in sorted(tree.items()):
        target = fresh.joinpath(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            file.write(text.encode(errors="surrogateescape"))
            file.flush()
            os.fsync(file.fileno())
    for place in {fresh, *(fresh.joinpath(path).parent for path in tree)}:
        _sync(place)


def _carry_over(folder: Path, fresh: Path, kept: frozenset[str]) -> None:
    """What the new folder takes from the old one: reports, what was added, and permissions."""
    for name in sorted(kept):
        old, target = folder / name, fresh / name
        if old.is_file() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(old, target)
    shutil.copymode(folder, fresh)


def _sync(folder: Path) -> None:
    """Makes a rename last; Windows can not open folders, and need not."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
