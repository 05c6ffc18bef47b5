"""Which commands of psql change nothing in a database, and why the others are refused."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

TAKEN_OUT = frozenset(
    {
        *("restrict", "unrestrict"),  # pg_dump's own, since August 2025
        *("echo", "qecho", "warn", "print", "p", "write", "w", "o", "out", "s", "setenv"),
        *("pset", "timing", "x", "a", "t", "f", "H", "html", "C", "T"),
        *(
            "?",
            "h",
            "help",
            "copyright",
            "conninfo",
            "errverbose",
            "l",
            "list",
            "lo_list",
            "z",
            "sf",
            "sv",
        ),
    }
)
r"""They print, or set how psql prints; so do all that begin with `\d`, such as `\dt+`."""

_DESCRIBES = re.compile(r"d[A-Za-z]*\+?")

_VALUE = "its value comes from elsewhere; configure a placeholder for it"
_BUFFER = "write the statement as it is to run, with a semicolon"
_DATABASE = (
    "a history is of one database and one session; take the line out if it connects to that one, "
    "and what belongs to others with it"
)
_SHELL = "nothing of a shell is run; take the line out if the database does not depend on it"

REFUSED: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("c", "connect"), _DATABASE),
        **dict.fromkeys(("gset", "getenv", "prompt"), _VALUE),
        "gexec": "write out the statements that the query gives, or run them in a DO block",
        **dict.fromkeys(("e", "edit", "ef", "ev", "r", "reset", ";"), _BUFFER),
        **dict.fromkeys(("gdesc", "crosstabview", "watch", "bind", "parse"), _BUFFER),
        **dict.fromkeys(("bind_named", "close", "close_prepared"), _BUFFER),
        **dict.fromkeys(("!", "cd"), _SHELL),
        **dict.fromkeys(("q", "quit"), "take it out, and what stands behind it"),
        "password": "write ALTER ROLE … PASSWORD",
        **dict.fromkeys(
            ("lo_import", "lo_export", "lo_unlink"),
            "say it in SQL, with lo_from_bytea() or lo_unlink()",
        ),
        ".": "no COPY … FROM stdin is open here, so take the line out",
    }
)
"""What to do instead."""

SENDS = frozenset({"g", "gx", "gdesc", "gexec", "gset", "crosstabview", "watch"})
"""What runs the statement before it, as a semicolon does."""

UNKNOWN = "take it out, or say it in SQL"
"""What to do about any other command."""


def prints_only(name: str) -> bool:
    """Whether a command does nothing to the database, to variables or to the statement."""
    return name in TAKEN_OUT or bool(_DESCRIBES.fullmatch(name))
