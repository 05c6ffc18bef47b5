"""Tables that nothing ties to others: collected by their schema, never too many of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate.groups import stems
from consolidate.groups.clusters import COMFORTABLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from consolidate.model import ObjectId


@dataclass(frozen=True, slots=True)
class Bundle:
    """Tables of one file."""

    tables: tuple[ObjectId, ...]
    schema: str = ""
    """Where the file is called after it, since the tables have no more in common."""


def bundled(
    groups: Sequence[Sequence[ObjectId]], objects: Mapping[ObjectId, int], most: float
) -> list[Bundle]:
    """The groups, those of one table put together schema by schema.

    Args:
        groups: The tables of each group.
        objects: How many objects stand with each table.
        most: How many objects a file may hold whose tables have only their schema in common.
    """
    bundles = [Bundle(tuple(group)) for group in groups if len(group) > 1]
    alone: dict[str, list[ObjectId]] = defaultdict(list)
    for group in groups:
        if len(group) == 1:
            alone[stems.schema(group[0].identity)].append(group[0])
    for home, tables in sorted(alone.items()):
        parts = _parts(tables, objects, most)
        bundles += [Bundle(tuple(part), home if len(part) > 1 else "") for part in parts]
    position = {table: n for n, group in enumerate(groups) for table in group}
    return sorted(bundles, key=lambda bundle: position[bundle.tables[0]])


def _parts(
    tables: Sequence[ObjectId], objects: Mapping[ObjectId, int], most: float
) -> list[list[ObjectId]]:
    parts: list[list[ObjectId]] = []
    held = 0
    for table in tables:
        held += objects.get(table, 1)
        if not parts or held > most or len(parts[-1]) == COMFORTABLE:
            parts.append([])
            held = objects.get(table, 1)
        parts[-1].append(table)
    return parts
