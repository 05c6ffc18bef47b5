"""dbmate's conventions: `<digits>_<name>.sql` with `-- migrate:up` and `-- migrate:down` in it.

They are those of `pkg/dbmate/migration.go` and `parse.go`: order of the file names, only comments
before the first line, one transaction unless `transaction:false` stands behind `up`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from consolidate.history import markers
from consolidate.history.convention import Bookkeeping, Convention, Parts
from consolidate.history.markers import Does
from consolidate.history.numbered import not_read
from consolidate.history.sources import Listing, Source, files, relative

if TYPE_CHECKING:
    from pathlib import Path

_LINE = re.compile(r"^--[ \t]*migrate:((?:up|down)(?:[ \t][^\r\n]*)?)(?=\r?$)", re.MULTILINE)
_NAME = re.compile(r"([0-9]+).*\.sql")
_OPTIONS = {"transaction:false": False, "transaction:true": True}


def recognises(folder: Path) -> str:
    """By a directive in one of its files."""
    name = markers.with_a_line(folder, _LINE)
    return f"{name} has a line -- migrate:up" if name else ""


def listing(folder: Path) -> Listing:
    """The files in order of their names."""
    sources = []
    passed_over = []
    for file in files(folder):
        path = relative(folder, file)
        if match := _NAME.fullmatch(file.name):
            sources.append(Source(path, file, match[1]))
        elif finding := not_read(path, "dbmate reads only names like <digits>_<name>.sql"):
            passed_over.append(finding)
    return Listing(tuple(sources), tuple(passed_over))


def parts(text: str) -> Parts:
    """What stands behind `migrate:up` and behind `migrate:down`."""
    return markers.cut(text, list(markers.found(text, _LINE, _meaning)), up="-- migrate:up")


def _meaning(said: str) -> tuple[Does, bool, str]:
    word, *options = said.split()
    unknown = [option for option in options if option not in _OPTIONS]
    flaw = f"{', '.join(unknown)}: no option that dbmate knows" if unknown else ""
    return Does(word), all(_OPTIONS.get(option, True) for option in options), flaw


BOOKKEEPING = Bookkeeping(
    "schema_migrations",
    "CREATE TABLE schema_migrations (version varchar PRIMARY KEY);",
)
"""As `pkg/driver/postgres/postgres.go` makes it."""

CONVENTION = Convention(
    recognises=recognises,
    listing=listing,
    parts=parts,
    keeps_session=True,
    bookkeeping=BOOKKEEPING,
)
