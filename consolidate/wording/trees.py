"""Parses text that is known to be valid SQL; the one place where trees lose their types.

pglast declares every attribute of every node as optional, so a tree of a known shape is `Any`
here instead of a cascade of checks for None that can not be.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from consolidate.parser import parse_sql

_REMEMBERED = 16384
"""Trees that are kept: every round of wording asks for the same ones."""


@lru_cache(maxsize=_REMEMBERED)
def parsed(sql: str) -> Any:  # noqa: ANN401 - see the module's docstring
    """The tree of the first statement of a text that parses; nobody may change it."""
    return parse_sql(sql)[0].stmt
