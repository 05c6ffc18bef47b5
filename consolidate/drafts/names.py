"""How the files of a history are named."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_DATE = r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])"
_SCHEMES = (
    ("YYYYMMDD_HHMMSS_name", re.compile(_DATE + r"_\d{6}[_-].*")),
    ("YYYYMMDDHHMMSS_name", re.compile(_DATE + r"\d{6}[_-].*")),
    ("YYYYMMDD_name", re.compile(_DATE + r"[_-].*")),
    ("YYYY-MM-DD-HHMMSS_name", re.compile(r"\d{4}-\d\d-\d\d-\d{6}_.*")),
    ("seconds_name", re.compile(r"\d{10}[_-].*")),
    ("milliseconds_name", re.compile(r"\d{13}[_-].*")),
    ("V1__name", re.compile(r"[VURB]\d*[\d._]*__.*")),
    ("0001_name", re.compile(r"\d+[._-].*")),
)
"""Each scheme as people write it; the first that fits is that of a name."""


def naming(paths: Iterable[str]) -> str:
    """The scheme of most names, and of how many: `120 of 131 names are YYYYMMDD_name`.

    Where each migration is a folder its name counts.
    """
    listed = [PurePosixPath(path) for path in paths]
    folders = {path.name for path in listed if path.parent.name} if len(listed) > 1 else set()
    names = [path.parent.name if len(folders) == 1 else path.name for path in listed]
    found = Counter(_scheme(name) for name in names)
    found.pop("", None)
    if not found:
        return "The names follow no scheme that is known here."
    scheme, number = max(found.items(), key=lambda one: (one[1], one[0]))
    return f"{number:,} of {len(names):,} names are {scheme}."


def _scheme(name: str) -> str:
    return next((shown for shown, pattern in _SCHEMES if pattern.fullmatch(name)), "")
