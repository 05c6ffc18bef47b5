"""Holds the static model against what statements really did, and names every disagreement."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from consolidate.deeds import Deed
from consolidate.model import ObjectId
from consolidate.names import parted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from consolidate.effects import Effect
    from consolidate.model import SourceSpan, StatementId


class Did(StrEnum):
    """What the two are compared in."""

    CREATED = "created"
    DROPPED = "dropped"
    RENAMED = "renamed"
    ALTERED = "altered"


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Disagreement:
    """One thing that only the text or only the server says of a statement."""

    place: SourceSpan
    statement: StatementId
    what: Did
    object: ObjectId
    """The new one, of a rename."""
    seen: bool
    """Whether it is the server that says so."""

    def __str__(self) -> str:
        who = "the server only" if self.seen else "the model only"
        return f"{self.place}: {self.what} {self.object}, says {who}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What came of holding a history's effects against its deeds."""

    compared: int
    """How many statements were compared: those that the server saw and the model does not call
    opaque."""
    opaque: tuple[StatementId, ...]
    """What only the server can tell."""
    disagreements: tuple[Disagreement, ...]

    @property
    def agreeing(self) -> int:
        """How many of the statements that were compared have no disagreement."""
        return self.compared - len({one.statement for one in self.disagreements})

    @property
    def share(self) -> float:
        """The share of those."""
        return self.agreeing / self.compared if self.compared else 1.0


def compare(effects: Iterable[Effect], deeds: Mapping[StatementId, Deed]) -> Agreement:
    """Compares statement by statement.

    What an opaque statement made is unknown to the model, and so is what becomes of it later.

    Args:
        effects: Of the whole history, in order.
        deeds: What each statement did; one that did nothing may be missing.
    """
    compared = 0
    opaque: list[StatementId] = []
    found: list[Disagreement] = []
    beyond: set[ObjectId] = set()
    for effect in effects:
        deed = deeds.get(effect.statement, _NOTHING)
        beyond |= {new for old, new in deed.renamed if old in beyond}
        if effect.opaque:
            opaque.append(effect.statement)
            beyond |= deed.created | deed.dropped | {new for _, new in deed.renamed}
            continue
        compared += 1
        beyond -= set(effect.creates)
        found += (d for d in _of_statement(effect, deed) if d.object not in beyond)
    return Agreement(compared=compared, opaque=tuple(opaque), disagreements=tuple(found))


_NOTHING = Deed()


def _of_statement(effect: Effect, deed: Deed) -> Iterator[Disagreement]:
    bounds = _did(deed)
    for what, said in _said(effect).items():
        least, most = bounds[what]
        most = most | _perhaps(effect) if what is Did.ALTERED else most
        for thing in sorted((least - said) | (said - most)):
            yield Disagreement(
                place=effect.place,
                statement=effect.statement,
                what=what,
                object=thing,
                seen=thing in least,
            )


def _said(effect: Effect) -> Mapping[Did, AbstractSet[ObjectId]]:
    """What the model says, as far as the server can be asked for it."""
    made = {*effect.creates, *effect.drops}
    new = dict(effect.renames)
    altered = {new.get(name, name) for name, aspect in effect.alters if aspect not in _UNSEEN}
    said = {
        Did.CREATED: set(effect.creates) - set(effect.drops),
        Did.DROPPED: set(effect.drops) - set(effect.creates),
        Did.RENAMED: set(new.values()),
        Did.ALTERED: _wholes((altered | set(effect.replaces)) - made) - _themselves(made),
    }
    return {what: {n for n in names if not is_temporary(n)} for what, names in said.items()}


def _did(deed: Deed) -> Mapping[Did, tuple[AbstractSet[ObjectId], AbstractSet[ObjectId]]]:
    """What the model has to say, and what it may say, because the server does.

    It has to say that an object is altered if a command names it and its row in the catalogs, or
    that of a part, is another one afterwards. It may say so of whatever has another row. Commands
    on rights and roles are told to no event trigger: they alter what they write.
    """
    made = deed.created | deed.dropped
    renamed = {new for _, new in deed.renamed}
    changed = _wholes(made | deed.remade | deed.written | renamed)
    named = _wholes((deed.commanded if deed.watched else deed.written) - made) & changed
    described = _wholes(deed.described)
    whole = _themselves(made)
    return {
        Did.CREATED: (deed.created, deed.created),
        Did.DROPPED: (deed.dropped, deed.dropped),
        Did.RENAMED: (renamed, renamed),
        Did.ALTERED: ((named | described) - whole, (changed | described) - whole),
    }


def _perhaps(effect: Effect) -> set[ObjectId]:
    """What a statement may well leave as it is: who has a right can be given it once more."""
    return _wholes(name for name, aspect in effect.alters if aspect in _UNKEPT)


def _themselves(made: Iterable[ObjectId]) -> set[ObjectId]:
    """Those that are no parts of others, to be told apart from a change of a part."""
    return {_whole(name) for name in made if not _is_part(name)}


_UNSEEN = frozenset({"members", "cluster"})
"""Aspects that are kept in no row of the object itself: members of a publication are objects that
are created and dropped, and an index says that its table is clustered on it."""

_UNKEPT = frozenset({"owner", "rights", "membership", "settings", "triggers", "value"})
"""Aspects of which the model follows the statements, and not what they lead to: a table may have no
triggers but those behind its foreign keys, and the position of a sequence is data."""

_RELATIONS = frozenset(
    {"table", "view", "materialized view", "foreign table", "composite type", "type"}
)
"""Kinds of which no two have one name in one schema."""

_ON_RELATION = frozenset({"table constraint", "domain constraint", "trigger", "policy", "rule"})


def _wholes(names: Iterable[ObjectId]) -> set[ObjectId]:
    """The relations and types that they are, or are parts of; anything else as it is."""
    return {_whole(name) for name in names}


def _whole(name: ObjectId) -> ObjectId:
    kind, identity = name
    if kind == "default value":
        kind, identity = "table column", identity.removeprefix("for ")
    if kind.endswith(" column"):
        return ObjectId("relation", parted(identity, ".")[0])
    if kind in _ON_RELATION:
        return ObjectId("relation", parted(identity, " on ")[1])
    return ObjectId("relation", identity) if kind in _RELATIONS else name


def _is_part(name: ObjectId) -> bool:
    return (
        name.kind == "default value" or name.kind.endswith(" column") or name.kind in _ON_RELATION
    )


def is_temporary(name: ObjectId) -> bool:
    """Whether it goes with its session, so that the catalogs are not looked at for it."""
    return any(f"{before}pg_temp." in f" {name.identity}" for before in (" ", " on ", " for "))
