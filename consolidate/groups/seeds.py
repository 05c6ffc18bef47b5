"""Which rows go to `seed/`, and why others that the mapping wants there can not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate.groups.mapped import seed_slots

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consolidate.config import Config
    from consolidate.model import ObjectId
    from consolidate.plan import Slot
    from consolidate.relations import Relations
    from consolidate.truth import Truth
    from consolidate.wording.units import Unit


@dataclass(frozen=True, slots=True)
class Seeds:
    """Where rows go that the mapping names."""

    slots: Mapping[ObjectId, Slot]
    """The seed file of each unit of rows that goes there."""
    stay: Mapping[ObjectId, str]
    """Why each of the others stays in `migrations/`."""


def seeds(
    truth: Truth, config: Config, relations: Relations, bound: Mapping[ObjectId, str]
) -> Seeds:
    """Parts the rows that the mapping names by whether anything in `migrations/` needs them there.

    A partition's rows go where those of its partitioned table go.

    Args:
        truth: What the rows are.
        config: What the mapping asks for.
        relations: What needs what.
        bound: Rows that are known to stay, and why.
    """
    wanted = seed_slots(config)
    roots = {marked.table.object: marked.table.root for marked in truth.marked.tables}
    slots: dict[ObjectId, Slot] = {}
    for name, unit in relations.units.items():
        if unit.type == "ROWS" and name not in bound:
            identity = unit.family.identity
            slot = wanted.get(identity) or wanted.get(roots.get(unit.family, ""))
            if slot is not None:
                slots[name] = slot
    stay = dict(bound)
    while held := _held(slots, relations):
        for name, follower in held.items():
            del slots[name]
            stay[name] = _why(relations, relations.units[name], relations.units[follower])
    return Seeds(slots, stay)


def _held(slots: Mapping[ObjectId, Slot], relations: Relations) -> dict[ObjectId, ObjectId]:
    """The rows that something else than a seed must follow, each with the first such follower."""
    followers = {
        name: min((f for f in relations.needs.successors(name) if f not in slots), default=None)
        for name in slots
    }
    return {name: follower for name, follower in followers.items() if follower is not None}


def _why(relations: Relations, rows: Unit, follower: Unit) -> str:
    told = f"{follower.object} must come after it"
    if looked_up := relations.lookups.get((rows.object, follower.object)):
        return f"{told}: a function that runs for it reads {looked_up.identity}"
    if follower.type == "ROWS":
        return f"{told}: they point at these rows or were worked out from them"
    if follower.type == "TRIGGER":
        return f"{told}: the history wrote these rows before it was there"
    if follower.type == "MATERIALIZED VIEW":
        return f"{told}: it was filled when these rows were there"
    if "NOT VALID" in follower.sql:
        return f"{told}: it is NOT VALID, and where it stands it would refuse these rows"
    return told
