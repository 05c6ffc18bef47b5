"""Parses text that is known to be valid SQL; the one place where trees lose their types.

pglast declares every attribute of every node as optional, so a tree of a known shape is `Any`
here instead of a cascade of checks for None that can not be.
"""

from __future__ import annotations

from typing import Any

import pglast


def parsed(sql: str) -> Any:  # noqa: ANN401 - see the module's docstring
    """The tree of the first statement of a text that parses."""
    return pglast.parse_sql(sql)[0].stmt
