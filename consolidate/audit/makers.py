"""What may have made an object that no statement is seen to make."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from consolidate import effects
from consolidate.audit.subject import bare_word, routine_name, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from consolidate.audit.subject import Material, Spot
    from consolidate.model import ObjectId, SourceSpan, StatementId

_MAKES = re.compile(r"\b(?:create|rename)\b", re.IGNORECASE)
PARTS = frozenset({"table column", "table constraint", "trigger", "policy", "rule"})
"""Kinds of what belongs to one table under a name of its own."""
_MAKES_PARTS = re.compile(r"\b(?:create|rename|add|attach|inherit)\b", re.IGNORECASE)
_MADE_ELSEWHERE = "made up elsewhere"
"""Of a text that is executed nothing is known, as `effects.dynamic` says it."""
_SHORTEST = 3
"""Letters of a name that a statement says at least, if it is put together there."""


class Makers:
    """What a history does besides what is seen of it."""

    def __init__(self, material: Material) -> None:
        self._material = material

    def aside(self, name: ObjectId) -> str:
        """`file:line` of the statement that makes an object in a file that is set aside, if any."""
        return self._aside.get(name, "")

    def aside_routine(self, bare: str) -> ObjectId | None:
        """A routine of a bare name that a file makes which is set aside, if any."""
        return next((name for name in self._aside if routine_name(name) == bare), None)

    def unseen(self, name: ObjectId, before: Spot) -> str:
        """What may have made an object before a statement, in words; empty if nothing may have.

        Of the statements that run texts which they put together it is the one that says most of
        the name's beginning, or the last; if there is none, a part of a file that can not be read.
        """
        limit = self._material.order[before.statement.id]
        bare = bare_word(name)
        known = self._composing_parts if name.kind in PARTS else self._composing
        composing = [spot for spot in known if self._at(spot) < limit]
        if composing:
            spot = max(composing, key=lambda one: (_beginning(bare, one), self._at(one)))
            return f"what {spot.statement.place} puts together"
        gaps = [place for place in self._gaps if self._is_before(place, before)]
        return f"what can not be read at {gaps[-1].path}:{gaps[-1].line}" if gaps else ""

    def _at(self, spot: Spot) -> int:
        return self._material.order[spot.statement.id]

    @cached_property
    def _composing(self) -> tuple[Spot, ...]:
        """The statements that run texts which they put together, and which may create something."""
        return tuple(
            spot
            for spot in self._material.opaque
            if any(_may_make(one, _MAKES) for one in self._run(spot))
        )

    @cached_property
    def _composing_parts(self) -> tuple[Spot, ...]:
        """Likewise those that may add something to a table."""
        return tuple(
            spot
            for spot in self._material.opaque
            if any(_may_make(one, _MAKES_PARTS) for one in self._run(spot))
        )

    def _run(self, spot: Spot) -> Iterator[Spot]:
        """A statement, and what defines the routines that it may call, as they are then."""
        seen: set[StatementId] = set()
        pending = [spot]
        while pending:
            one = pending.pop()
            yield one
            named = (need.on for need in one.effect.needs), (m.on for m in one.effect.mentions)
            for name in chain(*named):
                known = self._definitions.get(name, ())
                earlier = [each for each in known if self._at(each) < self._at(spot)][-1:]
                pending += [each for each in earlier if each.statement.id not in seen]
                seen.update(each.statement.id for each in earlier)

    @cached_property
    def _definitions(self) -> Mapping[ObjectId, list[Spot]]:
        found: dict[ObjectId, list[Spot]] = {}
        for spot in self._material.spots:
            if spot.statement.kind == "CreateFunctionStmt":
                for name in (*spot.effect.creates, *spot.effect.replaces):
                    found.setdefault(name, []).append(spot)
        return found

    @cached_property
    def _aside(self) -> Mapping[ObjectId, str]:
        flat = [one for read in self._material.subject.aside for one in read.statements]
        found: dict[ObjectId, str] = {}
        for statement, effect in zip(flat, effects.run(flat), strict=True):
            for name in (*effect.creates, *(new for _, new in effect.renames)):
                found.setdefault(name, statement.place)
        return found

    @cached_property
    def _gaps(self) -> tuple[SourceSpan, ...]:
        """The places of what can not be read and is in no statement whose words are known."""
        return tuple(
            flaw.place
            for path, flaws in self._material.wrong.items()
            for flaw in flaws
            if self._material.unparsed_at(path, flaw.place) is None
        )

    def _is_before(self, place: SourceSpan, spot: Spot) -> bool:
        paths = self._paths
        mine = paths.get(place.path, 0), place.line
        return mine < (paths[spot.statement.path], spot.statement.span.line)

    @cached_property
    def _paths(self) -> Mapping[str, int]:
        return {path: number for number, path in enumerate(self._material.migrations)}


def _may_make(definition: Spot, how: re.Pattern[str]) -> bool:
    """Whether the texts that a body puts together may make or rename something."""
    unread = definition.effect.unread
    unknown = any(_MADE_ELSEWHERE in why for why in unread)
    return unknown or (bool(unread) and how.search(definition.statement.sql) is not None)


def _beginning(bare: str, spot: Spot) -> int:
    """How much of a name a statement says, by the longest word that the name begins with."""
    said = [len(one) for one in words(spot.statement.sql) if bare.startswith(one)]
    longest = max(said, default=0)
    return longest if longest >= _SHORTEST else 0
