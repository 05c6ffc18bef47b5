"""Which objects of a history bear a name, from which statement on and to which."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from consolidate.effects.world import space
from consolidate.lives import Touch, Touched
from consolidate.model import ObjectId

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from consolidate.audit.subject import Material
    from consolidate.lives import Life
    from consolidate.model import StatementId


class Bearing(NamedTuple):
    """The time in which one object that the history creates has one name."""

    name: ObjectId
    created: Touch
    since: Touch
    """What gave it the name: what created it, or a rename."""
    until: Touch | None
    """The rename or the drop that ended it; None if that is not seen."""


class Bearers:
    """Every name of a history with the objects that bear it, one after the other."""

    def __init__(self, material: Material) -> None:
        self._order = material.order
        self._found: dict[tuple[str, str], list[Bearing]] = defaultdict(list)
        for life in material.chronicle.lives:
            for bearing in () if life.external else bearings(life):
                self._found[_key(bearing.name)].append(bearing)
        for effect in material.chronicle.effects:
            for name in effect.spares:
                made = Touch(effect.statement, effect.place, Touched.CREATED)
                self._found[_key(name)].append(Bearing(name, made, made, None))

    def of(self, name: ObjectId) -> Sequence[Bearing]:
        """Those of a name, whichever of the kinds that compete for it they are of.

        A table, a view and an index of one schema can not have one name: who uses what is gone may
        mean any of them.
        """
        return self._found.get(_key(name), ())

    def is_there(self, name: ObjectId, statement: StatementId) -> bool:
        """Whether something bears a name right before a statement."""
        now = self._order[statement]
        return any(
            self._at(one.since) < now and (one.until is None or self._at(one.until) >= now)
            for one in self.of(name)
        )

    def nearest(self, name: ObjectId, statement: StatementId) -> tuple[Bearing | None, bool]:
        """The last before a statement, or else the first behind it; and whether that is behind."""
        now = self._order[statement]
        known = sorted(self.of(name), key=lambda one: self._at(one.since))
        before = [one for one in known if self._at(one.since) <= now]
        return (before[-1], False) if before else (next(iter(known), None), True)

    def _at(self, touch: Touch) -> int:
        return self._order[touch.statement_id]


def bearings(life: Life) -> Iterator[Bearing]:
    """Each name of an object with its time; nothing of one that the history does not create."""
    created = [touch for touch in life.touches if touch.what is Touched.CREATED]
    if not created:
        return
    name, since = life.first, created[-1]
    for touch in life.touches:
        if touch.what is Touched.RENAMED:
            yield Bearing(name, created[-1], since, touch)
            name, since = ObjectId(life.first.kind, touch.aspect), touch
    last = life.touches[-1]
    yield Bearing(name, created[-1], since, last if life.ended else None)


def _key(name: ObjectId) -> tuple[str, str]:
    return space(name.kind), name.identity
