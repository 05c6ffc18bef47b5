"""Tells from where a table and its columns are inherited, as a partition or otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate import names
from consolidate.model import ObjectId

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.model import Snapshot

_TABLES = ("table", "foreign table")


def parents(snapshot: Snapshot, table: ObjectId) -> Iterator[ObjectId]:
    """The tables that a table is a child of, local or foreign; of any other object none."""
    facts = snapshot.of(table)
    told = ", ".join(facts[word] for word in ("inherits", "partition of") if word in facts)
    for parent in filter(None, told.removesuffix(" (detach pending)").split(", ")):
        yield next(
            (
                ObjectId(kind, parent)
                for kind in _TABLES
                if ObjectId(kind, parent) in snapshot.objects
            ),
            ObjectId("table", parent),
        )


def of_part(snapshot: Snapshot, column: ObjectId) -> Iterator[ObjectId]:
    """The columns of the parents that a column of a table may be inherited from."""
    whole, own = names.parted(column.identity, ".")
    kind = column.kind.removesuffix(" column")
    for parent in parents(snapshot, ObjectId(kind, whole)):
        yield ObjectId(f"{parent.kind} column", f"{parent.identity}.{own}")
