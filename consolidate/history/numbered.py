"""Names that begin with a number, as most runners want them: which are read, and in which order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from consolidate import findings
from consolidate.history.sources import Listing, Source, files, place, relative, used_twice
from consolidate.model import Finding, Severity

if TYPE_CHECKING:
    from pathlib import Path

_PAIRED = re.compile(r"([0-9]+)_.*\.(up|down)\.sql")


def flat(folder: Path, name: re.Pattern[str], runner: str, wanted: str) -> Listing:
    """The files of one flat folder in the order of their numbers.

    Args:
        folder: The legacy folder.
        name: What the runner reads; its first group is the number.
        runner: Its name, for findings.
        wanted: Such a name, for findings.
    """
    sources = []
    passed_over = []
    for file in files(folder):
        path = relative(folder, file)
        if match := name.fullmatch(file.name):
            sources.append(Source(path, file, match[1]))
        elif finding := not_read(path, f"{runner} reads only names like {wanted}"):
            passed_over.append(finding)
    return in_order(sources, passed_over)


_UP = re.compile(r"([0-9]+)_.*\.up\.sql")


def paired(
    folder: Path,
    runner: str,
    name: re.Pattern[str] = _UP,
    wanted: str = "<digits>_<name>.up.sql",
) -> Listing:
    """The up files of one flat folder in the order of their numbers, with their `.down.sql`.

    That is the one of the same number; of several the one that has the rest of the name, too.
    """
    downs: dict[str, list[Path]] = {}
    for file in files(folder):
        if (match := _PAIRED.fullmatch(file.name)) and match[2] == "down":
            downs.setdefault(match[1], []).append(file)

    def down(source: Source) -> Path | None:
        known = downs.get(source.version, [])
        twin = f"{source.file.name.removesuffix('.sql').removesuffix('.up')}.down.sql"
        return next((one for one in known if one.name == twin), next(iter(known), None))

    listing = flat(folder, name, runner, wanted)
    used = {relative(folder, file) for known in downs.values() for file in known}
    return Listing(
        tuple(Source(s.path, s.file, s.version, s.transactional, down(s)) for s in listing.sources),
        tuple(f for f in listing.findings if f.span is None or f.span.path not in used),
        listing.stops,
    )


def has_pairs(folder: Path) -> str:
    """The name of the first `.up.sql` file right in a folder; empty if there is none."""
    names = (file.name for file in files(folder))
    return next((n for n in names if (m := _PAIRED.fullmatch(n)) and m[2] == "up"), "")


def in_order(sources: list[Source], passed_over: list[Finding]) -> Listing:
    """The sources by the numbers of their versions; the runner stops on a number that two have."""
    ordered = tuple(sorted(sources, key=lambda source: (int(source.version), source.path)))
    return Listing(ordered, tuple(passed_over), used_twice_as_number(ordered))


def used_twice_as_number(sources: tuple[Source, ...]) -> tuple[Finding, ...]:
    """One for each file whose number an earlier one has, leading zeros aside."""
    return used_twice(
        Source(s.path, s.file, str(int(s.version)), s.transactional, s.down) for s in sources
    )


def not_read(path: str, why: str) -> Finding | None:
    """What to say of a file that a runner passes over; nothing if it could be no migration."""
    if not path.lower().endswith(".sql"):
        return None
    return Finding(
        code=findings.NAME_NOT_READ,
        severity=Severity.WARNING,
        message=f"{path} is not read: {why}",
        span=place(path),
        help="Name it in an order file if it was applied all the same.",
    )
