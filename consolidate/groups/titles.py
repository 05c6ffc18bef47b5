"""What an automatic file is about, in one line."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from consolidate.model import ObjectId
    from consolidate.plan import Slot, Step

_KINDS = (
    ("extension", "extensions", {"extension"}),
    ("schema", "schemas", {"schema"}),
    ("role", "roles", {"role"}),
    ("table", "tables", {"table", "foreign table"}),
    ("type", "types", {"type"}),
    ("function", "functions", {"function", "procedure", "aggregate"}),
    ("trigger", "triggers", {"trigger"}),
    ("policy", "policies", {"policy"}),
    ("view", "views", {"view", "materialized view"}),
    ("publication", "publications", {"publication"}),
    ("event trigger", "event triggers", {"event trigger"}),
)
"""What is counted, in this order."""
_TABLES = frozenset({"table", "tables"})


def titled(slot: Slot, steps: Iterable[Step]) -> Slot:
    """The slot with a title such as `Orders: 7 tables, 2 types, 1 policy`."""
    held = counts(member for step in steps for member in step.members)
    words = slot.stem.split("_")
    while len(words) > 1 and words[0].isdigit():
        words.pop(0)
    if len(words) > 1 and words[-1] in _TABLES:
        words.pop()
    about = " ".join(words).capitalize()
    return replace(slot, title=": ".join([about, ", ".join(held)][: 1 + bool(held)]))


def counts(members: Iterable[ObjectId]) -> list[str]:
    """How many there are of each kind that a title speaks of: `7 tables`."""
    found = Counter(member.kind for member in members)
    return [
        f"{number:,} {one if number == 1 else many}"
        for one, many, kinds in _KINDS
        if (number := sum(found[kind] for kind in kinds))
    ]
