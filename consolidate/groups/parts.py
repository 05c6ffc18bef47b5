"""What a mapping asks for of parts of others: of keys, defaults, sequences inside their tables.

A part that PostgreSQL can add by a statement of its own leaves its table for a later file, and a
sequence for an earlier one. What can not is told.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate import names
from consolidate.groups.mapped import TABLES, Groups
from consolidate.model import ObjectId
from consolidate.patterns import ROWS
from consolidate.phrases import listed
from consolidate.relations import defaults, stands_alone
from consolidate.wording import whole
from consolidate.wording.rowwriters import written

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from consolidate.config import Config
    from consolidate.plan import Placement, Slot
    from consolidate.relations import Relations
    from consolidate.truth import Truth

_ADDED_LATER = frozenset({"check", "exclude", "unique"})
"""Constraints that ALTER TABLE can add, but for foreign keys, which are split off elsewhere, and
for primary keys: their columns would stay NOT NULL where a rollback drops them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a unit for which the mapping has a file of its own."""

    home: ObjectId
    """The unit that makes it."""
    pattern: str
    """The line that asks for it."""
    is_rule: bool
    """Whether that is about a kind as a whole, whatever there is of it."""
    slot: Slot
    """The file."""

    @property
    def why(self) -> str:
        """Why it stands apart, once it does."""
        return f"the mapping asks for it in {self.slot.path}"


def asked_parts(
    truth: Truth, config: Config, relations: Relations, groups: Mapping[str, Slot]
) -> dict[ObjectId, Part]:
    """What the mapping asks for that is no unit, but a part of one.

    Args:
        truth: Knows all that there is.
        config: The mapping.
        relations: Tells what makes which part.
        groups: The files of the groups, by their names.
    """
    asked = Groups(truth, config)
    kinds = asked.claimed_kinds()
    if not kinds:
        return {}
    found: dict[ObjectId, Part] = {}
    facts = truth.final.facts
    along = _written_along(truth, relations) if ROWS in kinds else {}
    for part in (*facts.objects, *defaults(facts.facts), *along):
        if kinds.isdisjoint({"", part.kind}) or part in relations.units:
            continue
        home = along.get(part) or relations.home(_made_with(part))
        if home is None or home.kind == whole.MIGRATION:
            continue
        if claim := asked.of_part(part):
            pattern, group = claim
            found[part] = Part(
                home=home,
                pattern=pattern.text,
                is_rule=pattern.specificity == 1,
                slot=groups[group.name],
            )
    return dict(sorted(found.items()))


def _written_along(truth: Truth, relations: Relations) -> dict[ObjectId, ObjectId]:
    """The rows of tables that others' rows bring with them, by triggers or WITH; and which do."""
    return {
        ObjectId(ROWS, table.identity): rows
        for rows, tables in written(relations.units.values(), truth).items()
        for table in tables - {relations.units[rows].family}
        if table not in relations.rows
    }


def leaving(
    truth: Truth,
    relations: Relations,
    asked: Mapping[ObjectId, Part],
    placed: Mapping[ObjectId, Slot],
    given_up: Collection[ObjectId],
) -> dict[ObjectId, str]:
    """The parts that can leave their tables for the files that they are asked for in, and why.

    Args:
        truth: What the parts are.
        relations: The tables.
        asked: What the mapping asks for.
        placed: Where the tables stand.
        given_up: Parts that have been asked to leave, and can not.
    """
    facts = truth.final.facts
    return {
        part: one.why
        for part, one in asked.items()
        if part not in given_up
        if relations.units[one.home].type in TABLES
        if (one.slot < placed[one.home] and "owned by" in facts.of(part))
        or (one.slot > placed[one.home] and stands_alone(facts, part, _ADDED_LATER))
    }


def staying(
    asked: Mapping[ObjectId, Part],
    wished: Mapping[ObjectId, Placement],
    placed: Mapping[ObjectId, Slot],
    left: Collection[ObjectId],
) -> Iterator[str]:
    """What the mapping asks for elsewhere, and why it stands with what it is a part of.

    A rule for a kind as a whole is not held to what it can not move.

    Args:
        asked: What the mapping asks for.
        wished: Where the units were to be.
        placed: Where they stand.
        left: The parts that do leave.
    """
    found: dict[tuple[str, str, str, str], list[ObjectId]] = defaultdict(list)
    for part, one in asked.items():
        here = placed[one.home]
        along = one.home in wished and wished[one.home].slot == one.slot
        if part in left or here == one.slot or along or one.is_rule:
            continue
        bound = "needed by" if part.kind == "sequence" else "made with"
        why = "not before" if one.slot < here else bound
        found[one.pattern, one.slot.path, here.path, why].append(part)
    for (_, path, here_path, why), parts in sorted(found.items()):
        verb = "stands" if len(parts) == 1 else "stand"
        homes = {str(asked[part].home) for part in parts}
        home = homes.pop() if len(homes) == 1 else "what they belong to"
        told = listed([*map(str, parts)], _SHOWN)
        yield f"{told} {verb} in {here_path}, not in {path}: {why} {home}"


_SHOWN = 3


def _made_with(part: ObjectId) -> ObjectId:
    """A column's table, and whatever else is a part of something itself."""
    if part.kind == "table column":
        return ObjectId("table", names.parted(part.identity, ".")[0])
    return part
