"""What a rollback declares that it does not take back, and which differences that explains.

Such a line names an object and says why. Another database than it was before is proven only if
what is declared is all that differs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from consolidate import names
from consolidate.model import DifferenceKind, ObjectId
from consolidate.phrases import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from consolidate.model import Difference

ONLY_YOURS = "rows that only your platform has"
"""What no proof brings back, for the throwaway platform never had it: there, nothing may differ."""

_LINE = re.compile(r"^-- Irreversible: (.+)$", re.MULTILINE)


def lines(reasons: Iterable[str]) -> Iterator[str]:
    """What stands in a rollback for some reasons."""
    return (f"-- Irreversible: {one_line(reason)}" for reason in reasons)


def of(text: str) -> tuple[str, ...]:
    """What a rollback declares, a line each."""
    return tuple(_LINE.findall(text))


def left(text: str) -> tuple[str, ...]:
    """That part of it which the throwaway platform does not get back either."""
    return tuple(line for line in of(text) if ONLY_YOURS not in line)


def explained(found: Difference, declared: Iterable[str]) -> bool:
    """Whether a difference is one of what some lines declare.

    A line about a column tells of its cells, too, and of the place of the others; one about a view,
    of all of its columns.
    """
    heads = [f"{one_line(str(name))}: " for name in _tellers(found)]
    if found.attribute in {"position", "columns"}:  # a column that is missing, or is the last now
        heads.append(f"{_column_of(found.object)}.")
    return any(line.startswith(head) for line in declared for head in heads)


def _column_of(name: ObjectId) -> str:
    """How a column of the same relation is called, up to its own name."""
    if name.kind.endswith(" column"):
        return one_line(f"{name.kind} {names.parted(name.identity, '.')[0]}")
    return one_line(f"{name.kind} column {name.identity}")


def _tellers(found: Difference) -> Iterator[ObjectId]:
    name = found.object
    yield name
    if name.kind.endswith(" column"):
        kind, relation = name.kind.removesuffix(" column"), names.parted(name.identity, ".")[0]
        if kind.endswith("view"):
            yield ObjectId(kind, relation)
    elif name.kind == "table" and found.kind is DifferenceKind.CHANGED:
        column = found.attribute.rpartition(" · ")[2]
        yield ObjectId("table column", f"{name.identity}.{column}")
