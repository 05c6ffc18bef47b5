"""Words the comments that a history wrote on what the platform brought, as differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consolidate import names
from consolidate.model import ObjectId
from consolidate.wording.rights import on_this_database

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from consolidate.model import Snapshot
    from consolidate.truth import Truth
    from consolidate.wording.entries import Pieces

_ON = {
    "trigger": "TRIGGER",
    "policy": "POLICY",
    "rule": "RULE",
    "table constraint": "CONSTRAINT",
    "domain constraint": "CONSTRAINT",
}
"""Kinds whose names hang on another one's."""

_SPELLED = {"statistics object": "STATISTICS", "foreign-data wrapper": "FOREIGN DATA WRAPPER"}


def on_platform(
    truth: Truth, found: Pieces, changed: Collection[ObjectId]
) -> Iterator[tuple[ObjectId, str, str | None]]:
    """What is described, the head of its COMMENT, and the text; None where there is none any more.

    `pg_dump` tells most of them, but neither those of the database and of what belongs to the
    server itself, nor one that was taken away.

    Args:
        truth: What was there, and what the history made of it.
        found: The entries of `pg_dump`.
        changed: The platform's relations that are altered: only there can be columns that the
            platform did not have.
    """
    brought = {fact.object for fact in truth.platform.facts.facts}
    told = set()
    after = _comments(truth.final.facts)
    for described, text in found.stray_comments:
        told.add(described)
        if described not in brought and whole(described) in brought - {*changed}:
            continue
        yield described, text.split(" IS ", 1)[0], after.get(described)
    before = _comments(truth.platform.facts)
    for name in sorted(brought & {*before, *after} - told):
        remains = any(fact.object == name for fact in truth.final.facts.facts)
        if before.get(name) != after.get(name) and remains:
            yield name, head(name), after.get(name)


def spoken(described: ObjectId, head: str, text: str | None) -> str:
    """The COMMENT as a statement."""
    said = "NULL" if text is None else names.literal(text)
    if described.kind == "database":
        return on_this_database(f"{head} IS {said.replace('%', '%%')}")
    return f"{head} IS {said};"


def _comments(snapshot: Snapshot) -> dict[ObjectId, str]:
    return {fact.object: fact.value for fact in snapshot.facts if fact.attribute == "comment"}


def whole(name: ObjectId) -> ObjectId:
    """The relation or type of a column; any other object itself."""
    if not name.kind.endswith(" column"):
        return name
    kind = name.kind.removesuffix(" column")
    relation = names.parted(name.identity, ".")[0]
    return ObjectId("type" if kind == "composite type" else kind, relation)


def head(name: ObjectId) -> str:
    """What a COMMENT on an object begins with."""
    if name.kind == "database":
        return "COMMENT ON DATABASE %I"
    if name.kind.endswith(" column"):
        return f"COMMENT ON COLUMN {name.identity}"
    if word := _ON.get(name.kind):
        own, table = names.parted(name.identity, " on ")
        return f"COMMENT ON {word} {own} ON {table}"
    return f"COMMENT ON {_SPELLED.get(name.kind, name.kind.upper())} {name.identity}"
