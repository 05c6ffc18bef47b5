"""The worded objects: what is arranged, written and proven as one piece."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from consolidate.wording.text import without

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consolidate.model import ObjectId, StatementId
    from consolidate.wording.text import Span


class Rung(StrEnum):
    """How far an object had to step down the ladder."""

    VERBATIM = "verbatim"
    """The authors' own statement, comments and layout included."""
    FOLDED = "folded"
    """The authors' statement with what later statements changed merged in."""
    SERVER = "server"
    """`pg_dump`'s structure put back together, with the authors' expressions."""
    AS_WAS = "as-was"
    """The legacy statements of the whole component, in legacy order."""


FOLDED = 1
"""The last level on which an object's author still has the word."""

APART = "apart from its "
"""What begins the reason of a part that does not stand in its table or view."""

LOOSE = 3
"""The level on which a function's body is not checked, and a table's expressions are all the
server's."""


@dataclass(frozen=True, slots=True)
class InlineKey:
    """A foreign key written inside its table, which can be taken out again."""

    object: ObjectId
    span: Span
    """What to cut from the unit's text."""
    alone: str
    """The ALTER TABLE that adds the key by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """SQL that makes one object with everything that belongs to it, in one go."""

    object: ObjectId
    type: str
    """`pg_dump`'s word for the kind, such as `TABLE` or `FK CONSTRAINT`; `ROWS`, `RIGHTS`, …"""
    sql: str
    rung: Rung
    ordinal: int
    """Where the legacy history made it: the position of a statement, from 0."""
    sources: tuple[StatementId, ...]
    members: frozenset[ObjectId]
    """Every object that the text makes, `object` included."""
    needs: frozenset[ObjectId] = frozenset()
    """Objects that must exist before, beyond what `pg_depend` knows."""
    before: frozenset[ObjectId] = frozenset()
    """Objects that must not exist yet, such as a trigger that did not see these rows."""
    family: ObjectId
    """The table that it belongs to; `object` itself otherwise."""
    keys: tuple[InlineKey, ...] = ()
    undo: tuple[str, ...] | None = None
    """How to take it back, where that is not a DROP of `object`."""
    irreversible: tuple[str, ...] = ()
    """What of it nothing takes back, and why, a line each."""
    cut: tuple[ObjectId, ...] = ()
    """Columns that `undo` drops, or gives their former types, with what goes by that."""
    outside_transaction: bool = False
    notes: tuple[str, ...] = ()
    """What a reviewer should know, a sentence each."""
    rows: int | None = None
    """How many it inserts, where that is neither what the legacy statement did nor the table's."""
    because: str = ""
    """Of what is in the server's words: why the authors' statements are not there."""
    repair: str = ""
    """How it stands so that nothing needs anything later, and why, if that took something."""
    made_up: tuple[str, ...] = ()
    """Columns for which its rows draw something otherwise than their author did."""

    def without_keys(self, split: frozenset[ObjectId]) -> str:
        """The text with some of its foreign keys taken out."""
        return without(self.sql, [key.span for key in self.keys if key.object in split])


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """How far down the ladder each object has been sent so far."""

    levels: Mapping[ObjectId, int] = field(default_factory=dict)
    """0 is the best wording there is."""
    as_was: frozenset[ObjectId] = frozenset()
    """Objects whose components are written as the legacy history wrote them."""

    knots: Mapping[frozenset[ObjectId], str] = field(default_factory=dict)
    """Objects that need each other and go into one such component, and how they do."""

    unchecked: Mapping[ObjectId, str] = field(default_factory=dict)
    """Routines whose bodies are not checked when they are made, and why."""

    apart: Mapping[ObjectId, str] = field(default_factory=dict)
    """Parts of tables that stand apart from them, and why: defaults, constraints, sequences."""

    on_platform: frozenset[ObjectId] = frozenset()
    """Objects of the platform that the history changed."""

    reasons: Mapping[ObjectId, tuple[str, ...]] = field(default_factory=dict)
    """What was seen each time that one was sent down."""

    def level(self, wanted: ObjectId) -> int:
        """The rung to try, counted from the top."""
        return self.levels.get(wanted, 0)

    def because(self, wanted: ObjectId) -> str:
        """Why an object was sent down, the last time; empty if it was not."""
        return next(reversed(self.reasons.get(wanted, ())), "")
