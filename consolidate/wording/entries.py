"""`pg_dump`'s entries as wording needs them: named, joined with their comments, unowned."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pglast
from pglast import ast
from pglast.enums import AlterTableType

from consolidate import names
from consolidate.model import ObjectId
from consolidate.wording.trees import parsed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consolidate.catalog.dump import Entry
    from consolidate.truth import Truth

_NAMED_AFTER = {
    "SEQUENCE OWNED BY": "sequence owned by",
    "TABLE ATTACH": "table attach",
    "INDEX ATTACH": "index attach",
    "ROW SECURITY": "row security",
}
"""Entries without an object of their own, and the kind that we name them by."""

_USER_MAPPING = re.compile(r"USER MAPPING (.+) SERVER (.+)")
"""The tag of an entry that `pg_dump` ties to no catalog row."""

_REPLACEABLE = {"FUNCTION", "PROCEDURE", "VIEW", "AGGREGATE", "ROW SECURITY"}
"""Entries that can be written over what the platform brought; for others, see `onplatform`."""

_UNWORDED = {"ACL", "COMMENT", "DATABASE", "DATABASE PROPERTIES", "DEFAULT ACL"}
"""Entries that are worded as differences, or with what they describe."""


_ON_EXTENSION = re.compile(r"\bcomment\s+on\s+extension\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One of `pg_dump`'s entries with the object that it makes."""

    object: ObjectId
    type: str
    schema: str | None
    name: str
    statements: tuple[str, ...]
    """Its SQL, each statement with its semicolon; owners are worded elsewhere."""
    comments: tuple[str, ...]
    """COMMENT statements on the object or its columns."""
    needs: frozenset[ObjectId]
    """What `pg_dump` says must come first."""

    @property
    def sql(self) -> str:
        """All statements as one text."""
        return "\n".join(self.statements)


@dataclass(frozen=True, slots=True)
class Pieces:
    """The truth's difference against the platform, as `pg_dump` spells it."""

    all: Mapping[ObjectId, Piece]
    stray_comments: tuple[tuple[ObjectId, str], ...]
    """Comments on objects that the platform already has."""


def pieces(truth: Truth) -> Pieces:
    """Names every entry and hangs the comments on what they describe."""
    objects = dict(truth.names)
    for entry in truth.entries:
        if kind := _NAMED_AFTER.get(entry.type):
            qualified = f"{names.quote(entry.schema or 'public')}.{names.quote(entry.name)}"
            objects[entry.dump_id] = ObjectId(kind, qualified)
        elif mapping := _USER_MAPPING.fullmatch(entry.name):
            identity = f"{names.quote(mapping[1])} on server {names.quote(mapping[2])}"
            objects[entry.dump_id] = ObjectId("user mapping", identity)
    comments: dict[ObjectId, list[str]] = defaultdict(list)
    for entry in truth.entries:
        if entry.type == "COMMENT":
            described = objects.get(entry.dependencies[0]) if entry.dependencies else None
            comments[described or _by_tag(entry)].append(entry.text)
    brought = truth.platform.facts.objects
    if not any(_ON_EXTENSION.search(statement.sql) for statement in truth.statements.values()):
        # CREATE EXTENSION makes its comment, which often only its owner, no migration, may set
        for own in [one for one in comments if one.kind == "extension" and one not in brought]:
            del comments[own]
    named = {
        objects[entry.dump_id]: Piece(
            object=objects[entry.dump_id],
            type=entry.type,
            schema=entry.schema,
            name=entry.name,
            statements=unowned(entry.text),
            comments=tuple(sorted(comments.pop(objects[entry.dump_id], ()))),
            needs=frozenset(objects[d] for d in entry.dependencies if d in objects),
        )
        for entry in truth.entries
        if entry.type not in _UNWORDED
        and entry.dump_id in objects
        and (entry.type in _REPLACEABLE or objects[entry.dump_id] not in brought)
        and not _comes_along(truth, objects[entry.dump_id])
    }
    _made_whole(named)
    stray = tuple(
        (_column(truth, text) or described, text)
        for described, texts in comments.items()
        for text in texts
    )
    return Pieces(named, stray)


def _made_whole(named: dict[ObjectId, Piece]) -> None:
    """Gives views their queries back, which `pg_dump` writes apart where it sees a circle."""
    for name, piece in list(named.items()):
        if piece.type == "RULE" and isinstance(parsed(piece.sql), ast.ViewStmt):
            view = ObjectId("view", names.parted(name.identity, " on ")[1])
            query = piece.sql.replace("CREATE OR REPLACE VIEW", "CREATE VIEW", 1)
            needs = (named[view].needs | piece.needs) - {view}
            named[view] = replace(named[view], statements=(query,), needs=needs)
            del named[name]


def _column(truth: Truth, comment: str) -> ObjectId | None:
    """The column that a comment is about, if it is; to `pg_dump` it is one of its relation's."""
    head = comment.split(" IS ", 1)[0]
    identity = head.removeprefix("COMMENT ON COLUMN ")
    kinds = ("table", "view", "materialized view", "foreign table", "composite type")
    columns = (ObjectId(f"{kind} column", identity) for kind in kinds)
    return next((c for c in columns if c in truth.final.facts.objects), None)


def _comes_along(truth: Truth, name: ObjectId) -> bool:
    """Whether it is the default of a column that a table of the platform got from its parent.

    Of inherited columns `pg_dump` words the defaults apart; ALTER of the parent makes both.
    """
    column = ObjectId("table column", name.identity.removeprefix("for "))
    table = ObjectId("table", names.parted(column.identity, ".")[0])
    return (
        name.kind == "default value"
        and table in truth.platform.facts.objects
        and "not local" in truth.final.facts.of(column)
        and column not in truth.platform.facts.objects
    )


def _by_tag(entry: Entry) -> ObjectId:
    """What a comment describes, by its tag alone: `SCHEMA public`."""
    kind, _, identity = entry.name.partition(" ")
    return ObjectId(kind.lower(), identity)


def unowned(text: str) -> tuple[str, ...]:
    """The statements of an entry, less the one that hands it to its owner."""
    split = pglast.split(text)
    parts = (p for p in split if " OWNER TO " not in p or not _changes_owner(parsed(p)))
    return tuple(f"{part.strip()};" for part in parts)


def _changes_owner(tree: ast.Node) -> bool:
    return isinstance(tree, ast.AlterOwnerStmt) or (
        isinstance(tree, ast.AlterTableStmt)
        and all(command.subtype == AlterTableType.AT_ChangeOwner for command in tree.cmds or ())
    )
