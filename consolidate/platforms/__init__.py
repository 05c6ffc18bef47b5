"""What the empty database of each built-in platform already holds, as SQL text.

It reads package data only; applying a prelude to a server is the replay's job.
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

from consolidate.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterable

_SUPABASE = re.compile(
    r"\bauth\.(?:uid|role|jwt|email)\s*\(|\bauth\.users\b|\bstorage\.(?:buckets|objects)\b"
    r"|\bsupabase_(?:auth_admin|storage_admin|realtime)\b"
)
_WORDS = ("auth", "storage", "supabase")
"""One of them is in every sign, and words are found in a tenth of the time."""
_MAKES_AUTH = re.compile(r"(?i)\bcreate\s+schema\s+(?:if\s+not\s+exists\s+)?\"?auth\b")

_EXTENSIONS: dict[str, frozenset[str]] = {
    "supabase": frozenset({"pg_stat_statements", "pgcrypto", "uuid-ossp"})
}
_FILES: dict[str, str | None] = {"plain": None, "supabase": "supabase.sql"}


def names() -> tuple[str, ...]:
    """The built-in platforms, in alphabetical order; `plain` is PostgreSQL as initdb leaves it."""
    return tuple(sorted(_FILES))


def recognise(texts: Iterable[str]) -> tuple[str, str]:
    """The platform that a history was written for, and what tells it; `plain` without a sign.

    Supabase's own schemas are used and not made: no migration of a project creates `auth`.
    """
    found = ""
    for text in texts:
        lowered = text.lower()
        if not any(word in lowered for word in _WORDS):
            continue
        if "auth" in lowered and _MAKES_AUTH.search(text):
            return "plain", ""
        if not found and (match := _SUPABASE.search(text)):
            found = f"the history speaks of {match[0].rstrip('(').strip()}"
    return ("supabase", found) if found else ("plain", "")


def extensions(name: str) -> frozenset[str]:
    """The extensions that the platform's empty database has and the prelude does not make."""
    return _EXTENSIONS.get(name, frozenset())


def prelude(name: str) -> str:
    """The SQL that turns a fresh cluster's first database into the platform's empty one.

    Meant for a superuser called `postgres` on a cluster that nobody else uses: it creates roles,
    and roles belong to the whole cluster. It holds no psql commands and no transaction commands,
    so that it runs as one string, and no value that reads the clock, so that two runs are alike.

    Returns:
        The text; empty for `plain`.

    Raises:
        UsageProblem: There is no built-in platform of that name.
    """
    if name not in _FILES:
        raise UsageProblem(
            f"there is no built-in platform “{name}”",
            hint=f"the built-in ones are {', '.join(names())}; --prelude FILE gives your own",
        )
    file = _FILES[name]
    return "" if file is None else files(__name__).joinpath(file).read_text(encoding="utf-8")
