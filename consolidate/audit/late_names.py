"""Rules about names in bodies, which PostgreSQL looks up only when these run.

A name that nothing has at the end is a leftover of a rename or a drop, or was never anybody's.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from consolidate import findings, names
from consolidate.audit.extensions import brings
from consolidate.audit.found import about, at
from consolidate.audit.origins import is_told
from consolidate.audit.subject import TEMPORARY, bare_word, routine_name
from consolidate.effects.world import space
from consolidate.lives import Touched
from consolidate.model import ObjectId

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from consolidate.audit.bearers import Bearing
    from consolidate.audit.found import Found
    from consolidate.audit.subject import Material, Spot
    from consolidate.lives import Life
    from consolidate.model import Statement

_MAKES = re.compile(r"\bcreate\b", re.IGNORECASE)


def never_made(material: Material) -> Iterator[Found]:
    """What a body names and nothing ever makes."""
    first = material.chronicle.numbers
    last = {life.name for life in material.chronicle.lives if life.name is not life.first}
    told: set[ObjectId] = set()
    for spot in material.spots:
        mentions = (mention.on for mention in spot.effect.mentions)
        named = [on for on in mentions if on not in first and on not in last and is_told(on)]
        for name in (*named, *_bare_and_never_made(material, spot)):
            if name in told:
                continue
            told.add(name)
            before = material.extensions_before(None)
            if not brings(name, before) and not material.is_obscure(name):
                message = f"{name} is named here for the first time, and nothing creates it"
                yield at(spot, findings.NAMED_ONLY, message)


def _bare_and_never_made(material: Material, spot: Spot) -> Iterator[ObjectId]:
    """Relations that a body names without a schema, and that no schema has had."""
    for bare in spot.effect.relations_unmade:
        if names.quote(bare) not in material.by_bare_name and not _may_be_composed(material, bare):
            yield ObjectId("table", names.quote(bare))


def _may_be_composed(material: Material, bare: str) -> bool:
    """Whether a body that puts texts together has a name, and may create something."""
    word = bare_word(ObjectId("table", names.quote(bare)))
    return any(
        spot.effect.unread and _MAKES.search(spot.statement.sql)
        for spot in material.speaking_of(word)
    )


def outlived(material: Material) -> Iterator[Found]:
    """What a body names that was dropped or given another name before the end."""
    leftovers = _Leftovers(material)
    for life in material.chronicle.current.values():
        if life.first.kind not in {"function", "procedure"}:
            continue
        defined = _definition(material, life)
        for left in leftovers.of(life, defined) if defined is not None else ():
            until = left.borne.until
            if defined is None or until is None or material.is_obscure(left.name):
                continue
            does, at_last = "drops", ""
            if until.what is Touched.RENAMED:
                if not _is_spelt_so(left.name, until.aspect, defined):
                    continue
                does, at_last = "renames", f" to {until.aspect}"
            by = material.place_of(until.statement_id)
            message = f"{life.name} names {left.name}, which {by} {does}{at_last}"
            yield about(defined, findings.NAMED_ONLY, message)


def _definition(material: Material, life: Life) -> Statement | None:
    """The statement of the history that has the text of a routine as it is at the end."""
    texts = [t for t in life.touches if t.what in {Touched.CREATED, Touched.REPLACED}]
    if not texts or not material.is_history(texts[-1].statement_id):
        return None
    return material.statements[texts[-1].statement_id]


class _Left(NamedTuple):
    """A name that a body has and that nothing bears at the end."""

    name: ObjectId
    borne: Bearing
    """The last time in which something bore it."""


class _Leftovers:
    """The names in bodies that something has had, and nothing has any more."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._current = material.chronicle.current

    def of(self, routine: Life, defined: Statement) -> Iterator[_Left]:
        """Those in the body of a routine."""
        for name in routine.mentions:
            if name not in self._current or self._current[name].external:
                yield from self._named(name)
        for bare in self._material.effect_of(defined).relations_unmade:
            yield from self._bare(bare)

    def _named(self, name: ObjectId) -> Iterator[_Left]:
        """A name that the body has found, or that has a schema."""
        if not is_told(name) or name.kind == "index" or TEMPORARY in name.identity:
            return  # a body drops an index to make it anew
        borne = self._material.bearings.of(name)
        called = routine_name(name)
        if called and called in self._called:
            return  # the call may mean another one
        if borne and all(one.until is not None for one in borne):
            yield _Left(name, self._last(borne))

    def _bare(self, bare: str) -> Iterator[_Left]:
        """A name without a schema of what came to be behind the body, and is gone."""
        quoted = names.quote(bare)
        borne = [
            one
            for life in self._material.by_bare_name.get(quoted, ())
            for name in dict.fromkeys((life.first, life.name))
            for one in self._material.bearings.of(name)
            if space(name.kind) == "relation"
            if names.parted(name.identity, ".")[1] == quoted
        ]
        of_sessions = any(TEMPORARY in one.name.identity for one in borne)
        if borne and not of_sessions and all(one.until is not None for one in borne):
            last = self._last(borne)
            yield _Left(ObjectId(last.name.kind, quoted), last)

    def _last(self, borne: Sequence[Bearing]) -> Bearing:
        return max(borne, key=lambda one: self._material.order[one.since.statement_id])

    @cached_property
    def _called(self) -> frozenset[str]:
        """The bare names of the routines that are there at the end."""
        return frozenset(map(routine_name, self._current))


def _is_spelt_so(name: ObjectId, now: str, defined: Statement) -> bool:
    """Whether a body has the old name: without a schema it may mean what only moved to another."""
    schema, bare = names.parted(name.identity.partition("(")[0], ".")
    if names.parted(now.partition("(")[0], ".")[1] != bare:
        return True
    spelt = r"\s*\.\s*".join(rf'"?{re.escape(part.strip(chr(34)))}"?' for part in (schema, bare))
    return re.search(rf"(?<!\w){spelt}(?!\w)", defined.sql, re.IGNORECASE) is not None


RULES = (never_made, outlived)
