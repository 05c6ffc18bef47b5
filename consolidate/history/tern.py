"""tern's conventions: `<digits>_<name>.sql`, with a line between the way forth and the way back.

The line is `---- create above / drop below ----`. The rules are those of `migrate/migrate.go`:
numeric order, one transaction a file unless it says `---- tern: disable-tx ----`, everything behind
the first separator is the way back, wherever it stands, and `RESET ALL` after each file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from consolidate.history import markers, numbered
from consolidate.history.convention import Bookkeeping, Convention, Parts
from consolidate.history.markers import Does

if TYPE_CHECKING:
    from pathlib import Path

    from consolidate.history.sources import Listing

_LINE = re.compile(r"---- (create above / drop below|tern: disable-tx) ----")
_SEPARATOR = re.compile(r"---- create above / drop below ----")
_NAME = re.compile(r"([0-9]+)_.*\.sql")


def recognises(folder: Path) -> str:
    """By the separator in one of its files."""
    name = markers.with_a_line(folder, _SEPARATOR)
    return f"{name} has a line ---- create above / drop below ----" if name else ""


def listing(folder: Path) -> Listing:
    """The files by number."""
    return numbered.flat(folder, _NAME, "tern", "<digits>_<name>.sql")


def parts(text: str) -> Parts:
    """What stands above the separator, and what below it."""
    found = list(markers.found(text, _LINE, _meaning))
    return markers.cut(text, found, up="", anything_before=True)


def _meaning(said: str) -> tuple[Does, bool, str]:
    return (Does.DOWN, True, "") if said.startswith("create") else (Does.NOTHING, False, "")


BOOKKEEPING = Bookkeeping(
    "schema_version",
    "CREATE TABLE schema_version (version int4 NOT NULL);",
)
"""As `migrate/migrate.go` makes it."""

CONVENTION = Convention(
    recognises=recognises,
    listing=listing,
    parts=parts,
    bookkeeping=BOOKKEEPING,
)
