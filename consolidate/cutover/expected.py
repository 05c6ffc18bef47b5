"""Which versions the history table of the Supabase CLI is expected to hold before a cutover."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from consolidate.errors import InputProblem
from consolidate.history.supabase import version, why_not_read
from consolidate.phrases import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterable

QUERY = "select version from supabase_migrations.schema_migrations order by 1"
"""What prints the versions that are really there."""

_HOMES = ("", "migrations/")
"""Where the CLI's files are, as seen from the folder that a history is read from."""
_FRAME = re.compile(r"[-+|─┼│\s]*|\(\d+ rows?\)|version")
"""What psql prints around a column of versions."""
_BARS = re.compile(r"[|│]")
_REMOTE = "Remote"
"""The column of `supabase migration list` that says what the database holds."""
_VERSION = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The rows before a cutover."""

    versions: tuple[str, ...]
    """Sorted, each once."""
    warnings: tuple[str, ...] = ()
    """Why the table may hold something else, a line each."""


def derived(paths: Iterable[str]) -> Expected:
    """What the CLI would have recorded of a legacy history.

    The table has one row for each version (its primary key), so of files that share one the CLI
    can have applied but the first: the second one's row is refused, and with it, in the same
    transaction, its statements. Such a history was applied by other means as well, and what the
    table really holds is nobody's guess.

    Args:
        paths: The legacy files; what is no SQL is passed over.
    """
    files = sorted((path for path in paths if path.endswith(".sql")), key=str.encode)
    recorded: dict[str, list[str]] = defaultdict(list)
    unread = []
    for number, path in enumerate(files):
        inside = path.rpartition("/")[0] + "/" if "/" in path else ""
        if inside not in _HOMES:
            unread.append(f"{path} is in a folder, and the Supabase CLI does not look into folders")
        elif finding := why_not_read(path, is_folder=False, is_first=number == 0):
            unread.append(finding.message)
        else:
            recorded[version(path)].append(path)
    shared = [
        f"version {one} is that of {' and '.join(of)}: the CLI records one of them at most"
        for one, of in sorted(recorded.items())
        if len(of) > 1
    ]
    doubts = [*unread, *shared]
    if doubts:
        doubts.append(
            f"{counted(len(recorded), 'version')} are expected by the names of the files; to go by"
            f" what the database holds, save the answer to “{QUERY}” in a file and name it with"
            " --applied"
        )
    return Expected(versions=tuple(sorted(recorded)), warnings=tuple(doubts))


def held_against(found: Expected, files: Expected) -> Expected:
    """What a table holds, with warnings where that is not what the legacy files tell.

    Args:
        found: The versions that are there.
        files: Those that the names of the legacy files tell.
    """
    if not found.versions:
        empty = (
            "the table is told to have no rows, as if nothing was applied; psql prints nothing,"
            " too, where it can not connect"
        )
        return replace(found, warnings=(empty,))
    doubts = []
    if strange := sorted({*found.versions} - {*files.versions}):
        doubts.append(
            f"no legacy file has the {_versions(strange)}: what was applied there is not in the"
            " output"
        )
    if missing := sorted({*files.versions} - {*found.versions}):
        doubts.append(
            f"the table does not have the {_versions(missing)} of legacy files: the cutover records"
            " as applied what may never have been"
        )
    return replace(found, warnings=tuple(doubts))


def _versions(named: list[str]) -> str:
    noun = "version" if len(named) == 1 else "versions"
    return f"{noun} {listed(named, _SHOWN)}"


_SHOWN = 20
"""Versions in one line of a warning."""


def told(text: str) -> Expected:
    """The versions that were printed by psql, or by `supabase migration list`.

    Args:
        text: One version a line, bare or in psql's frame; or the CLI's table, of which the column
            Remote counts. An empty text says that the table has no rows.

    Raises:
        InputProblem: Some line is none of these, or a version is there twice.
    """
    found: list[str] = []
    problems = []
    remote: int | None = None
    for number, line in enumerate(text.splitlines(), 1):
        cells = [cell.strip(" `") for cell in _BARS.split(line)]
        if _REMOTE in cells:
            remote = cells.index(_REMOTE)
        elif not _FRAME.fullmatch(line.strip()):
            one = cells[remote] if remote is not None and remote < len(cells) else line.strip()
            if _VERSION.fullmatch(one):
                found.append(one)
            elif one:  # a file that was not applied has an empty cell there
                problems.append(f"line {number}: {line.strip()!r} is no version")
    problems += [
        f"version {one} is there twice" for one in sorted({v for v in found if found.count(v) > 1})
    ]
    if problems:
        raise InputProblem(
            "The versions that were applied can not be read.",
            problems=tuple(problems),
            hint=f"Save what psql prints for “{QUERY}”.",
        )
    return Expected(versions=tuple(sorted(found)))
