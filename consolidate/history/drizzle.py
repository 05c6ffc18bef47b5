"""Drizzle's conventions: `<tag>.sql` in the order of `meta/_journal.json`.

They are those of `drizzle-orm/src/migrator.ts`: the journal alone says which files there are. All
that is pending is applied in one transaction, statement by statement.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from consolidate.history.convention import Bookkeeping, Convention, Parts, only
from consolidate.history.numbered import not_read
from consolidate.history.sources import Listing, Source, files, relative, stop

if TYPE_CHECKING:
    from pathlib import Path

_BREAKPOINT = re.compile(r"--> statement-breakpoint[^\r\n]*")
_JOURNAL = "meta/_journal.json"


def recognises(folder: Path) -> str:
    """By the journal."""
    return f"it has Drizzle's {_JOURNAL}" if (folder / _JOURNAL).is_file() else ""


def listing(folder: Path) -> Listing:
    """The files that the journal names, in its order."""
    try:
        tags = _tags(json.loads((folder / _JOURNAL).read_text("utf-8")))
    except json.JSONDecodeError as error:
        said = f"not JSON: {error.msg}"
        return Listing((), (), (stop(_JOURNAL, said, error.lineno, error.colno),))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return Listing((), (), (stop(_JOURNAL, f"not a journal of Drizzle's: {error}"),))
    sources = []
    stops = []
    for number, tag in enumerate(tags):
        file = folder / f"{tag}.sql"
        if file.is_file():
            sources.append(Source(relative(folder, file), file, str(number)))
        else:
            stops.append(stop(_JOURNAL, f"names {tag}, but there is no {tag}.sql"))
    known = {source.file for source in sources}
    passed_over = [
        finding
        for file in files(folder)
        if file not in known
        and (finding := not_read(relative(folder, file), f"{_JOURNAL} does not name it"))
    ]
    return Listing(tuple(sources), tuple(passed_over), tuple(stops))


def parts(text: str) -> Parts:
    """All of the file but the lines that only tell Drizzle where a statement ends."""
    kept = []
    done = 0
    for match in _BREAKPOINT.finditer(text):
        kept.append((done, match.start()))
        done = match.end()
    return Parts(up=only(text, [*kept, (done, len(text))]))


def _tags(journal: Any) -> list[str]:  # noqa: ANN401 - whatever JSON holds
    if journal.get("dialect", "postgresql") not in {"postgresql", "pg"}:
        raise ValueError(f"its dialect is {journal['dialect']}, not postgresql")
    return [str(entry["tag"]) for entry in journal["entries"]]


BOOKKEEPING = Bookkeeping(
    "__drizzle_migrations",
    """CREATE SCHEMA drizzle;
CREATE TABLE drizzle.__drizzle_migrations (
    id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint
);""",
)
"""As `drizzle-orm/src/pg-core/dialect.ts` makes it."""

CONVENTION = Convention(
    recognises=recognises,
    listing=listing,
    parts=parts,
    keeps_session=True,
    bookkeeping=BOOKKEEPING,
)
