"""Words who owns what as differences, with the rights that change hands along.

`ALTER … OWNER` gives the new owner all that the former one was granted or had granted
(`aclnewowner()`), where it can no longer be told from what the new one had of its own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from consolidate.model import Difference, DifferenceKind, Fact, Snapshot
from consolidate.wording.rights import (
    RIGHT,
    SQL_KINDS,
    Right,
    RightsChange,
    orders_of_all,
    owned,
    rights_of,
    taken_along,
    worded,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

_OWNED_KINDS = {
    **SQL_KINDS,
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


def owner_change(difference: Difference, built: Snapshot) -> RightsChange | None:
    """The ALTER … OWNER that settles a difference in the owner of an object both have.

    The way back grants again what the new owner had of its own, and the former one had not.

    Args:
        difference: Who shall own it, and who does.
        built: The rights before it gets another owner.
    """
    if not is_another(difference):
        return None
    kind = _OWNED_KINDS[difference.object.kind]
    head = f"ALTER {kind} {difference.object.identity} OWNER TO"
    return RightsChange(
        objects=(difference.object,),
        forward=(f"{head} {difference.left};",),
        backward=(f"{head} {difference.right};", *_had_by_both(difference, built)),
    )


def is_another(difference: Difference) -> bool:
    """Whether something that both have belongs to another one, who can be told by ALTER."""
    changed = difference.attribute == "owner" and difference.kind is DifferenceKind.CHANGED
    return changed and difference.object.kind in _OWNED_KINDS


def _had_by_both(difference: Difference, built: Snapshot) -> Iterable[str]:
    """What gives the new owner, and takes from the former one, what only the new one had before."""
    known = rights_of(built)
    own = sorted(n for n in known if owned(n) == difference.object)
    for name in sorted(own, key=lambda name: name != difference.object):
        had = known[name]
        merged = frozenset(_merged(had, *_hands(difference)))
        orders = tuple(orders_of_all(merged, had, difference.right))
        yield from worded([name], orders)
        yield from taken_along(name, orders, known)


def _merged(had: Iterable[Right], new: str, former: str) -> Iterable[Right]:
    """The rights once an object belonged to one, and then again to the other."""
    options: dict[Right, bool] = {}
    for right in had:
        grantee, grantor = (former if r == new else r for r in (right.grantee, right.grantor))
        one = Right(grantee, right.privilege, grantor, with_option=False)
        options[one] = options.get(one, False) or right.with_option
    return (replace(right, with_option=option) for right, option in options.items())


def handed_over(snapshot: Snapshot, changed: Iterable[Difference]) -> Snapshot:
    """A snapshot once what is told has the owner that it shall have."""
    owners = {one.object: one for one in changed if one.attribute == "owner"}
    facts = {_handed_over(fact, owners.get(owned(fact.object))) for fact in snapshot.facts}
    return replace(snapshot, facts=frozenset(facts))


def _handed_over(fact: Fact, change: Difference | None) -> Fact:
    if change is None:
        return fact
    new, former = _hands(change)
    if fact.attribute == "owner":
        return fact._replace(value=new)
    match = RIGHT.fullmatch(fact.attribute)
    if match is None:
        return fact
    privilege, *those = match.groups()
    grantee, grantor = (new if role == former else role for role in those)
    return fact._replace(attribute=f"grant {privilege} to {grantee} by {grantor}")


def _hands(change: Difference) -> tuple[str, str]:
    """Who shall own it, and who does."""
    return change.left or "", change.right or ""
