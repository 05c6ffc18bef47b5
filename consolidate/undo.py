"""The inverse of one step: how to take back what it made, changed or granted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate import knots, names
from consolidate.model import ObjectId
from consolidate.wording import brought
from consolidate.wording.change import NoWayBack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consolidate.config import Rollback
    from consolidate.plan import Step
    from consolidate.truth import Truth

_DROPPED = {
    "role": "ROLE",
    "schema": "SCHEMA",
    "extension": "EXTENSION",
    "table": "TABLE",
    "foreign table": "FOREIGN TABLE",
    "view": "VIEW",
    "materialized view": "MATERIALIZED VIEW",
    "sequence": "SEQUENCE",
    "index": "INDEX",
    "type": "TYPE",
    "function": "FUNCTION",
    "procedure": "PROCEDURE",
    "aggregate": "AGGREGATE",
    "operator": "OPERATOR",
    "operator class": "OPERATOR CLASS",
    "operator family": "OPERATOR FAMILY",
    "cast": "CAST",
    "collation": "COLLATION",
    "conversion": "CONVERSION",
    "language": "LANGUAGE",
    "access method": "ACCESS METHOD",
    "statistics object": "STATISTICS",
    "event trigger": "EVENT TRIGGER",
    "publication": "PUBLICATION",
    "foreign-data wrapper": "FOREIGN DATA WRAPPER",
    "server": "SERVER",
    "text search configuration": "TEXT SEARCH CONFIGURATION",
    "text search dictionary": "TEXT SEARCH DICTIONARY",
    "text search parser": "TEXT SEARCH PARSER",
    "text search template": "TEXT SEARCH TEMPLATE",
}

_ADDED_TOGETHER = {"table constraint", "publication relation", "publication namespace"}
"""The kinds of which one ALTER TABLE or ALTER PUBLICATION may have added several."""

_WITHOUT_CASCADE = {"role"}

_DROPPED_ON_TABLE = {"trigger": "TRIGGER", "policy": "POLICY", "rule": "RULE"}

_SUBSCRIPTION = """\
DO $subscription$
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_subscription AS s
        JOIN pg_catalog.pg_database AS d ON d.oid = s.subdbid
        WHERE d.datname = current_database() AND s.subname = {name}) THEN
        ALTER SUBSCRIPTION {identity} DISABLE;
        ALTER SUBSCRIPTION {identity} SET (slot_name = NONE);
        DROP SUBSCRIPTION {identity};
    END IF;
END
$subscription$;"""
"""There is no ALTER … IF EXISTS, and no DROP within a transaction while there is a slot."""


class IrreversibleStep(Exception):  # noqa: N818 - a fact about the step, not a failure of ours
    """A step whose inverse is not known."""


def undo(step: Step, truth: Truth, policy: Rollback) -> tuple[str, ...]:
    """The statements that take a step back, rows and sequences aside.

    Raises:
        IrreversibleStep: There is no inverse that could be proven.
    """
    unit = step.unit
    if unit.undo is not None:
        return unit.undo
    if unit.type == "AS WAS":
        return _component(step, truth, policy)
    if (before := _written_over(unit.object, truth)) is not None:
        return (before,)
    if "identity of" in truth.final.facts.of(unit.object):
        return ()  # a sequence that goes with its column's identity, and only so
    if unit.object.kind in _ADDED_TOGETHER:
        added = sorted(m for m in step.members if m.kind in _ADDED_TOGETHER)
        return tuple(drop(name, truth, policy) for name in reversed(added))
    return (drop(unit.object, truth, policy),)


def _written_over(name: ObjectId, truth: Truth) -> str | None:
    """What the platform had under this name before the history replaced it."""
    if name not in truth.platform.facts.objects:
        return None
    try:
        return brought.written_over(truth, name)
    except NoWayBack as reason:
        raise IrreversibleStep(f"{name}: {reason}") from None


def drop(name: ObjectId, truth: Truth, policy: Rollback) -> str:
    """The DROP (or its like) of one object.

    Raises:
        IrreversibleStep: Nothing drops an object of this kind, or it was the platform's before.
    """
    if former := truth.renames.left.get(name):
        raise IrreversibleStep(f"{name}: it is the platform's {former} under another name")
    condition = "IF EXISTS " if policy.if_exists else ""
    tail = " CASCADE" if policy.cascade and name.kind not in _WITHOUT_CASCADE else ""
    own, table = names.parted(name.identity, " on ")
    if word := _DROPPED.get(name.kind):
        return f"DROP {word} {condition}{name.identity}{tail};"
    if word := _DROPPED_ON_TABLE.get(name.kind):
        return f"DROP {word} {condition}{own} ON {table}{tail};"
    if name.kind == "subscription":
        return "\n".join(_unsubscribed(name.identity, policy))
    if name.kind == "table attach":
        return f"ALTER TABLE {_parent(name, truth)} DETACH PARTITION {name.identity};"
    if (said := _on_another(name, condition, tail)) is not None:
        return f"{said};"
    raise IrreversibleStep(f"{name}: nothing is known to take it back")


@dataclass(frozen=True, slots=True)
class _Part:
    """How a kind is taken away that is a part of something else, or tied to it."""

    separator: str
    """What stands between the two in its identity."""
    said: str
    """The statement, with `{own}` and `{whole}` from before and behind it."""
    prefix: str = ""
    """What its identity begins with."""


_PARTS = {
    "table constraint": _Part(" on ", "ALTER TABLE {whole} DROP CONSTRAINT {condition}{own}{tail}"),
    "domain constraint": _Part(
        " on ", "ALTER DOMAIN {whole} DROP CONSTRAINT {condition}{own}{tail}"
    ),
    "default value": _Part(".", "ALTER TABLE {own} ALTER COLUMN {whole} DROP DEFAULT", "for "),
    "sequence owned by": _Part("", "ALTER SEQUENCE {whole} OWNED BY NONE"),
    "row security": _Part("", "ALTER TABLE {whole} DISABLE ROW LEVEL SECURITY"),
    "user mapping": _Part(" on server ", "DROP USER MAPPING {condition}FOR {own} SERVER {whole}"),
    "transform": _Part(
        " language ", "DROP TRANSFORM {condition}FOR {own} LANGUAGE {whole}{tail}", "for "
    ),
    "publication relation": _Part(
        " in publication ", "ALTER PUBLICATION {whole} DROP TABLE ONLY {own}"
    ),
    "publication namespace": _Part(
        " in publication ", "ALTER PUBLICATION {whole} DROP TABLES IN SCHEMA {own}"
    ),
}


def _on_another(name: ObjectId, condition: str, tail: str) -> str | None:
    """The statement for what is a part of something else; None for all other kinds."""
    part = _PARTS.get(name.kind)
    if part is None:
        return None
    identity = name.identity.removeprefix(part.prefix)
    own, whole = names.parted(identity, part.separator) if part.separator else ("", identity)
    own = own.removesuffix(" on")  # as a transform's was spelled before 16
    return part.said.format(own=own, whole=whole, condition=condition, tail=tail)


def _unsubscribed(identity: str, policy: Rollback) -> Iterator[str]:
    """Ends a subscription; whoever publishes knows nothing of it."""
    yield "-- A slot that it has on the publisher stays there, and is to be dropped there."
    if policy.if_exists:
        (name,) = names.split(identity)
        yield _SUBSCRIPTION.format(identity=identity, name=names.literal(name))
        return
    yield f"ALTER SUBSCRIPTION {identity} DISABLE;"
    yield f"ALTER SUBSCRIPTION {identity} SET (slot_name = NONE);"
    yield f"DROP SUBSCRIPTION {identity};"


def _parent(attach: ObjectId, truth: Truth) -> str:
    """The partitioned table that a table, local or foreign, was attached to."""
    kinds = ("table", "foreign table")
    facts = (truth.final.facts.of(ObjectId(kind, attach.identity)) for kind in kinds)
    return next(of["partition of"] for of in facts if "partition of" in of)


_TIED = {*_PARTS, "subscription"} - {"sequence owned by"}
"""Kinds that are dropped by themselves where they do not go with what they are a part of."""


def _component(step: Step, truth: Truth, policy: Rollback) -> tuple[str, ...]:
    """Drops what an as-was component made, last first; what goes with its table is left out."""
    members = step.members

    def made(name: ObjectId) -> int:
        creator = truth.trace.created.get(name)
        return truth.order[creator] if creator else -1

    def goes_along(name: ObjectId) -> bool:
        if name.kind == "row security":
            return ObjectId("table", name.identity) in members
        family = truth.depend.family(name)
        return family != name and family in members

    known = {*_DROPPED, *_DROPPED_ON_TABLE, *_TIED}
    listed = sorted(members, key=lambda n: (made(n), n), reverse=True)
    alone = [name for name in listed if name.kind in known and not goes_along(name)]
    tied = knots.among(alone, truth.depend)
    lines: list[str] = []
    for name in alone:
        if (before := _written_over(name, truth)) is not None:
            lines.append(before)
        elif (knot := tied.get(name)) is None:
            lines.append(drop(name, truth, policy))
        elif name == next(one for one in alone if one in knot):
            inside = [one for one in alone if one in knot]
            lines += knots.drop(inside, [drop(one, truth, policy) for one in inside])
    return tuple(lines)
