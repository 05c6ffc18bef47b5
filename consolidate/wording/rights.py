"""Words rights and owners as differences, never as lists.

What a fresh object grants depends on the default privileges in force where it is created; a
platform that grants everything to everybody must not re-open what the history revoked. So the
output is built once without rights, and what then differs from the truth is granted or revoked.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

from consolidate.model import Fact, ObjectId, Snapshot
from consolidate.names import literal, parted, quote, split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

RIGHT = re.compile(r"grant ([A-Z ]+) to (.+) by (.+)")

_NEWER = {"MAINTAIN"}
"""Rights that older majors do not know: never spelled, always covered by ALL."""

_OF_TABLES = {"DELETE", "INSERT", "REFERENCES", "SELECT", "TRIGGER", "TRUNCATE", "UPDATE"}
"""What ALL means on a table on every major, beside the newer ones."""

SQL_KINDS = {
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

_ALONE = {"default acl", "database"}
"""Kinds whose statements name one object at a time; those of columns name one relation."""

_DEFAULTS = re.compile(r"for role (?P<role>.+?)(?: in schema (?P<schema>.+?))? on (?P<kind>[\w ]+)")
_BY_DEFAULT = {
    **dict.fromkeys(("table", "view", "materialized view", "foreign table"), "tables"),
    **dict.fromkeys(("function", "aggregate", "procedure"), "functions"),
    "sequence": "sequences",
    "type": "types",
}
"""What default privileges call a kind."""

_OF_OWNERS = {
    "tables": {"DELETE", "INSERT", "REFERENCES", "SELECT", "TRIGGER", "TRUNCATE", "UPDATE"},
    "sequences": {"SELECT", "UPDATE", "USAGE"},
    "functions": {"EXECUTE"},
    "types": {"USAGE"},
    "schemas": {"CREATE", "USAGE"},
    "large objects": {"SELECT", "UPDATE"},
}
"""What owners have by default, newer rights apart."""

_PUBLIC_DEFAULTS = {"functions": "EXECUTE", "types": "USAGE"}
"""What PostgreSQL grants to PUBLIC where no default privileges are set."""


@dataclass(frozen=True, slots=True, order=True)
class Right:
    """One privilege of one grantee."""

    grantee: str
    privilege: str
    grantor: str
    with_option: bool


@dataclass(frozen=True, slots=True)
class Order:
    """One GRANT or REVOKE, less the objects that it is about."""

    verb: str
    privileges: str
    grantee: str
    with_option: bool = False
    by: str = ""
    """Who says it, if that is not the owner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsChange:
    """Statements that bring the rights of some objects from what they are to what they shall be."""

    objects: tuple[ObjectId, ...]
    """All of one kind."""
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
    match = RIGHT.fullmatch(fact.attribute)
    if match is None:
        return None
    privilege, grantee, grantor = match.groups()
    return Right(grantee, privilege, grantor, fact.value != "plain")


def changes(
    truth: Snapshot, built: Snapshot, places: Callable[[ObjectId], object]
) -> tuple[RightsChange, ...]:
    """What must be granted and revoked on objects that both have.

    Args:
        truth: What the rights shall be.
        built: What they are.
        places: Objects that need the same and are in the same place share their statements.
    """
    wanted, given = rights_of(truth), rights_of(built)
    kept = {name: rights & given.get(name, frozenset()) for name, rights in wanted.items()}
    common = truth.objects & built.objects
    owners = {fact.object: fact.value for fact in truth.facts if fact.attribute == "owner"}
    shared: dict[object, list[ObjectId]] = defaultdict(list)
    for name in sorted({*wanted, *given}):
        if name not in common and name.kind != "default acl":
            continue
        target, current = _known(name, wanted, given), _known(name, given, wanted)
        if target != current:
            owner = owners.get(owned(name))
            there = tuple(orders_of_all(current, target, owner))
            back = tuple(orders_of_all(target, current, owner))
            again = taken_along(name, there, kept), taken_along(name, back, given)
            alone = name if name.kind in _ALONE or any(again) else _relation(name)
            shared[SQL_KINDS.get(name.kind), there, back, places(name), again, alone].append(name)
    return tuple(
        RightsChange(
            objects=tuple(names),
            forward=(*worded(names, there), *again[0]),
            backward=(*worded(names, back), *again[1]),
        )
        for (_, there, back, _, again, _), names in _typed(shared)
    )


def taken_along(
    name: ObjectId, orders: Sequence[Order], side: Mapping[ObjectId, frozenset[Right]]
) -> tuple[str, ...]:
    """What gives rights to columns again that a REVOKE of the same on their relation takes along.

    Args:
        name: The relation.
        orders: What is said of it.
        side: The rights that are to be there then, and are before: what a column gets by a
            statement of its own it gets behind this one, and loses before it.
    """
    taken = {
        (order.grantee, privilege)
        for order in orders
        if order.verb.startswith("REVOKE")
        for privilege in order.privileges.split(", ")
    }
    again: list[str] = []
    for column in sorted(c for c in side if taken and c.kind.endswith(" column")):
        if owned(column) == name:
            lost = [
                Order("GRANT", right.privilege, right.grantee, right.with_option)
                for right in sorted(side[column])
                if not taken.isdisjoint({(right.grantee, right.privilege), (right.grantee, "ALL")})
            ]
            again += worded([column], lost)
    return tuple(again)


_Again: TypeAlias = "tuple[tuple[str, ...], tuple[str, ...]]"
_Key: TypeAlias = (
    "tuple[str | None, tuple[Order, ...], tuple[Order, ...], object, _Again, ObjectId | None]"
)


def _typed(shared: Mapping[Any, list[ObjectId]]) -> Iterable[tuple[_Key, list[ObjectId]]]:
    return shared.items()


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
    listed = _OF_OWNERS.get(match["kind"], set())
    own |= {Right(owner, privilege, owner, with_option=False) for privilege in listed}
    if privilege := _PUBLIC_DEFAULTS.get(match["kind"]):
        own.add(Right("PUBLIC", privilege, owner, with_option=False))
    return frozenset(own)


def owned(name: ObjectId) -> ObjectId:
    """The object whose owner grants rights on this one: the relation of a column."""
    return _relation(name) or name


def _relation(name: ObjectId) -> ObjectId | None:
    """The relation of a column; None for anything else."""
    if not name.kind.endswith(" column"):
        return None
    table = ".".join(map(quote, split(name.identity)[:-1]))
    return ObjectId(name.kind.removesuffix(" column"), table)


def less_than_by_default(snapshot: Snapshot, name: ObjectId) -> list[str]:
    """What takes from an object that is made anew the rights that it has not in a snapshot.

    Default privileges give them to what is created while they are in force, whatever they were
    when the object was made. Whose they are is not looked at: revoking what was not given is
    nothing.
    """
    kind = _BY_DEFAULT.get(name.kind)
    schema = parted(name.identity.partition("(")[0], ".")[0]
    known = rights_of(snapshot)
    target = known.get(name, frozenset())
    owner = snapshot.of(name).get("owner", "")
    has = {(right.grantee, right.privilege) for right in target}
    given = {
        Right(right.grantee, right.privilege, owner, with_option=False)
        for default, held in known.items()
        if default.kind == "default acl"
        and (match := _DEFAULTS.fullmatch(default.identity))
        and match["kind"] == kind
        and match["schema"] in {None, schema}
        for right in held
        if right.grantee != match["role"] and (right.grantee, right.privilege) not in has
    }
    orders = list(_orders(target | given, target)) if given else []
    return [*worded([name], orders), *taken_along(name, orders, known)]


def granted(snapshot: Snapshot, name: ObjectId) -> list[str]:
    """What gives something that is made anew the rights that it has in a snapshot."""
    target = rights_of(snapshot).get(name, frozenset())
    owner = snapshot.of(owned(name)).get("owner")
    return [*worded([name], tuple(orders_of_all(frozenset(), target, owner)))]


def orders_of_all(
    current: frozenset[Right], target: frozenset[Right], owner: str | None
) -> Iterable[Order]:
    """What the owner says, and round it what those say whom he gave the right to grant."""
    own_now = frozenset(right for right in current if owner in {None, right.grantor})
    own_then = frozenset(right for right in target if owner in {None, right.grantor})
    others_now, others_then = current - own_now, target - own_then
    for right in sorted(others_now - others_then):
        yield Order("REVOKE", right.privilege, right.grantee, by=right.grantor)
    yield from _orders(own_now, own_then)
    for right in sorted(others_then - others_now):
        yield Order("GRANT", right.privilege, right.grantee, right.with_option, right.grantor)


def _orders(current: frozenset[Right], target: frozenset[Right]) -> Iterable[Order]:
    everything = {right.privilege for right in current | target}
    for grantee in sorted({right.grantee for right in current ^ target}):
        had = {right for right in current if right.grantee == grantee}
        gets = {right for right in target if right.grantee == grantee}
        revoked = {r.privilege for r in had} - {r.privilege for r in gets}
        lost = {r.privilege for r in had if r.with_option and _plain(r) in gets}
        granted = gets - had
        newer = {r.privilege for r in granted} & _NEWER
        if (revoked | lost) & _NEWER or (revoked and not gets) or (lost and newer):
            yield Order("REVOKE", "ALL", grantee)
            granted, lost = gets, set()
        elif revoked:
            yield Order("REVOKE", ", ".join(sorted(revoked)), grantee)
        if {r.privilege for r in granted} & _NEWER:
            yield from _granted_with_all(gets, everything, grantee)
            continue
        for with_option in (False, True):
            wanted = {r.privilege for r in granted if r.with_option is with_option} - lost
            if wanted:
                yield Order("GRANT", ", ".join(sorted(wanted)), grantee, with_option)
        if lost:
            yield Order("REVOKE GRANT OPTION FOR", ", ".join(sorted(lost)), grantee)


def _plain(right: Right) -> Right:
    return replace(right, with_option=False)


def _granted_with_all(gets: Iterable[Right], everything: set[str], grantee: str) -> Iterable[Order]:
    """Grants what older majors can not spell: everything, less what is not meant."""
    listed = list(gets)
    with_option = any(r.with_option for r in listed if r.privilege in _NEWER)
    yield Order("GRANT", "ALL", grantee, with_option)
    if surplus := (everything | _OF_TABLES) - {r.privilege for r in listed}:
        yield Order("REVOKE", ", ".join(sorted(surplus)), grantee)
    others = sorted(r.privilege for r in listed if r.with_option is not with_option)
    if others and with_option:
        yield Order("REVOKE GRANT OPTION FOR", ", ".join(others), grantee)
    elif others:
        yield Order("GRANT", ", ".join(others), grantee, with_option=True)


def worded(names: Sequence[ObjectId], orders: Sequence[Order]) -> Iterable[str]:
    """The statements, grantees of the same order together, each grantee's in their own order."""
    grantees: dict[Order, list[str]] = defaultdict(list)
    for order in orders:
        grantees[replace(order, grantee="")].append(order.grantee)
    ranks = {order: number for number, order in enumerate(grantees)}
    placed = [ranks[replace(order, grantee="")] for order in orders]
    if any(
        first.grantee == second.grantee and before > after
        for (first, before), (second, after) in pairwise(zip(orders, placed, strict=True))
    ):  # grouping would turn a grantee's REVOKE and GRANT round
        return [_sql(names, order, order.grantee) for order in orders]
    return [_sql(names, order, ", ".join(who)) for order, who in grantees.items()]


def _sql(names: Sequence[ObjectId], order: Order, grantees: str) -> str:
    direction = "TO" if order.verb == "GRANT" else "FROM"
    tail = " WITH GRANT OPTION" if order.with_option else ""
    if names[0].kind == "default acl":
        match = _DEFAULTS.fullmatch(names[0].identity)
        if match is None:
            raise ValueError(names[0].identity)
        where = f" IN SCHEMA {match['schema']}" if match["schema"] else ""
        return (
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {match['role']}{where} {order.verb} "
            f"{order.privileges} ON {match['kind'].upper()} {direction} {grantees}{tail};"
        )
    said = f"{order.verb} {_on(names, order.privileges)} {direction} {grantees}{tail}"
    said = on_this_database(said) if names[0].kind == "database" else f"{said};"
    return f"SET ROLE {order.by};\n{said}\nRESET ROLE;" if order.by else said


def on_this_database(said: str) -> str:
    """A statement about the database `%I`, whatever the database is called."""
    command = literal(said)
    return f"DO $$ BEGIN EXECUTE format({command}, current_database()); END $$;"


def _on(names: Sequence[ObjectId], privileges: str) -> str:
    kind = names[0].kind
    if relation := _relation(names[0]):
        columns = ", ".join(quote(split(name.identity)[-1]) for name in names)
        listed = ", ".join(f"{privilege} ({columns})" for privilege in privileges.split(", "))
        return f"{listed} ON TABLE {relation.identity}"
    listed = "%I" if kind == "database" else ", ".join(name.identity for name in names)
    return f"{privileges} ON {SQL_KINDS.get(kind, kind.upper())} {listed}"
