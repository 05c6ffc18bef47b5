"""Which rows go to which seed, and why others that the mapping wants there can not."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate import findings
from consolidate.groups.mapped import seed_slot, seed_slots
from consolidate.model import Finding, Severity
from consolidate.wording.rowwriters import place, told, written
from consolidate.wording.units import Rung

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from consolidate.config import Config, Seed
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
    stay = {**bound, **_needed_behind(slots, truth, config, relations)}
    slots = {name: slot for name, slot in slots.items() if name not in stay}
    while True:
        held = _held(slots, relations)
        found = {
            name: _why(relations, relations.units[name], relations.units[follower], truth)
            for name, follower in held.items()
        } or _corrections(slots, relations, truth)
        if not found:
            return Seeds(slots, stay)
        stay |= found
        slots = {name: slot for name, slot in slots.items() if name not in found}


def _needed_behind(
    slots: Iterable[ObjectId], truth: Truth, config: Config, relations: Relations
) -> dict[ObjectId, str]:
    """The rows that migrations behind the baseline need: seeds come after those."""
    tables = written(relations.units.values(), truth)
    roots = {marked.table.object: marked.table.root for marked in truth.marked.tables}
    found = {}
    for name in slots:
        own = sorted({relations.units[name].family, *tables[name]})
        spelled = [one for table in own for one in (table.identity, roots.get(table, ""))]
        why = [config.behind.rows[one] for one in spelled if one in config.behind.rows]
        if why:
            found[name] = why[0]
    return found


def _corrections(
    slots: Mapping[ObjectId, Slot], relations: Relations, truth: Truth
) -> dict[ObjectId, str]:
    """The rows whose statement changed or deleted some that stay, and so stays with them."""
    staying: dict[ObjectId, list[Unit]] = defaultdict(list)
    for unit in relations.units.values():
        if unit.type == "ROWS" and unit.object not in slots:
            staying[unit.family].append(unit)
    return {
        name: "they change rows that stay there"
        for name in slots
        if _corrects(unit := relations.units[name], truth)
        and any(other.ordinal < unit.ordinal for other in staying[unit.family])
    }


def _corrects(unit: Unit, truth: Truth) -> bool:
    """Whether a unit stands as the statement of its author that changed rows of its table."""
    if unit.rung is Rung.SERVER or not unit.sources:
        return False
    counts = truth.trace.rows.get(unit.sources[0], {}).get(unit.family)
    return counts is not None and bool(counts.updated or counts.deleted)


def _held(slots: Mapping[ObjectId, Slot], relations: Relations) -> dict[ObjectId, ObjectId]:
    """The rows that something else than a seed must follow, each with the first such follower."""
    followers = {
        name: min((f for f in relations.needs.successors(name) if f not in slots), default=None)
        for name in slots
    }
    return {name: follower for name, follower in followers.items() if follower is not None}


def _why(relations: Relations, rows: Unit, follower: Unit, truth: Truth) -> str:
    said = f"{told(follower, truth)} must come after them"
    if looked_up := relations.lookups.get((rows.object, follower.object)):
        return f"{said}: a function that runs for it reads {looked_up.identity}"
    if follower.type == "ROWS":
        return f"{said}: they point at these rows or were worked out from them"
    if follower.type == "TRIGGER":
        return f"{said}: the history wrote these rows before it was there"
    if follower.type == "MATERIALIZED VIEW":
        return f"{said}: it was filled when these rows were there"
    if "NOT VALID" in follower.sql:
        return f"{said}: it is NOT VALID, and where it stands it would refuse these rows"
    return said


def departures(
    truth: Truth,
    config: Config,
    relations: Relations,
    wanted: Mapping[ObjectId, Slot],
    placed: Mapping[ObjectId, Slot],
) -> Iterator[Finding]:
    """Rows that stand in another seed file than the mapping asks for, and why.

    Args:
        truth: What the rows are.
        config: What the mapping asks for.
        relations: What needs what.
        wanted: The seed file of each unit of rows, as the mapping asks for it.
        placed: Where each unit stands.
    """
    by_table = seed_slots(config)
    files = {seed_slot(seed).path: seed for seed in config.seeds}
    tables = written(relations.units.values(), truth)

    def moved(unit: Unit, table: ObjectId, wish: Slot, why: str) -> Finding:
        here, there = (_seed(slot, files) for slot in (placed[unit.object], wish))
        return Finding(
            code=findings.SEED_MOVED,
            severity=Severity.WARNING,
            message=f"rows of {table.identity} stand in {here}, not in {there}: {why}",
            span=place(unit, truth),
            help=_IN_ORDER,
        )

    for name in sorted(wanted, key=lambda one: (relations.units[one].ordinal, str(one))):
        unit, slot = relations.units[name], placed[name]
        if slot != wanted[name]:
            needed = [one for one in relations.needs.predecessors(name) if placed[one] == slot]
            first = relations.units[min(needed)]
            why = f"they need what is there, {told(first, truth)}"
            yield moved(unit, unit.family, wanted[name], why)
        for table in sorted(tables[name] - {unit.family}):
            wish = by_table.get(table.identity)
            if wish is not None and wish != slot:
                why = f"one statement writes them and those of {unit.family.identity}"
                yield moved(unit, table, wish, why)


def brought_along(
    truth: Truth, config: Config, relations: Relations, wanted: Container[ObjectId]
) -> Iterator[Finding]:
    """Rows that a seed asks for and that others bring with them, which stay in `migrations/`.

    Args:
        truth: What the rows are.
        config: What the mapping asks for.
        relations: What units there are.
        wanted: The units of rows that go to seeds.
    """
    asked = seed_slots(config)
    tables = written(relations.units.values(), truth)
    staying = [relations.units[name] for name in tables if name not in wanted]
    told_of: set[ObjectId] = set()
    for unit in sorted(staying, key=lambda one: (one.ordinal, str(one.object))):
        for table in sorted(tables[unit.object] - {unit.family} - told_of):
            if table.identity in asked:
                told_of.add(table)
                yield Finding(
                    code=findings.SEED_STAYS,
                    severity=Severity.INFO,
                    message=f"rows of {table.identity} stay in migrations/: one statement writes "
                    f"them and those of {unit.family.identity}",
                    span=place(unit, truth),
                )


_IN_ORDER = (
    "Seeds are loaded in the order of their names: let the file that another one needs come before "
    "it by its name, or let one file hold all of these tables."
)


def _seed(slot: Slot, files: Mapping[str, Seed]) -> str:
    """A seed file with what the mapping says that its rows are for."""
    seed = files.get(slot.path)
    return f"{slot.path} ({seed.tag})" if seed and seed.tag else slot.path
