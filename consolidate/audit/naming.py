"""The names of files: whether they follow the convention, and which ones would."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from consolidate import findings, names
from consolidate.audit.commands import command
from consolidate.audit.found import of_file
from consolidate.config import Naming
from consolidate.phrases import listed
from consolidate.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from consolidate.audit.found import Found
    from consolidate.audit.subject import Material

_WORDS = r"_[a-z0-9]+(?:_[a-z0-9]+)*\.sql"
_DATE = re.compile(r"[Vv]?((?:19|20)\d\d)[-_]?(0[1-9]|1[0-2])[-_]?([0-2]\d|3[01])")
_TIME = re.compile(r"[-_T]?([01]\d|2[0-3])[-_:]?([0-5]\d)(?:[-_:]?([0-5]\d))?(?!\d)")
_NUMBERED = re.compile(r"[VvUuBbRr]?\d+(?:[._-]\d+)*(?![A-Za-z0-9])|[VvUuBbRr]?\d+")
_ENDING = re.compile(r"(?:\.up)?\.sql(?:\.[a-z]+)?$", re.IGNORECASE)
_UUID = re.compile(r"[_-]?[0-9a-f]{8}(?:[_-]?[0-9a-f]{4}){3}[_-]?[0-9a-f]{12}", re.IGNORECASE)
_NUMBER = re.compile(r"(\d+(?:[._-]\d+)*)(?=[._\s-])")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What the names of files are to be like."""

    shown: str
    """As people write it; empty where any name is right that the runner reads."""
    patterns: tuple[re.Pattern[str], ...] = ()
    """The whole name matches one of them."""
    version: str = ""
    """How a suggested name's version is written; empty where none is suggested."""

    def accepts(self, name: str) -> bool:
        """Whether a name is right."""
        return not self.shown or any(pattern.fullmatch(name) for pattern in self.patterns)


_HOUSE = re.compile(r"\d{8}_\d{6}" + _WORDS)
_STAMP = re.compile(r"\d{14}" + _WORDS)
HOUSE = Style(
    shown="YYYYMMDD_HHMMSS_descriptive_name.sql", patterns=(_HOUSE,), version="%Y%m%d_%H%M%S"
)
TIMESTAMP = Style(
    shown="YYYYMMDDHHMMSS_descriptive_name.sql", patterns=(_STAMP,), version="%Y%m%d%H%M%S"
)
ANY = Style(shown="")
_EITHER = Style(shown=TIMESTAMP.shown, patterns=(_STAMP, _HOUSE), version=TIMESTAMP.version)
_NAMED = {Naming.HOUSE: HOUSE, Naming.TIMESTAMP: TIMESTAMP, Naming.RUNNER: ANY}
_USUAL = {Runner.PLAIN: HOUSE, Runner.SUPABASE: _EITHER}
"""What holds where nothing is configured; the tools of other runners know but their own names."""


def style(wanted: str | None, runner: Runner) -> Style:
    """The style that is configured, or else the one that the runner's own tool would write."""
    if wanted is None:
        return _USUAL.get(runner, ANY)
    if wanted in _NAMED:
        return _NAMED[Naming(wanted)]
    return Style(shown=wanted, patterns=(re.compile(wanted),))


def suggested(material: Material, wanted: Style) -> Mapping[str, str]:
    """For each file whose name is not right a name that is, and that keeps the order.

    A file without a date gets the second after the one before it; one whose name has no words gets
    those of its first statement.
    """
    found: dict[str, str] = {}
    if not wanted.version:
        return found
    last = datetime(2000, 1, 1)  # noqa: DTZ001 - a version is no moment
    paths = tuple(material.migrations)
    for path, limit in zip(paths, _next_versions(paths, wanted), strict=True):
        own, words = _taken_apart(path)
        if wanted.accepts(PurePosixPath(path).name):
            last = own or last
            continue
        version = own if own and own > last else last + timedelta(seconds=1)
        if limit and version >= limit:
            version = last + timedelta(seconds=1)
        if limit is None or version < limit:
            words = words or _contents(material, path)
            found[path] = f"{version.strftime(wanted.version)}_{words}.sql"
            last = version
    return found


def _next_versions(paths: Sequence[str], wanted: Style) -> list[datetime | None]:
    """For each file the version of the next one whose name is right."""
    found: list[datetime | None] = []
    coming: datetime | None = None
    for path in reversed(paths):
        found.append(coming)
        if wanted.accepts(PurePosixPath(path).name):
            coming = _taken_apart(path).moment or coming
    return found[::-1]


class _Parts(NamedTuple):
    """What a file's name says."""

    moment: datetime | None
    """The date and time that it begins with, as far as they are some."""
    words: str
    """What it says besides; empty where that is nothing a person would understand."""


def _taken_apart(path: str) -> _Parts:
    stem = _ENDING.sub("", PurePosixPath(path).name)
    date = _DATE.match(stem)
    time = _TIME.match(stem, date.end()) if date else None
    number = time or date or _NUMBERED.match(stem)
    rest = stem[number.end() :] if number else stem
    words = "" if _UUID.fullmatch(rest) else names.slug(_CAMEL.sub("_", rest))
    return _Parts(_moment(date, time), "" if words == "unnamed" else words)


def _moment(date: re.Match[str] | None, time: re.Match[str] | None) -> datetime | None:
    if date is None:
        return None
    clock = (int(part or 0) for part in time.groups()) if time else ()
    try:
        return datetime(*(int(part) for part in date.groups()), *clock)  # type: ignore[arg-type]  # noqa: DTZ001 - a version is no moment
    except ValueError:
        return None


def _contents(material: Material, path: str) -> str:
    """What a file does first, in the words of a name."""
    for statement in material.by_path[path]:
        if statement.sql and statement.kind != "VariableSetStmt":
            effect = material.effect_of(statement)
            touched = (
                *effect.creates,
                *effect.replaces,
                *(name for name, _ in effect.alters),
                *effect.drops,
            )
            wholes = [name for name in touched if not name.kind.endswith(" column")]
            whole = wholes[0].identity.partition("(")[0] if wholes else ""
            named = names.parted(whole.partition(" on ")[0], ".")[1]
            return names.slug(f"{command(statement)} {named}")
    return "nothing"


def unconventional(material: Material, wanted: Style, better: Mapping[str, str]) -> Iterator[Found]:
    """Names that are not right, each with one that would be."""
    for path in material.migrations:
        name = PurePosixPath(path).name
        if not wanted.accepts(name):
            instead = f"; {better[path]} would be" if path in better else ""
            message = f"{name} is not of the form {wanted.shown}{instead}"
            yield of_file(path, findings.NAME_UNCONVENTIONAL, message)


def prefix_twice(material: Material) -> Iterator[Found]:
    """Files of one folder that begin with the same date or number, told at the second of them."""
    if material.subject.ordered or material.subject.runner is not Runner.PLAIN:
        return  # a runner that reads versions stops on them, or CON104 is told
    sharing: dict[tuple[str, str], list[str]] = {}
    for path in material.migrations:
        folder, _, name = path.rpartition("/")
        if match := _NUMBER.match(name):
            sharing.setdefault((folder, match[1]), []).append(path)
    for (_, prefix), paths in sharing.items():
        if len(paths) > 1:
            others = listed([paths[0], *paths[2:]], 4)
            message = f"{prefix} is also what {others} begins with: the rest of the name decides"
            yield of_file(paths[1], findings.PREFIX_TWICE, message)
