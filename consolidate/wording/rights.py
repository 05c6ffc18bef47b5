"""Words rights and owners as differences, never as lists.

What a fresh object grants depends on the default privileges in force where it is created; a
platform that grants everything to everybody must not re-open what the history revoked. So the
output is built once without rights, and what then differs from the truth is granted or revoked.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from consolidate.model import Difference, DifferenceKind, Fact, ObjectId, Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_RIGHT = re.compile(r"grant ([A-Z ]+) to (.+) by (.+)")

_NEWER = {"MAINTAIN"}
"""Rights that older majors do not know: never spelled, always covered by ALL."""

_SQL_KINDS = {
    "table": "TABLE",
    "view": "TABLE",
    "materialized view": "TABLE",
    "foreign table": "TABLE",
    "sequence": "SEQUENCE",
    "function": "FUNCTION",
    "aggregate": "FUNCTION",
    "procedure": "PROCEDURE",
    "schema": "SCHEMA",
    "type": "TYPE",
    "language": "LANGUAGE",
    "foreign-data wrapper": "FOREIGN DATA WRAPPER",
    "server": "FOREIGN SERVER",
}

_OWNED_KINDS = {
    **_SQL_KINDS,
    "view": "VIEW",
    "materialized view": "MATERIALIZED VIEW",
    "foreign table": "FOREIGN TABLE",
    "aggregate": "AGGREGATE",
    "server": "SERVER",
    "publication": "PUBLICATION",
    "event trigger": "EVENT TRIGGER",
    "statistics object": "STATISTICS",
    "operator": "OPERATOR",
    "collation": "COLLATION",
    "text search configuration": "TEXT SEARCH CONFIGURATION",
    "text search dictionary": "TEXT SEARCH DICTIONARY",
}

_DEFAULTS = re.compile(r"for role (?P<role>.+?)(?: in schema (?P<schema>.+?))? on (?P<kind>\w+)")
_PUBLIC_DEFAULTS = {"functions": "EXECUTE", "types": "USAGE"}
"""What PostgreSQL grants to PUBLIC where no default privileges are set."""


@dataclass(frozen=True, slots=True, order=True)
class Right:
    """One privilege of one grantee."""

    grantee: str
    privilege: str
    grantor: str
    with_option: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsChange:
    """Statements that bring an object's rights from what they are to what they shall be."""

    object: ObjectId
    forward: tuple[str, ...]
    backward: tuple[str, ...]


def rights_of(snapshot: Snapshot) -> Mapping[ObjectId, frozenset[Right]]:
    """Every right of a snapshot, by object."""
    found: dict[ObjectId, set[Right]] = defaultdict(set)
    for fact in snapshot.facts:
        if right := _right(fact):
            found[fact.object].add(right)
    return {name: frozenset(rights) for name, rights in found.items()}


def _right(fact: Fact) -> Right | None:
    match = _RIGHT.fullmatch(fact.attribute)
    if match is None:
        return None
    privilege, grantee, grantor = match.groups()
    return Right(grantee, privilege, grantor, fact.value != "plain")


def changes(truth: Snapshot, built: Snapshot) -> tuple[RightsChange, ...]:
    """What must be granted and revoked on objects that both have."""
    wanted, given = rights_of(truth), rights_of(built)
    common = {fact.object for fact in truth.facts} & {fact.object for fact in built.facts}
    names = {name for name in {*wanted, *given} if name in common or name.kind == "default acl"}
    found = []
    for name in sorted(names):
        target = _known(name, wanted, given)
        current = _known(name, given, wanted)
        if target != current:
            found.append(
                RightsChange(
                    object=name,
                    forward=tuple(_statements(name, current, target)),
                    backward=tuple(_statements(name, target, current)),
                )
            )
    return tuple(found)


def _known(
    name: ObjectId,
    side: Mapping[ObjectId, frozenset[Right]],
    other: Mapping[ObjectId, frozenset[Right]],
) -> frozenset[Right]:
    """The rights on one side; for default privileges that are not set, PostgreSQL's own."""
    if name in side or name.kind != "default acl":
        return side.get(name, frozenset())
    match = _DEFAULTS.fullmatch(name.identity)
    if match is None or match["schema"]:
        return frozenset()
    owner = match["role"]
    own = {right for right in other[name] if right.grantee == owner}
    if privilege := _PUBLIC_DEFAULTS.get(match["kind"]):
        own.add(Right("PUBLIC", privilege, owner, with_option=False))
    return frozenset(own)


def _statements(
    name: ObjectId, current: frozenset[Right], target: frozenset[Right]
) -> Iterable[str]:
    everything = {right.privilege for right in current | target}
    for grantee in sorted({right.grantee for right in current ^ target}):
        had = {right for right in current if right.grantee == grantee}
        gets = {right for right in target if right.grantee == grantee}
        revoked = {r.privilege for r in had} - {r.privilege for r in gets}
        options = {(r.privilege, r.with_option) for r in gets}
        granted = gets - had
        if revoked & _NEWER or (revoked and not gets):
            yield _sql(name, "REVOKE", "ALL", grantee)
            granted = gets
        elif revoked:
            yield _sql(name, "REVOKE", ", ".join(sorted(revoked)), grantee)
        for with_option in (False, True):
            wanted = {r.privilege for r in granted if r.with_option is with_option}
            if not wanted:
                continue
            listed = ", ".join(sorted(wanted))
            if wanted & _NEWER:
                listed = "ALL"
                surplus = everything - {p for p, _ in options}
                yield _sql(name, "GRANT", listed, grantee, with_option=with_option)
                if surplus:
                    yield _sql(name, "REVOKE", ", ".join(sorted(surplus)), grantee)
                continue
            yield _sql(name, "GRANT", listed, grantee, with_option=with_option)
        if lost := {r.privilege for r in had if r.with_option and (r.privilege, False) in options}:
            yield _sql(name, "REVOKE GRANT OPTION FOR", ", ".join(sorted(lost)), grantee)


def _sql(
    name: ObjectId, verb: str, privileges: str, grantee: str, *, with_option: bool = False
) -> str:
    direction = "TO" if verb == "GRANT" else "FROM"
    tail = " WITH GRANT OPTION" if with_option else ""
    if name.kind == "default acl":
        match = _DEFAULTS.fullmatch(name.identity)
        if match is None:
            raise ValueError(name.identity)
        where = f" IN SCHEMA {match['schema']}" if match["schema"] else ""
        return (
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {match['role']}{where} "
            f"{verb} {privileges} ON {match['kind'].upper()} {direction} {grantee}{tail};"
        )
    return f"{verb} {_on(name, privileges)} {direction} {grantee}{tail};"


def _on(name: ObjectId, privileges: str) -> str:
    match name.kind:
        case "table column":
            table, _, column = name.identity.rpartition(".")
            listed = ", ".join(f"{privilege} ({column})" for privilege in privileges.split(", "))
            return f"{listed} ON TABLE {table}"
        case "database":
            return f"{privileges} ON DATABASE current_database"
        case kind:
            return f"{privileges} ON {_SQL_KINDS.get(kind, kind.upper())} {name.identity}"


def owner_change(difference: Difference) -> RightsChange | None:
    """The ALTER … OWNER that settles a difference in the owner of an object both have."""
    if difference.attribute != "owner" or difference.kind is not DifferenceKind.CHANGED:
        return None
    kind = _OWNED_KINDS.get(difference.object.kind)
    if kind is None:
        return None
    head = f"ALTER {kind} {difference.object.identity} OWNER TO"
    return RightsChange(
        object=difference.object,
        forward=(f"{head} {difference.left};",),
        backward=(f"{head} {difference.right};",),
    )
