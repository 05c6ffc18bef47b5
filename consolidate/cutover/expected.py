"""Which versions the history table of the Supabase CLI is expected to hold before a cutover."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate.errors import InputProblem
from consolidate.history.supabase import version, why_not_read
from consolidate.phrases import counted

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
