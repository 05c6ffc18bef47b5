"""What one statement does to the database's objects, as a value."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from consolidate.effects.flaws import Flaw
    from consolidate.effects.things import Tree
    from consolidate.model import ObjectId, SourceSpan, StatementId


class Reason(StrEnum):
    """Why one object can not be without another."""

    PART_OF = "part of"
    COLUMN_TYPE = "column type"
    FOREIGN_KEY = "foreign key"
    KEY_COLUMN = "key column"
    NOT_NULL = "not null"
    DEFAULT = "default"
    CHECK = "check"
    GENERATED = "generated column"
    INDEX = "index"
    POLICY = "policy"
    TRIGGER = "trigger"
    RULE = "rule"
    QUERY = "query"
    SIGNATURE = "signature"
    BODY = "body"
    INHERITANCE = "inheritance"
    OWNED_BY = "owned by"
    MEMBER = "member"
    ROLE = "role"
    TARGET = "target"
    ROWS = "rows"
    MENTION = "mention"


class Need(NamedTuple):
    """One object (or, with `by` None, the statement alone) needs another to exist.

    Names are those in force when the statement runs. A tuple, as names are: a history has tens of
    them a table.
    """

    by: ObjectId | None
    on: ObjectId
    why: Reason


class Mention(NamedTuple):
    """A name in a text that PostgreSQL looks up only when the text runs."""

    by: ObjectId | None
    on: ObjectId
    uncertain: bool = False
    """It stands in a text that EXECUTE runs, or in one that no parser reads."""


class Effect(NamedTuple):
    """What one statement creates, changes, removes, needs and mentions.

    Implicit objects are listed like written ones: the index behind a primary key, the sequence
    behind a serial column, and what a DROP takes along. All names are those that PostgreSQL's
    `pg_identify_object()` gives at that point of the history. A statement that changes nothing,
    such as `CREATE TABLE IF NOT EXISTS` on a table that exists, has empty tuples.

    A tuple, which is made faster than any other value: a history has one a statement.
    """

    statement: StatementId
    place: SourceSpan
    creates: tuple[ObjectId, ...] = ()
    replaces: tuple[ObjectId, ...] = ()
    """By CREATE OR REPLACE: the object stays, its definition is new."""
    spares: tuple[ObjectId, ...] = ()
    """What IF NOT EXISTS leaves as it is though only a use before tells that it is there: where
    that use has failed, the statement creates it."""
    alters: tuple[tuple[ObjectId, str], ...] = ()
    """Each with its aspect: `add column`, `type`, `set not null`, `rights`, `comment`, …"""
    drops: tuple[ObjectId, ...] = ()
    cascaded: tuple[ObjectId, ...] = ()
    """Of these, what goes for CASCADE alone, less what goes with that by itself."""
    renames: tuple[tuple[ObjectId, ObjectId], ...] = ()
    """Old and new name of every object whose name changes, parts included."""
    needs: tuple[Need, ...] = ()
    releases: tuple[tuple[ObjectId, ObjectId], ...] = ()
    """Who no longer needs what, under the names before: a partition that is detached its parent."""
    mentions: tuple[Mention, ...] = ()
    writes_rows: tuple[ObjectId, ...] = ()
    reads_rows: tuple[ObjectId, ...] = ()
    session: tuple[tuple[str, str], ...] = ()
    """Settings that last beyond the statement, with their new value as text."""
    transaction: str | None = None
    """`begin`, `commit`, `rollback`, `savepoint`, `release`, `rollback to`, …"""
    outside_transaction: bool = False
    """PostgreSQL refuses the statement inside a transaction block."""
    opaque: str | None = None
    """Why the effect is not fully known, or None where it is."""
    unread: tuple[str, ...] = ()
    """What of the texts that run later could not be read, and why; its mentions are missing."""
    flaw: Flaw | None = None
    """Why its body can not be parsed."""
    unmade: tuple[str, ...] = ()
    """The functions that it calls by a bare name, and that neither PostgreSQL nor the history has
    made by then: an extension's, or nobody's."""
    unmade_later: tuple[str, ...] = ()
    """Likewise those in texts that run later, of which the whole history makes none."""
    relations_unmade: tuple[str, ...] = ()
    """The tables and views that its texts name without a schema, and that no schema which is
    looked through has at the end of the history, nor any text makes."""
    within: tuple[tuple[Tree, Effect], ...] = ()
    """The statements that a block runs, if it comes to them, each with its effect then."""
    undone: StatementId | None = None
    """The ROLLBACK that took back what the statement did, so that it is as if it had not been."""

    @property
    def requires(self) -> frozenset[ObjectId]:
        """What has to exist before the statement runs."""
        own = {*self.creates, *(new for _, new in self.renames)}
        return frozenset(need.on for need in self.needs if need.on not in own)

    @property
    def changes_nothing(self) -> bool:
        """Whether the statement certainly leaves objects, rows and session as they were."""
        return not (
            self.creates
            or self.replaces
            or self.alters
            or self.drops
            or self.renames
            or self.writes_rows
            or self.session
            or self.transaction
            or self.opaque
        )
