"""Words what two states of a database differ in: one line for each object."""

from __future__ import annotations

from collections import defaultdict
from itertools import takewhile
from typing import TYPE_CHECKING

from consolidate.model import DifferenceKind, ObjectId
from consolidate.phrases import clipped, counted, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from consolidate.model import Difference

_TEXT = 60
"""Characters of a value that are shown."""
_BEFORE = 12
"""Characters before the first one that differs that are shown of long values."""
_ATTRIBUTES = 3
_RELATIONS = frozenset({"table", "view", "materialized view", "foreign table"})


def lines(differences: Sequence[Difference]) -> tuple[str, ...]:
    """What is not as before, in order of the objects; left is before, right is after.

    What belongs to a relation that is missing or left over as a whole is counted there. Columns of
    one table of which only the order has changed are one line.
    """
    by_object: dict[ObjectId, list[Difference]] = defaultdict(list)
    for one in differences:
        by_object[one.object].append(one)
    whole = {
        name.identity: name
        for name, found in by_object.items()
        if name.kind in _RELATIONS and any(not d.attribute for d in found)
    }
    owners = {name: owner for name in by_object if (owner := _owner(name, whole))}
    along = [*owners.values()]
    reordered = {
        _relation(name)
        for name, found in by_object.items()
        if name.kind == "table column" and [d.attribute for d in found] == ["position"]
    }
    told = [f"{ObjectId('table', relation)}: order of columns" for relation in sorted(reordered)]
    for name in sorted(by_object):
        found = by_object[name]
        if name in owners or [d.attribute for d in found] == ["position"]:
            continue
        told.append(_object(name, found, along.count(name)))
    return tuple(told)


def _object(name: ObjectId, found: Sequence[Difference], along: int) -> str:
    said = one_line(str(name))
    if kind := next((d.kind for d in found if not d.attribute), None):
        state = "is missing" if kind is DifferenceKind.MISSING else "is left"
        more = f", and {counted(along, 'object')} with it" if along else ""
        return f"{said} {state}{more}"
    changes = [f"{d.attribute} {_change(d.left, d.right)}" for d in found]
    shown = "; ".join(changes[:_ATTRIBUTES])
    left = len(changes) - _ATTRIBUTES
    return f"{said}: {shown}" + (f"; and {left} more" if left > 0 else "")


def _change(left: str | None, right: str | None) -> str:
    """Both values, the long ones from shortly before they begin to differ."""
    texts = ["(nothing)" if value is None else one_line(value) for value in (left, right)]
    start = 0
    if max(map(len, texts)) > _TEXT:
        alike = sum(
            1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(*texts, strict=False))
        )
        start = max(alike - _BEFORE, 0)
    return " → ".join(("…" if start else "") + clipped(text[start:], _TEXT) for text in texts)


def _relation(column: ObjectId) -> str:
    return column.identity.rpartition(".")[0]


def _owner(name: ObjectId, whole: Mapping[str, ObjectId]) -> ObjectId | None:
    """The relation that is missing or left as a whole and that the object is a part of."""
    if name in whole.values():
        return None
    bare = name.identity.removeprefix("for ")
    relation = bare.rpartition(" on ")[2] if " on " in bare else bare.rpartition(".")[0]
    return whole.get(relation)
