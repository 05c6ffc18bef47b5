"""Finds the object that somebody typed, or says what may have been meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate.errors import UsageProblem
from consolidate.lookup import Directory
from consolidate.names import as_typed
from consolidate.phrases import listed, one_line

if TYPE_CHECKING:
    from consolidate.graph import DependencyGraph
    from consolidate.lookup import Meant

_MOST = 20
"""Objects that are listed where a name may mean several."""


def required(typed: str, graph: DependencyGraph) -> Meant:
    """What bore the name; never nothing.

    Raises:
        UsageProblem: Nothing did, or the name may mean several objects.
    """
    meant = Directory(graph).find(typed)
    if meant.incarnations:
        return meant
    if meant.also:
        raise UsageProblem(
            f"'{typed}' may mean several objects.",
            problems=tuple(as_typed(one_line(str(one))) for one in meant.also[:_MOST]),
            hint="Say more of the name: its kind, its schema, its table, its arguments.",
        )
    near = as_typed(one_line(listed(meant.near, _MOST)))
    suggested = f"; did you mean {near}?" if near else ""
    raise UsageProblem(
        f"The history speaks of nothing called '{typed}'{suggested}",
        hint="`consolidate graph --format json` lists all that it makes and uses.",
    )
