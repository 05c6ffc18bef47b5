"""The inverse of one step: how to take back what it made, changed or granted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from consolidate import names
from consolidate.model import ObjectId

if TYPE_CHECKING:
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
    "statistics object": "STATISTICS",
    "event trigger": "EVENT TRIGGER",
    "publication": "PUBLICATION",
    "foreign-data wrapper": "FOREIGN DATA WRAPPER",
    "server": "SERVER",
    "text search configuration": "TEXT SEARCH CONFIGURATION",
    "text search dictionary": "TEXT SEARCH DICTIONARY",
}

_DROPPED_ON_TABLE = {"trigger": "TRIGGER", "policy": "POLICY", "rule": "RULE"}


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
    if (before := _platform_text(unit.object, truth)) is not None:
        return (before,)
    if unit.object.kind == "table constraint":  # one ALTER TABLE may have added several
        added = sorted(m for m in step.members if m.kind == "table constraint")
        return tuple(drop(name, truth, policy) for name in reversed(added))
    return (drop(unit.object, truth, policy),)


def drop(name: ObjectId, truth: Truth, policy: Rollback) -> str:
    """The DROP (or its like) of one object.

    Raises:
        IrreversibleStep: Nothing drops an object of this kind.
    """
    condition = "IF EXISTS " if policy.if_exists else ""
    tail = " CASCADE" if policy.cascade else ""
    kind, identity = name.kind, name.identity
    own, table = names.parted(identity, " on ")
    relation, publication = names.parted(identity, " in publication ")
    spelled = {
        "role": f"DROP ROLE {condition}{identity}",
        "table constraint": f"ALTER TABLE {table} DROP CONSTRAINT {condition}{own}{tail}",
        "default value": _drop_default(identity),
        "row security": f"ALTER TABLE {identity} DISABLE ROW LEVEL SECURITY",
        "user mapping": "DROP USER MAPPING {}FOR {} SERVER {}".format(
            condition, *names.parted(identity, " on server ")
        ),
        "publication relation": f"ALTER PUBLICATION {publication} DROP TABLE ONLY {relation}",
    }
    if kind == "table attach":
        return f"ALTER TABLE {_parent(name, truth)} DETACH PARTITION {identity};"
    if kind in spelled:
        return f"{spelled[kind]};"
    if word := _DROPPED.get(kind):
        return f"DROP {word} {condition}{identity}{tail};"
    if word := _DROPPED_ON_TABLE.get(kind):
        return f"DROP {word} {condition}{own} ON {table}{tail};"
    raise IrreversibleStep(f"{name}: nothing is known to take it back")


def _drop_default(identity: str) -> str:
    relation, column = names.parted(identity.removeprefix("for "), ".")
    return f"ALTER TABLE {relation} ALTER COLUMN {column} DROP DEFAULT"


def _parent(attach: ObjectId, truth: Truth) -> str:
    table = ObjectId("table", attach.identity)
    parents = [n for n in truth.depend.needs.get(table, ()) if n.kind == "table"]
    return min(parents).identity


def _component(step: Step, truth: Truth, policy: Rollback) -> tuple[str, ...]:
    """Drops what an as-was component made, last first; what goes with its table is left out."""
    members = step.members

    def made(name: ObjectId) -> int:
        creator = truth.trace.created.get(name)
        return truth.order[creator] if creator else -1

    dropped = []
    for name in sorted(members, key=lambda n: (made(n), n), reverse=True):
        family = truth.depend.family(name)
        by_itself = name.kind in _DROPPED or name.kind in _DROPPED_ON_TABLE
        if by_itself and (family == name or family not in members):
            dropped.append(drop(name, truth, policy))
    return tuple(dropped)


def _platform_text(name: ObjectId, truth: Truth) -> str | None:
    """What the platform had under this name before the history replaced it."""
    if name not in truth.platform.facts.objects:
        return None
    wanted = _plain(name.identity)
    for entry in truth.platform_entries:
        known = f"{entry.schema}.{entry.name}" if entry.schema else entry.name
        if _plain(known) == wanted and entry.type not in {"ACL", "COMMENT"}:
            return _REPLACED.sub(r"CREATE OR REPLACE \1", entry.text, count=1)
    return None


def _plain(identity: str) -> str:
    """A name as `pg_dump`'s tags and the catalog would both spell it, quotes left away."""
    return identity.replace("pg_catalog.", "").replace(", ", ",").replace('"', "")


_REPLACED = re.compile(r"^CREATE (FUNCTION|PROCEDURE|VIEW|AGGREGATE)\b")
