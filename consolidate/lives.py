"""Follows every object of a history from the statement that makes it to its end.

An object is not its name: a rename keeps the object, a DROP ends it, and whatever takes the name
afterwards is another one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from consolidate.effects import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from consolidate.effects import Effect
    from consolidate.model import ObjectId, SourceSpan, StatementId


class Touched(StrEnum):
    """What a statement did to an object."""

    CREATED = "created"
    REPLACED = "replaced"
    ALTERED = "altered"
    RENAMED = "renamed"
    DROPPED = "dropped"
    ROWS = "rows"


class Touch(NamedTuple):
    """One event in an object's life."""

    statement_id: StatementId
    place: SourceSpan
    what: Touched
    aspect: str = ""
    """Of an alteration: `add column`, `rights`, …; of a rename: the new name."""


@dataclass(eq=False, slots=True)
class Life:
    """One object while the history is followed."""

    first: ObjectId
    number: int
    """How many objects were created under this name before, and this one."""
    name: ObjectId
    external: bool = False
    """No statement of the history creates it."""
    ended: bool = False
    touches: list[Touch] = field(default_factory=list)
    needs: dict[tuple[Life, Reason], Effect] = field(default_factory=dict)
    needed: dict[tuple[Life, Reason], Effect] = field(default_factory=dict)
    """What it needed until a later statement let it be without that."""
    mentions: dict[ObjectId, tuple[Life | None, Effect]] = field(default_factory=dict)


_FORGETS = {"type": Reason.COLUMN_TYPE, "expression": Reason.POLICY}
"""Alterations that take the place of what the object needed before for that reason."""
_TOLD_BY_RENAME = frozenset({"rename", "schema"})


class Chronicle:
    """All lives of a history, and what single statements needed beyond them."""

    def __init__(self, effects: Iterable[Effect]) -> None:
        self.lives: list[Life] = []
        self.current: dict[ObjectId, Life] = {}
        self.effects = tuple(effects)
        self.statement_needs: dict[StatementId, dict[tuple[Life, Reason], Effect]] = {}
        self.statement_mentions: dict[StatementId, dict[ObjectId, Life | None]] = {}
        self.numbers: dict[ObjectId, int] = {}
        """How many objects there were under each name that any of them had at first."""
        for effect in self.effects:
            self._follow(effect)

    def _follow(self, effect: Effect) -> None:
        known = self._known_before(effect)
        own = frozenset(effect.creates)
        self._end(effect)
        for name in effect.creates:
            self._touch(self._born(name), effect, Touched.CREATED)
        for name in effect.replaces:
            life = self._at(name)
            self._touch(life, effect, Touched.REPLACED)
            self._forget(life, lambda _: True)
            life.mentions.clear()
        renamed = {old for old, _ in effect.renames}
        for name, aspect in effect.alters:
            if aspect in _TOLD_BY_RENAME and name in renamed:
                continue
            self._alter(known.get(name) or self._at(name), effect, aspect)
        for name in effect.writes_rows:
            self._touch(self._at(name), effect, Touched.ROWS)
        self._depend(effect, known, own)

    def _known_before(self, effect: Effect) -> dict[ObjectId, Life]:
        """What the names mean that a statement uses, where it lets some name mean another object.

        Empty where none does: what they mean afterwards is then what they meant before.
        """
        current = self.current
        if not (effect.drops or effect.renames or any(map(current.__contains__, effect.creates))):
            return {}
        used = [need.on for need in effect.needs] + [thing for thing, _ in effect.alters]
        return {name: current[name] for name in used if name in current}

    def _end(self, effect: Effect) -> None:
        """What bears another name from now on, and what is gone."""
        ending = {name: self.current.get(name) for name in effect.drops}
        for by, on in effect.releases:
            self._release(self._at(by), self._at(on))
        moved = [(self._at(old), old, new) for old, new in effect.renames]
        for life, old, new in moved:
            self._touch(life, effect, Touched.RENAMED, new.identity)
            if self.current.get(old) is life:
                del self.current[old]
        for life, _, new in moved:
            life.name = new
            self.current[new] = life
        for name in effect.drops:
            life = ending[name] or self._at(name)
            self._touch(life, effect, Touched.DROPPED)
            life.ended = True
            if self.current.get(name) is life:  # else another one was given its name
                del self.current[name]

    def _depend(
        self, effect: Effect, known: dict[ObjectId, Life], own: frozenset[ObjectId]
    ) -> None:
        for need in effect.needs:
            on = None if need.on in own else known.get(need.on)
            on = on or self._at(need.on)
            if need.by is None:
                needs = self.statement_needs.setdefault(effect.statement, {})
            else:
                life = self._at(need.by)
                life.needed.pop((on, need.why), None)
                needs = life.needs
            needs.setdefault((on, need.why), effect)
        for mention in effect.mentions:
            found = self.current.get(mention.on)
            if mention.by is None:
                self.statement_mentions.setdefault(effect.statement, {})[mention.on] = found
            else:
                self._at(mention.by).mentions[mention.on] = (found, effect)

    def _alter(self, life: Life, effect: Effect, aspect: str) -> None:
        self._touch(life, effect, Touched.ALTERED, aspect)
        if aspect in _FORGETS:
            self._forget(life, lambda need: need[1] == _FORGETS[aspect])

    def _release(self, by: Life, on: Life) -> None:
        self._forget(by, lambda need: need[0] is on)

    @staticmethod
    def _forget(life: Life, ends: Callable[[tuple[Life, Reason]], bool]) -> None:
        ended = {need: effect for need, effect in life.needs.items() if ends(need)}
        life.needed.update(ended)
        life.needs = {need: by for need, by in life.needs.items() if need not in ended}

    def _touch(self, life: Life, effect: Effect, what: Touched, aspect: str = "") -> None:
        life.touches.append(Touch(effect.statement, effect.place, what, aspect))

    def _born(self, name: ObjectId, *, external: bool = False) -> Life:
        number = self.numbers[name] = self.numbers.get(name, 0) + 1
        life = Life(name, number, name, external)
        self.lives.append(life)
        self.current[name] = life
        return life

    def _at(self, name: ObjectId) -> Life:
        return self.current.get(name) or self._born(name, external=True)
